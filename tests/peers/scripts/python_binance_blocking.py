"""python-binance's `Client`, pointed at a local exchange."""

from binance.client import Client
from puppet import Methods, listen_in, serve, settings
from python_binance_calls import point, spot_calls


def main() -> None:
    where = settings()
    client = point(Client, where)(where["api_key"], where["secret"], ping=False)
    listen_in()
    more = {
        "aggregate_trade_iter": lambda *args, **kwargs: list(client.aggregate_trade_iter(*args, **kwargs)),
        "get_historical_klines_generator": lambda *args, **kwargs: list(
            client.get_historical_klines_generator(*args, **kwargs)
        ),
    }
    serve(Methods(client, more), spot_calls(Client))


main()
