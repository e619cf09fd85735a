"""Listen keys, as Binance.US has them still (its page *User Data Streams*): a key, and no signature."""

from surefoot.serve.parameters import Kind, Parameter
from surefoot.serve.route import Route
from surefoot.serve.weights import Fixed
from surefoot.spot.enums import SecurityType

_PATH = "/api/v3/userDataStream"
_LISTEN_KEY = (Parameter("listenKey", Kind.TEXT, mandatory=True),)


def _route(operation: str, method: str, parameters: tuple[Parameter, ...]) -> Route:
    return Route(
        operation=operation,
        method=method,
        path=_PATH,
        weight=Fixed(1),
        security=SecurityType.USER_STREAM,
        key_only=True,
        parameters=parameters,
    )


ROUTES = (
    _route("userDataStream.start", "POST", ()),
    _route("userDataStream.ping", "PUT", _LISTEN_KEY),
    _route("userDataStream.stop", "DELETE", _LISTEN_KEY),
)
