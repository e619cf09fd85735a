"""Names of the market streams that are built here (official page *WebSocket Streams*)."""

import re
from collections.abc import Collection

import msgspec

_NAME = re.compile(r"([^@]+)@(bookTicker|trade|depth)(5|10|20)?(@100ms)?")
FAST_MS, SLOW_MS = 100, 1000


class StreamName(msgspec.Struct, frozen=True):
    """One stream: symbol in upper case, kind, and for depth the levels (0: changes) and the period."""

    text: str
    symbol: str
    kind: str
    levels: int = 0
    period_ms: int = 0


def parse_stream(text: str, symbols: Collection[str]) -> StreamName | None:
    """The stream of that name, or None when it is not built or its symbol is not listed (in lower case)."""
    match = _NAME.fullmatch(text)
    if not match or match[1] != match[1].lower() or match[1].upper() not in symbols:
        return None
    _, kind, levels, fast = match.groups()
    if kind != "depth":
        return None if levels or fast else StreamName(text, match[1].upper(), kind)
    period = FAST_MS if fast else SLOW_MS
    return StreamName(text, match[1].upper(), kind, int(levels or 0), period)
