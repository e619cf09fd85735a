"""A request that passed: what it is now, and on demand everything that can be said of it (RULES-3)."""

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

import msgspec

from surefoot.rules.closing import closing
from surefoot.rules.legs import Ticket, is_list
from surefoot.rules.met import Found, amendment, counts, met, unknowns
from surefoot.rules.snapshot import Snapshot
from surefoot.rules.symbols import SymbolRules
from surefoot.rules.verdicts import Change, Closing, Met, Skipped
from surefoot.spot.order_replace import AmendOrder
from surefoot.spot.request import Request, weight

R_co = TypeVar("R_co", bound=Request[Any], covariant=True)


class Checked(msgspec.Struct, Generic[R_co], frozen=True, repr_omit_defaults=True):
    """A request that passes, corrected: the very same object when nothing had to change.

    `order` is what to send, `changes` what rounding did. The rest is worked out when it is asked for, so that
    an order in a hurry does not wait for it: `rules` and `known` are what it was judged by, `tickets` its
    orders one by one.
    """

    order: R_co
    changes: tuple[Change, ...]
    tickets: tuple[Ticket, ...]
    rules: SymbolRules
    known: Snapshot

    @property
    def met(self) -> tuple[Met, ...]:
        """The filters that judged it, with value and bound."""
        return tuple([each for each in self._found() if isinstance(each, Met)])

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What may stand against it and could not be judged, for want of knowledge."""
        left = [each for each in self._found() if isinstance(each, Skipped)]
        if not isinstance(self.order, AmendOrder):
            left += unknowns(self.known)
        more = self._closing()
        return tuple(dict.fromkeys([*left, more] if isinstance(more, Skipped) else left))

    @property
    def closing(self) -> Closing | None:
        """Whether what it buys could be sold again after the commission; `None` for a SELL, and where too
        little is known (`skipped` says of what).
        """
        found = self._closing()
        return found if isinstance(found, Closing) else None

    @property
    def weight(self) -> int:
        """What sending it costs when it is refused."""
        return weight(self.order)

    @property
    def weight_on_success(self) -> int:
        """What sending it costs when it is accepted (since 2026-04-02 an order costs nothing)."""
        free = self.order.endpoint.weight_on_success
        return self.weight if free is None else free

    @property
    def order_count(self) -> int:
        """What it adds to the unfilled order count."""
        return self.order.endpoint.order_count

    def __repr__(self) -> str:
        return f"Checked(order={self.order!r}, changes={self.changes!r})"

    def _closing(self) -> Closing | Skipped | None:
        if isinstance(self.order, AmendOrder):
            return None
        return closing(self.tickets[0], self.rules, self.known)

    def _found(self) -> Iterator[Found]:
        if isinstance(self.order, AmendOrder):
            yield from amendment(self.order, self.tickets, self.rules, self.known)
            return
        for ticket in self.tickets:
            yield from met(ticket, self.rules, self.known)
        yield from counts(self.tickets, self.rules, self.known, as_list=is_list(self.order))
