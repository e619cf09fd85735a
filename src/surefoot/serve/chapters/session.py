"""Session and user data requests of the WebSocket API: parameters and routes, as on the official page."""

from surefoot.serve.parameters import Kind, Parameter
from surefoot.serve.route import Route
from surefoot.serve.weights import Fixed
from surefoot.spot.enums import SecurityType

UNSUBSCRIBE = (Parameter("subscriptionId", Kind.INT),)

ROUTES = (
    Route(operation="session.logon", weight=Fixed(2), security=SecurityType.USER_STREAM),
    Route(operation="session.status", weight=Fixed(2)),
    Route(operation="session.logout", weight=Fixed(2)),
    Route(operation="session.subscriptions", weight=Fixed(2)),
    Route(operation="userDataStream.subscribe", weight=Fixed(2)),
    Route(operation="userDataStream.subscribe.signature", weight=Fixed(2), security=SecurityType.USER_STREAM),
    Route(operation="userDataStream.unsubscribe", weight=Fixed(2), parameters=UNSUBSCRIBE),
)
