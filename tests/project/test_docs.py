"""The documentation is true: its Python runs, its commands exist, its links lead somewhere."""

import ast
import asyncio
import inspect
import json
import logging
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from surefoot import AsyncClient, Client, errors
from surefoot.credentials import Credentials
from surefoot.serve.chapters import market
from surefoot.serve.routes import WS_API
from surefoot.spot.environments import local
from surefoot.telemetry.observations import Observation
from surefoot.values import Secret

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").rglob("*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
SUREFOOT = [sys.executable, "-c", "from surefoot.cli import main; main()"]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[tuple[int, str]]:
    """Line number and text of the fenced blocks of one language."""
    found = re.finditer(rf"^```{language}\n(.*?)^```$", text_of(name), re.MULTILINE | re.DOTALL)
    return [(text_of(name).count("\n", 0, match.start(1)), match[1]) for match in found]


# Python blocks


@pytest.fixture(scope="module")
def exchange() -> Iterator[dict[str, Any]]:
    """An exchange as a process of its own: what it said when it was ready."""
    words = ["exchange", "--port", "0", "--seed", "7", "--json"]
    with subprocess.Popen([*SUREFOOT, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


@pytest.fixture
def quiet_again() -> Iterator[None]:
    """Pages configure logging; the next test must not notice."""
    root, ours = logging.getLogger(), logging.getLogger("surefoot")
    before = root.handlers[:], root.level, ours.level
    yield
    root.handlers[:], _, _ = before
    root.setLevel(before[1])
    ours.setLevel(before[2])


@pytest.fixture
def names(exchange: dict[str, Any]) -> dict[str, Any]:
    """What a block finds already there: `environment`, and `credentials` of its first account (Ed25519)."""
    account = exchange["accounts"][0]
    credentials = Credentials(
        environment="local",
        api_key=Secret(account["ed25519_api_key"]),
        private_key=Secret(account["ed25519_private_key"]),
    )
    environment = local(exchange["rest"], exchange["ws_api"], exchange["ws"])
    return {"__name__": "page", "environment": environment, "credentials": credentials}


SELF_CONTAINED = {"README.md", "docs/tutorial/first-order.md"}


@pytest.mark.process
@pytest.mark.usefixtures("quiet_again")
@pytest.mark.parametrize("name", [name for name in NAMES if blocks(name, "python")])
def test_every_python_block_runs(
    name: str,
    names: dict[str, Any],
    exchange: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The blocks of a page run in their order, in one namespace, against the embedded exchange; those that
    people meet first need nothing but what the exchange wrote.
    """
    (tmp_path / "exchange.json").write_text(json.dumps(exchange))
    monkeypatch.chdir(tmp_path)
    if name in SELF_CONTAINED:
        names = {"__name__": "page"}
    for line, source in blocks(name, "python"):
        run("\n" * line + source, name, names)


def run(source: str, name: str, names: dict[str, Any]) -> None:
    code = compile(source, name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(eval(code, names))
    else:
        exec(code, names)


NOT_RUN = {
    "docs/howto/from-ccxt.md": "the way it is done with ccxt, not installed here",
    "docs/howto/from-python-binance.md": "the way it is done with python-binance, not installed here",
    "docs/howto/use-testnet.md": "it goes to the testnet, and tests use no network",
}


def test_what_looks_like_python_runs_or_there_is_a_reason() -> None:
    """A block of another name is not run: Python may not hide there."""
    fenced = r"^```(?!python\n)\w+\n(.*?)^```$"
    imports = r"^(?:from|import) \w|^\w+\(.*\)$"
    hidden = [
        name
        for name in NAMES
        for match in re.finditer(fenced, text_of(name), re.MULTILINE | re.DOTALL)
        if re.search(imports, match[1], re.MULTILINE)
    ]
    assert sorted(set(hidden)) == sorted(NOT_RUN)


# Console blocks


def commands() -> Iterator[tuple[str, str]]:
    for name in NAMES:
        for _, text in blocks(name, "console"):
            joined = text.replace("\\\n", " ")
            yield from ((name, line[2:]) for line in joined.splitlines() if line.startswith("$ "))


@cache
def help_of(*command: str) -> str:
    answer = subprocess.run([*command, "--help"], capture_output=True, check=False, text=True)
    assert answer.returncode == 0, f"{' '.join(command)} --help: {answer.stderr}"
    return answer.stdout


@pytest.mark.process
@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_command_exists(name: str, command: str) -> None:
    words = [word for word in shlex.split(command, comments=True) if not re.fullmatch(r"[A-Z_]+=.*", word)]
    if words[0] == "make":
        targets = re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE)
        assert set(words[1:]) <= set(targets)
    elif words[0] == ".venv/bin/surefoot" or name == "docs/reference/cli.md":
        depth = 3 if words[1] in {"order", "journal"} else 2  # the commands that have commands
        assert_options(words[depth:], help_of(*SUREFOOT, *words[1:depth]))
    elif words[:3] == [".venv/bin/python", "-m", "surefoot.simulation"]:
        assert_options(words[3:], help_of(sys.executable, *words[1:3]))
    else:
        assert words[0] in {"export", "openssl"}, f"unknown: {command}"


def assert_options(words: list[str], known: str) -> None:
    for word in (word.split("=")[0] for word in words if word.startswith("--")):
        assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", known), f"{word} is not an option"


# Links


def links() -> Iterator[tuple[str, str]]:
    for name in NAMES:
        prose = re.sub(r"^```.*?^```$", "", text_of(name), flags=re.MULTILINE | re.DOTALL)
        yield from ((name, link) for link in re.findall(r"\]\(([^)\s]+)\)", prose) if "://" not in link)


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("name", "link"), list(links()))
def test_every_link_resolves(name: str, link: str) -> None:
    target, _, anchor = link.partition("#")
    path = (ROOT / name).parent / target if target else ROOT / name
    assert path.exists(), f"{name} links to {target}"
    if anchor:
        assert anchor in anchors(path)


@pytest.mark.parametrize("name", ["docs/README.md", "docs/adr/README.md"])
def test_an_index_names_each_page_once(name: str) -> None:
    linked = [link for index, link in links() if index == name]
    assert sorted(linked) == sorted(set(linked))


def test_every_page_is_linked_from_an_index() -> None:
    indexes = {"docs/README.md", "docs/adr/README.md"}
    linked = {
        ((ROOT / name).parent / link.split("#")[0]).resolve() for name, link in links() if name in indexes
    }
    pages = {page.resolve() for page in (ROOT / "docs").rglob("*.md")}
    assert pages - linked == {(ROOT / "docs/README.md").resolve()}


# What is listed by hand


def test_every_kind_of_log_line_is_explained() -> None:
    """OBS-1: the table of the log page names every kind of observation."""
    kinds = {kind.__struct_config__.tag for kind in Observation.__subclasses__()}
    listed = re.findall(r"^\| `(\w+)` \|", text_of("docs/howto/read-the-log.md"), re.MULTILINE)
    assert sorted(listed) == sorted(map(str, kinds))


def test_the_exchange_serves_only_what_the_page_knows() -> None:
    """No method of the exchange is missing in the vocabulary."""
    assert set(WS_API) <= set(re.findall(r"`([\w.]+)`", text_of("docs/reference/endpoints.md")))


def test_the_market_data_of_the_exchange_is_listed() -> None:
    """What is particular about each method of the chapter; execution rules stand in another one."""
    text = text_of("docs/reference/exchange.md").split("## Market data")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`.+?`) \|", text, re.MULTILINE)
    listed = [name for row in rows for name in re.findall(r"`([\w.]+)`", row)]
    assert sorted(listed) == sorted(["executionRules", *(route.operation for route in market.ROUTES)])


def test_the_judged_filters_are_listed() -> None:
    text = text_of("docs/reference/exchange.md").split("## Filters")[1].split("##")[0]
    listed = re.findall(r"\b[A-Z]{3,}(?:_[A-Z]+)*\b", text)
    known = json.loads((ROOT / "tests/facts/filters.json").read_text(encoding="utf-8"))
    assert set(listed) == {row["filterType"] for row in known["filters"]}


@pytest.mark.parametrize("name", ["docs/howto/from-python-binance.md", "docs/howto/from-ccxt.md"])
def test_the_calls_for_newcomers_exist(name: str) -> None:
    """Who comes from another client is sent to methods that both clients have."""
    called = set(re.findall(r"(?<!surefoot\.)\bspot\.(\w+)", text_of(name)))
    assert len(called) > 20
    assert [word for word in called if not (hasattr(Client, word) and hasattr(AsyncClient, word))] == []


# The tree of errors


def drawn() -> Iterator[tuple[str, str]]:
    """Class and attribute, for every attribute that the tree in `errors` shows."""
    for line in (errors.__doc__ or "").splitlines():
        if branch := re.match(r"[\s│├└─]*([A-Z]\w+)", line):
            yield from ((branch[1], attribute) for attribute in re.findall(r"(?<=\s)\.(\w+)", line))


@pytest.mark.parametrize(("kind", "attribute"), list(drawn()))
def test_the_drawn_attributes_exist(kind: str, attribute: str) -> None:
    source = inspect.getsource(getattr(errors, kind))
    assert hasattr(getattr(errors, kind), attribute) or f"self.{attribute} =" in source


def test_every_class_is_drawn() -> None:
    kinds = [k for k in vars(errors).values() if inspect.isclass(k) and issubclass(k, errors.SurefootError)]
    assert [kind.__name__ for kind in kinds if kind.__name__ not in (errors.__doc__ or "")] == []
