"""Market data endpoints."""

from collections.abc import Mapping
from typing import Any

from surefoot.exchange import render
from surefoot.exchange.calls.desk import Ask, Call, Desk
from surefoot.serve.denial import Denial


def depth(desk: Desk, ask: Ask) -> Any:
    symbol = ask.values["symbol"]
    _in_status(desk, symbol, ask.values.get("symbolStatus"))
    return render.depth(desk.engine.depth(symbol, min(ask.values.get("limit", 100), 5000)))


def book_ticker(desk: Desk, ask: Ask) -> Any:
    status = ask.values.get("symbolStatus")
    if "symbol" in ask.values:
        _in_status(desk, ask.values["symbol"], status)
        return render.book_ticker(desk.engine.book_ticker(ask.values["symbol"]))
    names = ask.values.get("symbols", desk.info.names())
    chosen = [name for name in names if desk.info.status(name) == status or status is None]
    return [render.book_ticker(desk.engine.book_ticker(name)) for name in chosen]


def _in_status(desk: Desk, symbol: str, wanted: str | None) -> None:
    status = desk.info.status(symbol)
    if wanted not in (None, status):
        raise Denial(-1220, "The symbol's status does not match the requested symbolStatus.")


CALLS: Mapping[str, Call] = {
    "depth": depth,
    "ticker.book": book_ticker,
}
