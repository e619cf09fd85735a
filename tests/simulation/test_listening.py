"""Streams for ever: whatever befalls their connections, each event is told once, or covered by a `Gap`."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from surefoot.client.aio import StreamOptions
from surefoot.client.aio.line import Line
from surefoot.client.aio.stream import EventStream
from surefoot.client.merge import Merge
from surefoot.client.rotation import Rotation
from surefoot.client.streams import Gap, State
from surefoot.errors import CannotConnect, NotAuthorized, SurefootError
from surefoot.exchange import server
from surefoot.exchange.door.sessions import ApiSession
from surefoot.exchange.door.streams import StreamSession
from surefoot.simulation.day import Day
from surefoot.simulation.draws import below
from surefoot.simulation.listening import LISTENER, Listening, Plan, Scene
from surefoot.simulation.names import EXCHANGE
from surefoot.simulation.network import Connection
from surefoot.simulation.runner import Simulation, SimulationFailed
from surefoot.simulation.transport import Transport
from surefoot.spot.events import Event, ServerShutdown, TradeEvent, UnknownEvent

KINDS = [Plan(), Plan(ed25519=True, microseconds=True)]
MINUTE_S, HOUR_S = 60, 3600


def play(happen: Callable[[Scene], Awaitable[None]], plan: Plan = KINDS[0], seed: int = 1) -> Scene:
    scenes: list[Scene] = []

    async def noted(scene: Scene) -> None:
        scenes.append(scene)
        await happen(scene)

    Simulation(seed, limit_s=400_000).run(Listening(noted, plan))
    (scene,) = scenes
    return scene


@pytest.fixture
def slow_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exchange looks at its clock every ten seconds, not ten times in one: a day is shorter so."""
    monkeypatch.setattr(server, "_BEAT_US", 10_000_000)


def connections(scene: Scene) -> list[Connection]:
    """The WebSockets of the two streams, the oldest first."""
    ends = scene.sim.network.connections.values()
    return [one for one in ends if one.between(LISTENER, EXCHANGE)][-2:]


@pytest.mark.parametrize("plan", KINDS)
def test_connections_are_replaced_when_somebody_asks(plan: Plan) -> None:
    """TRACK-2: no event is missed, none told twice, and no gap is told."""

    async def happen(scene: Scene) -> None:
        for _ in range(5):
            await asyncio.sleep(30)
            before = [scene.user.reading.line, scene.market.reading.line]
            await asyncio.gather(scene.user.rotate(), scene.market.rotate())
            assert scene.user.reading.line is not before[0]
            assert scene.market.reading.line is not before[1]

    scene = play(happen, plan)
    assert scene.gaps == []
    assert all(len(told) > 20 for told in scene.told.values())


@pytest.mark.usefixtures("slow_beat")
def test_a_day_is_over_and_nobody_noticed() -> None:
    async def happen(scene: Scene) -> None:
        first = [scene.user.reading.line, scene.market.reading.line]
        await asyncio.sleep(24.5 * HOUR_S)
        assert scene.user.reading.line is not first[0]
        assert scene.market.reading.line is not first[1]

    scene = play(happen, Plan(pause_s=300))
    assert scene.gaps == []
    assert all(len(told) > 200 for told in scene.told.values())


@pytest.mark.usefixtures("slow_beat")
def test_streams_leave_nothing_behind() -> None:
    """A day of streams on virtual time leaves memory flat; this one has short hours, and many rotations."""
    day = Day(hours=6, hour_s=300)
    play(day, Plan(pause_s=20, rotation=Rotation(every_ms=MINUTE_S * 1000)))
    assert max(day.blocks[3:]) <= max(day.blocks[:2]) + 30, day.blocks


@pytest.mark.parametrize("plan", KINDS)
def test_a_server_that_shuts_down_is_left_in_time(plan: Plan) -> None:
    async def happen(scene: Scene) -> None:
        for _ in range(5):
            await asyncio.sleep(20)
            await scene.server.shut_down(lead_ms=5_000)

    scene = play(happen, plan)
    assert scene.gaps == []
    for told in scene.told.values():
        assert sum(isinstance(event, ServerShutdown) for event in told) == 5


def test_a_server_that_shuts_down_at_once_is_an_interruption() -> None:
    async def happen(scene: Scene) -> None:
        await asyncio.sleep(20)
        await scene.server.shut_down(lead_ms=0)
        await asyncio.sleep(20)

    assert len(play(happen).gaps) == 2


