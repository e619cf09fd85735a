"""Brackets on a bad day: answers that are lost, wires that are cut, refusals, silence (ORDER-5, RETRY-3)."""

import asyncio
from typing import Any

import pytest

from surefoot.execution.bracket import BracketState
from surefoot.simulation.faults import Cut, Moment
from tests.execution.staged import D, Stage, bracket, played

S = BracketState
REFUSED = {"kind": "answer", "status": 400, "code": -2010, "message": "Account has insufficient balance."}
UNPLACED = {"kind": "answer", "status": 500}


async def journey(stage: Stage) -> None:
    """Entered, filled in part, protected, sold at the profit; or not entered at all."""
    await stage.enter(bracket())
    if not await stage.is_entered():
        assert stage.position == 0
        return
    stage.fill("0.004")
    await stage.is_guarded()
    await stage.reaches(S.PROTECTED)
    stage.rises("68000")
    await stage.reaches(S.CLOSED)
    assert stage.position < D("0.00001")


@pytest.mark.parametrize("rate", [None, 0], ids=["followed", "one list"])
@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize(
    "words", [b"POST /api/v3/order", b"POST /api/v3/orderList/oco", b"DELETE /api/v3/order"], ids=str
)
def test_a_wire_that_is_cut(words: bytes, moment: Moment, rate: int | None) -> None:
    async def script(stage: Stage) -> None:
        speaking = asyncio.ensure_future(_speak_again(stage))
        await journey(stage)
        speaking.cancel()
        assert stage.sim.faults.happened

    played(script, within_ms=None, plan=(Cut(words=words, nth=1, moment=moment),), rate=rate)


async def _speak_again(stage: Stage) -> None:
    """A link that fell silent is healed 20 s later."""
    while True:
        await asyncio.sleep(20)
        stage.sim.network.heal()


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "lost_answer"},
        {"kind": "lost_request"},
        {"kind": "slow_engine", "executed": True},
        {"kind": "slow_engine", "executed": False},
        {"kind": "answer", "status": 500},
        {"kind": "answer", "status": 500, "executed": True},
        {"kind": "answer", "status": 429, "retry_after_s": 3},
        {"kind": "answer", "code": -1021, "status": 400},
        {"kind": "latency", "ms": 3_000, "leg": "answer"},
        {"kind": "bad_body"},
    ],
    ids=lambda fault: "-".join(map(str, fault.values())),
)
@pytest.mark.parametrize("where", ["order.cancel", "orderList.place.oco"])
def test_one_request_goes_wrong(where: str, fault: dict[str, Any]) -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket())
        assert await stage.is_entered()
        stage.server.faults.add({"fault": fault, "where": where, "times": 1})
        stage.fill("0.004")
        await stage.is_guarded()
        await stage.reaches(S.PROTECTED)
        stage.rises("68000")
        await stage.reaches(S.CLOSED)
        assert stage.position < D("0.00001")
        assert stage.server.faults.strikes

    played(script, within_ms=None)


def test_an_oco_that_is_refused_once_is_placed_again_at_once() -> None:
    async def script(stage: Stage) -> None:
        stage.server.faults.add({"fault": REFUSED, "where": "orderList.place.oco", "times": 1})
        await stage.enter(bracket())
        stage.fill("0.01")
        await stage.reaches(S.PROTECTED)
        assert stage.handle is not None
        assert stage.handle.unprotected_ms < 20
        await journey_ends(stage)

    played(script)


async def journey_ends(stage: Stage) -> None:
    stage.rises("68000")
    await stage.reaches(S.CLOSED)
    assert stage.position == 0


def test_an_oco_that_is_refused_for_a_minute_is_placed_in_the_end() -> None:
    async def script(stage: Stage) -> None:
        rule = {"fault": REFUSED, "where": "orderList.place.oco", "for_ms": 60_000}
        stage.server.faults.add(rule)
        await stage.enter(bracket())
        stage.fill("0.01")
        await stage.reaches(S.PROTECTED)
        assert len(stage.server.faults.strikes) < 15
        await journey_ends(stage)

    played(script, within_ms=None)


def test_refused_while_the_price_falls_below_the_stop_it_is_sold() -> None:
    async def script(stage: Stage) -> None:
        stage.server.faults.add({"fault": REFUSED, "where": "orderList.place.oco"})
        await stage.enter(bracket())
        stage.fill("0.01")
        await stage.reaches(S.PROTECTING)
        await asyncio.sleep(2)
        stage.falls("64000")
        await stage.reaches(S.CLOSED)
        assert stage.position == 0

    played(script, within_ms=None)


@pytest.mark.parametrize("when_s", [1.0, 1.999, 2.001, 2.0035])
def test_silence_for_20_s(when_s: float) -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket())
        stage.fill("0.004")
        await asyncio.sleep(when_s)
        stage.silence(20)
        await stage.is_guarded()
        await stage.reaches(S.PROTECTED)
        stage.rises("68000")
        await stage.reaches(S.CLOSED)

    played(script, within_ms=None)


def test_a_fill_in_the_middle_of_the_cancel_counts() -> None:
    async def script(stage: Stage) -> None:
        stage.server.faults.add({"fault": {"kind": "latency", "ms": 300}, "where": "order.cancel"})
        await stage.enter(bracket())
        stage.fill("0.004")
        await stage.reaches(S.TRIMMING)
        stage.fill("0.002")
        await stage.reaches(S.PROTECTED)
        assert {order.orig_qty for order in stage.open()} == {599_000}
        await journey_ends_with_dust(stage)

    played(script, within_ms=2_320)


async def journey_ends_with_dust(stage: Stage) -> None:
    stage.rises("68000")
    await stage.reaches(S.CLOSED)
    assert stage.position < D("0.00001")


def test_events_that_are_lost_are_read() -> None:
    async def script(stage: Stage) -> None:
        await stage.enter(bracket())
        rule = {"fault": {"kind": "withhold"}, "where": {"request": "executionReport"}, "after_ms": 1_000}
        stage.server.faults.add(rule)
        stage.fill("0.004")
        await stage.is_guarded()
        await stage.reaches(S.PROTECTED)
        await journey_ends_with_dust(stage)

    played(script, within_ms=2_300)
