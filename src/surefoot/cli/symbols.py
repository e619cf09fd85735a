"""Symbols that somebody may have meant."""

import difflib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from surefoot.client.blocking import Client
from surefoot.errors import Misuse, Refused

_MOST = 4
_INVALID_SYMBOL, _ILLEGAL_CHARACTERS = -1121, -1100


def nearest(typed: str, names: Sequence[str]) -> str:
    """The names most like what was typed, as a list to read; the first few when none is like it."""
    words = typed.upper().replace("/", "").replace("-", "").split(",")
    near = [name for word in words for name in difflib.get_close_matches(word, names, n=_MOST)]
    shown = list(dict.fromkeys(near))[:_MOST] or names[:_MOST]
    return ", ".join(shown)


@contextmanager
def meaning(symbol: str, client: Client) -> Iterator[None]:
    """Where the exchange does not know `symbol`, raises `Misuse` with those that may have been meant."""
    try:
        yield
    except Refused as error:
        illegal = error.code == _ILLEGAL_CHARACTERS and "'symbol'" in (error.message or "")
        if error.code != _INVALID_SYMBOL and not illegal:
            raise
        names = [ticker.symbol for ticker in client.book_tickers()]
        raise Misuse(f"symbol {symbol!r} is not listed; did you mean {nearest(symbol, names)}?") from None
