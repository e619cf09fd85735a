"""Queries that are answered from a copy which lags behind the engine: what is too young is not there yet."""

from typing import Any

from surefoot.exchange.calls.desk import Ask
from surefoot.serve.denial import Denial

_BORN = ("time", "transactionTime")


def lagging(result: Any, ask: Ask) -> Any:
    """What a query answers without the orders, lists and trades younger than the request's lag.

    Raises `Denial` -2013 when it asked for one of those by its id.
    """
    if not (ask.lag_us and ask.key):
        return result
    newest = (ask.now_us - ask.lag_us) // ask.unit
    if isinstance(result, list):
        return [row for row in result if _born(row) <= newest]
    if _born(result) > newest:
        raise Denial(-2013, "Order does not exist.")
    return result


def _born(row: Any) -> int:
    """When an order, a list or a trade began to exist; 0 for anything else."""
    if not (isinstance(row, dict) and {"orderId", "orderListId"} & row.keys()):
        return 0
    return next((int(row[name]) for name in _BORN if name in row), 0)
