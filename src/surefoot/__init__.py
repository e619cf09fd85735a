"""surefoot: trade Binance Spot without slipping. The public names, and nothing else."""

from surefoot.client.aio import AsyncClient
from surefoot.client.blocking import Client
from surefoot.client.streams import Gap
from surefoot.credentials import Credentials
from surefoot.errors import SurefootError
from surefoot.spot.enums import OrderStatus, OrderType, Side, TimeInForce
from surefoot.spot.environments import PRODUCTION, TESTNET, Environment, local
from surefoot.values import Secret

__all__ = [
    "PRODUCTION",
    "TESTNET",
    "AsyncClient",
    "Client",
    "Credentials",
    "Environment",
    "Gap",
    "OrderStatus",
    "OrderType",
    "Secret",
    "Side",
    "SurefootError",
    "TimeInForce",
    "connect",
    "local",
]

connect = AsyncClient
"""``async with surefoot.connect(TESTNET, credentials) as spot: …``"""
