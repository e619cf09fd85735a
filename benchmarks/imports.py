"""Importing surefoot's client against importing only what it stands on."""

import ast
import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Row, Table
from benchmarks.machine import ROOT, split
from benchmarks.processes import Run

_CLIENT = "import surefoot, surefoot.client.aio, surefoot.client.blocking"
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
    """Pairs of fresh interpreters, the order alternating."""
    below = foundations()
    statements = (_CLIENT, f"import {', '.join(below)}")
    for statement in statements:
        _took_ms(statement)  # writes the bytecode, warms the file cache
    figures = []
    count = 5 if run.quick else 21
    for number in range(count):
        run.tell(f"import {number + 1} of {count}")
        order = statements if number % 2 else statements[::-1]
        took = {statement: _took_ms(statement) for statement in order}
        figures.append(took[statements[0]] / took[statements[1]])
    return [
        Table(
            title="imports: surefoot and its clients in a fresh interpreter",
            rows=(Row(name="import surefoot + clients", figures=tuple(figures), unit="× below", goal=1.2),),
            notes=(f"below: {', '.join(below)}",),
        )
    ]
