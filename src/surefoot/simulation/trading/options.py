"""All that a run of the story `trading` depends on, down to each action; as JSON, a kept story (pure)."""

from typing import Literal

import msgspec

from surefoot.exchange.faults import Rule
from surefoot.execution.policy import Policy
from surefoot.simulation.faults import Fault
from surefoot.simulation.happenings import Happening
from surefoot.simulation.names import SYMBOLS
from surefoot.simulation.trading.actions import Action
from surefoot.simulation.trading.kills import Kill
from surefoot.simulation.trading.troubles import Trouble
from surefoot.simulation.wire import Weather
from surefoot.values import UNSET

NAMES = ("alice", "bob", "carol")

Level = Literal["none", "light", "heavy"]


class Role(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One trader: its host and account, its key, its transport, its clock, and what it does. Its operator
    allows so many `open_orders`, and to order for so many USDT in a minute.
    """

    name: str
    ed25519: bool = False
    transport: Literal["rest", "ws_api"] = "rest"
    offset_ms: int = 0
    reconcile_ms: int = 20_000
    checkpoint_every: int = 60
    late: Literal["adopt", "cancel"] = "adopt"
    symbols: tuple[str, ...] = SYMBOLS
    open_orders: int | None = None
    usdt_per_minute: int | None = None
    actions: tuple[Action, ...] = ()

    @property
    def policy(self) -> Policy:
        """What its operator allows."""
        return Policy(
            symbols=self.symbols,
            open_orders=UNSET if self.open_orders is None else self.open_orders,
            notional_per_minute=UNSET if self.usdt_per_minute is None else {"USDT": self.usdt_per_minute},
        )


class TradingOptions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`seed` throws what is left to dice: the delays of the network, the tails of ids.

    What goes wrong: the wires by `plan`, the exchange by its `rules` and by what `happens` to it, `kills` of
    hosts, `troubles` of their disks. The safety phase ends when the traders are done, but not before
    `safety_s`.
    """

    seed: int
    roles: tuple[Role, ...]
    weather: Weather = Weather()
    plan: tuple[Fault, ...] = ()
    rules: tuple[Rule, ...] = ()
    happens: tuple[Happening, ...] = ()
    kills: tuple[Kill, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    safety_s: float = 0.0

    @property
    def names(self) -> tuple[str, ...]:
        """Those of the traders."""
        return tuple(role.name for role in self.roles)


def spelled(options: TradingOptions) -> bytes:
    """As JSON."""
    return msgspec.json.format(msgspec.json.encode(options), indent=1)


def read(text: bytes) -> TradingOptions:
    """From JSON."""
    return msgspec.json.decode(text, type=TradingOptions)
