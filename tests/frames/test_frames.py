"""Answers as tables, with the real packages: nothing is lost, and amounts stay exact."""

import sys
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot import frames
from surefoot.errors import Misuse
from surefoot.spot.enums import Side
from surefoot.spot.market_klines import Kline
from surefoot.values import UNSET, UnsetType

ONE, TINY, HUGE = Decimal(1), Decimal("0.00000001"), Decimal("123456789012.12345678")


class Row(msgspec.Struct, frozen=True):
    """Something of every kind that answers hold."""

    symbol: str
    side: Side
    price: Decimal
    time: int
    count: int
    is_maker: bool
    note: str | UnsetType = UNSET


ROWS = [
    Row("BTCUSDT", Side.BUY, HUGE, 1_700_000_000_123, 1, True, "x"),
    Row("ETHUSDT", Side.SELL, TINY, 1_700_000_000_124, 2, False),
]
MAKERS = {"pyarrow": frames.to_arrow, "polars": frames.to_polars, "pandas": frames.to_pandas}


@pytest.fixture(params=sorted(MAKERS), scope="module")
def package(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def as_rows(package: str, frame: Any) -> list[dict[str, Any]]:
    """Back to plain values, by the package's own means."""
    if package == "pyarrow":
        return list(frame.to_pylist())
    return list(frame.to_dicts() if package == "polars" else frame.to_dict("records"))


def test_everything_arrives(package: str) -> None:
    first, second = as_rows(package, MAKERS[package](ROWS))
    assert (first["symbol"], first["side"], first["count"], first["is_maker"]) == ("BTCUSDT", "BUY", 1, True)
    assert first["price"] == HUGE
    assert second["price"] == TINY
    assert type(first["price"]) is Decimal
    assert first["time"] == datetime(2023, 11, 14, 22, 13, 20, 123_000, tzinfo=UTC)
    assert first["note"] == "x"
    assert second["note"] is None or second["note"] != second["note"]  # pandas says NaN


@given(
    st.lists(
        st.tuples(
            st.integers(0, 4 * 10**12), st.decimals(0, 10**12, places=8), st.decimals(0, 10**12, places=8)
        ),
        max_size=20,
    )
)
def test_candles_come_back_exactly(package: str, drawn: list[tuple[int, Decimal, Decimal]]) -> None:
    candles = [
        Kline(time, low, ONE, ONE, ONE, volume, time + 1, ONE, 3, ONE, ONE) for time, low, volume in drawn
    ]
    found = as_rows(package, MAKERS[package](candles))
    assert [(row["open"], row["volume"], row["trades"]) for row in found] == [
        (low, volume, 3) for _, low, volume in drawn
    ]
    milliseconds = [round(row["open_time"].timestamp() * 1000) for row in found]
    assert milliseconds == [time for time, _, _ in drawn]


def test_floats_where_they_are_asked_for(package: str) -> None:
    rows = as_rows(package, MAKERS[package](ROWS, money="float"))
    assert [type(row["price"]) for row in rows] == [float, float]
    with pytest.raises(Misuse, match="exact or float"):
        MAKERS[package](ROWS, money="double")  # type: ignore[call-arg]


def test_microseconds_and_more_digits_than_usual(package: str) -> None:
    row = msgspec.structs.replace(ROWS[0], time=1_700_000_000_123_456, price=Decimal("0.0000000001"))
    (found,) = as_rows(package, MAKERS[package]([row]))
    assert found["time"] == datetime(2023, 11, 14, 22, 13, 20, 123_456, tzinfo=UTC)
    assert found["price"] == Decimal("0.0000000001")


def test_the_types_of_columns() -> None:
    import polars
    import pyarrow as arrow

    schema = frames.to_arrow(ROWS).schema
    assert schema.field("price").type == arrow.decimal128(38, 8)
    assert schema.field("time").type == arrow.timestamp("ms", tz="UTC")
    assert schema.field("count").type == arrow.int64()
    assert frames.to_polars(ROWS).schema["time"] == polars.Datetime("ms", "UTC")


def test_a_table_of_no_rows_has_its_columns_where_their_type_is_said(package: str) -> None:
    full = Kline(1, ONE, ONE, ONE, ONE, ONE, 2, ONE, 1, ONE, ONE)
    none = MAKERS[package]([], of=Kline)
    assert as_rows(package, none) == []
    filled = MAKERS[package]([full], of=Kline)
    for table in (none, filled):
        names = table.column_names if package == "pyarrow" else list(table.columns)
        assert names == list(Kline.__struct_fields__)
    with pytest.raises(Misuse, match="several types"):
        MAKERS[package]([full], of=Row)


def test_columns_without_values_have_the_types_of_their_fields() -> None:
    import polars
    import pyarrow as arrow

    schema = frames.to_arrow([], of=Kline).schema
    assert schema.field("close").type == arrow.decimal128(38, 8)
    assert schema.field("open_time").type == arrow.timestamp("ms", tz="UTC")
    assert frames.to_polars([], of=Kline).schema["open_time"] == polars.Datetime("ms", "UTC")


def test_what_makes_no_table(package: str) -> None:
    assert as_rows(package, MAKERS[package]([])) == []
    other = Kline(1, ONE, ONE, ONE, ONE, ONE, 2, ONE, 1, ONE, ONE)
    with pytest.raises(Misuse, match="several types make no table: Kline, Row"):
        MAKERS[package]([ROWS[0], other])

    class Nested(msgspec.Struct):
        levels: tuple[int, ...]

    with pytest.raises(Misuse, match="'levels' holds more than single values"):
        MAKERS[package]([Nested((1, 2))])
    with pytest.raises(Misuse, match="rows are answers or events, not str"):
        MAKERS[package](["BTCUSDT"])


def test_a_single_answer_is_a_table_of_one_row(package: str) -> None:
    assert as_rows(package, MAKERS[package](ROWS[0])) == as_rows(package, MAKERS[package](ROWS[:1]))


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_a_package_that_is_missing_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(Misuse, match=rf"needs the package {name}: install it, or surefoot\[data\]"):
        MAKERS[name](ROWS)
