"""surefoot: trade Binance Spot without slipping. The public names, and nothing else."""

from surefoot.client.aio import AsyncClient, connect
from surefoot.client.blocking import Client
from surefoot.client.streams import Gap
from surefoot.credentials import Credentials
from surefoot.errors import SurefootError
from surefoot.spot.enums import FINAL_STATUSES, OrderStatus, OrderType, Side, TimeInForce
from surefoot.spot.environments import PRODUCTION, TESTNET, Environment, local
from surefoot.values import Secret

__all__ = [
    "FINAL_STATUSES",
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
