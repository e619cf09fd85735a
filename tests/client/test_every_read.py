"""Every read that the exchange serves, through its method, over both ways: one typed answer."""

from typing import Any, get_origin

import msgspec
import pytest

from surefoot.client.aio import AsyncClient
from surefoot.client.aio.client import Transport
from surefoot.errors import Refused
from surefoot.serve.routes import REST
from surefoot.spot.enums import KlineInterval, OrderType, Side, TimeInForce
from surefoot.spot.orders import OrderListAnswer
from surefoot.spot.request import Request
from tests.client.street import Place
from tools.vocabulary import CHAPTERS

READS = {
    name: kind
    for chapter in CHAPTERS
    for name, kind in chapter.methods.items()
    if not kind.endpoint.mutates and (kind.endpoint.method, kind.endpoint.path) in REST
}
GIVEN: dict[str, Any] = {"symbol": "BTCUSDT", "symbols": ("BTCUSDT",), "interval": KlineInterval.ONE_MINUTE}
MORE: dict[str, dict[str, Any]] = {"historical_block_trades": {"from_id": 0}}
OF_AN_ORDER = {"order", "order_amendments", "my_prevented_matches"}
NEVER_HAD_ONE = -2043  # this exchange makes no reference prices, unless it is told to


def arguments(name: str, kind: type[Request[Any]], placed: OrderListAnswer) -> dict[str, Any]:
    required = [field.name for field in msgspec.structs.fields(kind) if field.required]
    given = {word: GIVEN[word] for word in required if word in GIVEN} | MORE.get(name, {})
    if name == "order_list":
        return {"order_list_id": placed.order_list_id}
    return given | ({"order_id": placed.orders[0].order_id} if name in OF_AN_ORDER else {})


async def answer_of(client: AsyncClient, name: str, placed: OrderListAnswer) -> Any:
    """What the method answers, or the code of its refusal."""
    try:
        return await getattr(client, name)(**arguments(name, READS[name], placed))
    except Refused as error:
        return error.code


@pytest.mark.parametrize("transport", ["rest", "ws_api"])
async def test_every_read_has_a_typed_answer(place: Place, transport: Transport) -> None:
    async with AsyncClient(place.environment, place.ed25519, transport=transport) as client:
        placed = await client.new_oto(
            "BTCUSDT",
            working_type=OrderType.LIMIT,
            working_side=Side.BUY,
            working_price=80_000,
            working_quantity="0.001",
            working_time_in_force=TimeInForce.IOC,
            pending_type=OrderType.MARKET,
            pending_side=Side.SELL,
            pending_quantity="0.001",
        )
        reads = {name: kind for name, kind in READS.items() if transport == "rest" or kind.endpoint.ws_method}
        answers = {name: await answer_of(client, name, placed) for name in reads}
    expected = {
        name: tuple if get_origin(kind.endpoint.answer) is tuple else kind.endpoint.answer
        for name, kind in reads.items()
    }
    expected |= dict.fromkeys(("reference_price", "reference_price_calculation"), int)
    assert {name: type(answer) for name, answer in answers.items()} == expected
    assert answers["reference_price"] == answers["reference_price_calculation"] == NEVER_HAD_ONE
    assert answers["order"].order_id == placed.orders[0].order_id
