"""The official SDK's REST client, pointed at a local exchange; arguments: "hmac" or "ed25519"."""

import sys

from binance_common.configuration import ConfigurationRestAPI
from binance_sdk_spot.rest_api.rest_api import SpotRestAPI
from binance_sdk_spot.spot import Spot
from puppet import Methods, functions, listen_in, serve, settings
from sdk_models import keys, unwrapped

TIMEOUT_MS = 10_000


def main(kind: str) -> None:
    where = settings()
    configuration = ConfigurationRestAPI(
        **keys(where, kind), base_path=where["rest"], timeout=TIMEOUT_MS, retries=0
    )
    client = Spot(config_rest_api=configuration).rest_api
    listen_in()
    serve(Methods(client, then=unwrapped), functions(SpotRestAPI, but=("send_",)))


main(*sys.argv[1:])
