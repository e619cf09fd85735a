"""What one execution does to money, orders and memory."""

from surefoot.exchange.commands import Fill, TradeTick
from surefoot.exchange.listing import SCALE, Listing
from surefoot.exchange.orders import OrderState, Seat
from surefoot.exchange.publication import Publication
from surefoot.exchange.tape import Tape
from surefoot.spot.enums import OrderStatus, OrderType, Side
from surefoot.world import Entropy

_FIRST_TRADE, _TRADES_SPREAD = 1_000_000_000, 4_000_000_000


class Settlement:
    """Settles the trades of one symbol between two seats and the exchange's own (`fees`).

    Commission is taken from what each side receives, rounded down to 1e-8; so is price times quantity.
    """

    __slots__ = ("_fees", "_last_trade_id", "_listing", "_publication", "_tape", "_unit")

    def __init__(
        self, listing: Listing, tape: Tape, publication: Publication, fees: Seat, entropy: Entropy
    ) -> None:
        self._listing = listing
        self._tape = tape
        self._publication = publication
        self._fees = fees
        self._unit = listing.tick * listing.step
        self._last_trade_id = _FIRST_TRADE + int(entropy.uniform() * _TRADES_SPREAD)

    def trade(self, now_us: int, taker: OrderState, maker: OrderState, steps: int) -> Fill:
        """One fill at the maker's price; the book has already taken `steps` from the maker. Taker's view."""
        self._last_trade_id += 1
        qty, price = steps * self._listing.step, maker.price
        quote = price * qty // SCALE
        taker.left -= steps
        buying = taker.side is Side.BUY
        buyer, seller = (taker, maker) if buying else (maker, taker)
        self._tape.add(now_us, price, qty)
        tick = TradeTick(
            self._listing.symbol,
            self._last_trade_id,
            price,
            qty,
            now_us,
            buyer.order_id,
            seller.order_id,
            not buying,
        )
        self._publication.say(tick)
        bought = self._pay_buyer(buyer, qty, quote, maker is buyer)
        sold = self._pay_seller(seller, qty, quote, maker is seller)
        of_maker, of_taker = (sold, bought) if buying else (bought, sold)
        self._execute(tick, maker, quote, of_maker)
        return self._execute(tick, taker, quote, of_taker)

    def close(self, now_us: int, order: OrderState, status: OrderStatus) -> None:
        """The order is over: what it still holds is free again."""
        order.status = status
        order.update_us = now_us
        seat = order.seat
        if order.locked:
            (seat.quote if order.side is Side.BUY else seat.base).unlock(order.locked)
            order.locked = 0
        seat.finish(order)
        self._publication.moved(seat)

    def _pay_buyer(self, buyer: OrderState, qty: int, quote: int, is_maker: bool) -> int:
        """Returns the commission, in base. A limit order's lock shrinks to what its rest needs."""
        seat = buyer.seat
        release = quote
        if buyer.type is not OrderType.MARKET:
            release = buyer.locked - buyer.key * buyer.left * self._unit // SCALE
        buyer.locked -= release
        seat.quote.locked -= release
        seat.quote.free += release - quote
        holder = seat.holder
        commission = qty * (holder.maker_rate if is_maker else holder.taker_rate) // SCALE
        seat.base.free += qty - commission
        self._fees.base.free += commission
        return commission

    def _pay_seller(self, seller: OrderState, qty: int, quote: int, is_maker: bool) -> int:
        """Returns the commission, in quote."""
        seat = seller.seat
        seller.locked -= qty
        seat.base.locked -= qty
        holder = seat.holder
        commission = quote * (holder.maker_rate if is_maker else holder.taker_rate) // SCALE
        seat.quote.free += quote - commission
        self._fees.quote.free += commission
        return commission

    def _execute(self, tick: TradeTick, order: OrderState, quote: int, commission: int) -> Fill:
        order.executed_qty += tick.qty
        order.quote_qty += quote
        order.update_us = tick.time_us
        seat = order.seat
        if order.left or order.starved:
            order.status = OrderStatus.PARTIALLY_FILLED
            self._publication.moved(seat)
        else:
            self.close(tick.time_us, order, OrderStatus.FILLED)
        buying = order.side is Side.BUY
        fill = Fill(
            order.symbol,
            tick.trade_id,
            order.order_id,
            tick.price,
            tick.qty,
            quote,
            commission,
            self._listing.base if buying else self._listing.quote,
            tick.time_us,
            buying,
            buying == tick.buyer_is_maker,
        )
        if not seat.holder.house:
            seat.record(fill)
            self._publication.report_fill(order, fill)
        return fill
