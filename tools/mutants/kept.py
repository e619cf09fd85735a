"""The story that catches a mutation quickly, kept beside its patch as JSON."""

from pathlib import Path

from surefoot.simulation.trading.options import TradingOptions, read, spelled
from tools.mutants.mutation import Mutation


def place_of(mutation: Mutation) -> Path:
    """Where it is kept."""
    return mutation.patch.with_suffix(".json")


def keep(mutation: Mutation, options: TradingOptions) -> None:
    """Keep this one."""
    place_of(mutation).write_bytes(spelled(options) + b"\n")


def kept(mutation: Mutation) -> TradingOptions | None:
    """The story; None where none is kept."""
    place = place_of(mutation)
    return read(place.read_bytes()) if place.exists() else None
