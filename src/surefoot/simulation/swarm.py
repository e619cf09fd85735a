"""Swarms: each seed draws a few kinds of what can go wrong, and then faults of those kinds only.

So some runs are heavy in one kind, and others mix many: a defect that needs five of a kind in a row is found
as well as one that needs five kinds at once. Pure.
"""

from collections.abc import Callable

import msgspec

from surefoot.exchange.faults import (
    Answer,
    BadBody,
    Duplicate,
    Fault,
    Latency,
    LostAnswer,
    LostRequest,
    Mute,
    ReadLag,
    Reorder,
    Rule,
    SlowEngine,
    Where,
    Withhold,
)
from surefoot.exchange.faults import Cut as CutEvent
from surefoot.exchange.faults.kinds import ENGINE_PATIENCE_MS
from surefoot.net.endings import Ending
from surefoot.simulation.draws import below, pick, weighted
from surefoot.simulation.faults import ClockStep, Cut, Moment, Outage, Silence
from surefoot.simulation.faults import Fault as WireFault
from surefoot.simulation.happenings import (
    Banned,
    Dropped,
    Halted,
    Happening,
    Leaving,
    Maintenance,
    Relimited,
    Reweighed,
    WrongClock,
)
from surefoot.simulation.names import EXCHANGE, NAMES, SYMBOLS
from surefoot.spot import codes
from surefoot.spot.enums import SymbolStatus
from surefoot.world import Entropy

Wrong = WireFault | Rule | Happening

_WORDS = (
    b"POST /api/v3/order",
    b"DELETE /api/v3/order",
    b"GET /api/v3/openOrders",
    b"GET /api/v3/time",
    b"GET /api/v3/account",
    b'"order.place"',
    b'"order.cancel"',
    b'"session.logon"',
    b'"userDataStream.subscribe',
    b'"executionReport"',
    b'"outboundAccountPosition"',
    b"GET /ws-api/v3",
    b"HTTP/1.1 200",
    b"HTTP/1.1 101",
)
_WRITES = ("order.place", "order.cancel", "order.*")
_READS = ("time", "account.status", "myTrades", "openOrders.status", "ticker.book", "depth", "klines")
_OPENING = ("session.logon", "userDataStream.subscribe*")
_EVENTS = ("executionReport", "outboundAccountPosition", "*@trade", "*@bookTicker", "")
_REWEIGHED = ("depth", "account.status", "myTrades", "order.place", "ticker.book", "openOrders.status")
_BODIES = (
    BadBody("truncated"),
    BadBody("html"),
    BadBody("other_shape"),
    BadBody("wrong_length"),
    BadBody("garbage"),
    BadBody("broken_gzip"),
)
_LATEST_S, _FARTHEST, _MOST_TIMES = 15, 12, 6


def _when(dice: Entropy) -> tuple[float, float]:
    return dice.uniform() * _LATEST_S, pick(dice, 0.05, 1.0, 4.0, 20.0, 90.0)


def _rule(dice: Entropy, fault: Fault, where: Where) -> Rule:
    """Strikes the n-th occasions, or each one with some probability, for a while."""
    if dice.uniform() < 0.5:  # noqa: PLR2004
        return Rule(
            fault,
            where,
            skip=below(dice, pick(dice, 1, 3, _FARTHEST)),
            times=1 + below(dice, pick(dice, 1, 1, _MOST_TIMES)),
        )
    at_s, for_s = _when(dice)
    return Rule(
        fault,
        where,
        times=2 * _MOST_TIMES,
        probability=pick(dice, 0.1, 0.5, 1.0),
        seed=below(dice, 1_000),
        after_ms=round(at_s * 1000),
        for_ms=round(for_s * 1000),
    )


def _asked(dice: Entropy, *requests: str) -> Where:
    """Some request, over whichever way; sometimes of one account only."""
    return Where(
        pick(dice, *requests),
        on=pick(dice, None, None, "rest", "ws_api"),
        account=pick(dice, None, None, *NAMES),
    )


def _told(dice: Entropy) -> Where:
    return Where(pick(dice, *_EVENTS), on=pick(dice, None, "user", "market"))


