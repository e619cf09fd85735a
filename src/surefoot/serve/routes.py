"""Which path or method is which operation.

The WebSocket API's method is the operation's name: every REST endpoint below ``/api`` has a twin there.
"""

from collections.abc import Mapping

from surefoot.serve.chapters import account, general, lists, market, session, trade, wallet
from surefoot.serve.route import Route

ROUTES = (
    *general.ROUTES,
    *market.ROUTES,
    *trade.ROUTES,
    *lists.ROUTES,
    *account.ROUTES,
    *session.ROUTES,
    *wallet.ROUTES,
)

REST: Mapping[tuple[str, str], Route] = {(route.method, route.path): route for route in ROUTES if route.path}
WS_API: Mapping[str, Route] = {route.operation: route for route in ROUTES if route.on_ws_api}

REMOVED_PATHS = frozenset({"/api/v3/userDataStream"})
"""Switched off on 2026-02-20; these answer 410."""

REMOVED_METHODS = frozenset({"userDataStream.start", "userDataStream.ping", "userDataStream.stop"})
