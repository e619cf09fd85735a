"""Reading a recorded market: REST depth snapshots and a combined stream, as lines of text.

A REST line is ``URL -> seconds: JSON``, a stream line ``seconds: {"stream": …, "data": …}``; the stream's
first line says its URL. Depth and aggTrade count; bookTicker only repeats what depth says within 100 ms, and
klines follow from trades.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from surefoot.errors import Misuse
from surefoot.exchange.core.listing import units

Levels = tuple[tuple[int, int], ...]
"""(price, absolute quantity) at 1e-8."""


class RecordedBook(msgspec.Struct, frozen=True):
    """A depth snapshot."""

    last_update_id: int
    bids: Levels
    asks: Levels


class RecordedDiff(msgspec.Struct, frozen=True):
    """Levels that changed, numbered up to `last_id`."""

    symbol: str
    last_id: int
    bids: Levels
    asks: Levels


class RecordedTrade(msgspec.Struct, frozen=True):
    """An aggregate trade."""

    symbol: str
    price: int
    qty: int
    buyer_is_maker: bool


class Recording(msgspec.Struct, frozen=True):
    """Snapshots by symbol, and what followed, each with its microseconds since the recording began."""

    books: Mapping[str, RecordedBook]
    events: tuple[tuple[int, RecordedDiff | RecordedTrade], ...]

    def last_prices(self) -> dict[str, int]:
        """The price each symbol begins with: the best bid of its snapshot."""
        return {symbol: book.bids[0][0] for symbol, book in self.books.items() if book.bids}


def read_recording(rest: Iterable[str], streams: Iterable[str]) -> Recording:
    """Parse the lines of both logs; raises `Misuse` naming the line that is not understood."""
    books = dict(_books(rest))
    if not books:
        raise Misuse("the REST recording holds no depth snapshot; give the log with /api/v3/depth answers")
    timed = [(at, event) for at, event in _events(streams) if event is None or event.symbol in books]
    began = timed[0][0] if timed else 0
    return Recording(books, tuple([(at - began, event) for at, event in timed if event is not None]))


def _books(lines: Iterable[str]) -> Iterator[tuple[str, RecordedBook]]:
    for number, line in enumerate(lines, 1):
        url, arrow, answer = line.partition(" -> ")
        parts = urlsplit(url)
        if not arrow or not parts.path.endswith("/depth"):
            continue
        with _line(number, "REST"):
            data = _decoded(answer)
            symbol = parse_qs(parts.query)["symbol"][0]
            book = RecordedBook(data["lastUpdateId"], _levels(data["bids"]), _levels(data["asks"]))
        yield symbol, book


def _events(lines: Iterable[str]) -> Iterator[tuple[int, RecordedDiff | RecordedTrade | None]]:
    """With None for messages that carry nothing for a book, so that the first one still sets the clock."""
    for number, line in enumerate(lines, 1):
        if " <-> " in line or not line.strip():
            continue
        with _line(number, "stream"):
            at_us = int(Decimal(line.partition(":")[0]) * 1_000_000)
            event = _event(_decoded(line)["data"])
        yield at_us, event


def _event(data: Mapping[str, Any]) -> RecordedDiff | RecordedTrade | None:
    kind = data.get("e")
    if kind == "depthUpdate":
        return RecordedDiff(data["s"], data["u"], _levels(data["b"]), _levels(data["a"]))
    if kind == "aggTrade":
        return RecordedTrade(data["s"], units(data["p"]), units(data["q"]), data["m"])
    return None


def _decoded(line: str) -> Any:
    """The JSON after ``seconds: ``."""
    return msgspec.json.decode(line.partition(": ")[2])


@contextmanager
def _line(number: int, log: str) -> Iterator[None]:
    """Whatever cannot be read in it is told as a `Misuse` that names the line."""
    try:
        yield
    except InvalidOperation:
        raise Misuse(f"line {number} of the {log} recording holds something that is not a number") from None
    except msgspec.DecodeError as error:
        raise Misuse(f"line {number} of the {log} recording is not `seconds: JSON` ({error})") from None
    except KeyError as error:
        raise Misuse(f"line {number} of the {log} recording lacks {error}") from None
    except (Misuse, AttributeError, TypeError, ValueError, OverflowError) as error:
        raise Misuse(f"line {number} of the {log} recording is not what it should be: {error}") from None


def _levels(raw: list[list[str]]) -> Levels:
    return tuple([(units(price), units(quantity)) for price, quantity in raw])