def _cut(dice: Entropy) -> Wrong:
    nth = 1 + below(dice, pick(dice, 1, 3, _FARTHEST))
    return Cut(words=pick(dice, *_WORDS), nth=nth, moment=pick(dice, *Moment))


def _outage(dice: Entropy) -> Wrong:
    at_s, for_s = _when(dice)
    return Outage(at_s=at_s, for_s=for_s, between=(pick(dice, *NAMES), EXCHANGE))


def _silence(dice: Entropy) -> Wrong:
    at_s, for_s = _when(dice)
    name = pick(dice, *NAMES)
    source, target = pick(dice, (name, EXCHANGE), (EXCHANGE, name))
    return Silence(at_s=at_s, for_s=for_s, source=source, target=target, forget=pick(dice, True, False))


def _clock_step(dice: Entropy) -> Wrong:
    by_ms = pick(dice, -30_000, -900, 900, 30_000)
    return ClockStep(at_s=_when(dice)[0], host=pick(dice, EXCHANGE, *NAMES), by_ms=by_ms)


def _wrong_clock(dice: Entropy) -> Wrong:
    step_ms = pick(dice, 0, -5_000, -900, 900, 5_000)
    return WrongClock(at_s=_when(dice)[0], step_ms=step_ms, drift_ppm=pick(dice, 0, -200, 200))


def _latency(dice: Entropy) -> Wrong:
    fault = Latency(
        pick(dice, 20, 300, 2_000, 9_000), pick(dice, 0, 500), leg=pick(dice, "request", "answer")
    )
    return _rule(dice, fault, _asked(dice, "", *_WRITES, *_READS))


def _lost_answer(dice: Entropy) -> Wrong:
    return _rule(dice, LostAnswer(pick(dice, *Ending)), _asked(dice, *_WRITES, *_READS, *_OPENING))


def _lost_request(dice: Entropy) -> Wrong:
    return _rule(dice, LostRequest(pick(dice, *Ending)), _asked(dice, *_WRITES, *_READS, *_OPENING))


def _limited(dice: Entropy) -> Wrong:
    fault = Answer(429, retry_after_s=pick(dice, None, 0, 1, 7, 60))
    return _rule(dice, fault, _asked(dice, "", *_WRITES, *_READS, *_OPENING))


def _teapot(dice: Entropy) -> Wrong:
    fault = Answer(418, retry_after_s=pick(dice, None, 0, 5, 120))
    return _rule(dice, fault, _asked(dice, "", *_WRITES, *_READS, *_OPENING))


def _ban(dice: Entropy) -> Wrong:
    at_s, for_s = _when(dice)
    return Banned(at_s=at_s, host=pick(dice, *NAMES), for_s=for_s)


def _forbidden(dice: Entropy) -> Wrong:
    return _rule(dice, Answer(403), _asked(dice, *_WRITES, *_READS))


def _server_error(dice: Entropy) -> Wrong:
    status, executed = pick(dice, 500, 502, 503, 504), pick(dice, True, False)
    fault = pick(
        dice,
        Answer(status, executed=executed),
        Answer(status, body="html", executed=executed),
        Answer(status, body="empty", executed=executed),
    )
    return _rule(dice, fault, _asked(dice, "", *_WRITES, *_READS))


def _doubtful(dice: Entropy) -> Wrong:
    code = pick(dice, *sorted(codes.UNKNOWN_EXECUTION))
    fault = Answer(code=code, executed=pick(dice, True, False))
    return _rule(dice, fault, _asked(dice, *_WRITES, *_READS, *_OPENING))


def _stale(dice: Entropy) -> Wrong:
    return _rule(dice, Answer(code=codes.INVALID_TIMESTAMP), _asked(dice, *_WRITES, *_READS[1:4]))


def _slow_engine(dice: Entropy) -> Wrong:
    fault = SlowEngine(pick(dice, 500, 6_000, ENGINE_PATIENCE_MS), executed=pick(dice, True, False))
    return _rule(dice, fault, _asked(dice, *_WRITES))