def test_while_the_next_connection_cannot_be_made_the_old_one_goes_on() -> None:
    async def happen(scene: Scene) -> None:
        network = scene.sim.network
        tap = network.tap

        def refuse(connection: Connection, sender: Transport, data: bytes) -> bool:
            if b"Upgrade: websocket" in data and connection.between(LISTENER, EXCHANGE):
                connection.cut()
                return False
            return tap(connection, sender, data)

        network.tap = refuse
        asking = [asyncio.ensure_future(stream.rotate()) for stream in (scene.user, scene.market)]
        for failed in await asyncio.gather(*asking, return_exceptions=True):
            assert isinstance(failed, CannotConnect)
        before = [scene.user.reading.line, scene.market.reading.line]
        heard = [len(told) for told in scene.told.values()]
        await asyncio.sleep(5 * MINUTE_S)
        assert [scene.user.reading.line, scene.market.reading.line] == before
        assert all(len(told) > count for told, count in zip(scene.told.values(), heard, strict=True))
        network.tap = tap
        await asyncio.sleep(MINUTE_S)
        assert scene.user.reading.line is not before[0], "it is tried again by itself"
        assert scene.market.reading.line is not before[1]

    assert play(happen).gaps == []


@pytest.mark.parametrize("after_s", [0.0005, 0.004, 0.007, 0.02, 0.9, 1.01])
@pytest.mark.parametrize("silently", [False, True])
def test_the_old_connection_dies_while_it_is_replaced(after_s: float, silently: bool) -> None:
    """At any moment, with a good-bye or without."""

    async def happen(scene: Scene) -> None:
        for seed in range(3):
            await asyncio.sleep(3)
            olds = connections(scene)
            asking = [asyncio.ensure_future(stream.rotate()) for stream in (scene.user, scene.market)]
            await asyncio.sleep(after_s + 0.0003 * seed)
            for old in olds:
                old.break_silently() if silently else old.cut()
            await asyncio.gather(*asking)
            await asyncio.sleep(1)
            assert scene.user.state is scene.market.state is State.LIVE

    play(happen, Plan(pause_s=0.1))


def test_once_the_old_one_has_said_all_its_death_is_no_gap() -> None:
    async def happen(scene: Scene) -> None:
        await asyncio.sleep(20)
        olds = connections(scene)
        asking = [asyncio.ensure_future(stream.rotate()) for stream in (scene.user, scene.market)]
        await asyncio.sleep(0.5)
        for old in olds:
            old.cut()
        await asyncio.gather(*asking)
        await asyncio.sleep(5)

    assert play(happen, Plan(pause_s=0.05)).gaps == []


@pytest.mark.parametrize("plan", KINDS)
def test_half_open_connections_are_found_out(plan: Plan) -> None:
    """Nothing is read and nobody says good-bye: 30 s, and the reconnection, are the longest deafness."""

    async def happen(scene: Scene) -> None:
        await asyncio.sleep(20)
        for old in connections(scene):
            old.break_silently()
        await asyncio.sleep(32)
        assert scene.user.state is scene.market.state is State.LIVE
        assert len(scene.gaps) == 2
        await asyncio.sleep(20)

    play(happen, plan)


def test_a_rotation_waits_for_a_reader_that_is_slow() -> None:
    """What the queue has no room for waits in the network, and so does the answer of the old connection."""

    async def happen(scene: Scene) -> None:
        options = StreamOptions(capacity=3)
        async with scene.client.stream("btcusdt@trade", options=options) as slow:
            await asyncio.sleep(10)
            assert slow.inbox.full
            rotating = asyncio.ensure_future(slow.rotate())
            await asyncio.sleep(30)
            assert not rotating.done()
            told = []
            while not (rotating.done() and len(told) > 300):
                told.append(await anext(slow))
            await rotating
        ids = [event.trade_id for event in told if isinstance(event, TradeEvent)]
        assert ids == list(range(ids[0], ids[0] + len(told)))

    play(happen, Plan(pause_s=0.2))


@pytest.mark.usefixtures("slow_beat")
def test_an_account_that_is_quiet_for_hours_is_not_cut_off() -> None:
    async def happen(scene: Scene) -> None:
        before = [scene.user.reading.line, scene.market.reading.line]
        await asyncio.sleep(3 * HOUR_S)
        assert [scene.user.reading.line, scene.market.reading.line] == before

    assert play(happen, Plan(pause_s=2 * HOUR_S)).gaps == []


def test_a_subscription_that_is_gone_is_found_out() -> None:
    """Pings are answered all the while."""

    async def happen(scene: Scene) -> None:
        await asyncio.sleep(100)
        lost_ms = scene.server.now_us() // 1000
        hub = scene.server.front.hub
        account = scene.server.accounts[0].name
        for listener in [one for one in hub._users[account] if one.wire is not scene.witness]:
            hub.unfollow(listener)
        for visit in scene.server.attendance.present:
            session = getattr(visit.shutdown_event, "__self__", None)
            if isinstance(session, ApiSession):
                session._login.subscriptions._active.clear()
            elif isinstance(session, StreamSession):
                names = tuple(session._listener.names.values())
                hub.unsubscribe(session._listener, names[0])
        await asyncio.sleep(62)
        assert len(scene.gaps) == 2
        assert all(gap.since_ms <= lost_ms for gap in scene.gaps)
        assert all("does not know of the subscription" in gap.reason for gap in scene.gaps)
        await asyncio.sleep(5 * MINUTE_S)
        assert len(scene.gaps) == 2

    play(happen)


