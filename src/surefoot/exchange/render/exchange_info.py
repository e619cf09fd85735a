"""What GET exchangeInfo answers: the listed symbols; each capability that is not built is said to be off."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from surefoot.exchange.core.listing import CAPABILITIES, Listing, default_prevention, preventions
from surefoot.exchange.render.amounts import PERMISSIONS, Json
from surefoot.serve.denial import bad_symbol

DEFAULT_PERMISSIONS = ("SPOT", "MARGIN", "LEVERAGED")

_NOT_BUILT = ("opoAllowed", "pegInstructionsAllowed", "isMarginTradingAllowed")
_OF_ACCOUNT = "MAX_NUM_"


class ExchangeInfo:
    """The symbols and limits as they are answered. `info` has the shape of GET exchangeInfo."""

    def __init__(self, info: Mapping[str, Any], symbols: Iterable[str]) -> None:
        listed = {row["symbol"]: row for row in info["symbols"]}
        self._symbols = {symbol: _served(listed[symbol]) for symbol in symbols}
        self._permitted = {symbol for symbol, row in self._symbols.items() if _permits(row, PERMISSIONS)}
        self._filters: Sequence[Any] = info.get("exchangeFilters", [])
        self._asset_filters: Sequence[Any] = info.get("assetFilters", [])

    def answer(self, values: Mapping[str, Any], time: int, rate_limits: Sequence[Any]) -> Json:
        """The answer to one request; raises `Denial` -1121 for a symbol that is not listed."""
        chosen = [_with_sets(row, values.get("showPermissionSets", True)) for row in self._chosen(values)]
        return {
            "timezone": "UTC",
            "serverTime": time,
            "rateLimits": rate_limits,
            "exchangeFilters": self._filters,
            "symbols": chosen,
        }

    def status(self, symbol: str) -> str:
        """The symbol's trading status; raises `Denial` -1121 when it is not listed."""
        try:
            return str(self._symbols[symbol]["status"])
        except KeyError:
            raise bad_symbol() from None

    def turn(self, symbol: str, status: str) -> None:
        """The symbol has another trading status now."""
        self._symbols[symbol]["status"] = status

    def permits(self, symbol: str) -> bool:
        """Whether the exchange's accounts may trade the symbol: they satisfy each of its `permissionSets`."""
        return symbol in self._permitted

    def filters_of_account(self, listing: Listing) -> Json:
        """What GET myFilters answers: the filters that look at the account, and at its assets."""
        assets = (listing.base, listing.quote)
        return {
            "exchangeFilters": self._filters,
            "symbolFilters": [row for row in listing.filters if row["filterType"].startswith(_OF_ACCOUNT)],
            "assetFilters": [row for row in self._asset_filters if row["asset"] in assets],
        }

    def names(self) -> Iterable[str]:
        """Every listed symbol."""
        return self._symbols

    def _chosen(self, values: Mapping[str, Any]) -> list[Json]:
        names = (values["symbol"],) if "symbol" in values else values.get("symbols")
        if names is not None:
            for name in names:
                self.status(name)
            return [self._symbols[name] for name in names]
        wanted = frozenset(values.get("permissions", DEFAULT_PERMISSIONS))
        status = values.get("symbolStatus")
        return [
            row
            for row in self._symbols.values()
            if wanted & _permissions(row) and status in (None, row["status"])
        ]


def _permissions(row: Mapping[str, Any]) -> set[str]:
    return {name for names in row["permissionSets"] for name in names} | set(row["permissions"])


def _permits(row: Mapping[str, Any], held: Iterable[str]) -> bool:
    return all(not frozenset(names).isdisjoint(held) for names in row["permissionSets"])


def _with_sets(row: Json, shown: bool) -> Json:
    return row if shown else row | {"permissionSets": []}


def _served(row: Mapping[str, Any]) -> Json:
    """A symbol as this exchange serves it; fields younger than a recording are filled in."""
    allowed = {name: row.get(name, False) for name in CAPABILITIES}
    answer: Json = {**row, **allowed, **dict.fromkeys(_NOT_BUILT, False)}
    old = row.get("permissions", [])
    answer["permissionSets"] = row.get("permissionSets") or [list(old) or ["SPOT"]]
    answer["permissions"] = []
    for field in (
        "quotePrecision",
        "quoteAssetPrecision",
        "baseCommissionPrecision",
        "quoteCommissionPrecision",
    ):
        answer.setdefault(field, 8)
    answer["defaultSelfTradePreventionMode"] = default_prevention(row)
    answer["allowedSelfTradePreventionModes"] = list(preventions(row))
    return answer
