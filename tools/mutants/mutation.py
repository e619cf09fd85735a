"""A mutation: one defect as a patch against the source, and what should catch it."""

import shutil
import subprocess
from os import environ
from pathlib import Path
from typing import NamedTuple

from tools.tree import ROOT

FOLDER = ROOT / "tests" / "mutations"
_SOURCE = ROOT / "src"
_BROKEN, _CAUGHT_BY = "Broken: ", "Caught by: "


class Stale(Exception):
    """A patch that no longer fits the source, or does not say what it breaks."""


class Mutation(NamedTuple):
    """`broken` says in words what is wrong with it, `laws` which invariants of the story may catch it."""

    name: str
    broken: str
    laws: frozenset[str]
    patch: Path


def mutations(folder: Path = FOLDER) -> list[Mutation]:
    """All that are kept, by name."""
    return [_read(path) for path in sorted(folder.glob("*.patch"))]


def named(names: list[str], folder: Path = FOLDER) -> list[Mutation]:
    """Those of these names; all, where none is given. Raises `Stale` for a name that nobody has."""
    known = {mutation.name: mutation for mutation in mutations(folder)}
    if unknown := [name for name in names if name not in known]:
        raise Stale(f"no mutation {unknown[0]!r}: there are {', '.join(known)}")
    return [known[name] for name in names or known]


def _read(path: Path) -> Mutation:
    lines = path.read_text(encoding="utf-8").splitlines()
    said = {word: line.removeprefix(word) for line in lines[:2] for word in _words() if line.startswith(word)}
    if set(said) != set(_words()):
        raise Stale(f"{path.name} begins with a line {_BROKEN!r} and one {_CAUGHT_BY!r}, like the others")
    laws = frozenset(law.strip() for law in said[_CAUGHT_BY].split(";"))
    return Mutation(path.stem, said[_BROKEN], laws, path)


def _words() -> tuple[str, str]:
    return _BROKEN, _CAUGHT_BY


def copied(folder: Path) -> Path:
    """Copy the source into `folder`; what is compiled already comes along. Returns where it is."""
    return Path(shutil.copytree(_SOURCE, folder / "src"))


def planted(mutation: Mutation, folder: Path) -> Path:
    """The same, with the defect. Raises `Stale` where the patch does not fit."""
    copy = copied(folder)
    command = ["git", "apply", "-C1", str(mutation.patch)]
    bare = {
        "PATH": environ["PATH"],
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
        "GIT_DIR": str(folder / "none"),
    }
    done = subprocess.run(command, cwd=folder, env=bare, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        text = f"{mutation.patch.name} no longer fits the source: renew it\n{done.stderr.strip()}"
        raise Stale(text)
    return copy
