"""Who spent what: requests and weight by the caller's tag and by kind of request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec

from surefoot.errors import Misuse

DEFAULT_PATIENCE_MS = 15_000
UNTAGGED = "untagged"
REST = "…"
"""Where tags beyond the first thousand are added up."""

_MOST_TAGS = 1_000


class Purse(msgspec.Struct, frozen=True):
    """In whose name requests are sent, and how long they may wait for room."""

    tag: str = UNTAGGED
    patience_ms: float = DEFAULT_PATIENCE_MS


_DEFAULT = Purse()
_PURSE: ContextVar[Purse] = ContextVar("surefoot_purse", default=_DEFAULT)


def purse() -> Purse:
    """That of the running task or thread."""
    return _PURSE.get()


@contextmanager
def spending(tag: str | None = None, *, patience_ms: float | None = None) -> Iterator[None]:
    """What is asked inside is charged to `tag`, and waits up to `patience_ms` for room in the limits.

    ``with surefoot.spending("candles", patience_ms=300_000): …`` pulls much and leaves room for others. Tasks
    that are started inside inherit it. A request that cannot leave in time raises `HeldBack` at once, with
    the moment at which it could.
    """
    if patience_ms is not None and not patience_ms >= 0:
        raise Misuse(f"patience_ms {patience_ms}: 0 (never wait) or more")
    outer = _PURSE.get()
    inner = Purse(
        outer.tag if tag is None else tag, outer.patience_ms if patience_ms is None else patience_ms
    )
    token = _PURSE.set(inner)
    try:
        yield
    finally:
        _PURSE.reset(token)


class Spent(msgspec.Struct, frozen=True):
    """One row: what `tag` spent on requests of that name."""

    tag: str
    request: str
    count: int
    weight: int


class Ledger:
    """Adds up what is sent."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], list[int]] = {}
        self._tags: set[str] = set()

    def add(self, tag: str, request: str, weight: int) -> None:
        """One request was answered, and cost that."""
        row = self._rows.get((tag, request))
        if row is None:
            row = self._row(tag, request)
        row[0] += 1
        row[1] += weight

    def _row(self, tag: str, request: str) -> list[int]:
        if tag not in self._tags:
            if len(self._tags) >= _MOST_TAGS:
                tag = REST
            self._tags.add(tag)
        return self._rows.setdefault((tag, request), [0, 0])

    def rows(self) -> list[Spent]:
        """The most expensive first."""
        rows = [Spent(tag, name, count, weight) for (tag, name), (count, weight) in self._rows.items()]
        return sorted(rows, key=lambda row: (-row.weight, -row.count, row.tag, row.request))
