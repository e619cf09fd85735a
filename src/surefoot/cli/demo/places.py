"""Where the demo keeps its journal."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from surefoot.cli.demo.venue import Venue
from surefoot.errors import Misuse
from surefoot.execution.sql.address import file_of, without_secrets
from surefoot.world import state_folder


class Place(msgspec.Struct, frozen=True):
    """Where a journal is (`at`), whose (`account`), and that in words."""

    at: str
    account: str
    text: str


@contextlib.contextmanager
def place_of(given: str | None, venue: Venue) -> Iterator[Place]:
    """The place that was named; else one that goes with its exchange, or in the state folder, by the key.

    Raises `Misuse` for a journal of an exchange that is gone.
    """
    tail = venue.keys[-1].api_key.reveal()[-6:]
    name = venue.environment.name
    if given is not None:
        yield _named(given, tail, gone=venue.process is not None)
    elif venue.process is None:
        folder = state_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"demo-{name}-{tail}.db"
        yield Place(str(path), "main", f"{path}, which is kept: a doubt that is left is resolved next time")
    else:
        with tempfile.TemporaryDirectory(prefix="surefoot-demo-") as scratch:
            path = Path(scratch) / "journal.db"
            yield Place(str(path), "main", f"{path}, which goes with its exchange; --journal keeps one")


def _named(given: str, tail: str, *, gone: bool) -> Place:
    path = file_of(given)
    if path is None:
        return Place(given, f"demo-{tail}", without_secrets(given))
    if gone and path.exists():
        raise Misuse(f"{path} is there already, and its exchange is gone: name a new file")
    return Place(given, "main", str(path))
