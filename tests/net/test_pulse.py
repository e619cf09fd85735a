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
    pulse = Pulse(20_000, 10_000)
    pulse.heard_at = 100
    assert not pulse.due(119.9)
    assert pulse.due(120)
    pulse.ping(120)
    assert pulse.next(120) == 130
    assert not pulse.due(129)
    assert not pulse.silent(129.9)
    assert pulse.silent(130)
    pulse.heard_at = 129
    assert not pulse.silent(500)
    assert pulse.next(130) == 149
    assert pulse.due(149)


def test_what_we_did_not_listen_to_was_no_silence() -> None:
    pulse = Pulse(20_000, 10_000)
    pulse.ping(120)
    pulse.excuse(125)
    assert not pulse.silent(400)
    assert pulse.next(125) == 145
    assert pulse.heard_at == 0, "what was last heard stays what it was"


def test_who_speaks_is_not_pinged() -> None:
    pulse = Pulse(20_000, 10_000)
    for at_s in range(0, 200, 15):
        pulse.heard_at = at_s
        assert not pulse.due(at_s + 10)


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
