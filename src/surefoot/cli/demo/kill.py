"""The other story of the demo: a trader is killed in the middle of an order, and begins again.

Nothing is acted: the trader is a process, SIGKILL ends it between the order's arrival and the answer, and the
next one has nothing but the journal and the exchange to go by. That the moment can be hit at all takes an
exchange that answers slowly; it is told to, and told to stop before the second trader comes.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from surefoot.cli.demo.admin import Admin
from surefoot.cli.demo.ears import Ears
from surefoot.cli.demo.places import Place, place_of
from surefoot.cli.demo.proof import prove
from surefoot.cli.demo.stage import Market, chosen, look_at
from surefoot.cli.demo.venue import Venue
from surefoot.cli.demo.voice import Step, Voice
from surefoot.cli.errand import Errand
from surefoot.cli.sheets import shown
from surefoot.cli.venues import FEW
from surefoot.client.aio import AsyncClient
from surefoot.errors import SurefootError, UnknownOrder
from surefoot.execution.aio import Trader
from surefoot.execution.records import OrderRecord
from surefoot.execution.sql.tracing import trace
from surefoot.spot.account import GetOrder, Order
from surefoot.spot.enums import FINAL_STATUSES
from surefoot.values import trimmed

_LATE_MS = 60_000
_PATIENCE_S = 20.0
_FILLED_S = 3.0
_LOOK_S = 0.02
_DIES, _ALONE, _AGAIN = "1. The trader dies", "2. Nobody is there", "3. Another one begins, on its journal"


class Scene(msgspec.Struct, kw_only=True):
    """What the scenes share. The `witness` only looks."""

    witness: AsyncClient
    voice: Voice
    market: Market
    place: Place
    errand: Errand
    admin: Admin

    def tell(self, step: str, text: str, **facts: object) -> None:
        """Tell one step."""
        self.voice.tell(Step(step=step, text=text, facts=facts))


async def kill_story(venue: Venue, symbol: str | None, journal: str | None, voice: Voice) -> str:
    """All of it; returns the summary, and raises what did not hold."""
    async with contextlib.AsyncExitStack() as stack:
        place = stack.enter_context(place_of(journal, venue))
        witness = await stack.enter_async_context(AsyncClient(venue.environment, venue.keys[0], retries=FEW))
        text, facts = venue.description, {"environment": venue.environment.name}
        voice.tell(Step(step="Connected", text=text, facts=facts))
        voice.tell(Step(step="Connected", text=f"journal: {place.text}", facts={"journal": place.at}))
        market = await look_at(witness, voice, await chosen(witness, symbol))
        scene = Scene(
            witness=witness,
            voice=voice,
            market=market,
            place=place,
            errand=_errand(venue, place, market),
            admin=Admin(venue.environment.rest),
        )
        id = await _killed(scene)
        order = await _left_alone(scene, id)
        return await _begun_again(scene, order)


def _errand(venue: Venue, place: Place, market: Market) -> Errand:
    key, where, ask = venue.keys[-1], venue.environment, market.depth.asks[0]
    assert key.private_key is not None, "the embedded exchange's second key is Ed25519"
    return Errand(
        rest=where.rest,
        ws_api=where.ws_api,
        streams=where.streams,
        api_key=key.api_key.reveal(),
        private_key=key.private_key.reveal(),
        journal=place.at,
        account=place.account,
        symbol=market.info.symbol,
        quantity=market.first_qty,
        price=shown(ask.price),
    )


async def _killed(scene: Scene) -> str:
    """Start it, wait until the exchange has its order, kill it; returns the order's id."""
    rules: list[dict[str, Any]] = [
        {"fault": {"kind": "latency", "ms": _LATE_MS, "leg": "answer"}, "where": "order.place"},
        {"fault": {"kind": "withhold", "ms": _LATE_MS}, "where": {"on": "user"}},
    ]
    for rule in rules:
        await scene.admin.add(rule)
    scene.tell(_DIES, "the exchange is told to answer orders, and to tell of them, a minute late")
    async with _process(scene.errand) as process:
        scene.tell(_DIES, f"a trader is started: process {process.pid}", pid=process.pid)
        id = await _arrived(scene, process)
        process.kill()
        code = await process.wait()
    text = f"the exchange has {id}, the trader has not heard: process {process.pid} gets SIGKILL"
    scene.tell(_DIES, text, pid=process.pid, code=code, client_order_id=id)
    kinds = [row.kind for row in trace(scene.place.at, id, scene.place.account)]
    scene.tell(_DIES, f"its journal knows of the order: {', '.join(kinds)}, and no more", kinds=kinds)
    await scene.admin.clear()
    return id


