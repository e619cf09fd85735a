"""What a run of the story `orders` depends on, drawn from its seed or written down for a named run (pure)."""

import msgspec

from surefoot.exchange.faults import Rule
from surefoot.simulation.draws import below, pick
from surefoot.simulation.faults import Fault
from surefoot.simulation.happenings import Happening
from surefoot.simulation.names import NAMES, SYMBOLS
from surefoot.simulation.swarm import draw_swarm
from surefoot.simulation.wire import Weather
from surefoot.world import Entropy, SeededEntropy

REST, SESSION, SIGNED = "rest", "session", "signed"
"""Doors: REST; a WebSocket API session (logged on where the key can); one that signs each request."""


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """How a trader trades: its kind of key, its door, how many things it does, in which symbols; and for how
    long it asks at once for three times as much as its limits allow.
    """

    ed25519: bool = False
    door: str = REST
    actions: int = 20
    symbols: tuple[str, ...] = SYMBOLS
    overload_s: float = 0.0


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """The limits at the beginning: weight per minute, unfilled orders per ten seconds."""

    weight: int = 6_000
    orders: int = 100


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """All a run depends on: a style and a clock offset for each of `NAMES`, `pause_s` between actions.

    What goes wrong: the wires, by `plan`; the exchange, by its own `rules` and by what `happens` to it. The
    safety phase ends when the traders are done, but not before `safety_s`.
    """

    weather: Weather = Weather()
    plan: tuple[Fault, ...] = ()
    rules: tuple[Rule, ...] = ()
    happens: tuple[Happening, ...] = ()
    room: Room = Room()
    styles: tuple[Style, ...] = (Style(), Style())
    offsets_ms: tuple[int, ...] = (0, 0)
    pause_s: float = 0.2
    safety_s: float = 0.0


def draw_weather(dice: Entropy) -> Weather:
    """Near or far, steady or not, in pieces or in lumps."""
    return Weather(
        latency_ms=pick(dice, 0.2, 1.0, 5.0, 40.0),
        jitter_ms=pick(dice, 0.0, 0.5, 20.0),
        split=pick(dice, 0.0, 0.0, 0.2),
        join=pick(dice, 0.0, 0.1, 0.3),
    )


def draw_options(seed: int) -> Options:
    """The options of a seed."""
    dice = SeededEntropy(f"{seed}/options")
    wrong = draw_swarm(SeededEntropy(f"{seed}/swarm"))
    return Options(
        weather=draw_weather(dice),
        plan=tuple(one for one in wrong if isinstance(one, Fault)),
        rules=tuple(one for one in wrong if isinstance(one, Rule)),
        happens=tuple(one for one in wrong if isinstance(one, Happening)),
        room=_room(dice),
        styles=tuple(_style(dice) for _ in NAMES),
        offsets_ms=tuple(pick(dice, 0, 0, 300, -5_000, 3_600_000) for _ in NAMES),
        pause_s=pick(dice, 0.01, 0.2, 1.0),
        safety_s=pick(dice, 0.0, 0.0, 0.0, 120.0),
    )


def _room(dice: Entropy) -> Room:
    return pick(dice, Room(), Room(), Room(weight=1_200), Room(weight=300, orders=10))


def _style(dice: Entropy) -> Style:
    return Style(
        ed25519=pick(dice, True, False),
        door=pick(dice, REST, SESSION, SIGNED),
        actions=10 + below(dice, 20),
        symbols=SYMBOLS[: pick(dice, 1, 2)],
        overload_s=pick(dice, 0.0, 0.0, 0.0, 0.0, 0.0, 90.0),
    )
