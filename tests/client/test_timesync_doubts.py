"""When the clock is measured again (AUTH-3): the pure part, and the flow over a wire of the test's."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot import errors
from surefoot.client.aio.resync import Resync
from surefoot.client.call import call, measure, run_blocking
from surefoot.client.desk import Desk
from surefoot.client.doubts import REFRESH_MS, Doubts
from surefoot.client.timekeeping import refreshed
from surefoot.client.timesync import QUICK, ExchangeClock, Sample
from surefoot.codec.rest import SignedRequest
from surefoot.rules.outcomes import Said
from surefoot.rules.retries import ONCE
from surefoot.spot.account import GetOpenOrders
from surefoot.spot.general import Ping
from surefoot.telemetry.observations import ClockMeasured, Noted, Warned
from surefoot.wire import Lost
from surefoot.world import SeededEntropy, World
from tests.client.test_call import DONE, KEY, LOCAL, STALE, Clock, Nowhere, ScriptedWire, Tape

EPOCH = 1_700_000_000_000.0
NONE_OPEN = Said(status=200, result=b"[]")


def measured(at_ms: float = 1_000.0) -> Doubts:
    doubts = Doubts()
    doubts.measured(at_ms, at_ms + EPOCH)
    return doubts


def test_before_the_first_measurement_nothing_is_in_doubt() -> None:
    assert Doubts().raised(5, EPOCH) is None


@given(st.floats(0, REFRESH_MS - 1), st.floats(-249, 249))
def test_a_young_measurement_of_a_steady_clock_is_good(later_ms: float, slewed_ms: float) -> None:
    now = 1_000 + later_ms
    assert measured().raised(now, now + EPOCH + slewed_ms) is None


@given(st.floats(0, REFRESH_MS - 1), st.floats(251, 1e9), st.sampled_from([1, -1]))
def test_a_step_is_seen_at_once_in_either_direction(later_ms: float, by_ms: float, sign: int) -> None:
    """AUTH-3: clock steps are detected against the monotonic clock; a suspend looks the same."""
    now = 1_000 + later_ms
    doubts = measured()
    assert doubts.raised(now, now + EPOCH + sign * by_ms) == "the machine was suspended, or its clock was set"
    doubts.measured(now, now + EPOCH + sign * by_ms)
    assert doubts.raised(now + 1, now + 1 + EPOCH + sign * by_ms) is None


def test_an_old_measurement_is_in_doubt() -> None:
    now = 1_000 + REFRESH_MS
    assert measured().raised(now, now + EPOCH) == "the last measurement is old"


def test_a_measurement_by_a_slow_way_is_soon_repeated() -> None:
    """AUTH-4: half of its round trip bounds the error, and the exchange refuses what is a second early."""
    doubts = Doubts()
    doubts.measured(1_000, 1_000 + EPOCH, 501)
    assert doubts.raised(10_999, 10_999 + EPOCH) is None
    assert doubts.raised(11_000, 11_000 + EPOCH) == "the last measurement took a slow way"
    doubts.measured(12_000, 12_000 + EPOCH, 500)
    assert doubts.raised(100_000, 100_000 + EPOCH) is None


def test_suspicions_are_looked_into_once_in_ten_seconds() -> None:
    doubts = measured()
    for _ in range(3):
        doubts.suspect("a request failed")
    assert doubts.raised(10_999, 10_999 + EPOCH) is None
    assert doubts.raised(11_000, 11_000 + EPOCH) == "a request failed"
    doubts.measured(11_000, 11_000 + EPOCH)
    assert doubts.raised(REFRESH_MS, REFRESH_MS + EPOCH) is None
    assert doubts.raised(REFRESH_MS + 11_000, REFRESH_MS + 11_000 + EPOCH) == "the last measurement is old"


def test_what_could_not_be_measured_is_asked_again_later() -> None:
    doubts = measured()
    doubts.put_off(2_000, 2_000 + EPOCH + 60_000)
    assert doubts.raised(11_999, 11_999 + EPOCH + 60_000) is None
    assert doubts.raised(12_000, 12_000 + EPOCH + 60_000) is not None


def spiking(*took_ms: float) -> str | None:
    clock = ExchangeClock(0.0)
    clock.settle([Sample(0, 50, 25), Sample(50, 100, 75)])
    clock.doubts.measured(100, 100)
    for each in took_ms:
        clock.took(each)
    return clock.doubts.raised(20_000, 20_000)


def test_a_round_trip_far_longer_than_before_casts_a_doubt() -> None:
    """AUTH-3: three times the 99th percentile of those before."""
    assert spiking(60, 149) is None
    assert spiking(60, 151) == "a round trip took much longer than before"


def test_short_round_trips_are_no_spike_however_much_they_vary() -> None:
    clock = ExchangeClock(0.0)
    clock.settle([Sample(0, 1, 0)])
    clock.doubts.measured(1, 1)
    clock.took(99)
    assert clock.doubts.raised(20_000, 20_000) is None


class Ticking(Clock):
    """Its wall moves with the monotonic clock, from where the test has set it."""

    def wall_ms(self) -> float:
        return self.wall + self.monotonic - 1_000


def begun(*answers: Said | Lost) -> tuple[ScriptedWire, Desk, Tape, Clock]:
    clock, tape = Ticking(), Tape()
    desk = Desk(LOCAL, KEY, world=World(clock, SeededEntropy(1), Nowhere()), sink=tape)
    wire = ScriptedWire(desk, clock, list(answers))
    run_blocking(measure(wire, desk))
    tape.heard.clear()
    return wire, desk, tape, clock


@pytest.mark.parametrize("step_ms", [60_000, -60_000])
def test_the_clock_is_measured_before_anything_is_signed(step_ms: float) -> None:
    wire, desk, _, clock = begun(NONE_OPEN, NONE_OPEN)
    clock.wall += step_ms
    run_blocking(call(wire, desk, GetOpenOrders()))
    assert wire.resyncs == 1
    server_ms = clock.wall_ms()
    assert wire.sent[0].timestamp_ms == pytest.approx(server_ms, abs=10)
    run_blocking(call(wire, desk, GetOpenOrders()))
    assert wire.resyncs == 1


def test_what_is_not_signed_needs_no_clock() -> None:
    wire, desk, _, clock = begun(DONE)
    clock.wall += 60_000
    run_blocking(call(wire, desk, Ping()))
    assert wire.resyncs == 0


def test_a_step_right_before_a_stale_timestamp_does_not_hide_the_second_measurement() -> None:
    """-1021 after a measurement of this very call: another one is made."""
    wire, desk, _, clock = begun(STALE, NONE_OPEN)
    clock.wall += 60_000
    known = []
    wire.on_resync = lambda: known.append(desk.clock.measurement)
    run_blocking(call(wire, desk, GetOpenOrders()))
    assert len(set(map(id, known))) == wire.resyncs == 2


def test_a_request_that_failed_casts_a_doubt() -> None:
    """AUTH-3: after network incidents."""
    wire, desk, _, clock = begun(Lost(delivered=True, reason="cut"), NONE_OPEN)
    with pytest.raises(errors.NoAnswer):
        run_blocking(call(wire, desk, Ping(), retries=ONCE))
    clock.monotonic += 20_000
    run_blocking(call(wire, desk, GetOpenOrders()))
    assert wire.resyncs == 1


class MuteWire(ScriptedWire):
    """Nobody tells it the time any more."""

    mute = False

    async def exchange(self, spelled: SignedRequest, total_ms: float) -> Said | Lost:
        if self.mute and spelled.target.endswith("/time"):
            self._clock.monotonic += total_ms
            return Lost(delivered=True, reason="no answer in time")
        return await super().exchange(spelled, total_ms)


def muted(answers: int) -> tuple[MuteWire, Desk, Tape, Clock]:
    _, desk, tape, clock = begun()
    mute = MuteWire(desk, clock, [NONE_OPEN] * answers)
    mute.mute = True
    return mute, desk, tape, clock


def test_a_clock_that_cannot_be_measured_fails_nobody() -> None:
    """The old offset is used, that is told, and the wait for it is bounded."""
    wire, desk, tape, clock = muted(2)
    clock.monotonic += REFRESH_MS
    before = clock.monotonic
    for _ in range(2):
        assert run_blocking(call(wire, desk, GetOpenOrders())) == ()
    assert 0 < clock.monotonic - before <= 15_000
    (note,) = [seen for seen in tape.heard if isinstance(seen, Noted)]
    assert (
        "the last measurement is old, and the clock cannot be measured: the last offset is used" in note.text
    )


async def test_callers_who_wait_share_a_failure_too() -> None:
    """A hundred callers do not each wait for a time-out of their own."""
    _, desk, tape, clock = muted(0)
    asked = 0

    class Silent(MuteWire):
        async def exchange(self, spelled: SignedRequest, total_ms: float) -> Said | Lost:
            nonlocal asked
            asked += 1
            await asyncio.sleep(0)
            self._clock.monotonic += total_ms
            return Lost(delivered=True, reason="no answer in time")

        async def resync(self, known) -> None:
            await resync.newer_than(known, self)

    wire, resync = Silent(desk, clock, []), Resync(desk)
    clock.monotonic += REFRESH_MS
    doubt = desk.doubt()
    assert doubt is not None
    await asyncio.gather(*(refreshed(wire, desk, doubt) for _ in range(100)))
    assert asked == 1
    assert len([seen for seen in tape.heard if isinstance(seen, Noted)]) == 1
    known = desk.clock.measurement
    found = await asyncio.gather(
        *(resync.newer_than(known, wire) for _ in range(100)), return_exceptions=True
    )
    assert {type(each) for each in found} == {errors.NoAnswer}
    assert asked == 2


async def test_whoever_waits_measures_when_the_first_caller_is_cancelled() -> None:
    wire, desk, _, _ = begun()
    resync, known = Resync(desk), desk.clock.measurement
    stuck = asyncio.Event()

    class Stuck(MuteWire):
        async def exchange(self, spelled: SignedRequest, total_ms: float) -> Said | Lost:
            stuck.set()
            await asyncio.Event().wait()
            raise AssertionError

    first = asyncio.create_task(resync.newer_than(known, Stuck(desk, wire._clock, [])))
    await stuck.wait()
    second = asyncio.create_task(resync.newer_than(known, wire))
    await asyncio.sleep(0)
    first.cancel()
    await second
    assert desk.clock.measurement is not known


def test_a_later_measurement_is_cheap() -> None:
    """Its weight is its rounds."""
    wire, desk, _, clock = begun()
    at = clock.monotonic
    run_blocking(measure(wire, desk, QUICK))
    assert clock.monotonic - at == 3 * 4


def test_a_host_that_takes_no_connection_does_not_spoil_a_measurement() -> None:
    """Another host may, in the next round; where two refuse, the network is blamed."""
    wire, desk, _, _ = begun()

    class Refusing(ScriptedWire):
        refusals = 1

        async def exchange(self, spelled: SignedRequest, total_ms: float) -> Said | Lost:
            if self.refusals:
                self.refusals -= 1
                raise errors.CannotConnect("refused")
            return await super().exchange(spelled, total_ms)

    refusing = Refusing(desk, wire._clock, [])
    known = desk.clock.measurement
    assert run_blocking(measure(refusing, desk)) is not known
    refusing.refusals = 2
    with pytest.raises(errors.CannotConnect):
        run_blocking(measure(refusing, desk))


def test_a_round_that_fails_adds_no_sample() -> None:
    """Neither one of its own, nor the last one's once more."""
    wire, desk, _, _ = begun()

    class Hiccup(ScriptedWire):
        asked = 0

        async def exchange(self, spelled: SignedRequest, total_ms: float) -> Said | Lost:
            self.asked += 1
            if self.asked == 2:
                raise errors.CannotConnect("refused at once")
            return await super().exchange(spelled, total_ms)

    measured = run_blocking(measure(Hiccup(desk, wire._clock, []), desk))
    assert measured.round_trip_ms == 4


