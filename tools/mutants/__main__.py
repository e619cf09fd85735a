"""``python -m tools.mutants [NAME…] [--seeds N]``: is each mutation caught within so many seeds?

Each is planted in a copy of the source, and seeds of the story `trading` are played with it until one of its
laws does not hold; the same story without the defect must pass. ``--keep`` makes the story that caught it
small and keeps it beside the patch, for the quick test.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from surefoot.world import SystemClock
from tools.mutants.kept import keep
from tools.mutants.mutation import Mutation, Stale, copied, named, planted
from tools.mutants.player import Player
from tools.mutants.search import Catch, caught
from tools.mutants.shrinking import shrunk

_SEEDS = 200


def main(arguments: list[str]) -> int:
    """The command; 1 where one was not caught, or does not fit."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants")
    parser.add_argument("names", nargs="*", help="which mutations (default: all)")
    parser.add_argument("--seeds", type=int, default=_SEEDS, help="how many at most (default: %(default)s)")
    parser.add_argument("--first", type=int, default=1, help="the first seed (default: %(default)s)")
    parser.add_argument("--keep", action="store_true", help="keep what caught it, made small")
    given = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        place = Path(folder, "sound")
        place.mkdir()
        with Player(copied(place)) as sound:
            missed = 0
            for mutation in named(given.names):
                missed += not _hunted(mutation, sound, given)
    print(f"{missed} not caught" if missed else "all were caught")
    return bool(missed)


def _hunted(mutation: Mutation, sound: Player, given: argparse.Namespace) -> bool:
    clock = SystemClock()
    began_ms = clock.monotonic_ms()
    with TemporaryDirectory() as folder:
        try:
            copy = planted(mutation, Path(folder))
        except Stale as stale:
            print(f"{mutation.name}: {stale}")
            return False
        with Player(copy) as broken:
            catch, besides = caught(mutation, broken, sound, given.seeds, given.first)
            took_s = (clock.monotonic_ms() - began_ms) / 1000
            print(_row(mutation, catch, besides, took_s), flush=True)
            if catch is not None and given.keep:
                keep(mutation, shrunk(catch.verdict.options, catch.law, broken, sound))
    return catch is not None


def _row(mutation: Mutation, catch: Catch | None, besides: Mapping[str, int], took_s: float) -> str:
    if catch is None:
        others = ", ".join(f"{law} ({count})" for law, count in besides.items())
        return f"{mutation.name:32} {'NOT CAUGHT':12} {took_s:6.1f} s  {others}"
    seed = f"{catch.drawn.level} {catch.drawn.seed}"
    return f"{mutation.name:32} {seed:12} {took_s:6.1f} s  {catch.words}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
