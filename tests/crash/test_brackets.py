"""Brackets whose trader is killed at every entry of its journal, and begun again (TRACK-1, ORDER-5)."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from surefoot.execution.bracket import BracketState
from surefoot.spot.enums import Side
from tests.execution.staged import D, Stage, bracket, played

S = BracketState
_FIRST = 6
"""The first entry of a bracket: before it there is nothing to go on with."""


async def partial(stage: Stage) -> None:
    """Filled in part, trimmed, protected, sold at the profit."""
    stage.fill("0.004")
    await stage.is_guarded()
    stage.rises("68000")
    await sold(stage)


async def whole(stage: Stage) -> None:
    """Filled whole, protected, stopped."""
    stage.fill("0.01")
    await stage.is_guarded()
    stage.falls("65000")
    await sold(stage)


async def crossed(stage: Stage) -> None:
    """Filled, and through the stop before it is protected: sold at the market."""
    stage.fill("0.01")
    stage.falls("64000")
    await sold(stage)


async def halves(stage: Stage) -> None:
    """Protected, the profit filled in part, protected anew, stopped."""
    stage.fill("0.01")
    await stage.is_guarded()
    stage.trade(Side.BUY, "0.004", "68000")
    stage.trade(Side.BUY, "0.001", "67000", by="market")
    stage.trade(Side.SELL, "0.001", "67000")
    await asyncio.sleep(1)
    await stage.is_guarded()
    stage.falls("65000")
    await sold(stage)


async def withdrawn(stage: Stage) -> None:
    """Protected, cancelled by its owner, sold at the market; he asks again where that was forgotten."""
    stage.bids("65500")
    stage.fill("0.01")
    await stage.is_guarded()
    while stage.state not in {S.CLOSED, S.DUST}:
        if stage.handle is not None and stage.state is S.PROTECTED:
            stage.home.start(stage.handle.cancel(close=True))
        await asyncio.sleep(0.05)
    await sold(stage)


async def sold(stage: Stage) -> None:
    await stage.until(lambda: stage.position < D("0.00001") and not stage.open(), 300)


Way = Callable[[Stage], Awaitable[None]]


def _one(way: Way, row: int, *, safe: bool, power_loss: bool, rate: int | None) -> bool:
    """Play it with a kill at that row; returns whether it came so far."""
    struck = False

    async def script(stage: Stage) -> None:
        nonlocal struck
        killing = asyncio.ensure_future(stage.killed_at(row, safe=safe, power_loss=power_loss))
        await asyncio.sleep(0)
        await stage.begin(bracket())
        if await stage.is_entered():
            await way(stage)
        await asyncio.sleep(0.2)  # what gates nothing is written, too
        struck = stage.struck.is_set()
        if struck:
            await killing
        killing.cancel()
        await stage.until(stage.has_ended)
        assert stage.position < D("0.00001")

    played(script, within_ms=None, rate=rate)
    return struck


@pytest.mark.parametrize("rate", [None, 0], ids=["followed", "one list"])
@pytest.mark.parametrize("safe", [True, False], ids=["safe", "written"])
@pytest.mark.parametrize("way", [partial, whole, crossed, halves, withdrawn], ids=lambda way: way.__name__)
def test_killed_at_every_entry(way: Way, safe: bool, rate: int | None) -> None:
    row, step = _FIRST, 1 if way is partial and rate is None else 3
    while _one(way, row, safe=safe, power_loss=row % 2 == 0, rate=rate):
        row += step
    assert row > _FIRST + 10
