"""``python -m benchmarks [NAME …] [--quick] [--json]``: runs the benchmarks and prints a table of each."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence

from benchmarks import (
    book,
    build,
    engine,
    exchange,
    imports,
    info,
    limiter,
    loading,
    order,
    peers,
    restart,
    simulated,
    ticker,
    trading,
    wsapi,
)
from benchmarks.chaos import board, scoreboard
from benchmarks.chaos.board import Board
from benchmarks.figures import Table, plain, shown
from benchmarks.machine import described
from benchmarks.processes import Run

BENCHMARKS: Mapping[str, Callable[[Run], Sequence[Table | Board]]] = {
    "order": order.measure,
    "build": build.measure,
    "engine": engine.measure,
    "exchange": exchange.measure,
    "imports": imports.measure,
    "info": info.measure,
    "peers": peers.measure,
    "wsapi": wsapi.measure,
    "ticker": ticker.measure,
    "book": book.measure,
    "loading": loading.measure,
    "limiter": limiter.measure,
    "trader": trading.measure,
    "restart": restart.measure,
    "simulation": simulated.measure,
    "chaos": scoreboard.measure,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"any of: {', '.join(BENCHMARKS)} (default: all)"
    )
    parser.add_argument(
        "--quick", action="store_true", help="two short rounds: shows that it works, not how fast"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    given = parser.parse_args()
    if unknown := set(given.names) - set(BENCHMARKS):
        parser.error(f"unknown benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    return given


def _shown(table: Table | Board) -> str:
    return board.shown(table) if isinstance(table, Board) else shown(table)


def _plain(table: Table | Board) -> dict[str, object]:
    return board.plain(table) if isinstance(table, Board) else plain(table)


def main() -> None:
    """Run what was asked for. Nothing fails when a goal is missed: the table says so."""
    given = _arguments()
    run, facts = Run(quick=given.quick), described()
    tables: list[Table | Board] = []
    if not given.json:
        print("\n".join(f"{name}: {fact}" for name, fact in facts.items()), flush=True)
    for name in given.names or BENCHMARKS:
        measured = BENCHMARKS[name](run)
        run.hush()
        tables += measured
        if not given.json:
            print("", *map(_shown, measured), sep="\n", flush=True)
    if given.json:
        json.dump(
            {"about": facts, "quick": given.quick, "tables": [_plain(table) for table in tables]}, sys.stdout
        )
        print()


if __name__ == "__main__":
    main()
