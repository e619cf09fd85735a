"""What one execution does to money, orders and memory."""

from surefoot.exchange.core.commands import Fill, TradeTick
from surefoot.exchange.core.listing import SCALE, Listing
from surefoot.exchange.core.orders import OrderState, Seat
from surefoot.exchange.core.publication import Publication
from surefoot.exchange.core.tape import Tape
from surefoot.spot.enums import OrderStatus, Side
from surefoot.world import Entropy

_FIRST_TRADE, _TRADES_SPREAD = 1_000_000_000, 4_000_000_000


class Settlement:
    """Settles the trades of one symbol between two seats and the exchange's own (`fees`).

    Commission is taken from what each side receives, rounded down to the asset's precision; so is price
    times quantity.
    """

    __slots__ = ("_fees", "_last_trade_id", "_listing", "_publication", "_tape")

    def __init__(
        self, listing: Listing, tape: Tape, publication: Publication, fees: Seat, entropy: Entropy
    ) -> None:
        self._listing = listing
        self._tape = tape
        self._publication = publication
        self._fees = fees
        self._last_trade_id = _FIRST_TRADE + int(entropy.uniform() * _TRADES_SPREAD)

    def trade(self, now_us: int, taker: OrderState, maker: OrderState, steps: int) -> Fill:
        """One fill at the maker's price; the book has already taken from the maker what it will trade.

        Returns the taker's view.
        """
        self._last_trade_id += 1
        qty, price = steps * self._listing.step, maker.price
        quote = self._listing.notional(price, qty)
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

    def lock(self, order: OrderState, amount: int) -> None:
        """Set what the order holds of the asset it pays with; the purse has what is missing."""
        order.seat.purse(order.side).lock(amount - order.locked)
        order.locked = amount

    def needs(self, order: OrderState) -> int:
        """What the rest of an order has to hold; a MARKET order that works keeps what it has."""
        if order.side is Side.SELL:
            return order.remaining
        price = order.price
        if not price:
            if order.working_us or order.special is None:
                return order.locked
            price = order.special.lock_price
        return self._listing.notional(price, order.remaining)

    def release(self, order: OrderState) -> None:
        """The order has become smaller: it holds what it still needs, a pair what its larger leg needs."""
        owner, need, order_list = order, self.needs(order), order.order_list
        rival = None if order_list is None else order_list.rival(order)
        if rival is not None and order_list is not None and order_list.chosen is None:
            owner, need = order_list.pending[0], max(need, self.needs(rival))
        self.lock(owner, need)
        self._publication.moved(order.seat)

    def claim(self, order: OrderState) -> None:
        """One leg of a pair is about to trade: what the pair holds is its own, and no more than it needs."""
        order_list = order.order_list
        assert order_list is not None, "only orders of lists have rivals"
        rival = order_list.rival(order)
        if rival is not None and order_list.chosen is None:
            order.locked, rival.locked = order.locked + rival.locked, 0
            order_list.chosen = order
            self.release(order)

    def close(self, now_us: int, order: OrderState, status: OrderStatus) -> None:
        """The order is over: what it still holds is free again."""
        order.status = status
        order.update_us = now_us
        seat = order.seat
        if order.locked:
            seat.purse(order.side).unlock(order.locked)
            order.locked = 0
        seat.finish(order)
        self._publication.moved(seat)

    def _pay_buyer(self, buyer: OrderState, qty: int, quote: int, is_maker: bool) -> int:
        """Returns the commission, in base. A limit order's lock shrinks to what its rest needs."""
        seat = buyer.seat
        release = quote
        if buyer.price:
            release = buyer.locked - self._listing.notional(buyer.price, buyer.remaining - qty)
        buyer.locked -= release
        seat.quote.locked -= release
        seat.quote.free += release - quote
        holder = seat.holder
        commission = qty * (holder.maker_rate if is_maker else holder.taker_rate) // SCALE
        commission -= commission % self._listing.base_grain
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
        commission -= commission % self._listing.quote_grain
        seat.quote.free += quote - commission
        self._fees.quote.free += commission
        return commission

    def _execute(self, tick: TradeTick, order: OrderState, quote: int, commission: int) -> Fill:
        order.executed_qty += tick.qty
        order.quote_qty += quote
        order.update_us = tick.time_us
        seat = order.seat
        if order.remaining or order.starved:
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
            -1 if order.order_list is None else order.order_list.order_list_id,
            self._listing.digits,
        )
        if not seat.holder.house:
            seat.record(fill)
            self._publication.report_fill(order, fill)
        return fill