@pytest.mark.parametrize(
    ("drift_ms", "ahead_ms", "words"),
    [(0, 0, []), (499, 499, []), (500, 0, ["drifted 500 ms"]), (0, -600, ["600 ms ahead of"])],
)
def test_a_clock_astray_is_a_warning(drift_ms: float, ahead_ms: float, words: list[str]) -> None:
    """AUTH-4: from 500 ms on; the exchange refuses at a second."""
    from surefoot.client.timesync import astray

    found = list(astray(drift_ms, ahead_ms))
    assert len(found) == len(words)
    assert all(word in text for word, text in zip(words, found, strict=True))


def test_drift_is_an_observation() -> None:
    """AUTH-4: in milliseconds, and in parts per million where enough time has passed to tell."""
    wire, desk, tape, clock = begun()
    wire.ahead_ms += 600
    clock.monotonic += 1_000
    run_blocking(measure(wire, desk))
    clock.monotonic += 100_000
    wire.ahead_ms += 10
    run_blocking(measure(wire, desk))
    first, second = [seen for seen in tape.heard if isinstance(seen, ClockMeasured)]
    assert (round(first.drift_ms), first.drift_ppm) == (600, None)
    assert (round(second.drift_ms), round(second.drift_ppm)) == (10, 100)
    assert any("drifted 600 ms" in seen.text for seen in tape.heard if isinstance(seen, Warned))
