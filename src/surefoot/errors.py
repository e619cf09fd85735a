"""Every error surefoot raises, one tree; each branch answers one question: *did it happen?*

::

    SurefootError
    ├── Misuse               you broke our contract                               it did not happen
    ├── JournalError         what is to be remembered cannot be written or read   it did not happen
    ├── Forbidden            a rule said no here, before anything left            it did not happen
    │   ├── FilterViolation    .filter .field .given .bound .nearest
    │   └── PolicyRefusal      .rule .limit .asked
    ├── NotDelivered         it never reached the exchange                        it did not happen
    │   ├── CannotConnect
    │   ├── HeldBack           our own budget, or a ban: .retry_at_ms
    │   └── NotPlaced          it was unknown, and evidence says it did not happen
    ├── Refused              the exchange said no: .code .message .status         it did not happen
    │   ├── OrderRefused · UnknownOrder · InvalidRequest · NotAuthorized · StaleTimestamp
    │   └── RateLimited · Banned: .retry_at_ms
    ├── PartlyDone           cancelReplace: .done .refused                        half of it happened
    ├── OutcomeUnknown       sent, and then silence: .request .too_late_after_ms  nobody knows yet
    ├── StillOpen            cancelled again and again, and not known to be over   nobody knows yet
    ├── LeftOpen             the trader was closed first: its next start finds out  nobody knows yet
    ├── NoAnswer             a read got no answer                                 it does not matter
    └── ProtocolViolation    the other side spoke nonsense

Errors hold facts, not prose: what was asked, by which client order id, what came back. The message names
what was wrong and, where there is one, the next step.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar

import msgspec


class Happened(StrEnum):
    """The answer to the question that matters with money: did it happen?"""

    YES = "yes"  # no error of the tree says so; an explanation of somebody else's may
    NO = "no"
    HALF = "half"
    UNKNOWN = "unknown"
    IRRELEVANT = "irrelevant"


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about the request an error speaks of; every field may be unknown (``None``).

    ``request`` is the request struct; ``signed_at_ms`` its timestamp on the exchange's clock and
    ``offset_ms`` the measured difference (exchange minus local) used for it. ``too_late_after_ms`` is the
    moment (exchange's clock) after which the exchange must refuse these bytes. ``headers`` are lower-case.
    """

    request: Any = None
    client_order_id: str | None = None
    status: int | None = None
    code: int | None = None
    message: str | None = None
    headers: Mapping[str, str] = MappingProxyType({})
    signed_at_ms: int | None = None
    offset_ms: float | None = None
    too_late_after_ms: int | None = None
    retry_at_ms: int | None = None
    data: Any = None


class SurefootError(Exception):
    """Root of the tree. ``facts`` holds what is known, ``happened`` the answer."""

    happened: ClassVar[Happened] = Happened.NO

    def __init__(self, text: str, facts: Facts | None = None) -> None:
        super().__init__(text)
        self.facts = facts or Facts()

    def __reduce__(self) -> tuple[Any, ...]:
        """An error crosses to another process whole: what is not known there is whether it happened."""
        facts = msgspec.structs.replace(self.facts, headers=dict(self.facts.headers))
        return _revived, (type(self), self.args, vars(self) | {"facts": facts})

    @property
    def client_order_id(self) -> str | None:
        """The order's client order id, when the error is about an order."""
        return self.facts.client_order_id

    @property
    def retry_at_ms(self) -> int | None:
        """When it may be tried again (exchange's clock), where that is known."""
        return self.facts.retry_at_ms

    @property
    def request(self) -> Any:
        """The request struct, when the error is about one."""
        return self.facts.request


def _revived(kind: type[SurefootError], args: tuple[Any, ...], known: dict[str, Any]) -> SurefootError:
    error = kind.__new__(kind, *args)
    vars(error).update(known)
    return error


class Misuse(SurefootError):
    """The caller broke surefoot's contract (a float for money, an unknown symbol, a closed client)."""


class JournalError(SurefootError):
    """A journal cannot be opened, read or written: nothing that could add exposure leaves without one."""


class Forbidden(SurefootError):
    """A rule said no here, before anything left."""


