"""The story that catches a mutation quickly, kept beside its patch as JSON."""

from pathlib import Path

import msgspec

from tools.mutants.mutation import Mutation


def place_of(mutation: Mutation) -> Path:
    """Where it is kept."""
    return mutation.patch.with_suffix(".json")


def keep(mutation: Mutation, options: msgspec.Raw) -> None:
    """Keep this one."""
    place_of(mutation).write_bytes(msgspec.json.format(bytes(options), indent=1) + b"\n")


def kept(mutation: Mutation) -> msgspec.Raw | None:
    """The story in one line; None where none is kept."""
    place = place_of(mutation)
    return msgspec.Raw(msgspec.json.format(place.read_bytes(), indent=-1)) if place.exists() else None
