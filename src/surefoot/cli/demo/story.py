"""The demo's story, scene by scene: real requests and real events. Nothing here makes a fill happen."""

from decimal import Decimal

import msgspec

from surefoot.cli.demo.ears import Ears
from surefoot.cli.demo.voice import Step, Voice
from surefoot.cli.sheets import shown
from surefoot.client.aio import ApiSession, AsyncClient
from surefoot.client.ids import new_client_order_id
from surefoot.errors import FilterViolation, SurefootError
from surefoot.rules.check import check, describe
from surefoot.rules.symbols import Rulebook
from surefoot.spot.enums import OrderType, Side, TimeInForce
from surefoot.spot.general import SymbolInfo
from surefoot.spot.market import Depth
from surefoot.spot.orders import CancelAnswer
from surefoot.spot.trade import CancelOrder, NewOrder
from surefoot.values import UNSET, trimmed
from surefoot.world import system_world

_PATIENCE_S = 20.0
_SHOWN = 5
_ENTROPY = system_world().entropy


class Stage(msgspec.Struct, kw_only=True):
    """Everything a scene needs: who asks (REST and session), who listens, who tells, and what is traded."""

    client: AsyncClient
    session: ApiSession
    ears: Ears
    voice: Voice
    info: SymbolInfo
    rulebook: Rulebook
    placed: list[str] = []

    def tell(self, step: str, text: str, **facts: object) -> None:
        """Tell one step."""
        self.voice.tell(Step(step=step, text=text, facts=facts))

    def bound(self, name: str, default: str = "0") -> Decimal:
        """The first filter's value of this name: ``tick_size``, ``step_size``, ``min_notional``…"""
        values = (getattr(rule, name) for rule in self.info.filters)
        found: Decimal = next((value for value in values if value is not UNSET and value), Decimal(default))
        return found

    def fresh_id(self) -> str:
        """A client order id for the next order, remembered for the verification."""
        self.placed.append(new_client_order_id(self.client.desk.now_ms(), _ENTROPY))
        return self.placed[-1]


async def open_stage(
    client: AsyncClient, session: ApiSession, ears: Ears, voice: Voice, symbol: str
) -> Stage:
    """Measure the clock, load the rules, and set the stage."""
    measured = await client.sync()
    offset_ms, window_ms = client.desk.offset_ms(), client.desk.clock.recv_window_ms
    text = f"the exchange's clock is {offset_ms:+.1f} ms from this machine's"
    text += f" (best round trip {measured.round_trip_ms:.2f} ms), so recvWindow is {window_ms} ms"
    voice.tell(Step(step="Clock", text=text, facts={"offset_ms": offset_ms, "recv_window_ms": window_ms}))
    info = await client.exchange_info(symbol=symbol)
    stage = Stage(
        client=client,
        session=session,
        ears=ears,
        voice=voice,
        info=info.symbols[0],
        rulebook=Rulebook(info),
    )
    _tell_rules(stage)
    return stage


def _tell_rules(stage: Stage) -> None:
    names = [rule.filter_type for rule in stage.info.filters]
    tick, step, least = map(stage.bound, ("tick_size", "step_size", "min_notional"))
    text = f"tick {trimmed(tick)}, step {trimmed(step)}, at least {trimmed(least)} {stage.info.quote_asset}"
    facts = {"tick_size": tick, "step_size": step, "min_notional": least}
    stage.tell("Rules", f"{stage.info.symbol}: {text}", **facts)
    stage.tell("Rules", f"filters: {', '.join(names)}", filters=names)


async def show_book(stage: Stage) -> Depth:
    """Show the best levels of the book."""
    symbol = stage.info.symbol
    depth = await stage.client.depth(symbol, limit=20)
    if not depth.bids or not depth.asks:
        raise SurefootError(f"{symbol}: the book has an empty side, so there is nothing to trade against")
    rows = [["bid quantity", "bid", "ask", "ask quantity"]]
    rows += [
        [trimmed(amount) for amount in (bid.quantity, bid.price, ask.price, ask.quantity)]
        for bid, ask in zip(depth.bids[:_SHOWN], depth.asks[:_SHOWN], strict=False)
    ]
    spread = depth.asks[0].price - depth.bids[0].price
    text = f"{symbol}: {len(depth.bids)} bids and {len(depth.asks)} asks, spread {trimmed(spread)}"
    facts = {"bid": depth.bids[0].price, "ask": depth.asks[0].price, "update_id": depth.last_update_id}
    stage.voice.tell(Step(step="Book", text=text, facts=facts, table=rows))
    return depth


