"""What the machines of one symbol share."""

import msgspec

from surefoot.exchange.admission import Admission
from surefoot.exchange.book import Book
from surefoot.exchange.listing import Listing
from surefoot.exchange.order_lists import OrderLists
from surefoot.exchange.orders import Names, OrderState
from surefoot.exchange.publication import Publication
from surefoot.exchange.settlement import Settlement
from surefoot.exchange.tape import Tape
from surefoot.exchange.triggers import Triggers


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
