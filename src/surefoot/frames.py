"""Answers as tables: Arrow, polars or pandas, where the user has them.

Columns are the fields of the structs. Amounts stay exact, as decimals, unless floats are asked for; times
become timestamps in UTC. None of the three packages is needed, or loaded, until its function is called.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, get_args

import msgspec

from surefoot.errors import Misuse
from surefoot.values import UNSET

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped] # who has stubs of it has types
    import polars
    import pyarrow  # type: ignore[import-untyped]

Money = Literal["exact", "float"]
"""How amounts arrive: as exact decimals, or as floats, which are faster to reckon with and not exact."""

Rows = msgspec.Struct | Iterable[msgspec.Struct]
"""Answers or events of one type, or a single one."""

Kind = type[msgspec.Struct] | None
"""The type of the rows, where it is said."""

_DIGITS = 38
_USUAL_SCALE = 8
_MICROSECONDS_FROM = 10**14  # as milliseconds that would be the year 5138


class _Column(msgspec.Struct, frozen=True):
    """One field of every row. `kind` is money, time, or plain for what needs no care."""

    name: str
    values: list[Any]
    kind: Literal["money", "time", "plain"]

    @property
    def scale(self) -> int:
        """Digits after the point that hold every amount of the column."""
        exponents = [value.as_tuple().exponent for value in self.values if value is not None]
        return max([_USUAL_SCALE, *(-each for each in exponents if isinstance(each, int))])

    @property
    def unit(self) -> Literal["ms", "us"]:
        """What the column's times count."""
        latest = max((value for value in self.values if value is not None), default=0)
        return "us" if latest >= _MICROSECONDS_FROM else "ms"


def to_arrow(rows: Rows, *, money: Money = "exact", of: Kind = None) -> "pyarrow.Table":
    """A `pyarrow.Table`: amounts as decimal128 (or double), times as timestamp[ms] in UTC.

    `of` is the rows' type: with it a table of no rows has its columns. Raises `Misuse` without pyarrow, for
    rows of several types, and for fields that are no single value.
    """
    arrow = _package("pyarrow", "to_arrow")

    def array(column: _Column) -> Any:
        if column.kind == "time":
            return arrow.array(column.values, arrow.timestamp(column.unit, tz="UTC"))
        if column.kind == "money":
            return arrow.array(column.values, arrow.decimal128(_DIGITS, column.scale))
        return arrow.array(column.values)

    return arrow.table({column.name: array(column) for column in _columns(rows, money, of)})


def to_polars(rows: Rows, *, money: Money = "exact", of: Kind = None) -> "polars.DataFrame":
    """A `polars.DataFrame`: amounts as Decimal (or Float64), times as Datetime in UTC; raises as
    `to_arrow`.
    """
    pl = _package("polars", "to_polars")

    def series(column: _Column) -> Any:
        if column.kind == "time":
            counted = pl.Series(column.name, column.values, dtype=pl.Int64)
            return counted.cast(pl.Datetime(column.unit, "UTC"))
        if column.kind == "money":
            return pl.Series(column.name, column.values, dtype=pl.Decimal(_DIGITS, column.scale))
        return pl.Series(column.name, column.values)

    frame: polars.DataFrame = pl.DataFrame([series(column) for column in _columns(rows, money, of)])
    return frame


def to_pandas(rows: Rows, *, money: Money = "exact", of: Kind = None) -> "pandas.DataFrame":
    """A `pandas.DataFrame`: amounts as Decimal objects (or float64), times as datetime64 in UTC; raises as
    `to_arrow`.
    """
    pandas = _package("pandas", "to_pandas")

    def values(column: _Column) -> Any:
        if column.kind == "time":
            return pandas.to_datetime(pandas.Series(column.values, dtype="Int64"), unit=column.unit, utc=True)
        dtype = object if column.kind == "money" else None
        return pandas.Series(column.values, dtype=dtype)

    return pandas.DataFrame({column.name: values(column) for column in _columns(rows, money, of)})


def _package(name: str, asked: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise Misuse(f"{asked} needs the package {name}: install it, or surefoot[data]") from None


def _columns(rows: Rows, money: Money, of: Kind) -> Sequence[_Column]:
    if money not in {"exact", "float"}:
        raise Misuse(f"money={money!r}: exact or float")
    listed = [rows] if isinstance(rows, msgspec.Struct) else list(rows)
    kind = _kind({type(row) for row in listed} | ({of} if of is not None else set()))
    if kind is None:
        return ()
    fields = msgspec.structs.fields(kind)
    amounts = {field.name for field in fields if field.type is Decimal or Decimal in get_args(field.type)}
    columns = [
        _column(name, [_value(getattr(row, name)) for row in listed], amount=name in amounts)
        for name in kind.__struct_fields__
    ]
    return columns if money == "exact" else [_floated(column) for column in columns]


def _kind(kinds: set[type[Any]]) -> Kind:
    """The one type of all rows; None when there is none."""
    names = ", ".join(sorted(kind.__name__ for kind in kinds))
    if not all(issubclass(kind, msgspec.Struct) for kind in kinds):
        raise Misuse(f"rows are answers or events, not {names}")
    if len(kinds) > 1:
        raise Misuse(f"rows of several types make no table: {names}")
    return next(iter(kinds), None)


def _column(name: str, values: list[Any], *, amount: bool) -> _Column:
    """Where there are no values, the name and the type of the field say what it would hold."""
    found = {type(value) for value in values if value is not None}
    if found - {Decimal, bool, int, float, str}:
        raise Misuse(f"the field {name!r} holds more than single values: it fits no column")
    if found == {Decimal} or (amount and not found):
        return _Column(name, values, "money")
    is_time = found <= {int} and (name == "time" or name.endswith("_time"))
    return _Column(name, values, "time" if is_time else "plain")


def _floated(column: _Column) -> _Column:
    if column.kind != "money":
        return column
    values = [None if value is None else float(value) for value in column.values]
    return _Column(column.name, values, "plain")


def _value(value: Any) -> Any:
    if value is UNSET:
        return None
    return value.value if isinstance(value, Enum) else value
