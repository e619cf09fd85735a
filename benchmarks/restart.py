"""How long a trader takes to know everything again: from the last checkpoint, from all that was written."""

import asyncio
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import msgspec

from benchmarks import machine
from benchmarks.figures import Row, Table
from benchmarks.history import SYMBOL, told
from benchmarks.processes import Run
from surefoot.execution.aio.opening import replay
from surefoot.execution.journal import Checkpoint, written
from surefoot.execution.policy import Policy
from surefoot.execution.sql.sqlite import SqliteStore
from surefoot.execution.views import Views

_ENTRIES, _OPEN, _QUICK = 1_000_000, 500, 50_000
_SINCE = 20_000
"""Entries after the last checkpoint: a trader makes one after so many."""
_CHECKPOINT_GOAL_S, _REFOLD_GOAL_S = 3, 20


class Began(msgspec.Struct):
    """What a process that began on the journal says: how long it took, what it knows, its peak of memory."""

    took_s: float
    open_count: int
    peak_mb: float


def _views() -> Views:
    return Views(Policy(symbols={SYMBOL}))


async def _write(path: Path, entry_count: int) -> None:
    """The journal, with its checkpoint where the last one would be."""
    store, views = SqliteStore(path), _views()
    await store.open()
    for seq, entry in enumerate(told(entry_count, _OPEN), 1):
        store.append(written(seq, entry))
        views.apply(entry)
        if seq == entry_count - _SINCE:
            store.checkpoint(Checkpoint(seq, views.checkpoint()))
        if seq % _SINCE == 0:
            await store.commit()
    await store.close()


async def begin(path: Path) -> Began:
    """What a trader does before it connects."""
    store, views = SqliteStore(path), _views()
    began = perf_counter()
    await replay(store, views)
    took_s = perf_counter() - began
    await store.close()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    alive = sum(not order.is_final for order in views.orders.shelf.active.values())
    return Began(took_s, alive, peak_mb)


def _begun(path: Path) -> Began:
    command = [sys.executable, "-m", "benchmarks.restart", str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, cwd=machine.ROOT, check=True)
    return msgspec.json.decode(done.stdout, type=Began)


def measure(run: Run) -> list[Table]:
    """One journal, opened by fresh processes."""
    entry_count, rounds = (_QUICK, 2) if run.quick else (_ENTRIES, 3)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        run.tell(f"restart: a journal of {entry_count:,} entries")
        asyncio.run(_write(path, entry_count))
        run.tell("restart: from the last checkpoint")
        quick = [_begun(path) for _ in range(rounds)]
        with sqlite3.connect(path) as connection:
            connection.execute("DELETE FROM checkpoints")
        connection.close()
        run.tell("restart: everything")
        whole = [_begun(path) for _ in range(rounds)]
    rows = (
        _row("from the last checkpoint", [one.took_s for one in quick], "s", _CHECKPOINT_GOAL_S),
        _row("everything folded again", [one.took_s for one in whole], "s", _REFOLD_GOAL_S),
        _row("peak of memory, from the checkpoint", [one.peak_mb for one in quick], "MB", None),
        _row("peak of memory, everything", [one.peak_mb for one in whole], "MB", None),
    )
    notes = (f"{entry_count:,} entries, {whole[0].open_count} open orders, {_SINCE:,} after the checkpoint",)
    return [Table(title="restart: a trader's journal in SQLite", rows=rows, notes=notes)]


def _row(name: str, figures: list[float], unit: str, goal: float | None) -> Row:
    return Row(name=name, figures=tuple(figures), unit=unit, goal=goal)


if __name__ == "__main__":
    sys.stdout.write(msgspec.json.encode(asyncio.run(begin(Path(sys.argv[1])))).decode())
