"""Stories that failed once, kept as files: their options down to each action, so that they stay what they
were however stories are drawn later.
"""

from pathlib import Path

import msgspec

from surefoot.simulation.trading.options import TradingOptions

FOLDER = Path(__file__).parent / "kept"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A story: what it was about in a sentence, the law that it broke, when it was found."""

    about: str
    law: str
    date: str
    options: TradingOptions


def read(path: Path) -> Kept:
    """From a file; raises `msgspec.ValidationError` for one that is none."""
    return msgspec.json.decode(path.read_bytes(), type=Kept)


def write(path: Path, kept: Kept) -> None:
    """To a file."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")


def stories() -> dict[str, Kept]:
    """All that are kept, by the name of their file."""
    return {path.stem: read(path) for path in sorted(FOLDER.glob("*.json"))}
