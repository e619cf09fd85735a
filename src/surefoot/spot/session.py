"""Session and user data requests of the WebSocket API (official page *WebSocket API*)."""

from typing import ClassVar

from surefoot.spot.enums import SecurityType
from surefoot.spot.general import Empty
from surefoot.spot.request import Answer, Endpoint, Request
from surefoot.values import UNSET, UnsetType


class SessionStatus(Answer, frozen=True):
    """Who this connection is logged on as; times are milliseconds since 1970."""

    api_key: str | None
    authorized_since: int | None
    connected_since: int
    return_rate_limits: bool
    server_time: int
    user_data_stream: bool | None = None


class Logon(Request[SessionStatus], frozen=True):
    """Log this connection on (Ed25519 keys only); later requests need no signature."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="",
        path="",
        ws_method="session.logon",
        weight=2,
        security=SecurityType.USER_STREAM,
        answer=SessionStatus,
    )


class GetSessionStatus(Request[SessionStatus], frozen=True):
    """Query session status."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="", path="", ws_method="session.status", weight=2, answer=SessionStatus
    )


class Logout(Request[SessionStatus], frozen=True):
    """Log this connection off."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="", path="", ws_method="session.logout", weight=2, answer=SessionStatus
    )


class Subscription(Answer, frozen=True):
    """A user data subscription of this connection."""

    subscription_id: int


class SubscribeUserData(Request[Subscription], frozen=True):
    """Subscribe to the user data stream of the account that this connection is logged on as."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="", path="", ws_method="userDataStream.subscribe", weight=2, answer=Subscription
    )


class SubscribeUserDataSigned(Request[Subscription], frozen=True):
    """Subscribe to the user data stream of the account whose key signs this request; no log-on needed."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="",
        path="",
        ws_method="userDataStream.subscribe.signature",
        weight=2,
        security=SecurityType.USER_STREAM,
        answer=Subscription,
    )


class UnsubscribeUserData(Request[Empty], frozen=True):
    """End one user data subscription of this connection, or all."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="", path="", ws_method="userDataStream.unsubscribe", weight=2, answer=Empty
    )
    subscription_id: int | UnsetType = UNSET


class GetSubscriptions(Request[tuple[Subscription, ...]], frozen=True):
    """List the user data subscriptions of this connection."""

    endpoint: ClassVar[Endpoint] = Endpoint(
        method="", path="", ws_method="session.subscriptions", weight=2, answer=tuple[Subscription, ...]
    )
