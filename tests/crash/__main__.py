"""``python -m tests.crash``: kills real traders and prints what became of each case; ``--full``: of all."""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.crash.processes import Outcome, everything, few, play
from tests.postgres import serving

_LINE = "{:13} {:27} {:15} {:10} {:>5} {:>6}  {}"


def main() -> int:
    """1 where anything did not hold."""
    asked = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    asked.add_argument("--full", action="store_true", help="every combination, not only every pair")
    asked.add_argument("--only", default="", help="cases whose line has these words")
    options = asked.parse_args()
    cases = everything() if options.full else few()
    cases = [(case, disk) for case, disk in cases if options.only in f"{case} {disk}"]
    began_s = time.monotonic()
    print(_LINE.format("what", "killed", "fault", "journal", "kills", "s", "outcome"))
    with serving() as postgres, tempfile.TemporaryDirectory() as folder:
        outcomes = asyncio.run(play(cases, Path(folder), postgres, _show))
    wrong = sum(bool(outcome.wrong) for outcome in outcomes)
    kills = sum(outcome.kills for outcome in outcomes)
    took_s = time.monotonic() - began_s
    print(f"{len(outcomes)} cases, {kills} kills, {wrong} wrong, in {took_s:.0f} s")
    return bool(wrong)


def _show(outcome: Outcome) -> None:
    case = outcome.case
    took = f"{outcome.took_s:.1f}"
    step = case.then or case.step
    line = _LINE.format(case.action, step, case.fault, outcome.disk, outcome.kills, took, outcome.verdict)
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
