"""The one wallet endpoint that is served: what a key may do (Wallet API, *Get API Key Permission*)."""

from surefoot.serve.route import Route
from surefoot.serve.weights import Fixed
from surefoot.spot.enums import SecurityType

ROUTES = (
    Route(
        operation="account.apiRestrictions",
        method="GET",
        path="/sapi/v1/account/apiRestrictions",
        weight=Fixed(1),
        security=SecurityType.USER_DATA,
        on_ws_api=False,
    ),
)
