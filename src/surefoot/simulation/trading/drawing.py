"""What a seed stands for: the options of its run."""

from typing import get_args

from surefoot.exchange.faults import (
    Answer,
    BadBody,
    LostAnswer,
    LostRequest,
    ReadLag,
    Rule,
    SlowEngine,
    Where,
)
from surefoot.exchange.faults import Cut as CutEvent
from surefoot.exchange.faults import Fault as ExchangeFault
from surefoot.exchange.faults.kinds import ENGINE_PATIENCE_MS, How
from surefoot.simulation.disk import Moment
from surefoot.simulation.draws import below, pick, weighted
from surefoot.simulation.faults import Fault
from surefoot.simulation.happenings import Happening
from surefoot.simulation.names import SYMBOLS
from surefoot.simulation.options import draw_weather
from surefoot.simulation.swarm import draw_swarm
from surefoot.simulation.trading.actions import draw_action
from surefoot.simulation.trading.kills import AtCommit, AtOrder, AtStep, AtTime, Kill
from surefoot.simulation.trading.options import NAMES, Level, Role, TradingOptions
from surefoot.simulation.trading.troubles import FullDisk, SlowDisk, Trouble
from surefoot.world import Entropy, SeededEntropy

_LATEST_S = 15.0
_LIGHTLY = 2
_MOSTLY = 0.85
_PLACEMENTS = ("order.place", "order.place", "orderList.place*", "order.cancelReplace", "order.amend*")
_SILENCES: tuple[ExchangeFault, ...] = (
    *(LostAnswer(how) for how in get_args(How)),
    *(LostRequest(how) for how in get_args(How)),
    *(Answer(code=-1007, executed=done) for done in (True, False)),
    *(Answer(503, executed=done) for done in (True, False)),
    *(SlowEngine(ENGINE_PATIENCE_MS, executed=done) for done in (True, False)),
    BadBody("truncated"),
)
"""After each of these a placement is in doubt."""


def draw(seed: int, level: Level) -> TradingOptions:
    """The options of a seed."""
    dice = SeededEntropy(f"{seed}/trading")
    names = NAMES[: pick(dice, 1, 2, 2, 3)]
    pause_s = pick(dice, 0.02, 0.2, 0.6)
    wrong = _wrong(seed, level)
    return TradingOptions(
        seed=seed,
        roles=tuple(_role(SeededEntropy(f"{seed}/role/{name}"), name, pause_s) for name in names),
        weather=draw_weather(dice),
        plan=tuple(one for one in wrong if isinstance(one, Fault)),
        rules=tuple(one for one in wrong if isinstance(one, Rule)),
        happens=tuple(one for one in wrong if isinstance(one, Happening)),
        kills=_kills(SeededEntropy(f"{seed}/kills"), names, level),
        troubles=_troubles(SeededEntropy(f"{seed}/disks"), names, level),
        safety_s=pick(dice, 0.0, 0.0, 20.0),
    )


def _wrong(seed: int, level: Level) -> tuple[Fault | Rule | Happening, ...]:
    if level == "none":
        return ()
    swarm = draw_swarm(SeededEntropy(f"{seed}/swarm"))
    doubtful = _doubtful(SeededEntropy(f"{seed}/doubts"), level)
    hidden = _hidden(SeededEntropy(f"{seed}/hidden")) if level == "heavy" else ()
    return (*(swarm[:_LIGHTLY] if level == "light" else swarm), *doubtful, *hidden)


def _doubtful(dice: Entropy, level: Level) -> tuple[Rule, ...]:
    """Placements of which nobody knows at first whether they happened: what a trader is for."""
    count = pick(dice, 0, 0, 1) if level == "light" else pick(dice, 0, 0, 1, 3)
    return tuple(
        Rule(
            pick(dice, *_SILENCES),
            Where(pick(dice, *_PLACEMENTS)),
            skip=below(dice, pick(dice, 1, 4, 12)),
            times=1 + below(dice, 2),
        )
        for _ in range(count)
    )


