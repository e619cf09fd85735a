"""Who speaks after hearing that the exchange wants to hear nothing."""

import asyncio
from collections.abc import Callable

import pytest

from surefoot.simulation.faults import Fault, Silence
from surefoot.simulation.runner import Simulation
from surefoot.simulation.silence import SilenceWatch

REST = b"HTTP/1.1 418 I'm a teapot\r\nretry-after: 10\r\n\r\n{}"
FRAME = b'\x81\x7e\x00\x40{"id":1,"status":429,"error":{"code":-1003,"data":{"retryAfter":%d}}}'
ASK = b"GET /api/v3/time HTTP/1.1\r\n\r\n"
EPOCH_MS = 1_767_225_600_000


def broken(
    play, answer: bytes, *asks: tuple[float, bytes], right: bool = True, anew: bool = False, late_s: float = 0
) -> int:
    """How many complaints there are when `asks` follow the answer, so many seconds after it was heard, which
    takes `late_s`.
    """
    return len(watched(play, answer, *asks, right=right, anew=anew, late_s=late_s).broken)


def watched(
    play,
    answer: bytes,
    *asks: tuple[float, bytes],
    right: bool = True,
    anew: bool = False,
    late_s: float = 0,
    plan: tuple[Fault, ...] = (),
) -> SilenceWatch:
    sim = Simulation(0, plan=plan)
    watch = SilenceWatch("server", sim.loop.time, lambda: EPOCH_MS + sim.loop.time() * 1000, lambda: right)
    sim.network.tap, sim.network.ear = watch.before(sim.network.tap), watch.arrived

    async def scene(scene) -> None:
        ear = await scene.dial()
        back = sim.network.link("server", "client")
        if late_s:
            back.silence()
            sim.loop.call_later(late_s, back.speak)
        ear.transport.write(ASK)
        await asyncio.sleep(late_s + 1)
        for wait_s, ask in asks:
            await asyncio.sleep(wait_s)
            if anew:
                ear.transport.close()
                ear = await scene.dial()
            ear.transport.write(ask)
        await asyncio.sleep(1)
        ear.transport.close()
        await asyncio.sleep(1)

    answers: list[bytes] = [answer]
    say: Callable[[bytes], bytes] = lambda _data: answers.pop() if answers else b"ok"  # noqa: E731
    play(scene, sim, say)
    return watch


@pytest.mark.parametrize(
    ("asks", "complaints"),
    [
        ([], 0),
        ([(0, ASK)], 1),
        ([(8, ASK), (0.1, ASK)], 2),
        ([(9, ASK)], 0),
        ([(0, b"\x8a\x80abcd")], 0),
        ([(0, b'{"id":2,"method":"time"}')], 1),
    ],
)
def test_nothing_is_asked_before_the_time_is_over(play, asks, complaints: int) -> None:
    assert broken(play, REST, *asks) == complaints


def test_a_new_connection_is_asking_too(play) -> None:
    assert broken(play, REST, (0, ASK), anew=True) == 1


def test_a_moment_is_heeded_while_clocks_are_right(play) -> None:
    moment = FRAME % (EPOCH_MS + 5_000)
    assert broken(play, moment, (0, ASK)) == 1
    assert broken(play, moment, (5, ASK)) == 0
    assert broken(play, moment, (0, ASK), right=False) == 0


def test_a_moment_is_not_put_off_by_a_late_answer_while_seconds_count_from_hearing(play) -> None:
    moment = FRAME % (EPOCH_MS + 15_000)
    assert broken(play, moment, (0, ASK), late_s=10) == 1
    assert broken(play, moment, (5, ASK), late_s=10) == 0
    assert broken(play, REST, (5, ASK), late_s=10) == 1
    assert broken(play, REST, (10, ASK), late_s=10) == 0


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nretry-after: 10\r\n\r\n",
        b"HTTP/1.1 418 x\r\n\r\n",
        b'HTTP/1.1 429 x\r\nretry-after: 10\r\n\r\n{"code":-1015}',
    ],
)
def test_other_answers_ask_for_no_silence(play, answer: bytes) -> None:
    assert broken(play, answer, (0, ASK)) == 0


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        (REST, 1),
        (b"HTTP/1.1 418 x\r\n\r\n", 1),
        (b'HTTP/1.1 429 x\r\nretry-after: 10\r\n\r\n{"code":-1015}', 1),
        (b"HTTP/1.1 200 OK\r\n\r\n", 0),
    ],
)
def test_every_refusal_that_arrives_is_heard(play, answer: bytes, heard: int) -> None:
    watch = watched(play, answer)
    assert (watch.heard("client"), watch.heard("server")) == (heard, 0)


def test_a_refusal_that_is_lost_is_not_heard(play) -> None:
    lost = Silence(at_s=0.0015, for_s=60, source="server", target="client")
    watch = watched(play, REST, (0, ASK), plan=(lost,))
    assert (len(watch.asked), watch.heard("client"), watch.broken) == (1, 0, [])
