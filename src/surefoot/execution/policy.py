"""The operator's own limits, as a value: what may be traded, and how much of it (ORDER-6).

Not given, `None` and zero are three things. A limit that is left out limits nothing; a limit of 0 lets
nothing through; `None` is refused, because a setting that went missing must not read as "unlimited". The
symbols are the exception: with none named, nothing is traded at all. `guard` judges by it.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from types import MappingProxyType

import msgspec
from msgspec import structs

from surefoot.errors import Misuse
from surefoot.spot.enums import OrderType
from surefoot.values import UNSET, Money, UnsetType, money

Caps = Mapping[str, Money]
"""The most, by asset or by symbol."""

_CAPS = ("notional_per_order", "notional_per_minute", "notional_per_day", "loss_per_day", "position")
_NAME_SYMBOLS = (
    "trading needs at least symbols=: name those that may be traded, as in Policy(symbols={'BTCUSDT'})"
)


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator allows. `Policy()` allows nothing: it is `READ_ONLY`, until `symbols` are named.

    `order_types` are those that orders, and the legs of lists, may have. `notional_per_order`, `_per_minute`
    and `_per_day` are the most by quote asset, as in ``{"USDT": "1000"}``; where one is given, symbols of
    other quote assets are refused. A minute is any 60 s, a day begins at 00:00 UTC. `open_orders` is how many
    orders may be open or in flight, each leg of a list counted. `position` is the largest by symbol, in the
    base asset. `loss_per_day` is the loss, realised today and unrealised, by quote asset, from which on only
    what reduces a position passes. `price_band` is a fraction, below 1: no BUY is priced above ask × (1 +
    band), no SELL below bid × (1 - band). What needs the book needs one not older than `stale_after_ms`.

    Amounts may be given as `Decimal`, int or text, and are kept as `Decimal`. Raises `Misuse`, naming the
    field, for floats, negative amounts, `None`, and names that cannot be meant.
    """

    symbols: Collection[str] | UnsetType = UNSET
    order_types: Collection[str] | UnsetType = UNSET
    notional_per_order: Caps | UnsetType = UNSET
    notional_per_minute: Caps | UnsetType = UNSET
    notional_per_day: Caps | UnsetType = UNSET
    open_orders: int | UnsetType = UNSET
    position: Caps | UnsetType = UNSET
    loss_per_day: Caps | UnsetType = UNSET
    price_band: Money | UnsetType = UNSET
    stale_after_ms: int = 5_000
    read_only: bool | UnsetType = UNSET

    def __post_init__(self) -> None:
        exact: dict[str, object] = {field: _caps(field, getattr(self, field)) for field in _CAPS}
        exact["symbols"] = _names("symbols", self.symbols)
        exact["order_types"] = _types(self.order_types)
        exact["price_band"] = _band(self.price_band)
        exact["read_only"] = _read_only(self.read_only, self.symbols)
        _count("open_orders", self.open_orders)
        _count("stale_after_ms", self.stale_after_ms)
        for field, value in exact.items():
            structs.force_setattr(self, field, value)

    @property
    def band(self) -> Decimal | None:
        """The price band; None where there is none."""
        return None if self.price_band is UNSET else money("price_band", self.price_band)


def _caps(field: str, given: object) -> Mapping[str, Decimal] | UnsetType:
    if given is UNSET:
        return UNSET
    if not isinstance(given, Mapping) or not given:
        raise Misuse(f"{field}: {given!r} names no caps; leave it out, or give them as in {{'USDT': '1000'}}")
    names = _upper(field, given)
    return MappingProxyType({name: _amount(f"{field}[{name!r}]", given[name]) for name in sorted(names)})


def _amount(field: str, given: object) -> Decimal:
    value = money(field, given)
    if value < 0:
        raise Misuse(f"{field}: {given!r} is negative; 0 lets nothing through")
    return value


def _names(field: str, given: object) -> frozenset[str] | UnsetType:
    if given is UNSET:
        return UNSET
    if isinstance(given, str) or not isinstance(given, Collection) or not given:
        raise Misuse(f"{field}: {given!r} names none; leave it out, or give several, as in {{'A', 'B'}}")
    return _upper(field, given)


def _upper(field: str, given: Collection[object]) -> frozenset[str]:
    """The names, none of which is empty or in lower case: the exchange's are not."""
    for name in given:
        if not isinstance(name, str) or not name or name != name.upper() or any(map(str.isspace, name)):
            advice = (
                f"; did you mean {name.strip().upper()!r}?" if isinstance(name, str) and name.strip() else ""
            )
            raise Misuse(f"{field}: {name!r} is not a name of the exchange's{advice}")
    return frozenset(map(str, given))


def _types(given: object) -> frozenset[OrderType] | UnsetType:
    names = _names("order_types", given)
    if names is UNSET:
        return UNSET
    types = frozenset(map(OrderType, names))
    for each in types:
        if not each.known:
            raise Misuse(f"order_types: {each.value!r} is none; there are {', '.join(OrderType)}")
    return types


def _band(given: object) -> Decimal | UnsetType:
    if given is UNSET:
        return UNSET
    value = _amount("price_band", given)
    if value >= 1:
        raise Misuse(f"price_band: {given!r} is not a fraction below 1; one per cent is '0.01'")
    return value


def _count(field: str, given: object) -> None:
    if given is not UNSET and (type(given) is not int or given < 0):
        raise Misuse(f"{field}: {given!r} is not a whole number of at least 0; leave it out, or give one")


def _read_only(given: object, symbols: object) -> bool:
    if given is UNSET:
        return symbols is UNSET
    if not isinstance(given, bool):
        raise Misuse(f"read_only: {given!r} is neither True nor False")
    if not given and symbols is UNSET:
        raise Misuse(f"read_only: {_NAME_SYMBOLS}")
    return given


def next_step(policy: Policy) -> str:
    """How a policy that is read-only becomes one that trades."""
    return _NAME_SYMBOLS if policy.symbols is UNSET else "pass read_only=False to trade"


READ_ONLY = Policy()
"""Nothing that changes anything passes: the policy of a trader that was given none."""
