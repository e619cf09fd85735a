"""What is shipped: one version, locked requirements without addresses, the whole licence."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ["run.txt", "test.txt", "peers.txt", "nautilus.txt"]


def lock(name: str) -> str:
    return (ROOT / "requirements" / name).read_text(encoding="utf-8")


def pinned(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock(name), re.MULTILINE))


def test_the_core_is_light() -> None:
    """A library user pays for four packages; everything heavy is an extra."""
    names = {re.split(r"[<>=]", line)[0] for line in PROJECT["dependencies"]}
    assert names == {"cryptography", "httptools", "msgspec", "picows"}


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_locked_by_hash(name: str) -> None:
    entries = re.split(r"\n(?=\S)", lock(name).strip())
    assert len(entries) >= 2
    assert [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address(name: str) -> None:
    assert "://" not in lock(name)
    assert "index-url" not in lock(name)


def test_both_locks_agree() -> None:
    run, test = pinned("run.txt"), pinned("test.txt")
    assert run.items() <= test.items()


def test_every_direct_dependency_is_locked() -> None:
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["app"]]
    assert {re.split(r"[<>=]", line)[0] for line in wanted} <= set(pinned("run.txt"))
    tables = PROJECT["optional-dependencies"]["data"]
    assert {re.split(r"[<>=]", line)[0] for line in tables} <= set(pinned("test.txt"))


def test_the_changelog_knows_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[?([^\]\s]+)", text, re.MULTILINE)
    assert headings[:2] == ["Unreleased", PROJECT["version"]]
    assert version("surefoot") == PROJECT["version"]


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert PROJECT["license"] == "Apache-2.0"
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_types_are_shipped() -> None:
    assert (ROOT / "src" / "surefoot" / "py.typed").is_file()
