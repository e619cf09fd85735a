"""What the session operations of the WebSocket API do: log-on, status, user data subscriptions."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from surefoot.exchange.door.subscriptions import Subscriptions
from surefoot.exchange.feeds.listeners import UserListener
from surefoot.exchange.keys import Key
from surefoot.exchange.render import amounts
from surefoot.serve.authentication import rejected
from surefoot.serve.denial import Denial


class Options(msgspec.Struct, frozen=True):
    """What the URL of the connection asked for."""

    return_rate_limits: bool = True
    unit: int = amounts.MILLISECONDS


class Login(msgspec.Struct):
    """Who a connection is, as it changes over its life. Times are microseconds since 1970."""

    options: Options
    subscriptions: Subscriptions
    connected_us: int
    key: Key | None = None
    authorized_us: int | None = None


class Turn(msgspec.Struct, frozen=True):
    """One request to the session itself. `key` is the key that signed it, where one had to."""

    now_us: int
    values: Mapping[str, Any]
    key: Key | None


Outcome = tuple[Any, list[UserListener]]
"""The result, and the subscriptions that ended with it."""


def _status(login: Login, turn: Turn) -> Any:
    unit = login.options.unit
    return {
        "apiKey": login.key.api_key if login.key else None,
        "authorizedSince": None if login.authorized_us is None else login.authorized_us // unit,
        "connectedSince": login.connected_us // unit,
        "returnRateLimits": login.options.return_rate_limits,
        "serverTime": turn.now_us // unit,
        "userDataStream": bool(login.subscriptions.numbers()),
    }


def status(login: Login, turn: Turn) -> Outcome:
    return _status(login, turn), []


def log_on(login: Login, turn: Turn) -> Outcome:
    """Ed25519 keys only; a second log-on switches the key."""
    if turn.key is None or not turn.key.can_log_on:
        raise rejected()
    login.key, login.authorized_us = turn.key, turn.now_us
    return _status(login, turn), []


def log_out(login: Login, turn: Turn) -> Outcome:
    """Ends the subscriptions made by log-on, and no other."""
    ended = login.subscriptions.close_of_logon()
    login.key = login.authorized_us = None
    return _status(login, turn), ended


def subscriptions(login: Login, _: Turn) -> Outcome:
    return [{"subscriptionId": number} for number in login.subscriptions.numbers()], []


def _follow(login: Login, key: Key, *, by_logon: bool = False) -> int:
    return login.subscriptions.open(key.account.name, key.api_key, by_logon=by_logon)


def subscribe(login: Login, _: Turn) -> Outcome:
    """The account of the log-on."""
    if login.key is None:
        raise Denial(-1002, "You are not authorized to execute this request.")
    return {"subscriptionId": _follow(login, login.key, by_logon=True)}, []


def subscribe_signed(login: Login, turn: Turn) -> Outcome:
    """The account of the key that signs; no log-on needed."""
    assert turn.key is not None, "the operation is signed"
    return {"subscriptionId": _follow(login, turn.key)}, []


def unsubscribe(login: Login, turn: Turn) -> Outcome:
    """One subscription, or all; raises `Denial` -2036 when there is none."""
    if "subscriptionId" in turn.values:
        return {}, [login.subscriptions.close(turn.values["subscriptionId"])]
    ended = login.subscriptions.close_all()
    if not ended:
        raise Denial(-2036, "User Data Stream subscription not active.")
    return {}, ended


SESSION_CALLS: Mapping[str, Callable[[Login, Turn], Outcome]] = {
    "session.logon": log_on,
    "session.status": status,
    "session.logout": log_out,
    "session.subscriptions": subscriptions,
    "userDataStream.subscribe": subscribe,
    "userDataStream.subscribe.signature": subscribe_signed,
    "userDataStream.unsubscribe": unsubscribe,
}
ALWAYS_SIGNED = frozenset({"session.logon", "userDataStream.subscribe.signature"})
"""These need their own signature even after a log-on."""
