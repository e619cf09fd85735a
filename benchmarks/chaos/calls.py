"""Calls while the address is banned, and calls after the exchange's clock has jumped."""

import time

from benchmarks.chaos.board import Finding
from benchmarks.chaos.cast import Play, told
from surefoot.exchange.faults import Answer, Where

BANNED, CLOCK = "banned", "clock"
CALLS, EVERY_S, RETRY_AFTER_S = 20, 0.1, 3
_STEPPED_CALLS, _BETWEEN_S = 5, 0.3


def banned(
    play: Play, status: int, *, every_s: float = EVERY_S, wait_s: int = RETRY_AFTER_S
) -> list[Finding]:
    """A program goes on calling; how many of its calls reach the exchange after the first refusal?"""
    fault = Answer(status=status, retry_after_s=wait_s)
    number = play.venue.fail(fault, Where(on="rest"), times=None, for_ms=wait_s * 1000)
    answers = []
    for _ in range(CALLS):
        answers.append(play.part.begin("read"))
        time.sleep(every_s)
    hits = play.venue.struck(number) - 1
    said = [told(answer) for answer in answers]
    detail = " | ".join(dict.fromkeys(f"{each.kind}: {each.text}" for each in said if not each.ok))
    return [Finding(section=BANNED, line=f"HTTP {status}", bad=hits, detail=detail[:600])]


def stepped(play: Play, by_ms: float, *, between_s: float = _BETWEEN_S) -> list[Finding]:
    """The exchange's clock jumps in the middle of a session; which calls fail then?"""
    play.part.must("read")
    play.venue.step_clock(by_ms)
    return _failed(play, f"{by_ms / 1000:+.0f} s in mid-session", between_s)


def ahead(play: Play, by_ms: float) -> list[Finding]:
    """The clocks differed before the client was made."""
    return _failed(play, f"{by_ms / 1000:+.0f} s from the start", _BETWEEN_S)


def _failed(play: Play, line: str, between_s: float) -> list[Finding]:
    said = []
    for _ in range(_STEPPED_CALLS):
        said.append(play.part.tell("read"))
        time.sleep(between_s)
    failed = [each for each in said if not each.ok]
    detail = " | ".join(dict.fromkeys(f"{each.kind}: {each.text}" for each in failed))
    return [Finding(section=CLOCK, line=line, bad=len(failed), of=len(said), detail=detail)]
