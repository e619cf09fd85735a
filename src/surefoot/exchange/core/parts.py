"""What the machines of one symbol share."""

import msgspec

from surefoot.exchange.core.admission import Admission
from surefoot.exchange.core.book import Book
from surefoot.exchange.core.listing import Listing
from surefoot.exchange.core.order_lists import OrderLists
from surefoot.exchange.core.orders import Names, OrderState
from surefoot.exchange.core.publication import Publication
from surefoot.exchange.core.settlement import Settlement
from surefoot.exchange.core.tape import Tape
from surefoot.exchange.core.triggers import Triggers


class Parts(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The parts themselves change; which ones they are does not."""

    listing: Listing
    book: Book[OrderState]
    tape: Tape
    triggers: Triggers
    admission: Admission
    settlement: Settlement
    publication: Publication
    lists: OrderLists
    names: Names
