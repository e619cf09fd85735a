"""Orders whose acknowledgement never comes, or is an error that says nothing about the order."""

from typing import NamedTuple

from benchmarks.chaos.board import Finding
from benchmarks.chaos.cast import Play
from surefoot.exchange.faults import Answer, Fault, LostAnswer, Where

KINDS = ("MARKET", "LIMIT")
SILENCE = LostAnswer("silence")
DUPLICATES, UNSAID, NAMELESS = "duplicates", "unsaid", "nameless"


class Mishap(NamedTuple):
    """What happens to the first attempt of an order: its name on the board, the fault, and how it is sent."""

    name: str
    fault: Fault
    verb: str = "order"


MISHAPS = (
    Mishap("answer lost, connection reset", LostAnswer("reset")),
    Mishap("answer lost, silence", SILENCE),
    *(Mishap(f"{code}, executed", Answer(code=code, executed=True)) for code in (-1007, -1006, -1001, -1000)),
    Mishap("HTTP 503, executed", Answer(status=503, executed=True)),
    *(Mishap(f"{code}, not executed", Answer(code=code)) for code in (-1007, -1006, -1001, -1000)),
    Mishap("HTTP 503, not executed", Answer(status=503)),
    Mishap("WebSocket API, connection reset", LostAnswer("reset"), "order_ws"),
    Mishap("WebSocket API, silence", SILENCE, "order_ws"),
)


def placed(play: Play, mishap: Mishap) -> list[Finding]:
    """One order of each kind; each time the first attempt meets the mishap, and no other attempt does."""
    play.venue.offer()
    tries = [_one(play, mishap, kind) for kind in KINDS]
    detail = "; ".join(each.detail for each in tries)
    counted = {
        DUPLICATES: sum(each.duplicates for each in tries),
        UNSAID: sum(each.unsaid for each in tries),
        NAMELESS: sum(each.nameless for each in tries),
    }
    return [
        Finding(section=section, line=mishap.name, bad=bad, of=len(tries), detail=detail)
        for section, bad in counted.items()
    ]


class _Try(NamedTuple):
    duplicates: int
    unsaid: bool
    nameless: bool
    detail: str


def _one(play: Play, mishap: Mishap, kind: str) -> _Try:
    before = len(play.venue.orders())
    play.venue.fail(mishap.fault, Where("order.place", account="alice"))
    said = play.part.tell(mishap.verb, kind)
    there = play.venue.orders()[before:]
    told = "returned" if said.ok else f"{said.kind}: {said.text}"
    said_it = said.says_unknown or (said.says_absent and not there)
    return _Try(
        duplicates=max(0, len(there) - 1),
        unsaid=not there if said.ok else not said_it,
        nameless=bool(there) and not said.ok and not {one.client_order_id for one in there} & {*said.facts},
        detail=f"{kind}: {told}; orders at the exchange: {len(there)}",
    )
