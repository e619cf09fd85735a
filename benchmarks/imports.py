"""Importing surefoot's client against importing only what it stands on."""

import ast
import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Row, Table
from benchmarks.machine import ROOT, split
from benchmarks.processes import Run

_CLIENT = "import surefoot, surefoot.client.aio, surefoot.client.blocking"
_STATEMENTS = {  # names are loaded when they are first used, so the first two are less than everything
    "import surefoot": "import surefoot",
    "from surefoot import Client": "from surefoot import Client",
    "everything: both clients": _CLIENT,
}
_FILES = "[print(m.__file__) for n, m in sys.modules.items() if n.split('.')[0] == 'surefoot']"


def _python(code: str) -> str:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True)
    return done.stdout


def _imported(file: Path) -> set[str]:
    """Modules of others that a source file imports at its top level."""
    found: set[str] = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return {name for name in found if name.split(".")[0] != "surefoot"}


def foundations() -> list[str]:
    """What the modules of the client import themselves, from the standard library and from others."""
    files = [Path(line) for line in _python(f"{_CLIENT}, sys; {_FILES}").split()]
    return sorted(set().union(*(_imported(file) for file in files)))


def _took_ms(statement: str) -> float:
    """Milliseconds of one import statement in a fresh interpreter, its own start not counted."""
    core = split()[0]
    pinned = "" if core is None else f"import os; os.sched_setaffinity(0, {{{core}}}); "
    clock = "from time import perf_counter as clock; began = clock(); "
    return float(_python(f"{pinned}{clock}{statement}; print((clock() - began) * 1000)"))


def measure(run: Run) -> list[Table]:
    """Rounds of fresh interpreters, the order rotating."""
    below = foundations()
    floor = f"import {', '.join(below)}"
    statements = [*_STATEMENTS.values(), floor]
    for statement in statements:
        _took_ms(statement)  # writes the bytecode, warms the file cache
    rounds = []
    count = 5 if run.quick else 15
    for number in range(count):
        run.tell(f"round {number + 1} of {count}: imports")
        turn = number % len(statements)
        rounds.append({each: _took_ms(each) for each in (*statements[turn:], *statements[:turn])})
    return [
        Table(
            title="imports: surefoot in a fresh interpreter",
            rows=tuple(
                Row(
                    name=name,
                    figures=tuple(took[statement] / took[floor] for took in rounds),
                    unit="× below",
                    goal=1.2,
                )
                for name, statement in _STATEMENTS.items()
            ),
            notes=(f"below: {', '.join(below)}",),
        )
    ]
