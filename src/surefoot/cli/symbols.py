"""Symbols that somebody may have meant."""

import difflib
from collections.abc import Sequence

_MOST = 4


def nearest(typed: str, names: Sequence[str]) -> str:
    """The names most like what was typed, as a list to read; the first few when none is like it."""
    words = typed.upper().replace("/", "").replace("-", "").split(",")
    near = [name for word in words for name in difflib.get_close_matches(word, names, n=_MOST)]
    shown = list(dict.fromkeys(near))[:_MOST] or names[:_MOST]
    return ", ".join(shown)
