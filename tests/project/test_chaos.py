"""The scenes of the chaos scoreboard work, played by surefoot alone, and notice a client that is worse."""

from collections.abc import Iterator
from functools import partial

import pytest

from benchmarks.chaos import answers, board, calls, orders, streams
from benchmarks.chaos.actors.stage import Note, told
from benchmarks.chaos.board import Board, Finding
from benchmarks.chaos.cast import OURS, TRADER, Actor, play
from benchmarks.chaos.programme import SECTIONS, scenes
from surefoot.errors import Facts, OutcomeUnknown
from surefoot.exchange.core.commands import Fill

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("chaos")]

PROMPT = [mishap for mishap in orders.MISHAPS if mishap.fault != orders.SILENCE]


@pytest.fixture(scope="module")
def actor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Actor]:
    acting = Actor(OURS, tmp_path_factory.mktemp("chaos") / "log")
    yield acting
    acting.end()


@pytest.mark.parametrize("mishap", PROMPT, ids=[mishap.name for mishap in PROMPT])
def test_an_order_whose_outcome_is_unknown(actor: Actor, mishap: orders.Mishap) -> None:
    """RETRY-3, ORDER-4: never twice, said to be unknown, and named."""
    with play(actor, mishap.name) as played:
        found = orders.placed(played, mishap)
        there = len(played.venue.orders())
    assert [finding.bad for finding in found] == [0, 0, 0]
    assert "OutcomeUnknown" in found[0].detail, "the fault did not strike"
    assert there == (0 if mishap.name.endswith("not executed") else 2)


@pytest.fixture(scope="module")
def trader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Actor]:
    acting = Actor(TRADER, tmp_path_factory.mktemp("chaos-trader") / "log")
    yield acting
    acting.end()


def test_a_trader_finds_out_what_became_of_its_orders(trader: Actor) -> None:
    """RETRY-3: it is known at the end of the call, and nothing was placed twice."""
    (mishap,) = [mishap for mishap in orders.MISHAPS if mishap.name == "-1007, executed"]
    with play(trader, mishap.name) as played:
        found = orders.placed(played, mishap)
    assert [finding.bad for finding in found] == [0, 0, 0]
    assert found[0].detail.count("returned") == len(orders.KINDS)


def test_a_ban(actor: Actor) -> None:
    """LIMIT-5: nothing leaves until the ban is over."""
    with play(actor, "ban") as played:
        (found,) = calls.banned(played, 418, every_s=0.01, wait_s=1)
    assert found.bad == 0
    assert "Banned" in found.detail


@pytest.mark.parametrize("by_ms", [5000, -5000])
def test_a_clock_that_jumps(actor: Actor, by_ms: int) -> None:
    """AUTH-3."""
    with play(actor, f"clock {by_ms}") as played:
        (found,) = calls.stepped(played, by_ms, between_s=0)
        assert played.venue.step_clock(0) == by_ms
    assert (found.bad, found.of) == (0, 5)


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
    trouble = streams.TROUBLES[0]._replace(watched_s=1.5, every_s=0.1)
    with play(actor, f"{stream} cut") as played:
        found = streams.listened(played, stream, trouble)
    assert [finding.bad for finding in found] == [0] * len(found)
    assert "Gap" in found[0].detail, "the stream was not cut"


# What the scenes would say of others


class Sloppy(Exception):
    """An error of a client that hides what it knows in a text."""


def test_what_an_error_carries_is_a_field_of_its_own() -> None:
    facts = Facts(client_order_id="sf-1", data={"newOrderResponse": {"orderId": 77}})
    ours = told(OutcomeUnknown("sent", facts), lambda error: isinstance(error, OutcomeUnknown))
    assert ours.says_unknown
    assert {"sf-1", "77"} <= set(ours.facts)
    theirs = told(Sloppy('{"clientOrderId":"x-1","orderId":77}'), lambda _: False)
    assert not theirs.says_unknown
    assert not {"x-1", "77"} & set(theirs.facts)
    assert told(Sloppy("APIError(code=-1007): Execution status unknown."), lambda _: False).says_unknown


def fills(*at_s: float) -> list[Fill]:
    """Fills at these times, numbered from 1."""
    fill = partial(Fill, **dict.fromkeys(Fill.__struct_fields__, 0))
    return [fill(trade_id=number, time_us=int(at * 1e6)) for number, at in enumerate(at_s, 1)]


def judged(notes: list[Note]) -> tuple[str, int]:
    """How a user stream with a fill every 5 s from 100 s on is judged: back or deaf, and fills lost."""
    deaf, lost = streams.judged("user", streams.TROUBLES[0], fills(*range(100, 150, 5)), notes, 100.0)
    return deaf.shown, lost.bad


def test_a_stream_that_says_nothing_any_more_is_deaf_and_loses_everything() -> None:
    assert judged([]) == ("deaf", 10)


def test_a_warning_covers_what_came_before_it_and_a_little_after() -> None:
    assert judged([Note(at=120, words="closed")]) == ("deaf", 3)
    assert judged([Note(at=120, words="closed", over=True)]) == ("deaf", 0)


def test_a_stream_is_back_when_everything_is_told_again() -> None:
    told_again = [Note(at=100 + 5 * number, trade=number + 1) for number in range(4, 10)]
    assert judged(told_again) == ("20 s", 4)
    assert judged([Note(at=119, words="a gap"), *told_again]) == ("20 s", 0)


def test_the_board_has_a_line_for_each_finding_and_says_what_is_missing() -> None:
    one = Finding(section="duplicates", line="reset", bad=1, of=2)
    text = board.shown(Board(title="t", sections=SECTIONS[:1], findings={"a": (one,), "b": ()}))
    assert "1 of 2" in text
    (line,) = [line for line in text.splitlines() if line.startswith("  reset")]
    assert line.split() == ["reset", "1", "?"]


def test_every_scene_has_a_name_and_every_section_a_meaning() -> None:
    names = [scene.name for scene in scenes()]
    assert len(names) == len(set(names))
    assert len(scenes(quick=True)) < len(names)
    assert all(section.meaning for section in SECTIONS)