def test_a_key_that_is_revoked_ends_the_stream() -> None:
    """For good, with what the exchange says; market streams need no key."""

    async def happen(scene: Scene) -> None:
        await asyncio.sleep(20)
        scene.server.front.keys._keys.clear()
        assert await _outcome(scene.user.rotate()) is NotAuthorized
        assert scene.user.state is State.LIVE, "as long as it lives"
        scene.sim.network.cut(LISTENER, EXCHANGE)
        await asyncio.sleep(5)
        assert scene.user.state is State.CLOSED
        with pytest.raises(NotAuthorized):
            await anext(scene.user)
        assert scene.market.state is State.LIVE

    with pytest.raises(SimulationFailed, match="NotAuthorized"):  # so ends whoever iterates
        play(happen)


async def _outcome(work: Awaitable[None]) -> type[BaseException] | None:
    try:
        await work
    except SurefootError as error:
        return type(error)
    return None


def test_streams_come_and_go_while_the_connection_is_replaced() -> None:
    """Nothing of what was subscribed is lost, and a decoder of one's own is told each payload once."""
    heard: list[int] = []

    def decode(raw: bytes) -> Event:
        heard.append(json.loads(raw)["a"])
        return UnknownEvent(name="mine", raw=raw)

    told: list[Event] = []

    async def happen(scene: Scene) -> None:
        rotating = asyncio.ensure_future(scene.market.rotate())
        await asyncio.sleep(0.3)
        await scene.market.subscribe("btcusdt@aggTrade", callback=told.append, decode=decode)
        await rotating
        for _ in range(5):
            await asyncio.sleep(10)
            await scene.market.rotate()
        rotating = asyncio.ensure_future(scene.market.rotate())
        await asyncio.sleep(0.5)
        await scene.market.unsubscribe("btcusdt@aggTrade")
        await rotating
        count = len(heard)
        await asyncio.sleep(10)
        assert len(heard) == count

    assert play(happen, Plan(pause_s=0.1)).gaps == []
    ids = [json.loads(event.raw)["a"] for event in told if isinstance(event, UnknownEvent)]
    assert ids == list(range(ids[0], ids[0] + len(ids)))
    assert len(heard) > len(ids) > 50


def test_five_hundred_drops(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reset, half open, silent for a while and then late or reset; with rotations among them."""
    monkeypatch.setattr(server, "_BEAT_US", 500_000)

    async def drop(scene: Scene, kind: int, for_s: float) -> None:
        network = scene.sim.network
        if kind == 0:
            network.cut(LISTENER, EXCHANGE)
        elif kind == 1:
            for one in connections(scene):
                one.break_silently()
        elif kind in {2, 3}:
            link = network.link(EXCHANGE, LISTENER)
            link.silence()
            await asyncio.sleep(for_s)
            link.speak(forget=kind == 3)
        elif kind == 4:
            await scene.server.shut_down(for_s * 100)
        else:
            scene.user.reading.line.leaving.set()  # type: ignore[union-attr]
            scene.market.reading.line.leaving.set()  # type: ignore[union-attr]

    async def happen(scene: Scene) -> None:
        dice = scene.sim.dice("drops")
        for _ in range(500):
            await asyncio.sleep(dice.uniform() * 12)
            await drop(scene, below(dice, 6), dice.uniform() * 40)
        await asyncio.sleep(MINUTE_S)

    scene = play(happen, Plan(pause_s=2))
    assert len(scene.gaps) > 300
    assert all(sum(not isinstance(event, Gap) for event in told) > 1_000 for told in scene.told.values())


@pytest.mark.parametrize(
    ("method", "answer", "complaint"),
    [("is_news", True, "told twice"), ("is_news", False, "without a gap")],
)
def test_a_merge_that_is_wrong_would_be_found(
    monkeypatch: pytest.MonkeyPatch, method: str, answer: bool, complaint: str
) -> None:
    async def happen(scene: Scene) -> None:
        await asyncio.sleep(10)
        await asyncio.gather(scene.user.rotate(), scene.market.rotate())
        await asyncio.sleep(10)

    monkeypatch.setattr(Merge, method, lambda *_: answer)
    with pytest.raises(SimulationFailed, match=complaint):
        play(happen, Plan(pause_s=0.05))


@pytest.mark.usefixtures("slow_beat")
def test_what_is_left_behind_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Line] = []
    dial = EventStream._dial

    async def keep(self: EventStream, connected: Callable[[], None]) -> Line:
        kept.append(await dial(self, connected))
        return kept[-1]

    monkeypatch.setattr(EventStream, "_dial", keep)
    day = Day(hours=6, hour_s=300)
    play(day, Plan(pause_s=20, rotation=Rotation(every_ms=MINUTE_S * 1000)))
    assert max(day.blocks[3:]) > max(day.blocks[:2]) + 30, day.blocks
