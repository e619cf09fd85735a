"""Order lists placed at one symbol: OCO, OTO and OTOCO (official page *REST API*, Order lists)."""

from collections.abc import Sequence

from surefoot.exchange.core.admission import DUPLICATE, REJECTED, crowd
from surefoot.exchange.core.aftermath import Aftermath
from surefoot.exchange.core.commands import Place, Placed, Refusal
from surefoot.exchange.core.intake import Intake
from surefoot.exchange.core.list_commands import ListPlaced, PlaceList
from surefoot.exchange.core.order_lists import OrderList
from surefoot.exchange.core.orders import Seat
from surefoot.exchange.core.parts import Parts
from surefoot.exchange.core.sizing import Size
from surefoot.exchange.core.triggers import fires_above
from surefoot.exchange.core.view import View
from surefoot.spot.enums import ContingencyType, ListStatusType, OrderType

_BAD_PRICES = Refusal(REJECTED, "The relationship of the prices for the orders is not correct.")
_NEEDS = {"ocoAllowed": "OCO", "otoAllowed": "OTO"}
_UNSUPPORTED = "{} orders are not supported for this symbol"


class MarketLists:
    """Places lists at one symbol."""

    def __init__(self, parts: Parts, intake: Intake, aftermath: Aftermath) -> None:
        self._listing = parts.listing
        self._admission = parts.admission
        self._lists = parts.lists
        self._tape = parts.tape
        self._intake = intake
        self._aftermath = aftermath

    def place(self, now_us: int, asked: PlaceList, seat: Seat) -> ListPlaced | Refusal:
        """Admit the list as a whole, then let its first orders begin."""
        view = View(self._tape, seat, now_us)
        refusal = self._judge(asked, view)
        if refusal is not None:
            return refusal
        if asked.working is None:
            return self._place_pair(now_us, asked, view)
        return self._place_chain(now_us, asked, asked.working, view)

    def _judge(self, asked: PlaceList, view: View) -> Refusal | None:
        needed = {"otoAllowed"} if asked.working is not None else set()
        needed |= {"ocoAllowed"} if asked.is_pair else set()
        for capability in sorted(needed - self._listing.allowed):
            return Refusal(-1013, _UNSUPPORTED.format(_NEEDS[capability]))
        for leg in asked.legs:
            if (refusal := self._admission.judge_leg(leg, view)) is not None:
                return refusal
        if (refusal := self._admission.crowded(crowd(asked.legs, lists=1), view)) is not None:
            return refusal
        return DUPLICATE if self._names_taken(asked, view.seat) else None

    def _names_taken(self, asked: PlaceList, seat: Seat) -> bool:
        names = [leg.client_order_id for leg in asked.legs if leg.client_order_id is not None]
        if len(set(names)) < len(names) or any(seat.in_use(name) for name in names):
            return True
        listed = asked.list_client_order_id
        return any(made.list_client_order_id == listed for made in self._lists.open_lists(seat.holder.name))

    def _place_pair(self, now_us: int, asked: PlaceList, view: View) -> ListPlaced | Refusal:
        """An OCO: its prices must have the last one between them."""
        if not _straddles(asked.pending, view.last_price or 0):
            return _BAD_PRICES
        sizes = []
        for leg in asked.pending:
            size = self._admission.size(leg, view)
            if isinstance(size, Refusal):
                return size
            sizes.append(size)
        made = self._lists.add(view.seat, asked.symbol, asked.list_client_order_id)
        self._add_pending(now_us, asked, sizes, made)
        self._aftermath.begin(now_us, made, max(size.lock for size in sizes))
        placed = tuple([Placed(leg.snapshot(), ()) for leg in made.pending])
        self._aftermath.follow(now_us)
        return ListPlaced(made.snapshot(), placed)

    def _place_chain(self, now_us: int, asked: PlaceList, working: Place, view: View) -> ListPlaced | Refusal:
        """An OTO or OTOCO: the working order begins, the others are pending whatever it takes at once."""
        size = self._admission.size(working, view)
        if isinstance(size, Refusal):
            return size
        made = self._lists.add(view.seat, asked.symbol, asked.list_client_order_id)
        first = self._intake.accept(now_us, working, size, view.seat, owner=made)
        made.contingency, made.working = ContingencyType.OTO, first
        steps = [Size((leg.quantity or 0) // self._listing.step, 0) for leg in asked.pending]
        self._add_pending(now_us, asked, steps, made)
        for leg in made.pending:
            self._intake.announce(now_us, leg)
        self._aftermath.progress(now_us, made, ListStatusType.EXEC_STARTED)
        pending = [Placed(leg.snapshot(), ()) for leg in made.pending]
        said = made.snapshot()
        fills = self._intake.start(now_us, first)
        placed = (Placed(first.snapshot(), fills), *pending)
        self._aftermath.follow(now_us)
        return ListPlaced(said, placed)

    def _add_pending(self, now_us: int, asked: PlaceList, sizes: Sequence[Size], made: OrderList) -> None:
        legs = []
        for plan, size in zip(asked.pending, sizes, strict=True):
            leg = self._intake.accept_leg(now_us, plan, size.steps, made.seat, made)
            made.plans[leg.order_id] = plan
            legs.append(leg)
        made.pending = tuple(legs)


def _straddles(legs: Sequence[Place], last: int) -> bool:
    """Whether the last price is between the stop-loss leg, which comes first, and the other one.

    A leg that trails from the last price on has no price of its own: it is always on its side.
    """
    stop, profit = legs
    above = fires_above(stop.type, stop.side)
    high, low = (stop.stop_price, _wanted(profit)) if above else (_wanted(profit), stop.stop_price)
    return (high is None or high > last) and (low is None or low < last)


def _wanted(profit: Place) -> int | None:
    """The price that decides for the profit leg: that of its order, for TAKE_PROFIT its stop price."""
    return profit.stop_price if profit.type is OrderType.TAKE_PROFIT else profit.price
