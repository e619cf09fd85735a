"""The smallest words: money, "not given", secrets, and the alphabet of client order ids."""

import re
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from msgspec import UNSET, UnsetType

from surefoot.errors import Misuse

__all__ = ["CLIENT_ORDER_ID", "UNSET", "Money", "Secret", "UnsetType", "money", "optional_money", "plain"]

_HINT = 'pass a Decimal, an int or a string such as "0.001"'

Money = Decimal | int | str
"""What callers may give where money is meant. Never a float."""

CLIENT_ORDER_ID = re.compile(r"[a-zA-Z0-9\-_]{1,36}")
"""What Binance accepts as a client order id (rest-api, New order)."""


def money(field: str, given: object) -> Decimal:
    """`given` as an exact, finite Decimal; raises `Misuse` naming `field` for floats, NaN, malformed text."""
    if isinstance(given, Decimal):
        value = given
    elif isinstance(given, (bool, float)) or not isinstance(given, (int, str)):
        raise Misuse(f"{field}: {type(given).__name__} {given!r} is not exact money; {_HINT}")
    else:
        try:
            value = Decimal(given)
        except InvalidOperation:
            raise Misuse(f"{field}: {given!r} is not a decimal number; {_HINT}") from None
    if not value.is_finite():
        raise Misuse(f"{field}: {given!r} is not a finite number")
    return value


def optional_money(field: str, given: "Money | UnsetType") -> Decimal | UnsetType:
    """As `money`; what was not given stays not given."""
    if given is UNSET:
        return UNSET
    if type(given) is Decimal and given.is_finite():  # what an order has, and quickly seen
        return given
    return money(field, given)


def plain(value: Decimal) -> str:
    """Fixed-point text, never scientific notation: ``Decimal("1E-5")`` is ``"0.00001"``."""
    text = str(value)
    return format(value, "f") if "E" in text else text


def trimmed(value: Decimal) -> str:
    """The same without the zeros at its end: ``Decimal("1.500")`` is ``"1.5"``."""
    text = plain(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


_WHOLE = re.compile(r"[0-9]{1,9}").fullmatch


def whole(text: str) -> int | None:
    """The count in `text`, as headers say it; None for anything else, also for what is absurdly large."""
    return int(text) if _WHOLE(text) is not None else None


class Secret:
    """A text that does not print: `repr`, `str`, `format` and pickling never show it; `reveal()` does."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        """The secret itself; call it only where the bytes are used."""
        return self.__text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise Misuse("a Secret cannot be pickled or copied out of the process")