def _read_lag(dice: Entropy) -> Wrong:
    return _rule(dice, ReadLag(pick(dice, 500, 5_000, 20_000)), _asked(dice, "", *_READS[1:4]))


def _bad_body(dice: Entropy) -> Wrong:
    fault = msgspec.structs.replace(
        pick(dice, *_BODIES), status=pick(dice, 200, 200, 500), executed=pick(dice, True, False)
    )
    return _rule(dice, fault, _asked(dice, "", *_WRITES, *_READS, *_OPENING))


def _bad_event(dice: Entropy) -> Wrong:
    bad: tuple[Fault, ...] = (Duplicate(), Reorder(), Withhold(), Withhold(300), Withhold(3_000))
    return _rule(dice, pick(dice, *bad), _told(dice))


def _end_of_events(dice: Entropy) -> Wrong:
    ends: tuple[Fault, ...] = (CutEvent("reset"), CutEvent("close"), Mute())
    return _rule(dice, pick(dice, *ends), _told(dice))


def _handshake(dice: Entropy) -> Wrong:
    answers = (Answer(429), Answer(418, retry_after_s=5), Answer(403), Answer(503))
    faults: tuple[Fault, ...] = (*answers, LostRequest())
    return _rule(dice, pick(dice, *faults), Where(pick(dice, "", "ws_api", "streams"), on="connect"))


def _halted(dice: Entropy) -> Wrong:
    at_s, for_s = _when(dice)
    status = pick(dice, SymbolStatus.HALT, SymbolStatus.BREAK, SymbolStatus.CANCEL_ONLY)
    return Halted(at_s=at_s, symbol=pick(dice, *SYMBOLS), status=status, for_s=for_s)


def _reweighed(dice: Entropy) -> Wrong:
    return Reweighed(at_s=_when(dice)[0], operation=pick(dice, *_REWEIGHED), times=pick(dice, 0.5, 2, 5))


def _relimited(dice: Entropy) -> Wrong:
    return Relimited(at_s=_when(dice)[0], weight=pick(dice, 300, 600, 6_000), orders=pick(dice, 5, 20, 100))


def _maintenance(dice: Entropy) -> Wrong:
    at_s, for_s = _when(dice)
    return Maintenance(at_s=at_s, for_s=for_s)


def _leaving(dice: Entropy) -> Wrong:
    return Leaving(at_s=_when(dice)[0], lead_s=pick(dice, 0, 1, 10))


def _dropped(dice: Entropy) -> Wrong:
    happening = Dropped(at_s=_when(dice)[0], on=pick(dice, None, "ws_api", "market"), how="reset")
    return pick(
        dice,
        happening,
        msgspec.structs.replace(happening, how="close"),
        msgspec.structs.replace(happening, how="mute"),
    )


KINDS: dict[Callable[[Entropy], Wrong], int] = {
    _cut: 8,
    _outage: 4,
    _silence: 4,
    _clock_step: 2,
    _wrong_clock: 2,
    _latency: 3,
    _lost_answer: 4,
    _lost_request: 3,
    _limited: 3,
    _teapot: 2,
    _ban: 2,
    _forbidden: 2,
    _server_error: 3,
    _doubtful: 3,
    _stale: 2,
    _slow_engine: 3,
    _read_lag: 2,
    _bad_body: 3,
    _bad_event: 3,
    _end_of_events: 3,
    _handshake: 3,
    _halted: 2,
    _reweighed: 2,
    _relimited: 3,
    _maintenance: 2,
    _leaving: 2,
    _dropped: 3,
}
"""Every kind, and how often it is drawn."""


def draw_swarm(dice: Entropy) -> tuple[Wrong, ...]:
    """What goes wrong in one run: none at all, a handful, or many; of one kind, a few, or all."""
    kinds, left = {}, dict(KINDS)
    for _ in range(pick(dice, 1, 1, 2, 3, 5, len(KINDS))):
        kind = weighted(dice, left)
        kinds[kind] = left.pop(kind)
    count = pick(dice, 0, 1, 2, 4, 8, 12)
    return tuple(weighted(dice, kinds)(dice) for _ in range(count))
