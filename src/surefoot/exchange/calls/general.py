"""General endpoints."""

from collections.abc import Mapping
from typing import Any

from surefoot.exchange.calls.desk import Ask, Call, Desk
from surefoot.exchange.limits.profile import CONNECTIONS, RAW


def ping(_: Desk, __: Ask) -> Any:
    return {}


def time(_: Desk, ask: Ask) -> Any:
    return {"serverTime": ask.server_time}


def exchange_info(desk: Desk, ask: Ask) -> Any:
    """REST shows the limit of raw requests, the WebSocket API that of connections."""
    rows = desk.limiter.profile.rows
    hidden = RAW if ask.ws_api else CONNECTIONS
    shown = [row for row in rows if row.rate_limit_type != hidden]
    return desk.info.answer(ask.values, ask.server_time, shown)


def execution_rules(desk: Desk, ask: Ask) -> Any:
    """No symbol here has a rule: none is enforced."""
    values = ask.values
    names = [values["symbol"]] if "symbol" in values else values.get("symbols", desk.info.names())
    wanted = values.get("symbolStatus")
    chosen = [name for name in names if desk.info.status(name) == wanted or wanted is None]
    return {"symbolRules": [{"symbol": name, "rules": []} for name in chosen]}


CALLS: Mapping[str, Call] = {
    "ping": ping,
    "time": time,
    "exchangeInfo": exchange_info,
    "executionRules": execution_rules,
}
