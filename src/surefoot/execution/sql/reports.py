"""What a person asks of a journal: an order's history, and a few sums."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from surefoot.execution.journal import Row
from surefoot.execution.sql.extras import needed
from surefoot.execution.sql.reading import Reader, asked

_PURPOSE = "a report of a journal"
_DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1).toordinal()


class Turnover(msgspec.Struct, frozen=True, kw_only=True):
    """What was traded of `symbol` on one day (UTC). `bought` and `sold` are quantities of the base asset,
    `notional` is price times quantity in the quote asset, `commissions` are by asset.
    """

    day: date
    symbol: str
    fills: int
    bought: Decimal
    sold: Decimal
    notional: Decimal
    commissions: dict[str, Decimal]


def history(place: str | Path, id: str, account: str | None = None) -> list[Row]:
    """All entries about the client order id `id`, oldest first; none of an id that the journal does not know.

    `account` says whose, where `place` is a database of many. Raises `JournalError` where there is no
    journal, or it cannot be read; so do the others here.
    """
    return asked(place, account, lambda reader: list(reader.rows(id)))


def counts(place: str | Path, account: str | None = None) -> dict[str, int]:
    """How many entries there are of each kind, the most frequent first."""
    return asked(place, account, _counts)


def turnover(place: str | Path, account: str | None = None) -> list[Turnover]:
    """What was traded, by day and symbol. Every execution counts once, however often it was heard of."""
    return asked(place, account, _turnover)


def _counts(reader: Reader) -> dict[str, int]:
    sa = needed("sqlalchemy", extra="journal", purpose=_PURPOSE)
    entries = reader.schema.entries
    number = sa.func.count()
    query = reader.ours(sa.select(entries.c.kind, number), entries).group_by(entries.c.kind)
    return dict(reader.connection.execute(query.order_by(number.desc(), entries.c.kind)).all())


def _turnover(reader: Reader) -> list[Turnover]:
    sa = needed("sqlalchemy", extra="journal", purpose=_PURPOSE)
    names = ("account", "at_ms", "symbol", "side", "price", "quantity", "commission", "commission_asset")
    fills = sa.table("fills", *(sa.column(name) for name in names))
    query = reader.ours(sa.select(*(fills.c[name] for name in names[1:])), fills)
    sums: dict[tuple[int, str], _Sum] = {}
    for at_ms, symbol, *execution in reader.connection.execute(query):  # sums in SQLite would be of floats
        sums.setdefault((at_ms // _DAY_MS, symbol), _Sum()).add(*execution)
    return [found.of(date.fromordinal(_EPOCH + day), symbol) for (day, symbol), found in sorted(sums.items())]


class _Sum:
    def __init__(self) -> None:
        self._fills = 0
        self._traded = {"BUY": Decimal(0), "SELL": Decimal(0)}
        self._notional = Decimal(0)
        self._commissions: dict[str, Decimal] = {}

    def add(self, side: str, price: str, quantity: str, commission: Any, asset: str | None) -> None:
        self._fills += 1
        self._traded[side] += Decimal(quantity)
        self._notional += Decimal(price) * Decimal(quantity)
        if asset is not None:
            self._commissions[asset] = self._commissions.get(asset, Decimal(0)) + Decimal(commission)

    def of(self, day: date, symbol: str) -> Turnover:
        return Turnover(
            day=day,
            symbol=symbol,
            fills=self._fills,
            bought=self._traded["BUY"],
            sold=self._traded["SELL"],
            notional=self._notional,
            commissions=self._commissions,
        )
