"""Answers over REST that no exchange should give: a typed error that says whether it happened, within the
deadline, little memory, and a client that goes on.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import surefoot
from surefoot.errors import HeldBack, SurefootError
from surefoot.rules.retries import ONCE
from surefoot.spot.environments import Environment
from surefoot.spot.request import Request
from tests.badinput.grounds import story
from tests.badinput.hostile import (
    ANSWERS,
    KEY,
    READS,
    WRITES,
    Answer,
    Hostile,
    goes_on,
    hostile,
    http,
    must_answer_did_it_happen,
)
from tests.badinput.test_floods import little_memory

pytestmark = pytest.mark.usefixtures("impatient")
Send = Callable[[Request[Any]], Awaitable[Any]]


@asynccontextmanager
async def asynchronous(environment: Environment) -> AsyncIterator[Send]:
    async with surefoot.AsyncClient(environment, KEY, retries=ONCE) as spot:
        yield lambda request: spot.send(request, recv_window_ms=1)


@asynccontextmanager
async def blocking(environment: Environment) -> AsyncIterator[Send]:
    """The blocking client, off the loop of the other side."""
    spot = await asyncio.to_thread(surefoot.Client(environment, KEY, retries=ONCE).__enter__)
    try:
        yield lambda request: asyncio.to_thread(spot.send, request, recv_window_ms=1)
    finally:
        spot.__exit__()


CLIENTS = pytest.mark.parametrize("client", [asynchronous, blocking])


async def _ask(send: Send, found: Hostile, request: Request[Any], answer: Answer) -> None:
    """It fails as it should, and the next one does not; after a 429 or a ban it is held back (LIMIT-5)."""
    found.answer = answer
    with pytest.raises(SurefootError) as caught:
        async with asyncio.timeout(10):
            await send(request)
    must_answer_did_it_happen(request, caught.value, refuses=answer.refuses)
    if caught.value.facts.status in {418, 429}:
        with surefoot.spending(patience_ms=0), pytest.raises(HeldBack):
            await goes_on(send)
    else:
        await goes_on(send)


@CLIENTS
@pytest.mark.parametrize("name", ANSWERS)
def test_bad_answers(client: Any, name: str) -> None:
    async def told(requests: Iterable[Request[Any]]) -> None:
        found = Hostile()
        async with hostile(found) as environment, client(environment) as send:
            for request in requests:
                await _ask(send, found, request, ANSWERS[name])

    if "418" in name or "429" in name:
        for request in READS + WRITES:
            story(told((request,)))
    else:
        story(told((READS[0], WRITES[0]) if ANSWERS[name].again else READS + WRITES))


@pytest.mark.parametrize("name", [name for name in ANSWERS if not ANSWERS[name].again])
def test_a_clock_is_not_set_by_nonsense(name: str) -> None:
    """The first of several comparisons fails, or the measurement does; the next one does not."""

    async def told() -> None:
        found = Hostile()
        async with (
            hostile(found) as environment,
            surefoot.AsyncClient(environment, KEY, retries=ONCE) as spot,
        ):
            found.answer = ANSWERS[name]
            with contextlib.suppress(SurefootError):
                await spot.sync()
            if not spot.budget.silent_for_ms:
                assert abs((await spot.sync()).drift_ms) < 60_000
                await goes_on(spot.send)
            else:  # a ban is a ban, also for whoever only asks the time
                with pytest.raises(HeldBack):
                    await spot.sync()

    story(told())


ENDLESS = [name for name in ANSWERS if ANSWERS[name].again or "bomb" in name]


@CLIENTS
@pytest.mark.parametrize("name", ENDLESS)
def test_endless_answers_need_little_memory(client: Any, name: str) -> None:
    async def told() -> None:
        found = Hostile()
        async with hostile(found) as environment, client(environment) as send:
            with little_memory():
                await _ask(send, found, READS[0], ANSWERS[name])

    story(told())


@pytest.mark.parametrize("name", ["two answers", "a length that lies below", "JSON cut short"])
def test_a_connection_is_kept_only_where_the_answers_end_is_certain(name: str) -> None:
    async def told() -> None:
        found = Hostile()
        async with hostile(found) as environment, asynchronous(environment) as send:
            await _ask(send, found, READS[0], ANSWERS[name])
            assert found.connections == (1 if name == "JSON cut short" else 2)

    story(told())


BODIES = st.binary(max_size=40) | st.sampled_from(
    [
        b'{"symbol":"BTCUSDT","orderId":1}',
        b'{"code":-2010,"msg":"x"}',
        b"[[1,2]]",
        b'{"lastUpdateId":1,"bids":[]}',
    ]
)
STATUSES = st.sampled_from(
    [b"200 OK", b"201 ?", b"206 ?", b"400 Bad", b"404 ?", b"409 ?", b"500 ?", b"599 ?", b"999 ?"]
)


@st.composite
def spoilt(draw: st.DrawFn) -> Answer:
    """An answer, perhaps a good one, with some of its bytes changed; then the end."""
    data = bytearray(http(draw(BODIES), draw(STATUSES)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 2))] = draw(st.binary(max_size=2))
    return Answer(bytes(data), ends=True)


@CLIENTS
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(st.tuples(st.sampled_from(READS + WRITES), spoilt()), min_size=1, max_size=6))
def test_any_answers(client: Any, asked: list[tuple[Request[Any], Answer]]) -> None:
    """Nothing but surefoot's own errors, and the next call works."""

    async def told() -> None:
        found = Hostile()
        async with hostile(found) as environment, client(environment) as send:
            for request, found.answer in asked:
                with pytest.raises(SurefootError):
                    await send(request)
                await goes_on(send)

    story(told())
