"""What runs with a copy of the source: plays each story that it is told, and tells what did not hold.

A line in is a story's options as JSON, or ``{"seed": …, "level": …}``; a line out is a `Verdict`.
"""

import sys
from pathlib import Path

import msgspec

import surefoot
from surefoot.simulation.trading.drawing import draw
from surefoot.simulation.trading.options import TradingOptions
from surefoot.simulation.trading.running import play
from tools.mutants.verdict import Drawn, Verdict


def _options(line: str) -> TradingOptions:
    try:
        drawn = msgspec.json.decode(line, type=Drawn)
    except msgspec.ValidationError:
        return msgspec.json.decode(line, type=TradingOptions)
    return draw(drawn.seed, drawn.level)


def judged(options: TradingOptions) -> Verdict:
    """Play it."""
    outcome, _ = play(options)
    breaches = tuple((breach.law, breach.text) for breach in outcome.breaches)
    return Verdict(options=msgspec.Raw(msgspec.json.encode(options)), breaches=breaches)


def main(copy: str) -> int:
    """Answer until nothing more is asked."""
    if not Path(surefoot.__file__).is_relative_to(copy):
        print(f"{surefoot.__file__} is not in {copy}", file=sys.stderr)
        return 1
    for line in sys.stdin:
        told = msgspec.json.encode(judged(_options(line)))
        sys.stdout.write(told.decode() + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
