"""What only market data endpoints are asked: time zones, intervals, window sizes, lists of symbols."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.serve.chapters.market import INTERVALS, WINDOW_SIZES
from surefoot.serve.denial import Denial
from surefoot.serve.judge import judge
from surefoot.serve.parameters import Kind, Parameter
from surefoot.serve.routes import WS_API

FACTS = Path(__file__).parents[1] / "facts"
ZONE = Parameter("timeZone", Kind.TIME_ZONE)


def refusal(operation: str, values: dict[str, str]) -> tuple[int, str]:
    with pytest.raises(Denial) as caught:
        judge(WS_API[operation], values)
    return caught.value.code, caught.value.message


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("0", 0), ("8", 480), ("-1:00", -60), ("05:45", 345), ("-12:00", -720), ("14:00", 840), ("+3", 180)],
)
def test_a_time_zone_is_minutes_ahead(text: str, minutes: int) -> None:
    assert ZONE.judge(text) == minutes


@pytest.mark.parametrize(
    "text", ["14:01", "-12:01", "15", "1:60", "1:5", "100", "UTC", "1.5", "--1", "-", ":30"]
)
def test_what_is_no_time_zone(text: str) -> None:
    with pytest.raises(Denial) as caught:
        ZONE.judge(text)
    assert caught.value.code == -1130


@given(st.integers(-2_000, 2_000))
def test_the_range_of_time_zones_is_strict(minutes: int) -> None:
    text = f"{'-' if minutes < 0 else ''}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"
    if -720 <= minutes <= 840:
        assert ZONE.judge(text) == minutes
    else:
        with pytest.raises(Denial):
            ZONE.judge(text)


def test_the_intervals_are_the_documented_ones() -> None:
    documented = json.loads((FACTS / "enums.json").read_text())["enums"]
    assert list(INTERVALS) == list(documented["klineInterval"])
    assert len(WINDOW_SIZES) == 59 + 23 + 7


def test_texts_of_refusals() -> None:
    btc = {"symbol": "BTCUSDT"}
    assert refusal("klines", btc | {"interval": "1Min"}) == (-1120, "Invalid interval.")
    assert refusal("ticker", btc | {"type": "x"}) == (-1139, "Invalid ticker type.")
    wrong = "Data sent for parameter 'windowSize' is not valid."
    assert refusal("ticker", btc | {"windowSize": "0m"}) == (-1130, wrong)
    both = "Param 'symbol' or 'symbols' must be sent, but both were empty/null!"
    assert refusal("ticker", {}) == refusal("ticker.tradingDay", {}) == (-1102, both)
    combination = (-1128, "Combination of optional parameters invalid.")
    assert refusal("trades.aggregate", btc | {"fromId": "1", "startTime": "2"}) == combination
    assert refusal("executionRules", btc | {"symbolStatus": "HALT"}) == combination


@pytest.mark.parametrize("operation", ["ticker", "ticker.tradingDay"])
def test_a_list_of_symbols_ends_at_a_hundred(operation: str) -> None:
    names = [f"S{number}" for number in range(101)]
    assert judge(WS_API[operation], {"symbols": json.dumps(names[:100])})["symbols"] == tuple(names[:100])
    text = "Too many values sent for parameter 'symbols', maximum allowed up to 100."
    assert refusal(operation, {"symbols": json.dumps(names)}) == (-1101, text)
