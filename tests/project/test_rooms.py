"""The floors hold because every module is under a contract: none escapes by being new (architecture, §2)."""

import ast
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "surefoot"

OUTSIDE_ROOMS = {"net", "simulation", "cli", "credentials", "testing", "world"}
OUTSIDE_FILES = {"aio", "blocking", "server", "local", "sql"}
"""Inside a pure room, only files of these names go outside."""

MODULES = sorted(path.relative_to(PACKAGE).with_suffix("").parts for path in PACKAGE.rglob("*.py"))


def contract(words: str) -> dict[str, Any]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return next(c for c in config["tool"]["importlinter"]["contracts"] if words in c["name"])


def rooms(names: list[str]) -> set[str]:
    return {name.removeprefix("surefoot.") for name in names}


@pytest.mark.parametrize("module", MODULES, ids=".".join)
def test_every_module_is_pure_or_outside_by_name(module: tuple[str, ...]) -> None:
    room = module[0]
    if room in {"__init__", "__main__"}:  # the front doors: they only name and start
        return
    pure = rooms(contract("pure files")["source_modules"])
    assert (room in pure) != (room in OUTSIDE_ROOMS), f"{room}: name it in the contract or in OUTSIDE_ROOMS"


def test_no_exception_but_the_files_named_outside() -> None:
    excepted = {line.split(" ")[0].removesuffix(".**") for line in contract("pure files")["ignore_imports"]}
    assert excepted == {f"surefoot.*.{name}" for name in OUTSIDE_FILES}


def test_every_pure_room_exists() -> None:
    """A contract over a room that is gone would prove nothing."""
    built = {module[0] for module in MODULES}
    assert rooms(contract("pure files")["source_modules"]) <= built


def test_the_front_door_only_names() -> None:
    """`surefoot/__init__.py` holds the public names and where they live, and loads nothing before its use."""
    body = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8")).body
    for statement in body:
        match statement:
            case ast.ImportFrom(module=module):
                assert module in {"importlib", "typing"}
            case ast.Assign(targets=[ast.Name(id=name)]):
                assert name in {"__all__", "__version__", "_HOMES"}
            case ast.Expr(value=ast.Constant()) | ast.FunctionDef(name="__getattr__" | "__dir__") | ast.If():
                pass
            case _:
                pytest.fail(f"line {statement.lineno} of surefoot/__init__.py is more than a name")


@pytest.mark.parametrize("room", sorted({m[0] for m in MODULES if len(m) > 1}))
def test_a_room_says_what_lives_there(room: str) -> None:
    tree = ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))
    said = ast.get_docstring(tree)
    assert said, f"{room}/__init__.py has no docstring"
    assert 2 <= len(said.splitlines()) <= 20, f"{room}: a few lines: what lives here, and what does not"
