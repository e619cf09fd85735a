"""Each law of the story `trading` can be broken: a planted defect is found, by the law that is meant."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from surefoot.budget.gate import Gate
from surefoot.client import ids as client_ids
from surefoot.client.aio import rest
from surefoot.errors import Happened, NotPlaced
from surefoot.exchange.core.ledger import Wallet
from surefoot.exchange.faults import Answer, LostAnswer, LostRequest, Rule
from surefoot.execution import entries, orders, placing, sightings
from surefoot.execution.aio import listening, pen, stopping
from surefoot.execution.aio.port import ClientPort
from surefoot.execution.aio.trader import Trader
from surefoot.execution.books import Books
from surefoot.execution.lives import ListState
from surefoot.execution.orders import Finding
from surefoot.execution.resolution import Doubt
from surefoot.execution.shelf import Shelf, ShelfState
from surefoot.execution.views import Views
from surefoot.net.endings import Ending
from surefoot.rules.quantise import ZERO
from surefoot.simulation.disk import SimulatedStore
from surefoot.simulation.happenings import limits
from surefoot.simulation.trading import venue
from surefoot.simulation.trading.actions import Action
from surefoot.simulation.trading.courts import Breach, Law
from surefoot.simulation.trading.drawing import draw
from surefoot.simulation.trading.options import Role
from surefoot.simulation.trading.running import play
from surefoot.simulation.trading.troubles import SlowDisk
from surefoot.simulation.wire import Weather
from surefoot.spot.enums import Side
from surefoot.wire import Lost

MonkeyPatch = pytest.MonkeyPatch
SEEDS = 4
"""A defect must be found by one of so many stories."""

IN_DOUBT = Rule(Answer(code=-1007, executed=True), "order.place", times=2)
NEVER_ARRIVED = Rule(LostRequest(Ending.SILENCE), "order.place", times=1)


def breaches(*rules: Rule, **more: Any) -> list[Breach]:
    """What the first story that fails says."""
    for seed in range(1, SEEDS + 1):
        options = msgspec.structs.replace(draw(seed, "none"), rules=rules, **more)
        if found := play(options)[0].breaches:
            return list(found)
    return []


def broken(*rules: Rule, **more: Any) -> set[str]:
    """The laws that did not hold in the first story that fails."""
    return {breach.law for breach in breaches(*rules, **more)}


def script(*actions: Action, **more: Any) -> tuple[Role, ...]:
    """One trader that does these things."""
    return (Role(name="alice", symbols=("BTCUSDT",), actions=actions, **more),)


def limit(number: int, **more: Any) -> Action:
    return Action(kind="limit", number=number, side=Side.BUY, ticks=-5, **more)


def test_without_sabotage_no_law_is_broken() -> None:
    assert not breaches(IN_DOUBT, NEVER_ARRIVED)


def test_a_trader_that_places_twice(monkeypatch: MonkeyPatch) -> None:
    real = Trader.place

    async def twice(self: Trader, intent: Any, *, again: int = 0) -> Any:
        await real(self, intent)
        return await real(self, intent, again=again)

    monkeypatch.setattr(Trader, "place", twice)
    assert Law.ONCE in broken()


def test_a_trader_that_places_again_while_nobody_knows(monkeypatch: MonkeyPatch) -> None:
    real = Doubt.missed
    monkeypatch.setattr(Doubt, "missed", lambda self, *args, **more: real(self, *args, **more) or "gone")
    monkeypatch.setattr(placing, "resolve", _gone)
    roles = script(Action(kind="limit", number=1, ticks=-5, again=1))
    assert Law.ONCE in broken(IN_DOUBT, roles=roles)


async def _gone(port: Any, id: str, *_: Any) -> None:
    port.note(entries.NotPlaced(at_ms=port.now_ms(), id=id, because="absent", text="just so"))


def test_a_trader_that_takes_silence_for_a_no(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "resolve", _gone)
    assert {Law.ABSENT, Law.TRUTH} <= broken(IN_DOUBT, roles=script(limit(1)))


def test_orders_that_leave_before_they_are_safe(monkeypatch: MonkeyPatch) -> None:
    async def at_once(self: pen.Pen) -> None:
        return

    monkeypatch.setattr(pen.Pen, "commit", at_once)
    assert Law.COMMITTED in broken()


def test_orders_that_are_signed_whenever_the_disk_is_ready(monkeypatch: MonkeyPatch) -> None:
    real = ClientPort.send

    async def patiently(self: Any, request: Any, *, recv_window_ms: Any = None, **_: Any) -> Any:
        return await real(self, request, recv_window_ms=recv_window_ms)

    monkeypatch.setattr(ClientPort, "send", patiently)
    slow = SlowDisk(host="alice", at_s=1, for_s=60, commit_s=7)
    assert Law.IN_TIME in broken(troubles=(slow,), roles=script(limit(1, pause_s=2), limit(2, pause_s=2)))


def test_a_client_that_sends_again_after_silence(monkeypatch: MonkeyPatch) -> None:
    once = rest.RestWire.exchange

    async def twice(self: Any, spelled: Any, total_ms: float) -> Any:
        heard = await once(self, spelled, total_ms)
        return await once(self, spelled, total_ms) if isinstance(heard, Lost) else heard

    monkeypatch.setattr(rest.RestWire, "exchange", twice)
    lost = Rule(LostAnswer(Ending.RESET), "order.place", times=2)
    assert Law.RESENT in broken(lost, roles=script(limit(1), limit(2)))


def test_ids_that_others_have_too(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(client_ids, "new_client_order_id", lambda now_ms, entropy, prefix="": "mine")
    (alice,) = script(limit(1))
    roles = (alice, msgspec.structs.replace(alice, name="bob"))
    assert Law.UNIQUE in broken(roles=roles)


def test_a_fold_that_forgets_what_orders_were_worth(monkeypatch: MonkeyPatch) -> None:
    real = orders.updated

    def worthless(*args: Any) -> Any:
        return msgspec.structs.replace(real(*args), quote_qty=ZERO)

    monkeypatch.setattr(orders, "updated", worthless)
    assert Law.ORDERS in broken()


def test_lists_that_never_end(monkeypatch: MonkeyPatch) -> None:
    real = Shelf.put_list

    def endless(self: Shelf, list: Any) -> None:
        if list.state is not ListState.ALL_DONE:
            real(self, list)

    monkeypatch.setattr(Shelf, "put_list", endless)
    assert Law.LISTS in broken()


def test_executions_whose_fees_are_not_told(monkeypatch: MonkeyPatch) -> None:
    real = sightings.fill_of_report

    def free(event: Any) -> Any:
        fill = real(event)
        return fill and msgspec.structs.replace(fill, commission=ZERO)

    monkeypatch.setattr(sightings, "fill_of_report", free)
    assert Law.FILLS in broken()


def test_balances_that_are_not_believed(monkeypatch: MonkeyPatch) -> None:
    real = Books._told
    monkeypatch.setattr(
        Books, "_told", lambda self, asset, free, locked, at: real(self, asset, free, ZERO, at)
    )
    assert Law.BALANCES in broken()


def test_an_exchange_that_loses_money(monkeypatch: MonkeyPatch) -> None:
    real = Wallet.unlock

    def unlock(self: Wallet, amount: int) -> None:
        real(self, amount)
        self.free -= 1

    monkeypatch.setattr(Wallet, "unlock", unlock)
    assert Law.MONEY in broken()


def test_a_doubt_that_nobody_resolves(monkeypatch: MonkeyPatch) -> None:
    async def never(port: Any, id: str, *_: Any) -> None:
        return

    monkeypatch.setattr(placing, "resolve", never)
    assert Law.CERTAIN in broken(NEVER_ARRIVED, roles=script(limit(1)))


def test_a_doubt_that_takes_too_long(monkeypatch: MonkeyPatch) -> None:
    real = Doubt.missed

    def slowly(self: Doubt, look: Any, now_ms: int, **more: Any) -> str | None:
        evidence = real(self, look, now_ms, **more)
        return evidence if now_ms > self._done_ms + 90_000 else None

    monkeypatch.setattr(Doubt, "missed", slowly)
    assert Law.BOUND in broken(NEVER_ARRIVED, roles=script(limit(1)), safety_s=200)


def test_a_trader_that_tells_its_caller_no_when_it_was_placed(monkeypatch: MonkeyPatch) -> None:
    real = Trader.place

    async def untrue(self: Trader, intent: Any, *, again: int = 0) -> Any:
        handle = await real(self, intent, again=again)
        raise NotPlaced(f"{handle.id} was not placed")

    assert NotPlaced.happened is Happened.NO
    monkeypatch.setattr(Trader, "place", untrue)
    assert broken() == {Law.TRUTH}


def test_a_client_that_asks_for_too_much(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(venue, "PRODUCTION_LIMITS", limits(60, 100))
    assert Law.LIMITS in broken()


def test_a_client_that_does_not_wait_when_it_is_asked_to(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(Gate, "limited", lambda self, wait_ms, monotonic_ms: None)
    limited = Rule(Answer(429, retry_after_s=60), "order.place", times=1)
    assert Law.SILENCE in broken(limited, roles=script(limit(1), limit(2)))


def test_a_journal_that_says_something_else_than_was_believed(monkeypatch: MonkeyPatch) -> None:
    real = pen.written

    def otherwise(seq: int, entry: Any) -> Any:
        row = real(seq, entry)
        return row._replace(body=row.body.replace(b'"executedQty":"0.0', b'"executedQty":"0.1'))

    monkeypatch.setattr(pen, "written", otherwise)
    assert Law.PREFIX in broken()


def test_a_checkpoint_that_forgets_what_is_open(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(Shelf, "state", lambda self: ShelfState(settled=tuple(self.settled.values())))
    roles = script(*(limit(number, pause_s=1) for number in range(1, 6)), checkpoint_every=5)
    assert Law.CHECKPOINT in broken(roles=roles)


def test_a_journal_with_a_hole(monkeypatch: MonkeyPatch) -> None:
    real = SimulatedStore.append
    monkeypatch.setattr(SimulatedStore, "append", lambda self, row: None if row.seq == 6 else real(self, row))
    monkeypatch.setattr(SimulatedStore, "commit", _commit_what_is_there)
    assert Law.WHOLE in broken()


async def _commit_what_is_there(self: SimulatedStore) -> None:
    while self._pending or self._writing is not None:
        self._begin()
        await asyncio.sleep(0.001)


def test_a_trader_that_cannot_cancel(monkeypatch: MonkeyPatch) -> None:
    async def nothing(port: Any, id: str, **_: Any) -> None:
        return

    monkeypatch.setattr(stopping, "cancel", nothing)
    assert Law.LIVELY in broken(roles=script(limit(1)))


def test_a_kill_switch_that_lets_orders_through(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(Views, "admit", lambda self, request, now_ms, **_: ZERO)
    busy = [limit(number, pause_s=0.005, beside=True) for number in range(3, 12)]
    roles = script(limit(1), Action(kind="stop", number=2, beside=True), *busy)
    assert Law.STOPPED in broken(roles=roles, weather=Weather(latency_ms=20))


def test_a_trader_that_sees_contradictions(monkeypatch: MonkeyPatch) -> None:
    odd = Finding("contradiction", "black is white", None, stops=True)
    real = orders.Orders.apply

    def apply(self: orders.Orders, entry: Any) -> Any:
        news = real(self, entry)
        if isinstance(entry, entries.Placed):
            news.findings.append(odd)
        return news

    monkeypatch.setattr(orders.Orders, "apply", apply)
    assert Law.CALM in broken()


def test_a_trader_that_leaves_a_timer_behind(monkeypatch: MonkeyPatch) -> None:
    real = Trader.__aexit__

    async def forgetful(self: Trader, *error: object) -> None:
        asyncio.get_running_loop().call_later(1_000, forgetful)
        await real(self, *error)

    monkeypatch.setattr(Trader, "__aexit__", forgetful)
    assert broken() == {Law.CLEAN}


def test_a_trader_that_fails_from_within(monkeypatch: MonkeyPatch) -> None:
    real: Callable[..., Any] = listening.entry_of

    def clumsy(event: Any, now_ms: int) -> Any:
        if now_ms % 5 == 0:
            raise RuntimeError("a defect")
        return real(event, now_ms)

    monkeypatch.setattr(listening, "entry_of", clumsy)
    assert Law.SOUND in broken()
