"""How entries are written down and read again: rows, and what is asked of the store that keeps them (pure).

A store belongs to one account and is written by one process. It keeps the order of the rows, and tells when
they are safe; it knows nothing of what they mean.
"""

from collections.abc import AsyncIterator
from functools import cache
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


_encode = msgspec.json.Encoder().encode
_DECODER = msgspec.json.Decoder(AnyEntry)


def written(seq: int, entry: Entry) -> Row:
    """`entry` as a row."""
    plan = _plan(type(entry))
    inner = None if plan.inner is None else getattr(entry, plan.inner)
    return Row(seq, entry.at_ms, plan.tag, plan.id(entry, inner), plan.symbol(entry, inner), _encode(entry))


def read(row: Row) -> AnyEntry:
    """The entry of a row; raises `JournalError` where it is damaged, or of a kind that is not known."""
    try:
        entry: AnyEntry = _DECODER.decode(row.body)
    except msgspec.MsgspecError as error:
        raise JournalError(f"entry {row.seq} of the journal cannot be read ({row.kind}): {error}") from None
    return entry


_INNER = ("event", "answer", "order", "trade", "list")
_IDS = ("placed_as", "orig_client_order_id", "client_order_id", "list_client_order_id")


class _Plan(NamedTuple):
    """Where entries of one kind say what they are about: themselves, or in what they hold (`inner`)."""

    tag: str
    inner: str | None
    has_id: bool
    has_symbol: bool

    def id(self, entry: Any, inner: Any) -> str | None:
        """The client order id that it is about."""
        given: str | None = entry.id if self.has_id else None
        if given is not None or inner is None:
            return given
        for name in _IDS:
            if found := getattr(inner, name, None):
                return str(found)
        return None

    def symbol(self, entry: Any, inner: Any) -> str | None:
        """The symbol that it is about."""
        if self.has_symbol:
            given: str | None = entry.symbol
            return given
        return getattr(getattr(inner, "amended_order", inner), "symbol", None)


@cache
def _plan(kind: type[Entry]) -> _Plan:
    fields = kind.__struct_fields__
    inner = next((name for name in _INNER if name in fields), None)
    return _Plan(str(kind.__struct_config__.tag), inner, "id" in fields, "symbol" in fields)
