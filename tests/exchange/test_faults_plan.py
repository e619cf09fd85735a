"""Rules as data and the plan: what strikes what, how often, and the same every time. Pure."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.errors import Misuse
from surefoot.exchange.faults import (
    Answer,
    Cut,
    Duplicate,
    Fault,
    Latency,
    LostAnswer,
    LostRequest,
    Plan,
    Rule,
    SlowEngine,
    Where,
    Withhold,
)
from surefoot.exchange.faults.course import course_of
from surefoot.exchange.faults.rules import Occasion, read_rule
from surefoot.net.endings import Ending

PARAMS = {"symbol": "BTCUSDT", "side": "BUY"}
ORDER = Occasion(
    on="rest",
    names=("POST /api/v3/order", "order.place"),
    account="alice",
    address="127.0.0.1",
    params=PARAMS,
)
FRAME = msgspec.structs.replace(ORDER, on="ws_api", names=("order.place",))
SHAKE = Occasion(on="connect", names=("ws_api",), address="127.0.0.1")
FILL = Occasion(on="user", names=("executionReport",), account="alice", address="127.0.0.1")
TRADE = Occasion(on="market", names=("btcusdt@trade", "trade"), address="127.0.0.1")


class Time:
    now_us = 0

    def __call__(self) -> int:
        return self.now_us


def struck(rule: Any, *occasions: Occasion) -> list[bool]:
    plan = Plan(Time())
    plan.add(rule)
    return [bool(plan.strike(occasion)) for occasion in occasions]


@pytest.mark.parametrize(
    ("where", "rest", "frame"),
    [
        ("", True, True),
        ("order.place", True, True),
        ("order.*", True, True),
        ("order.cancel", False, False),
        ("POST /api/v3/order", True, False),
        ("POST *", True, False),
        ("DELETE /api/v3/order", False, False),
        (Where(on="rest"), True, False),
        (Where("order.place", on="ws_api"), False, True),
        (Where(account="alice"), True, True),
        (Where(account="bob"), False, False),
        (Where(address="127.0.0.1"), True, True),
        (Where(address="10.0.0.1"), False, False),
        (Where(params={"side": "BUY"}), True, True),
        (Where(params={"side": "BUY", "symbol": "ETHUSDT"}), False, False),
        (Where(params={"price": ""}), False, False),
    ],
)
def test_where(where: Where | str, rest: bool, frame: bool) -> None:
    assert struck(Rule(LostAnswer(), where=where), ORDER, FRAME) == [rest, frame]


def test_faults_of_requests_do_not_strike_events_and_handshakes_only_when_named() -> None:
    assert struck(LostAnswer(), ORDER, FRAME, SHAKE, FILL, TRADE) == [True, True, False, False, False]
    assert struck(Cut(), ORDER, FRAME, SHAKE, FILL, TRADE) == [False, False, False, True, True]
    on_connect = Rule(LostRequest(), where=Where(on="connect"))
    assert struck(on_connect, ORDER, FRAME, SHAKE, FILL, TRADE) == [False, False, True, False, False]
    assert struck(Rule(Cut(), where="*@trade"), FILL, TRADE) == [False, True]
    assert struck(Rule(Cut(), where=Where(on="user")), FILL, TRADE) == [True, False]


def test_how_often() -> None:
    assert struck(Rule(LostAnswer(), skip=2, times=1), *[ORDER] * 5) == [False, False, True, False, False]
    assert struck(Rule(LostAnswer(), skip=1), FRAME, TRADE, ORDER) == [False, False, True]


def test_when() -> None:
    time = Time()
    plan = Plan(time)
    time.now_us = 5_000_000
    plan.add(Rule(LostAnswer(), after_ms=1_000, for_ms=2_000))
    seen = {}
    for time.now_us in (5_000_000, 5_999_999, 6_000_000, 7_999_999, 8_000_000):
        seen[time.now_us] = bool(plan.strike(ORDER))
    assert list(seen.values()) == [False, False, True, True, False]


@given(st.integers(), st.floats(0.05, 0.95))
def test_the_same_seed_strikes_the_same(seed: int, probability: float) -> None:
    """SIM-4: rules have dice of their own: other rules, and other requests, do not move them."""
    rule = Rule(Latency(10, jitter_ms=50), where="order.place", probability=probability, seed=seed)
    alone, crowded = Plan(Time()), Plan(Time())
    alone.add(rule)
    crowded.add(Rule(Duplicate(), probability=0.5))
    number = crowded.add(rule)
    one = [[strike.dice for strike in alone.strike(ORDER)] for _ in range(40)]
    other = []
    for _ in range(40):
        crowded.strike(FILL)
        other.append([strike.dice for strike in crowded.strike(ORDER) if strike.rule == number])
    assert one == other
    waits = {course_of(alone.strike(ORDER)).request_ms for _ in range(60)} - {0}
    assert all(10 <= wait < 60 for wait in waits)


def test_other_seeds_strike_others() -> None:
    runs = [struck(Rule(LostAnswer(), probability=0.5, seed=seed), *[ORDER] * 64) for seed in range(3)]
    assert runs[0] != runs[1] != runs[2] != runs[0]
    assert all(16 < sum(run) < 48 for run in runs)


def test_rules_come_and_go_and_are_remembered() -> None:
    plan = Plan(Time())
    first, second = plan.add(Latency(5)), plan.add(Rule(LostAnswer(), where="order.place", name="lost"))
    plan.strike(ORDER)
    assert {number: rule.name for number, rule in plan.rules.items()} == {first: "", second: "lost"}
    plan.remove(first)
    plan.strike(ORDER)
    assert plan.struck == {first: 1, second: 2}
    assert [(strike.rule, strike.name, strike.account) for strike in plan.strikes][-1] == (
        second,
        "POST /api/v3/order",
        "alice",
    )
    with pytest.raises(Misuse, match=f"no rule of faults has the number {first}; in force: {second}"):
        plan.remove(first)
    plan.clear()
    assert plan.idle
    assert plan.add(Latency(5)) not in {first, second}


@pytest.mark.parametrize(
    ("given_rule", "words"),
    [
        ('{"fault":{"kind":"latency","ms":-1}}', r"Expected `float` >= 0.0 - at `\$.fault.ms`"),
        ('{"fault":{"kind":"lightning"}}', r"Invalid value 'lightning' - at `\$.fault.kind`"),
        ('{"fault":{"ms":5}}', "missing required field `kind`"),
        ('{"where":"order.place"}', "missing required field `fault`"),
        ('{"fault":{"kind":"cut","how":"gently"}}', r"Invalid enum value 'gently' - at `\$.fault.how`"),
        ('{"fault":{"kind":"latency","ms":1},"tims":1}', "unknown field `tims`"),
        ('{"fault":{"kind":"latency","ms":1},"where":{"reqest":""}}', r"`reqest` - at `\$.where`"),
        ('{"fault":{"kind":"latency","ms":1},"probability":2}', r"<= 1.0 - at `\$.probability`"),
        ('{"fault":{"kind":"cut"},"where":{"on":"rest"}}', "cut happens on market or user, not on rest"),
        ('{"fault":{"kind":"latency"}}', "a latency of nothing"),
        ('{"fault":{"kind":"answer"}}', "an answer without `fault.status` and `fault.code`"),
        ('{"fault":{"kind":"slow_engine"},"where":{"on":"connect"}}', "cannot happen to a handshake"),
        (Rule(LostAnswer(), where="order.plce"), "'order.plce' is no operation: what about order.place, "),
        (Rule(LostAnswer(), where="POST /api/v3/ordr"), "no call of REST: what about POST /api/v3/order, "),
        (Rule(LostRequest(), where=Where("order.place", on="connect")), "what about streams, ws_api"),
        ("{", "no JSON"),
        (b"\xff", "no JSON"),
        ("5", "Expected `object`, got `int`"),
        (Rule(SlowEngine(ms=20_000)), r"<= 10000.0 - at `\$.fault.ms`"),
        (Rule(Latency(float("nan"))), r"\$.fault.ms"),
        (Rule(LostAnswer(), times=0), r"\$.times"),
        (None, "Expected `object`, got `null`"),
    ],
)
def test_a_wrong_rule_says_what_is_wrong(given_rule: Any, words: str) -> None:
    plan = Plan(Time())
    with pytest.raises(Misuse, match=words):
        plan.add(given_rule)
    assert plan.idle


FAULTS = st.sampled_from(
    [Latency(5), LostAnswer(), LostRequest(), Answer(429), Answer(code=-1007, executed=True), SlowEngine()]
)
WHERES = st.builds(
    Where, request=st.sampled_from(["", "order.*", "GET *"]), account=st.none() | st.just("alice")
)
RULES = st.builds(
    Rule,
    FAULTS,
    where=WHERES,
    skip=st.integers(0, 3),
    times=st.none() | st.integers(1, 3),
    seed=st.integers(),
)


@given(RULES)
def test_one_json_object_spells_a_rule(rule: Rule) -> None:
    text = msgspec.json.encode(rule)
    assert read_rule(text) == read_rule(json.loads(text)) == read_rule(rule)


@given(st.lists(FAULTS, max_size=5))
def test_a_course_is_executed_or_not_and_heard_in_one_way(faults: list[Fault]) -> None:
    """The first fault that decides is the one that counts; waits add up."""
    plan = Plan(Time())
    for fault in faults:
        plan.add(fault)
    strikes = plan.strike(ORDER)
    course = course_of(strikes)
    assert sum(plan.struck.values()) == len(strikes)
    assert (course.answer is None) + (course.bad_body is None) + (course.ending is None) >= 2
    deciding = [fault for fault in faults if not isinstance(fault, Latency)]
    assert course.request_ms == 5 * (len(faults) - len(deciding))
    if deciding:
        first = deciding[0]
        assert course.executed == (isinstance(first, LostAnswer) or getattr(first, "executed", False))
        assert (course.ending is not None) == isinstance(first, LostAnswer | LostRequest)
        assert [strike.fault for strike in strikes if not isinstance(strike.fault, Latency)] == [first]


def test_an_event_fault_changes_no_request() -> None:
    plan = Plan(Time())
    plan.add(Withhold())
    plan.add(LostAnswer(Ending.RESET))
    assert course_of(plan.strike(ORDER)).ending is Ending.RESET
