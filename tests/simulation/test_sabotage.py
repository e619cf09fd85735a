"""A simulation that cannot fail proves nothing: each planted defect must be found by an invariant."""

import asyncio
import re
from typing import Any

import pytest

from surefoot.budget.gate import Gate
from surefoot.budget.limits import Limits
from surefoot.client import call
from surefoot.client.aio import EventStream, dialling, rest
from surefoot.client.merge import Reports
from surefoot.client.streams import StreamLife
from surefoot.exchange.core.ledger import Wallet
from surefoot.exchange.faults import Answer, Duplicate, LostRequest, Rule, Where
from surefoot.net.endings import Ending
from surefoot.rules.outcomes import NotDelivered
from surefoot.simulation.faults import Cut, Moment, Outage
from surefoot.simulation.happenings import Banned, Dropped, Relimited
from surefoot.simulation.names import EXCHANGE
from surefoot.simulation.options import Options, Style
from surefoot.simulation.runner import Simulation, SimulationFailed
from surefoot.simulation.workload import Orders
from surefoot.wire import Lost

LOST_ANSWER = Cut(words=b"POST /api/v3/order", nth=2, moment=Moment.ANSWER_LOST)
RULES = (
    Rule(Answer(429, retry_after_s=20), "account.status", skip=2, times=2),
    Rule(Answer(code=-1007, executed=True), "order.place", skip=3, times=2),
    Rule(LostRequest(Ending.SILENCE), "time", skip=6, times=1),
    Rule(Duplicate(), Where("executionReport", on="user"), times=5),
)
HAPPENINGS = (Banned(at_s=1, host="alice", for_s=20), Dropped(at_s=2, on="market", how="reset"))
SEEDS = 5
"""A defect must be found by one of so many runs."""


def complaints(*plan: Any, **more: Any) -> str:
    """What the first run that fails says."""
    actions = more.pop("actions", 12)
    styles = more.pop("styles", (Style(actions=actions), Style(actions=actions)))
    options = Options(plan=plan, styles=styles, **more)
    for seed in range(1, SEEDS + 1):
        try:
            Simulation(seed, plan=plan).run(Orders(options))
        except SimulationFailed as failed:
            return "\n".join(failed.report.failures)
    return "nothing"


def test_without_sabotage_nobody_complains() -> None:
    assert complaints(LOST_ANSWER, rules=RULES, happens=HAPPENINGS) == "nothing"


def test_a_client_that_sends_again_after_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    once = rest.RestWire.exchange

    async def twice(self: Any, spelled: Any, total_ms: float) -> Any:
        heard = await once(self, spelled, total_ms)
        return await once(self, spelled, total_ms) if isinstance(heard, Lost) else heard

    monkeypatch.setattr(rest.RestWire, "exchange", twice)
    assert "was sent 2 times" in complaints(LOST_ANSWER)


def test_a_client_that_takes_silence_for_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    real = call.judge
    monkeypatch.setattr(
        call,
        "judge",
        lambda heard, *, mutates: (
            NotDelivered("?") if isinstance(heard, Lost) else real(heard, mutates=mutates)
        ),
    )
    assert "is refused to its trader, but exists" in complaints(LOST_ANSWER)


def test_a_stream_that_hides_its_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    real = StreamLife.live

    def silent(self: StreamLife, now_ms: int) -> None:
        real(self, now_ms)

    monkeypatch.setattr(StreamLife, "live", silent)
    said = complaints(Outage(at_s=0.3, for_s=2, between=("alice", EXCHANGE)))
    assert "alice never learnt of Fill" in said


def test_an_exchange_that_loses_money(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Wallet.unlock

    def unlock(self: Wallet, amount: int) -> None:
        real(self, amount)
        self.free -= 1

    monkeypatch.setattr(Wallet, "unlock", unlock)
    assert "was deposited" in complaints()


def test_a_client_that_does_not_wait_as_long_as_it_is_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Gate, "limited", lambda self, wait_ms, monotonic_ms: None)
    limited = Rule(Answer(429, retry_after_s=60), "order.place", skip=1, times=1)
    assert "heard HTTP/1.1 429" in complaints(rules=(limited,))


def test_a_client_that_speaks_during_a_ban(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Gate, "ban", lambda self, wait_ms, monotonic_ms: None)
    assert "heard HTTP/1.1 418" in complaints(happens=HAPPENINGS[:1])


def test_streams_that_knock_during_a_ban(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialling, "may_connect", lambda desk, weight=0: None)
    said = complaints(happens=(Banned(at_s=0.5, host="alice", for_s=100),), actions=20)
    assert re.search(r"heard HTTP/1.1 418 .* wrote .* 'GET /(stream|ws-api)", said)


def test_a_client_that_takes_a_timeout_of_the_exchange_for_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    real = call.again

    def eager(outcome: Any, retries: Any, *, mutates: bool, **more: Any) -> Any:
        return real(outcome, retries, mutates=False, **more)

    monkeypatch.setattr(call, "again", eager)
    said = complaints(rules=RULES[1:2])
    assert re.search(r"order \S+ was sent [2-7] times, and refused with -1021 0 times, 429 0", said)


def test_market_streams_that_hide_their_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    real = StreamLife.live

    def silent(self: StreamLife, now_ms: int) -> None:
        real(self, now_ms)

    monkeypatch.setattr(StreamLife, "live", silent)
    dropped = tuple(Dropped(at_s=at_s / 2, on="market", how="reset") for at_s in range(1, 8))
    assert "market: lost without a gap" in complaints(happens=dropped, actions=30)


def test_events_that_are_told_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    real = EventStream._deliver

    def twice(self: EventStream, route: Any, event: Any) -> None:
        real(self, route, event)
        self.inbox.put(event)

    monkeypatch.setattr(EventStream, "_deliver", twice)
    assert "user data: told twice" in complaints()


def test_reports_that_come_twice_and_are_told_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reports, "repeats", lambda self, event: False)
    assert "user data: told twice: ExecutionReport" in complaints(rules=RULES[3:])


def test_a_client_without_deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, "total_ms", lambda request, spelled, left_ms=0: 90_000)
    monkeypatch.setattr(rest, "read_ms", lambda spelled, total_ms: 90_000)
    silent = Rule(LostRequest(Ending.SILENCE), Where("*", on="rest"), after_ms=500, for_ms=2_000)
    assert re.search("alice's .* took 9", complaints(rules=(silent,), actions=30))


def test_a_client_that_does_not_read_the_limits_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limits, "are_doubted", False)
    styles = (Style(actions=5, overload_s=70), Style())  # too few orders to have to ask how many it may have
    cut = Relimited(at_s=1, weight=600, orders=100)
    assert "was refused for its ('REQUEST_WEIGHT'" in complaints(happens=(cut,), styles=styles)


def test_a_client_that_hears_that_a_limit_was_cut_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Gate, "limited", lambda self, wait_ms, monotonic_ms: None)
    monkeypatch.setattr(Limits, "doubt", lambda self: None)
    styles = (Style(overload_s=70), Style())
    cut = Relimited(at_s=10, weight=300, orders=100)
    assert "was banned for its ('REQUEST_WEIGHT'" in complaints(happens=(cut,), styles=styles)


def test_a_client_that_leaves_a_timer_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    real = EventStream.__aexit__

    async def forgetful(self: EventStream, *error: object) -> None:
        asyncio.get_running_loop().call_later(100, forgetful)
        await real(self, *error)

    monkeypatch.setattr(EventStream, "__aexit__", forgetful)
    assert "alice leaves behind a timer for " in complaints()
