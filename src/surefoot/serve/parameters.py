"""What one parameter may be, and the code that refuses it."""

import re
from collections.abc import Callable
from decimal import Decimal
from enum import Enum, auto
from typing import Any

import msgspec

from surefoot.serve.denial import (
    Denial,
    empty,
    illegal_characters,
    invalid,
    invalid_json,
    missing,
    overflowed,
    too_precise,
)

LONGEST = 2**63 - 1
_INT_MAX = 2**31 - 1
_LARGEST = Decimal("92233720368.54775807")  # a signed 64-bit integer at 1e-8

_NUMBER = "^[0-9]{1,20}$"
_DECIMAL = r"^([0-9]{1,20})(\.[0-9]{1,20})?$"
_SYMBOL = r"^[\w\-._&&[^a-z]]{1,50}$"
_CLIENT_ID = "^[a-zA-Z0-9-_]{1,36}$"

_number = re.compile(r"[0-9]{1,20}", re.ASCII)
_decimal = re.compile(r"[0-9]{1,20}(?:\.([0-9]{1,20}))?", re.ASCII)
_symbol = re.compile(r"(?:(?![a-z])[\w\-.]){1,50}")
_client_id = re.compile(r"[a-zA-Z0-9\-_]{1,36}")
_time_zone = re.compile(r"([+-]?)([0-9]{1,2})(?::([0-5][0-9]))?", re.ASCII)
_WESTERNMOST, _EASTERNMOST = -12 * 60, 14 * 60


class Kind(Enum):
    """Kinds of value, as the official tables name them."""

    TEXT = auto()
    SYMBOL = auto()
    CLIENT_ID = auto()
    LONG = auto()
    INT = auto()
    DECIMAL = auto()
    BOOLEAN = auto()
    CHOICE = auto()
    LIST = auto()
    CHOICES = auto()
    TIME_ZONE = auto()


class Parameter(msgspec.Struct, frozen=True):
    """One row of a parameter table.

    `low` and `high` bound numbers, `places` is how many decimals may be sent, `choices` what an enumeration
    allows; `wrong` and `blank` are (code, message) where a bad or an empty value has words of its own.
    """

    name: str
    kind: Kind
    mandatory: bool = False
    low: int = 0
    high: int = LONGEST
    places: int = 8
    choices: tuple[str, ...] = ()
    wrong: tuple[int, str] | None = None
    blank: tuple[int, str] | None = None

    def judge(self, text: str) -> Any:
        """The value that `text` means; raises `Denial`."""
        if not text:
            raise self._blank()
        return _JUDGES[self.kind](self, text)

    def _blank(self) -> Denial:
        if self.blank:
            return Denial(*self.blank)
        return missing(self.name) if self.mandatory else empty(self.name)

    def refusal(self) -> Denial:
        """What is said when the value is not one of those allowed."""
        return Denial(*self.wrong) if self.wrong else invalid(self.name)


def _text(_: Parameter, text: str) -> str:
    return text


def _a_symbol(parameter: Parameter, text: str) -> str:
    if not _symbol.fullmatch(text):
        raise illegal_characters(parameter.name, _SYMBOL)
    return text


def _a_client_id(parameter: Parameter, text: str) -> str:
    if not _client_id.fullmatch(text):
        raise illegal_characters(parameter.name, _CLIENT_ID)
    return text


def _a_long(parameter: Parameter, text: str, largest: int = LONGEST) -> int:
    if not _number.fullmatch(text):
        raise illegal_characters(parameter.name, _NUMBER)
    value = int(text)
    if value > largest:
        raise overflowed(parameter.name)
    if not parameter.low <= value <= parameter.high:
        raise parameter.refusal()
    return value


def _an_int(parameter: Parameter, text: str) -> int:
    return _a_long(parameter, text, _INT_MAX)


def _a_decimal(parameter: Parameter, text: str) -> Decimal:
    match = _decimal.fullmatch(text)
    if not match:
        raise illegal_characters(parameter.name, _DECIMAL)
    if len(match[1] or "") > parameter.places:
        raise too_precise(parameter.name)
    value = Decimal(text)
    if value > _LARGEST:
        raise overflowed(parameter.name)
    if value > parameter.high:
        raise parameter.refusal()
    return value


def _a_boolean(parameter: Parameter, text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise parameter.refusal()
    return text.lower() == "true"


def _a_choice(parameter: Parameter, text: str) -> str:
    if text not in parameter.choices:
        raise parameter.refusal()
    return text


def _a_list(parameter: Parameter, text: str) -> tuple[str, ...]:
    try:
        values = msgspec.json.decode(text, type=tuple[str, ...])
    except (msgspec.DecodeError, UnicodeEncodeError):
        raise invalid_json(parameter.name) from None
    if not values:
        raise parameter._blank()
    for value in values:
        _a_symbol(parameter, value)
    if len(set(values)) != len(values):
        raise Denial(-1151, "Symbol is present multiple times in the list.")
    return values


def _choices(parameter: Parameter, text: str) -> tuple[str, ...]:
    """One value, or a JSON array of them."""
    values: tuple[str, ...] = (text,)
    if text.startswith("["):
        try:
            values = msgspec.json.decode(text, type=tuple[str, ...])
        except msgspec.DecodeError:
            raise invalid_json(parameter.name) from None
    if not values:
        raise parameter._blank()
    return tuple(_a_choice(parameter, value) for value in values)


def _a_time_zone(parameter: Parameter, text: str) -> int:
    """Minutes ahead of UTC: ``8``, ``-1:00``, ``05:45``."""
    match = _time_zone.fullmatch(text)
    if not match:
        raise parameter.refusal()
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    ahead = -minutes if match[1] == "-" else minutes
    if not _WESTERNMOST <= ahead <= _EASTERNMOST:
        raise parameter.refusal()
    return ahead


_JUDGES: dict[Kind, Callable[[Parameter, str], Any]] = {
    Kind.TEXT: _text,
    Kind.SYMBOL: _a_symbol,
    Kind.CLIENT_ID: _a_client_id,
    Kind.LONG: _a_long,
    Kind.INT: _an_int,
    Kind.DECIMAL: _a_decimal,
    Kind.BOOLEAN: _a_boolean,
    Kind.CHOICE: _a_choice,
    Kind.LIST: _a_list,
    Kind.CHOICES: _choices,
    Kind.TIME_ZONE: _a_time_zone,
}
