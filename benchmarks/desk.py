"""Keys, environment and the order that every contender sends."""

from decimal import Decimal

from surefoot.client.desk import Desk
from surefoot.client.rest import RestSpelling
from surefoot.codec.sign import Ed25519Key
from surefoot.credentials import Credentials
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.spot.environments import Environment, local
from surefoot.spot.trade import NewOrder
from surefoot.telemetry.log import LogSink
from surefoot.values import Secret
from surefoot.world import system_world

QUANTITY, PRICE = Decimal("0.01"), Decimal("60000.00")
_API_KEY = Secret("surefootBenchmark".ljust(64, "0"))
SECRET = "benchmark".ljust(64, "1")
HMAC = Credentials(environment="local", api_key=_API_KEY, secret=Secret(SECRET))


def ed25519_credentials() -> Credentials:
    """A key that can log on; made from a seed everybody knows."""
    return Credentials(
        environment="local", api_key=_API_KEY, private_key=Ed25519Key.from_seed(bytes(range(32))).pem()
    )


def environment(port: int) -> Environment:
    """Everything at one local port."""
    at = f"127.0.0.1:{port}"
    return local(f"http://{at}", f"ws://{at}/ws-api/v3", f"ws://{at}")


def desk(credentials: Credentials, port: int) -> Desk:
    """A desk with the default sink, which nobody hears."""
    return Desk(environment(port), credentials, world=system_world(), sink=LogSink())


def ed25519(port: int) -> Desk:
    """The desk of a key that can log on."""
    return desk(ed25519_credentials(), port)


def order() -> NewOrder:
    """A LIMIT order with an id."""
    return NewOrder(
        symbol="BTCUSDT",
        side=Side.BUY,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=QUANTITY,
        price=PRICE,
        new_client_order_id="sf-0lz2m9k3x7a1b2c3d4e5",
    )


def anonymous_order(side: Side = Side.BUY) -> NewOrder:
    """The same without an id, as callers leave it to surefoot."""
    return NewOrder(
        symbol="BTCUSDT",
        side=side,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=QUANTITY,
        price=PRICE,
    )


def order_payload(port: int) -> bytes:
    """The text of that order that is signed."""
    return RestSpelling(desk(HMAC, port)).spell(order(), None).payload.encode()


def order_bytes(credentials: Credentials, port: int) -> bytes:
    """The whole HTTP request of that order, signed once: what the floor sends every time."""
    spelling = RestSpelling(desk(credentials, port))
    return spelling.http(spelling.spell(order(), None))