class FilterViolation(Forbidden):
    """A filter of the exchange would refuse this order.

    ``filter`` is Binance's filter type, ``field`` the request field, ``given`` and ``bound`` what clashed,
    ``nearest`` the nearest legal value (``None`` when no value of this field alone would pass). ``text`` is
    the message, where the judge has better words than these facts.
    """

    def __init__(
        self,
        filter: str,
        field: str,
        given: object,
        bound: object,
        nearest: object | None,
        *,
        text: str | None = None,
        facts: Facts | None = None,
    ) -> None:
        advice = f"; nearest legal value {nearest}" if nearest is not None else ""
        super().__init__(text or f"{filter}: {field} {given} violates {bound}{advice}", facts)
        self.filter = filter
        self.field = field
        self.given = given
        self.bound = bound
        self.nearest = nearest


class PolicyRefusal(Forbidden):
    """The operator's own limits forbid it."""

    def __init__(self, rule: str, limit: object, asked: object) -> None:
        super().__init__(f"{rule}: asked {asked}, limit {limit}")
        self.rule = rule
        self.limit = limit
        self.asked = asked


class NotDelivered(SurefootError):
    """It never reached the exchange."""


class CannotConnect(NotDelivered):
    """No connection could be made, so no byte left."""


class HeldBack(NotDelivered):
    """surefoot's own budget, or a ban, held it back; or its last signing moment has passed."""


class NotPlaced(NotDelivered):
    """Nobody knew whether it happened; now evidence says that it did not, and cannot any more (RETRY-3).

    It may be placed again, under a new client order id, if it is still wanted.
    """


class Refused(SurefootError):
    """The exchange said no: ``code``, ``message`` and ``status`` are its words."""

    @property
    def code(self) -> int | None:
        """Binance's error code, when the body carried one."""
        return self.facts.code

    @property
    def message(self) -> str | None:
        """Binance's text."""
        return self.facts.message

    @property
    def status(self) -> int | None:
        """HTTP status, or the WebSocket API's equivalent."""
        return self.facts.status


class OrderRefused(Refused):
    """The engine or a filter refused the order (-1013, -2010, …)."""


class UnknownOrder(Refused):
    """No such order, or it is already done (-2011, -2013)."""


class InvalidRequest(Refused):
    """The request is malformed (-1100 … -1199)."""


class NotAuthorized(Refused):
    """Key, signature, permission or address refused (-1002, -1022, -2014, -2015, 401, 403)."""


class StaleTimestamp(Refused):
    """The timestamp was outside recvWindow (-1021)."""


class RateLimited(Refused):
    """Too much weight or too many orders (429, -1003, -1015); wait until ``retry_at_ms``."""


class Banned(Refused):
    """The address is banned (418) until ``retry_at_ms``."""


class PartlyDone(SurefootError):
    """Half of a cancelReplace happened: `done` is its answer, `refused` the code and text of the other half.

    `done` is a `CancelAnswer` (or `CanceledList`) when the old order is gone and no new one came, an
    `OrderAnswer` when the new one was placed and the old one not cancelled; `refused` is a `RefusedHalf`.
    """

    happened = Happened.HALF

    def __init__(
        self, text: str, facts: Facts | None = None, *, done: Any = None, refused: Any = None
    ) -> None:
        super().__init__(text, facts)
        self.done = done
        self.refused = refused


class OutcomeUnknown(SurefootError):
    """It was sent, and then silence: nobody knows yet. Never send it again: look it up by client order id."""

    happened = Happened.UNKNOWN

    @property
    def too_late_after_ms(self) -> int | None:
        """After this moment (exchange's clock) the exchange must refuse the bytes that were sent."""
        return self.facts.too_late_after_ms


class StillOpen(SurefootError):
    """A trader cancelled an order until its patience was over, and does not know that it is: it may still be
    open. It is raised from the last failure.
    """

    happened = Happened.UNKNOWN


class LeftOpen(SurefootError):
    """The trader was closed before it was known whether it happened. The journal remembers it: the next start
    on it finds out.
    """

    happened = Happened.UNKNOWN


class NoAnswer(SurefootError):
    """A read got no answer; reading again is safe."""

    happened = Happened.IRRELEVANT


class ProtocolViolation(SurefootError):
    """The other side spoke nonsense: bytes that are not what the protocol allows."""

    happened = Happened.UNKNOWN
