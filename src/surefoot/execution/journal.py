"""How entries are written down and read again: rows, and what is asked of the store that keeps them (pure).

A store belongs to one account and is written by one process. It keeps the order of the rows, and tells when
they are safe; it knows nothing of what they mean.
"""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple, Protocol

import msgspec

from surefoot.errors import JournalError
from surefoot.execution.entries import AnyEntry, Entry

FORMAT = 1
"""The version of the entries. An older journal is migrated, a newer one refused."""


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """Whose journal it is: an account (its name here, and the exchange's number for it) at a venue."""

    environment: str
    account: str
    uid: int | None = None


class Row(NamedTuple):
    """One entry as it is kept. `id` is the client order id that it is about, if any; `body` is JSON."""

    seq: int
    at_ms: int
    kind: str
    id: str | None
    symbol: str | None
    body: bytes


class Checkpoint(NamedTuple):
    """The views as they were after the entry `seq`, as JSON."""

    seq: int
    body: bytes


class Store(Protocol):
    """Where a journal is kept. `failure` is set for good once something could not be kept."""

    failure: JournalError | None

    async def open(self) -> Checkpoint | None:
        """Become the one process that writes it; returns the newest checkpoint that can be read.

        Raises `JournalError` where another one writes it, or where it cannot be read or written.
        """
        ...

    def label(self) -> Label | None:
        """Whose it is; None of a new one."""
        ...

    async def christen(self, label: Label) -> None:
        """Write down whose it is, once it is known."""
        ...

    def rows(self, after: int) -> AsyncIterator[list[Row]]:
        """All rows after `seq` `after`, in order, in handfuls."""
        ...

    def append(self, row: Row) -> None:
        """Keep it: with the next commit, at the latest in 50 ms. Never waits, never raises."""
        ...

    async def commit(self) -> None:
        """Return once all that was appended so far is safe. Raises `JournalError`, then and ever after."""
        ...

    def checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep it with the next commit, in place of older ones."""
        ...

    async def close(self) -> None:
        """Keep what is left, and let another process write it."""
        ...


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(AnyEntry)


def written(seq: int, entry: Entry) -> Row:
    """`entry` as a row."""
    return Row(seq, entry.at_ms, _tag(entry), _id(entry), _symbol(entry), _ENCODER.encode(entry))


def read(row: Row) -> AnyEntry:
    """The entry of a row; raises `JournalError` where it is damaged, or of a kind that is not known."""
    try:
        entry: AnyEntry = _DECODER.decode(row.body)
    except msgspec.MsgspecError as error:
        raise JournalError(f"entry {row.seq} of the journal cannot be read ({row.kind}): {error}") from None
    return entry


def _tag(entry: Entry) -> str:
    return str(type(entry).__struct_config__.tag)


_IDS = ("placed_as", "orig_client_order_id", "client_order_id", "list_client_order_id")


def _id(entry: Any) -> str | None:
    given: str | None = getattr(entry, "id", None)
    if given is not None:
        return given
    inner = _inner(entry)
    found = (getattr(inner, name, None) for name in _IDS)
    return next((str(id) for id in found if id), None)


def _symbol(entry: Any) -> str | None:
    given: str | None = getattr(entry, "symbol", None)
    if given is not None:
        return given
    inner = _inner(entry)
    return getattr(getattr(inner, "amended_order", inner), "symbol", None)


def _inner(entry: Any) -> Any:
    for name in ("event", "answer", "order", "trade", "list"):
        if (found := getattr(entry, name, None)) is not None:
            return found
    return None
