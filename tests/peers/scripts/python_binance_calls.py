"""python-binance: where it asks, and which of its methods go to Spot, read from what they do."""

import inspect
import re
from collections.abc import Mapping

from binance import BinanceSocketManager

_ASKS = re.compile(r"self\._(get|post|put|delete|request_api|ws_api_request|ws_api_request_sync)\(")
_LEADS_ON = re.compile(
    r"self\.(ws_)?(create_order|create_oco_order|order_market|order_limit|get_account|get_aggregate_trades"
    r"|_historical_klines|_historical_klines_generator)\("
)


def point(kind: type, where: Mapping[str, str]) -> type:
    """The client's class, its addresses those of the exchange."""
    kind.API_URL = where["rest"] + "/api"
    kind.WS_API_URL = where["ws_api"]
    BinanceSocketManager.STREAM_URL = where["ws"] + "/"
    return kind


def spot_calls(kind: type) -> list[str]:
    """The names of the client's public methods that ask REST or the WebSocket API of Spot."""
    names = [name for name in dir(kind) if not name.startswith(("_", "futures_"))]
    sources = {
        name: inspect.getsource(getattr(kind, name)) for name in names if callable(getattr(kind, name))
    }
    return [name for name, source in sources.items() if _ASKS.search(source) or _LEADS_ON.search(source)]
