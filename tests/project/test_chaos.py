"""The scenes of the chaos scoreboard work, played by surefoot alone: every one that need not wait for silence."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from benchmarks.chaos import answers, calls, orders, streams
from benchmarks.chaos.actors.stage import Note, told
from benchmarks.chaos.board import Board, Finding, Section, plain, shown
from benchmarks.chaos.cast import OURS, Actor, play
from benchmarks.chaos.programme import SECTIONS, scenes
from benchmarks.chaos.streams import Trouble
from surefoot.errors import Facts, OutcomeUnknown
from surefoot.exchange.core.commands import Fill

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def actor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Actor]:
    acting = Actor(OURS, tmp_path_factory.mktemp("chaos") / "log")
    yield acting
    acting.end()


QUICK = [mishap for mishap in orders.MISHAPS if mishap.fault != orders.SILENCE]


@pytest.mark.parametrize("mishap", QUICK, ids=[mishap.name for mishap in QUICK])
def test_an_order_whose_outcome_is_unknown(actor: Actor, mishap: orders.Mishap) -> None:
    """RETRY-3, ORDER-4: never twice, said to be unknown, and named."""
    with play(actor, mishap.name) as played:
        found = orders.placed(played, mishap)
        there = len(played.venue.orders())
    assert [finding.bad for finding in found] == [0, 0, 0]
    assert "OutcomeUnknown" in found[0].detail, "the fault did not strike"
    assert there == (0 if mishap.name.endswith("not executed") else 2)


def test_a_ban(actor: Actor) -> None:
    """LIMIT-5: nothing leaves until the ban is over."""
    with play(actor, "ban") as played:
        (found,) = calls.banned(played, 418, every_s=0.01)
    assert found.bad == 0
    assert "Banned" in found.detail


@pytest.mark.parametrize("by_ms", [5000, -5000])
def test_a_clock_that_jumps(actor: Actor, by_ms: int) -> None:
    """AUTH-3."""
    with play(actor, f"{by_ms}") as played:
        (found,) = calls.stepped(played, by_ms, between_s=0)
        assert abs(played.venue.clock_ms() - by_ms) < 1
    assert found.bad == 0


def test_half_a_replacement_and_computed_numbers(actor: Actor) -> None:
    """RETRY-4, RULES-1."""
    with play(actor, "answers") as played:
        (halves,) = answers.replaced(played)
        assert len(played.venue.orders()) == 1, "the new order is to be live"
        numbers = answers.numbered(played)
    assert [halves.bad, *(number.bad for number in numbers)] == [0, 0, 0]
    assert "PartlyDone" in halves.detail


@pytest.mark.parametrize("stream", streams.STREAMS)
def test_a_stream_that_is_cut(actor: Actor, stream: streams.Channel) -> None:
    """TRACK-2, TRACK-3: it hears again, and says what it missed."""
    trouble = streams.TROUBLES[0]._replace(watched_s=1.0, every_s=0.1)
    with play(actor, stream) as played:
        found = streams.listened(played, stream, trouble)
    assert [finding.bad for finding in found] == [0] * len(found)
    assert "Gap" in found[0].detail, "the stream was not cut"
