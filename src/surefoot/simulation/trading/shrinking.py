"""Makes a failing story shorter while it still fails in the same way: delta debugging over its options.

Whatever can be left out is tried to be left out, in halves first and then one by one: traders, kills, faults,
single actions. What cannot, is made plainer.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from surefoot.simulation.trading.actions import Action
from surefoot.simulation.trading.options import Role, TradingOptions
from surefoot.simulation.trading.running import Outcome, play
from surefoot.simulation.wire import Weather

_PARTS = ("roles", "kills", "troubles", "plan", "rules", "happens")
_PLAIN_ROLE: dict[str, Any] = {
    "ed25519": False,
    "transport": "rest",
    "offset_ms": 0,
    "late": "adopt",
    "open_orders": None,
    "symbols": ("BTCUSDT",),
}
_PLAIN_ACTION: dict[str, Any] = {"beside": False, "patience_s": None, "again": 0, "lots": 1, "pause_s": 0.0}
MOST_RUNS = 600

Play = Callable[[TradingOptions], Outcome]


class Shrinker:
    """Of one failure: of the `law` that did not hold. `runs` counts the attempts; `tell` hears more."""

    def __init__(
        self, law: str, *, tell: Callable[[str], object] = str, played: Play = lambda one: play(one)[0]
    ) -> None:
        self.runs = 0
        self._law, self._tell, self._play = law, tell, played

    def shrink(self, options: TradingOptions) -> TradingOptions:
        """The shortest story that was found; the story itself where it does not fail."""
        while self.runs < MOST_RUNS:
            before = options
            for part in _PARTS:
                options = self._fewer(options, part)
            for number in range(len(options.roles)):
                options = self._fewer_actions(options, number)
            options = self._plainer(options)
            if options == before:
                break
        return options

    def _fails(self, options: TradingOptions) -> bool:
        if self.runs >= MOST_RUNS:
            return False
        self.runs += 1
        return any(breach.law == self._law for breach in self._play(options).breaches)

    def _better(self, now: TradingOptions, then: TradingOptions) -> TradingOptions:
        if then == now or not self._fails(then):
            return now
        self._tell(f"{size(then)} parts are left after {self.runs} runs")
        return then

    def _fewer(self, options: TradingOptions, part: str) -> TradingOptions:
        least = 1 if part == "roles" else 0

        def changed(parts: tuple[Any, ...]) -> TradingOptions:
            return msgspec.structs.replace(options, **{part: parts})

        return changed(self._least(getattr(options, part), least, changed))

    def _fewer_actions(self, options: TradingOptions, number: int) -> TradingOptions:
        def changed(actions: tuple[Any, ...]) -> TradingOptions:
            return _with_actions(options, number, actions)

        return changed(self._least(options.roles[number].actions, 0, changed))

    def _least(
        self, parts: tuple[Any, ...], least: int, changed: Callable[[tuple[Any, ...]], TradingOptions]
    ) -> tuple[Any, ...]:
        """As few of the parts as still fail: chunks are left out, of half of them at first, then smaller."""
        chunk = len(parts)
        while chunk >= 1:
            start = 0
            while start < len(parts):
                fewer = parts[:start] + parts[start + chunk :]
                if len(fewer) >= least and self._fails(changed(fewer)):
                    parts = fewer
                    self._tell(f"{size(changed(parts))} parts are left after {self.runs} runs")
                else:
                    start += chunk
            chunk //= 2
        return parts

    def _plainer(self, options: TradingOptions) -> TradingOptions:
        plain: dict[str, Any]
        for plain in ({"weather": Weather()}, {"safety_s": 0.0}):
            options = self._better(options, msgspec.structs.replace(options, **plain))
        for number in range(len(options.roles)):
            for name, value in _PLAIN_ROLE.items():
                role = msgspec.structs.replace(options.roles[number], **{name: value})
                options = self._better(options, _with_role(options, number, role))
            options = self._plainer_actions(options, number)
        return options

    def _plainer_actions(self, options: TradingOptions, number: int) -> TradingOptions:
        for at in range(len(options.roles[number].actions)):
            for name, value in _PLAIN_ACTION.items():
                actions = list(options.roles[number].actions)
                actions[at] = msgspec.structs.replace(actions[at], **{name: value})
                options = self._better(options, _with_actions(options, number, tuple(actions)))
        return options


def size(options: TradingOptions) -> int:
    """How many parts a story has."""
    return sum(len(getattr(options, part)) for part in _PARTS) + sum(len(r.actions) for r in options.roles)


def _with_role(options: TradingOptions, number: int, role: Role) -> TradingOptions:
    roles = tuple(role if at == number else one for at, one in enumerate(options.roles))
    return msgspec.structs.replace(options, roles=roles)


def _with_actions(options: TradingOptions, number: int, actions: tuple[Action, ...]) -> TradingOptions:
    return _with_role(options, number, msgspec.structs.replace(options.roles[number], actions=actions))
