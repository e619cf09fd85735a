"""A bare number: Binance's code, an HTTP status, or the close code of a WebSocket."""

import re

from surefoot.rules.explain.sight import Sight

_NUMBER = re.compile(r"\s*([-\u2212\u2013]?)(\d{3,5})\s*")
_STATUSES = range(100, 600)
_CLOSES = range(1000, 1013)  # 1013 is rather a code without its minus
_BOTH = frozenset({1000, 1001, 1006, 1008})


def sight_of_number(given: object) -> Sight | None:
    """What a number shows; None for anything else. A code whose minus was forgotten is still a code."""
    match = (
        _NUMBER.fullmatch(str(given))
        if isinstance(given, (int, str)) and not isinstance(given, bool)
        else None
    )
    if match is None:
        return None
    number = int(match[2])
    if not match[1] and number in _STATUSES:
        return Sight(text=f"HTTP {number}", status=number)
    if not match[1] and number in _CLOSES and number not in _BOTH:
        return Sight(text=f"WebSocket close code {number}")
    text = f"code {-number}" + (
        "" if match[1] or number not in _BOTH else f" or WebSocket close code {number}"
    )
    return Sight(text=text, code=-number, codes=(-number,))
