"""``python -m tools.mutants [NAME…] [--seeds N]``: is each mutation caught within so many seeds?

Each is planted in a copy of the source, and seeds of the story `trading` are played with it until one of its
laws does not hold; the same seed without the defect must pass. ``--keep`` makes the story that caught it small
and keeps it beside the patch, for the quick test.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from surefoot.world import SystemClock
from tools.mutants.kept import keep
from tools.mutants.mutation import Mutation, Stale, copied, named, planted
from tools.mutants.player import Player
from tools.mutants.search import caught
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
            others = ", ".join(f"{law} ({count})" for law, count in besides.items())
            if catch is None:
                print(
                    f"{mutation.name:28} NOT CAUGHT in {given.seeds} seeds, {took_s:.1f} s; {others}",
                    flush=True,
                )
                return False
            seed = f"{catch.drawn.level} {catch.drawn.seed}"
            print(
                f"{mutation.name:28} {seed:10} {took_s:6.1f} s  {catch.verdict.words(mutation.laws)}",
                flush=True,
            )
            if given.keep:
                keep(mutation, shrunk(catch.verdict.options, mutation.laws, broken, sound))
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