def _hidden(dice: Entropy) -> tuple[Rule, ...]:
    """Sometimes what hurts only together: answers are lost, the events that would tell as much are lost with
    their connections, and reads lag behind. (Lost on a connection that goes on, nobody could know.)
    """
    if dice.uniform() < _MOSTLY:
        return ()
    lag_ms = pick(dice, 5_000, 20_000, 30_000)
    often, now_and_then = pick(dice, 0.5, 1.0), pick(dice, 0.2, 0.5)
    return (
        Rule(LostAnswer(), Where("order.place"), times=3, probability=now_and_then, seed=below(dice, 1_000)),
        Rule(
            CutEvent(),
            Where("executionReport", on="user"),
            times=8,
            probability=often,
            seed=below(dice, 1_000),
        ),
        Rule(ReadLag(lag_ms), Where(), times=1_000),
    )


def _role(dice: Entropy, name: str, pause_s: float) -> Role:
    symbols = SYMBOLS[: pick(dice, 1, 2)]
    count = 8 + below(dice, 17)
    return Role(
        name=name,
        ed25519=pick(dice, True, False),
        transport=pick(dice, "rest", "ws_api"),
        offset_ms=pick(dice, 0, 0, 300, -5_000, 3_600_000),
        reconcile_ms=pick(dice, 3_000, 10_000, 20_000),
        checkpoint_every=pick(dice, 10, 60, 1_000),
        late=pick(dice, "adopt", "adopt", "cancel"),
        symbols=symbols,
        open_orders=pick(dice, None, None, 12, 4),
        usdt_per_minute=pick(dice, None, None, None, None, 5_000),
        actions=tuple(draw_action(dice, number, symbols, pause_s) for number in range(1, count + 1)),
    )


def _kills(dice: Entropy, names: tuple[str, ...], level: Level) -> tuple[Kill, ...]:
    if level == "none":
        return ()
    most = pick(dice, 0, 1) if level == "light" else pick(dice, 0, 1, 1, 2, 4)
    return tuple(_kill(dice, names) for _ in range(most))


def _kill(dice: Entropy, names: tuple[str, ...]) -> Kill:
    kind = weighted(dice, {_at_time: 2, _at_step: 4, _at_commit: 3, _at_order: 3})
    return kind(dice, pick(dice, *names), pick(dice, 0.1, 1.0, 5.0, 40.0), pick(dice, True, False))


def _at_time(dice: Entropy, host: str, back_s: float, power_loss: bool) -> Kill:
    at_s = round(dice.uniform() * _LATEST_S, 4)
    return AtTime(host=host, back_s=back_s, power_loss=power_loss, at_s=at_s)


def _at_step(dice: Entropy, host: str, back_s: float, power_loss: bool) -> Kill:
    nth = 1 + below(dice, pick(dice, 150, 600, 2_500))
    return AtStep(host=host, back_s=back_s, power_loss=power_loss, life=pick(dice, 1, 1, 2), nth=nth)


def _at_commit(dice: Entropy, host: str, back_s: float, power_loss: bool) -> Kill:
    nth = 1 + below(dice, pick(dice, 4, 30))
    return AtCommit(host=host, back_s=back_s, power_loss=power_loss, nth=nth, moment=pick(dice, *Moment))


def _at_order(dice: Entropy, host: str, back_s: float, power_loss: bool) -> Kill:
    after_s = pick(dice, 0.0, 0.0005, 0.002, 0.03, 0.1)
    nth = 1 + below(dice, 12)
    return AtOrder(host=host, back_s=back_s, power_loss=power_loss, nth=nth, after_s=after_s)


def _troubles(dice: Entropy, names: tuple[str, ...], level: Level) -> tuple[Trouble, ...]:
    if level == "none" or dice.uniform() < (0.8 if level == "light" else 0.6):
        return ()
    return tuple(_trouble(dice, names) for _ in range(1 + below(dice, 2)))


def _trouble(dice: Entropy, names: tuple[str, ...]) -> Trouble:
    host, at_s = pick(dice, *names), round(dice.uniform() * _LATEST_S, 3)
    for_s = pick(dice, 0.5, 3.0, 15.0)
    if dice.uniform() < 0.4:  # noqa: PLR2004
        return FullDisk(host=host, at_s=at_s, for_s=for_s)
    return SlowDisk(host=host, at_s=at_s, for_s=for_s, commit_s=pick(dice, 0.02, 0.3, 2.5, 7.0))
