"""What a run of the story `orders` depends on, drawn from its seed or written down for a named run (pure)."""

import msgspec

from surefoot.simulation.draws import below, pick, weighted
from surefoot.simulation.faults import ClockStep, Cut, Fault, Moment, Outage, Silence
from surefoot.simulation.wire import Weather
from surefoot.world import Entropy, SeededEntropy

EXCHANGE = "exchange"
NAMES = ("alice", "bob")
SYMBOLS = ("BTCUSDT", "ETHUSDT")

REST, SESSION, SIGNED = "rest", "session", "signed"
"""Doors: REST; a WebSocket API session (logged on where the key can); one that signs each request."""


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """How a trader trades: its kind of key, its door, how many things it does, in which symbols."""

    ed25519: bool = False
    door: str = REST
    actions: int = 20
    symbols: tuple[str, ...] = SYMBOLS


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """All a run depends on: a style and a clock offset for each of `NAMES`, `pause_s` between actions.

    The safety phase ends when the traders are done, but not before `safety_s`.
    """

    weather: Weather = Weather()
    plan: tuple[Fault, ...] = ()
    styles: tuple[Style, ...] = (Style(), Style())
    offsets_ms: tuple[int, ...] = (0, 0)
    pause_s: float = 0.2
    safety_s: float = 0.0


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
_MOST_FAULTS = 6
_LATEST_S = 15
_FARTHEST = 12


def draw_options(seed: int) -> Options:
    """The options of a seed."""
    dice = SeededEntropy(f"{seed}/options")
    return Options(
        weather=Weather(
            latency_ms=pick(dice, 0.2, 1.0, 5.0, 40.0),
            jitter_ms=pick(dice, 0.0, 0.5, 20.0),
            split=pick(dice, 0.0, 0.0, 0.2),
            join=pick(dice, 0.0, 0.1, 0.3),
        ),
        plan=tuple(_fault(dice) for _ in range(below(dice, _MOST_FAULTS + 1))),
        styles=tuple(_style(dice) for _ in NAMES),
        offsets_ms=tuple(pick(dice, 0, 0, 300, -5_000, 3_600_000) for _ in NAMES),
        pause_s=pick(dice, 0.01, 0.2, 1.0),
        safety_s=pick(dice, 0.0, 0.0, 0.0, 120.0),
    )


def _style(dice: Entropy) -> Style:
    return Style(
        ed25519=pick(dice, True, False),
        door=pick(dice, REST, SESSION, SIGNED),
        actions=10 + below(dice, 20),
        symbols=SYMBOLS[: pick(dice, 1, 2)],
    )


def _fault(dice: Entropy) -> Fault:
    return weighted(dice, {_cut: 60, _outage: 15, _silence: 20, _clock_step: 5})(dice)


def _cut(dice: Entropy) -> Fault:
    nth = 1 + below(dice, pick(dice, 1, 3, _FARTHEST))
    return Cut(words=pick(dice, *_WORDS), nth=nth, moment=pick(dice, *Moment))


def _outage(dice: Entropy) -> Fault:
    at_s, for_s = _when(dice)
    return Outage(at_s=at_s, for_s=for_s, between=(pick(dice, *NAMES), EXCHANGE))


def _silence(dice: Entropy) -> Fault:
    at_s, for_s = _when(dice)
    name = pick(dice, *NAMES)
    source, target = pick(dice, (name, EXCHANGE), (EXCHANGE, name))
    return Silence(at_s=at_s, for_s=for_s, source=source, target=target, forget=pick(dice, True, False))


def _clock_step(dice: Entropy) -> Fault:
    by_ms = pick(dice, -30_000, -900, 900, 30_000)
    return ClockStep(at_s=_when(dice)[0], host=pick(dice, EXCHANGE, *NAMES), by_ms=by_ms)


def _when(dice: Entropy) -> tuple[float, float]:
    return dice.uniform() * _LATEST_S, pick(dice, 0.05, 1.0, 4.0, 20.0, 90.0)
