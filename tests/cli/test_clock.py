"""`surefoot clock`: clocks compared, and whether the system keeps its own."""

import ctypes

import pytest

from surefoot.cli import clock as command
from surefoot.world import clock_is_kept
from tests.cli.conftest import Type


@pytest.mark.parametrize(
    ("kept", "words"), [(True, "kept by NTP"), (False, "not kept"), (None, "does not say")]
)
def test_clocks_are_compared(
    type_in: Type, monkeypatch: pytest.MonkeyPatch, kept: bool | None, words: str
) -> None:
    """AUTH-4: NTP hygiene is reported."""
    monkeypatch.setattr(command, "clock_is_kept", lambda: kept)
    (said,) = type_in("clock --json").lines
    assert said["kept"] is kept
    assert abs(said["offsetMs"]) < 100
    assert 1_000 <= said["recvWindowMs"] <= 5_000
    text = type_in("clock").out
    assert words in text
    assert "Clock, local" in text


@pytest.mark.parametrize(("state", "kept"), [(0, True), (4, True), (5, False), (-1, None)])
def test_the_kernel_says_whether_the_clock_is_kept(
    monkeypatch: pytest.MonkeyPatch, state: int, kept: bool | None
) -> None:
    """adjtimex(2): TIME_OK … TIME_WAIT, TIME_ERROR; -1 where it may not be asked."""

    class Library:
        @staticmethod
        def adjtimex(timex: object) -> int:
            assert bytes(timex)[:4] == b"\0\0\0\0"  # type: ignore[call-overload]  # it sets nothing
            return state

    monkeypatch.setattr(ctypes, "CDLL", lambda name: Library)
    assert clock_is_kept() is kept


def test_a_system_without_that_call_does_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    assert clock_is_kept() is None
    monkeypatch.undo()
    assert clock_is_kept() in {True, False, None}
