"""General endpoints."""

from collections.abc import Mapping
from typing import Any

from surefoot.exchange.calls.desk import Ask, Call, Desk


def ping(_: Desk, __: Ask) -> Any:
    return {}


def time(_: Desk, ask: Ask) -> Any:
    return {"serverTime": ask.now_us // ask.unit}


def exchange_info(desk: Desk, ask: Ask) -> Any:
    return desk.info.answer(ask.values, ask.now_us // ask.unit, ws_api=ask.ws_api)


CALLS: Mapping[str, Call] = {
    "ping": ping,
    "time": time,
    "exchangeInfo": exchange_info,
}
