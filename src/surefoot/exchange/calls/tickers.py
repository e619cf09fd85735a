"""The tickers: one symbol is answered as an object, several or all as a list."""

from collections.abc import Callable, Mapping
from typing import Any

from surefoot.exchange.calls.desk import Ask, Call, Desk, form_of, in_status
from surefoot.exchange.data.intervals import DAY_US, HOUR_US, MINUTE_US
from surefoot.exchange.data.statistics import Statistics, WindowStats
from surefoot.exchange.render import amounts
from surefoot.exchange.render import market as render_market

_UNITS_US = {"m": MINUTE_US, "h": HOUR_US, "d": DAY_US}


def window_us(size: str) -> int:
    """How long a `windowSize` is: ``15m``, ``4h``, ``7d``."""
    return int(size[:-1]) * _UNITS_US[size[-1]]


def price(desk: Desk, ask: Ask) -> Any:
    def tell(name: str, form: amounts.Spelling) -> amounts.Json:
        return render_market.price(name, desk.engine.last_price(name) or 0, form)

    return _each(desk, ask, tell)


def book_ticker(desk: Desk, ask: Ask) -> Any:
    return _each(desk, ask, lambda name, form: amounts.book_ticker(desk.engine.book_ticker(name), form))


def day(desk: Desk, ask: Ask) -> Any:
    """24 hours up to now."""

    def tell(name: str, form: amounts.Spelling) -> amounts.Json:
        stats = desk.data[name].statistics.day(ask.now_us)
        if ask.values.get("type") == "MINI":
            return render_market.mini_ticker(name, stats, form)
        return render_market.day_ticker(name, stats, desk.engine.book_ticker(name), form)

    return _each(desk, ask, tell)


def trading_day(desk: Desk, ask: Ask) -> Any:
    offset_us = ask.values.get("timeZone", 0) * MINUTE_US
    return _windows(desk, ask, lambda statistics: statistics.trading_day(ask.now_us, offset_us))


def rolling(desk: Desk, ask: Ask) -> Any:
    length_us = window_us(ask.values.get("windowSize", "1d"))
    return _windows(desk, ask, lambda statistics: statistics.window(length_us, ask.now_us))


def _windows(desk: Desk, ask: Ask, look: Callable[[Statistics], WindowStats]) -> Any:
    mini = ask.values.get("type") == "MINI"
    spell = render_market.mini_ticker if mini else render_market.window_ticker
    return _each(desk, ask, lambda name, form: spell(name, look(desk.data[name].statistics), form))


def _each(desk: Desk, ask: Ask, tell: Callable[[str, amounts.Spelling], amounts.Json]) -> Any:
    """One symbol has to be in the asked status (-1220), of several only those that are remain."""
    status = ask.values.get("symbolStatus")
    if "symbol" in ask.values:
        in_status(desk, ask.values["symbol"], status)
        name = ask.values["symbol"]
        return tell(name, form_of(desk, ask, name))
    names = ask.values.get("symbols", desk.info.names())
    return [
        tell(name, form_of(desk, ask, name))
        for name in names
        if desk.info.status(name) == status or status is None
    ]


CALLS: Mapping[str, Call] = {
    "ticker.24hr": day,
    "ticker.tradingDay": trading_day,
    "ticker": rolling,
    "ticker.price": price,
    "ticker.book": book_ticker,
}
