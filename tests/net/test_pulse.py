"""When a WebSocket's other side counts as gone."""

import pytest

from surefoot.net.pulse import Pulse


def strict(every_ms: float | None = 20_000) -> Pulse:
    return Pulse(every_ms, 60_000, strict=True)


def test_three_pings_without_an_answer_are_a_minute() -> None:
    pulse = strict()
    for at_s in (20, 40, 60):
        assert not pulse.silent(at_s)
        pulse.ping(at_s)
    assert pulse.silent(80)


def test_an_answer_covers_the_pings_before_it() -> None:
    pulse = strict()
    payloads = [pulse.ping(at_s) for at_s in (20, 40, 60)]
    pulse.control(payloads[1], pong=True)
    assert not pulse.silent(80)
    pulse.ping(80)
    pulse.ping(100)
    assert pulse.silent(120)


@pytest.mark.parametrize(("payload", "pong"), [(b"", True), (b"other", True), (None, False)])
def test_what_is_no_answer(payload: bytes | None, pong: bool) -> None:
    """An unsolicited pong, a pong of another payload, a ping that carries ours."""
    pulse = strict()
    for at_s in (20, 40, 60):
        ours = pulse.ping(at_s)
        pulse.control(ours if payload is None else payload, pong=pong)
        pulse.heard_at = at_s
    assert pulse.silent(80)


def test_any_frame_is_a_sign_of_life_otherwise() -> None:
    pulse = Pulse(20_000, 60_000)
    pulse.heard_at = 100
    pulse.ping(120)
    assert not pulse.silent(160)
    assert pulse.silent(160.001)


def test_payloads_tell_the_time() -> None:
    assert [strict().ping(at_s) for at_s in (0, 1.5, 20)] == [b"0", b"1500", b"20000"]


def test_without_pings_there_is_no_beat() -> None:
    assert strict(None).next(5) is None
    assert strict().next(5) == 25


def test_control_frames_are_told() -> None:
    pulse, told = strict(), []
    pulse.control(b"", pong=False)
    pulse.on_control = lambda: told.append(True)
    pulse.control(b"", pong=True)
    pulse.control(b"", pong=False)
    assert len(told) == 2
