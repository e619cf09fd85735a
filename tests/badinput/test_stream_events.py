"""Nonsense on the streams: it is told, at the latest as a `Gap`, and the stream lives on."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import surefoot
from surefoot.client.aio import EventStream
from surefoot.client.streams import Gap, State, back_off_ms
from surefoot.credentials import Credentials
from surefoot.rules.retries import ONCE
from surefoot.spot.events import BalanceUpdate, BookTickerEvent, UnknownEvent
from surefoot.telemetry.observations import NonsenseHeard, Observation
from surefoot.values import Secret
from tests.badinput.babel import FRAMES, MESSAGES, Babel, babel, say_raw
from tests.badinput.grounds import story
from tests.badinput.hostile import KEY
from tests.badinput.test_session_answers import spoken
from tests.net.frames import TEXT, frame

pytestmark = pytest.mark.usefixtures("impatient", "at_once")
TICKER = b'{"u":7,"s":"BTCUSDT","b":"1","B":"1","a":"2","A":"1"}'
BALANCE = b'{"e":"balanceUpdate","E":7,"a":"BTC","d":"1","T":7}'
GOOD = {
    "market": frame(TEXT, b'{"stream":"btcusdt@bookTicker","data":' + TICKER + b"}"),
    "user": frame(TEXT, b'{"subscriptionId":0,"event":' + BALANCE + b"}"),
}
KNOWN = {"market": b"trade", "user": b"executionReport"}
EVENTS: dict[str, bytes] = {
    "fields missing": b'{"u":7,"s":"BTCUSDT"}',
    "wrong types": b'{"u":"x","s":1,"b":[],"B":{},"a":null,"A":true}',
    "a number beyond all": b'{"u":1e999,"s":"BTCUSDT","b":"1","B":"1","a":"2","A":"1"}',
    "a price that is none": b'{"u":7,"s":"BTCUSDT","b":"one","B":"1","a":"2","A":"1"}',
    "a known event of another form": b'{"e":"%b","x":1}',
    "a list": b"[]",
    "a number": b"1",
    "nothing": b"",
    "not UTF-8": b'{"s":"\xff"}',
    "nested too deeply": b'{"x":' + b"[" * 100_000,
}  # fmt: skip


class Ear:
    """Hears every observation."""

    def __init__(self) -> None:
        self.told: list[Observation] = []

    def hears(self, kind: type[Observation]) -> bool:
        return kind is NonsenseHeard

    def tell(self, observation: Observation) -> None:
        self.told.append(observation)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits before the next try, or for an answer to a good-bye."""
    monkeypatch.setattr(
        "surefoot.client.streams.back_off_ms", lambda tries, dice: back_off_ms(tries, dice) / 100
    )
    monkeypatch.setattr("surefoot.net.websocket._CLOSING_MS", 50)


def opened(spot: surefoot.AsyncClient, kind: str) -> EventStream:
    return spot.stream("btcusdt@bookTicker") if kind == "market" else spot.user_data()


def wrapped(kind: str, event: bytes) -> bytes:
    around = (
        b'{"stream":"btcusdt@bookTicker","data":%b}'
        if kind == "market"
        else b'{"subscriptionId":0,"event":%b}'
    )
    return frame(TEXT, around.replace(b"%b", event))


async def _hears_again(found: Babel, stream: EventStream, kind: str) -> list[Any]:
    """What it tells until it tells the good event again, which is said on every connection."""
    heard: list[Any] = []
    told = BookTickerEvent if kind == "market" else BalanceUpdate
    async with asyncio.timeout(10):
        while not (heard and isinstance(heard[-1], told)):
            saying = asyncio.ensure_future(_say_good(found, kind))
            try:
                heard.append(await anext(stream))
            finally:
                saying.cancel()
    return heard


async def _say_good(found: Babel, kind: str) -> None:
    while True:
        if found.sockets[-1].sendable:
            say_raw(found.sockets[-1], GOOD[kind])
        await asyncio.sleep(0.02)


async def _live(kind: str, said: bytes) -> tuple[bool, list[Observation]]:
    """A live stream is told `said`, and goes on: with a gap, or with an event that it does not know."""
    found, ear = Babel(), Ear()
    async with babel(found) as environment:
        spot = surefoot.AsyncClient(environment, KEY, sink=ear, transport="ws_api", retries=ONCE)
        async with spot, opened(spot, kind) as stream:
            before = len(found.sockets)
            say_raw(found.sockets[-1], said)
            heard = await _hears_again(found, stream, kind)
            assert stream.state is State.LIVE
            reconnected = len(found.sockets) > before
            assert reconnected == any(isinstance(event, Gap) for event in heard)
            assert reconnected or isinstance(heard[0], UnknownEvent) or kind == "user" or len(heard) == 1
            return reconnected, ear.told


@pytest.mark.parametrize("kind", ["market", "user"])
@pytest.mark.parametrize("name", EVENTS)
def test_bad_events(kind: str, name: str) -> None:
    async def told() -> None:
        reconnected, observed = await _live(kind, wrapped(kind, EVENTS[name].replace(b"%b", KNOWN[kind])))
        assert reconnected
        assert any(isinstance(one, NonsenseHeard) for one in observed)

    story(told())


NO_MESSAGES = ["nothing", "no JSON", "cut short", "a list", "a number", "null", "text", "nested too deeply"]


@pytest.mark.parametrize("kind", ["market", "user"])
@pytest.mark.parametrize("name", NO_MESSAGES)
def test_bad_messages(kind: str, name: str) -> None:
    async def told() -> None:
        reconnected, observed = await _live(kind, spoken(MESSAGES[name], 99))
        assert reconnected
        assert any(isinstance(one, NonsenseHeard) for one in observed)

    story(told())


@pytest.mark.parametrize("kind", ["market", "user"])
@pytest.mark.parametrize("name", FRAMES)
def test_bad_frames(kind: str, name: str) -> None:
    async def told() -> None:
        reconnected, _ = await _live(kind, FRAMES[name])
        assert reconnected

    story(told())


@pytest.mark.parametrize("name", MESSAGES)
def test_a_subscription_that_is_answered_with_nonsense(name: str, ed25519_key: Secret) -> None:
    """When it is made again after a loss: the stream tries again until it is understood."""

    async def told() -> None:
        found = Babel()
        key = Credentials(environment="local", api_key=Secret("k" * 64), private_key=ed25519_key)
        async with babel(found) as environment:
            spot = surefoot.AsyncClient(environment, key, transport="ws_api", retries=ONCE)
            async with spot, spot.user_data() as stream:
                found.said = lambda id: spoken(MESSAGES[name], id)
                found.sockets[-1].abort()
                heard = await _hears_again(found, stream, "user")
                assert [type(event) for event in heard[:-1]] == [Gap]

    story(told())


ANY = st.binary(min_size=1, max_size=40)


@pytest.mark.parametrize("kind", ["market", "user"])
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=ANY | ANY.map(lambda data: frame(TEXT, data)), wrapping=st.booleans())
def test_any_bytes(kind: str, said: bytes, wrapping: bool) -> None:
    async def told() -> None:
        await _live(kind, wrapped(kind, said) if wrapping else said + b"\xff\xff\xff")

    story(told())