@contextlib.asynccontextmanager
async def _process(errand: Errand) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "surefoot.cli.errand",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert process.stdin is not None
        process.stdin.write(msgspec.json.encode(errand) + b"\n")
        await process.stdin.drain()
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _arrived(scene: Scene, process: asyncio.subprocess.Process) -> str:
    """The id of its order, once the exchange has it; the trader itself says nothing of it."""
    assert process.stdout is not None
    symbol = scene.market.info.symbol
    try:
        async with asyncio.timeout(_PATIENCE_S):
            if not await process.stdout.readline():
                raise SurefootError("the trader ended before it traded; what it said is above")
            while True:
                if orders := await scene.witness.all_orders(symbol):
                    return orders[-1].client_order_id
                await asyncio.sleep(_LOOK_S)
    except TimeoutError:
        raise SurefootError(f"the trader placed nothing within {_PATIENCE_S:.0f} s") from None


async def _left_alone(scene: Scene, id: str) -> Order:
    """Let the exchange go on for a while; returns the order as it is then."""
    order = await _asked(scene, id)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_FILLED_S):
            while order.status not in FINAL_STATUSES:
                await asyncio.sleep(_LOOK_S)
                order = await _asked(scene, id)
    text = (
        f"meanwhile the order is {order.status}: {trimmed(order.executed_qty)} of {trimmed(order.orig_qty)}"
    )
    scene.tell(_ALONE, text, status=order.status, executed_qty=order.executed_qty)
    return order


async def _asked(scene: Scene, id: str) -> Order:
    query = GetOrder(symbol=scene.market.info.symbol, orig_client_order_id=id)
    try:
        return await scene.witness.send(query)
    except UnknownOrder:
        raise SurefootError(f"the exchange had {id}, and does not know it any more") from None


async def _begun_again(scene: Scene, order: Order) -> str:
    id, loop = order.client_order_id, asyncio.get_running_loop()
    begun_s = loop.time()
    async with scene.errand.trader() as trader:
        ears = Ears(trader, scene.voice)
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(ears.listen())
            was = trader.doubts
            text = f"a new trader reads it and finds {'a doubt: ' + was[0] if was else 'the order by itself'}"
            scene.tell(_AGAIN, f"{text}; nothing is sent again", doubts=was)
            if not await ears.until(lambda: not trader.doubts, _PATIENCE_S):
                raise SurefootError(f"{id} is in doubt still, after {_PATIENCE_S:.0f} s")
            took_ms = round(1000 * (loop.time() - begun_s))
            record = await _settled(ears, trader, order)
            text = f"{took_ms} ms after its start it knows: {id} is {record.state}"
            scene.tell(_AGAIN, text, took_ms=took_ms, status=record.state)
            await trader.committed()
            proven = await prove(scene.witness, scene.voice, trader, order, place=scene.place)
            listening.cancel()
    return proven


async def _settled(ears: Ears, trader: Trader, order: Order) -> OrderRecord:
    """Wait until it knows as much as the exchange did, executions included."""

    def known() -> OrderRecord | None:
        record = trader.order(order.client_order_id)
        whole = record is not None and record.known_qty >= max(record.executed_qty, order.executed_qty)
        return record if whole else None

    await ears.until(lambda: known() is not None, _PATIENCE_S)
    record = known()
    if record is None:
        raise SurefootError(f"executions of {order.client_order_id} are missing")
    return record