async def rounded_limit(stage: Stage, depth: Depth) -> None:
    """A LIMIT BUY at the best ask, larger than what stands there: it has to be rounded, and fills in
    parts.
    """
    scene, ask = "1. LIMIT that has to be rounded", depth.asks[0]
    tick, step = stage.bound("tick_size"), stage.bound("step_size")
    small = 3 * stage.bound("min_notional", "10") / ask.price
    order = NewOrder(
        symbol=stage.info.symbol,
        side=Side.BUY,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=shown(max(ask.quantity * Decimal("1.5"), small) + step * Decimal("0.6")),
        price=shown(ask.price + tick * Decimal("0.4")),
        new_client_order_id=stage.fresh_id(),
    )
    checked = check(order, stage.rulebook[order.symbol])
    for change in checked.changes:
        stage.tell(scene, describe(change), field=change.field, given=change.given, used=change.used)
    filters = tuple(each.filter for each in checked.met)
    stage.tell(scene, f"judged here by {', '.join(filters)}", filters=filters)
    answer = await stage.client.send(checked.order)
    stage.tell(
        scene,
        f"placed over REST as {answer.client_order_id}, order {answer.order_id}: {answer.status}",
        client_order_id=answer.client_order_id,
        order_id=answer.order_id,
        status=answer.status,
    )
    await _until_done(stage, scene, answer.client_order_id)


async def _until_done(stage: Stage, scene: str, id: str) -> None:
    """Let fills come for a while; what is left then is cancelled, and said."""
    if await stage.ears.until(lambda: stage.ears.finished(id), _PATIENCE_S):
        return
    stage.tell(scene, f"{id} was not filled within {_PATIENCE_S:.0f} s: cancelling the rest")
    await stage.session.send(CancelOrder(symbol=stage.info.symbol, orig_client_order_id=id))
    await stage.ears.until(lambda: stage.ears.finished(id), _PATIENCE_S)


async def cancelled_limit(stage: Stage, depth: Depth) -> None:
    """A LIMIT BUY well below the market, cancelled again over the WebSocket API."""
    scene = "2. LIMIT, cancelled"
    price = depth.bids[0].price * Decimal("0.97")
    order = NewOrder(
        symbol=stage.info.symbol,
        side=Side.BUY,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=4 * stage.bound("min_notional", "10") / price + stage.bound("step_size"),
        price=price,
        new_client_order_id=stage.fresh_id(),
    )
    checked = check(order, stage.rulebook[order.symbol])
    answer = await stage.session.send(checked.order)
    how = "logged on" if stage.session.logged_on else "signed by itself"
    stage.tell(
        scene,
        f"placed over the WebSocket API ({how}) as {answer.client_order_id}: {answer.status}",
        client_order_id=answer.client_order_id,
        status=answer.status,
    )
    cancel = await stage.session.send(CancelOrder(symbol=order.symbol, order_id=answer.order_id))
    assert isinstance(cancel, CancelAnswer)  # the order is in no list
    stage.tell(
        scene,
        f"{cancel.status}; the cancel's own id is now {cancel.client_order_id}",
        status=cancel.status,
        orig_client_order_id=cancel.orig_client_order_id,
    )
    await stage.ears.until(lambda: stage.ears.finished(answer.client_order_id), _PATIENCE_S)


async def market_by_quote(stage: Stage) -> None:
    """A MARKET BUY sized by what it may spend."""
    scene = "3. MARKET by quoteOrderQty"
    order = NewOrder(
        symbol=stage.info.symbol,
        side=Side.BUY,
        type=OrderType.MARKET,
        quote_order_qty=5 * stage.bound("min_notional", "10"),
        new_client_order_id=stage.fresh_id(),
    )
    checked = check(order, stage.rulebook[order.symbol])
    answer = await stage.session.send(checked.order)
    quote, budget = stage.info.quote_asset, order.quote_order_qty
    spent = answer.cummulative_quote_qty
    assert isinstance(budget, Decimal)
    assert isinstance(spent, Decimal)
    stage.tell(
        scene,
        f"spent {trimmed(spent)} of {trimmed(budget)} {quote}: {answer.status}",
        client_order_id=answer.client_order_id,
        status=answer.status,
        cummulative_quote_qty=answer.cummulative_quote_qty,
    )
    await stage.ears.until(lambda: stage.ears.finished(answer.client_order_id), _PATIENCE_S)


async def refused_here(stage: Stage, depth: Depth) -> None:
    """An order too small for the exchange: refused before anything is sent."""
    scene = "4. Refused here, before anything is sent"
    order = NewOrder(
        symbol=stage.info.symbol,
        side=Side.BUY,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=shown(max(stage.bound("min_qty"), stage.bound("step_size"))),
        price=shown(depth.bids[0].price),
        new_client_order_id=new_client_order_id(stage.client.desk.now_ms(), _ENTROPY),
    )
    try:
        check(order, stage.rulebook[order.symbol])
    except FilterViolation as refusal:
        stage.tell(
            scene,
            str(refusal),
            filter=refusal.filter,
            field=refusal.field,
            given=refusal.given,
            bound=refusal.bound,
            nearest=refusal.nearest,
        )
        return
    raise SurefootError(
        f"{stage.info.symbol}: the smallest quantity is a legal order, so nothing was refused"
    )
