"""Answers that are half a failure, and numbers that are not quite what they look like."""

from benchmarks.chaos.board import Finding
from benchmarks.chaos.cast import Play
from surefoot.exchange.faults import Latency

HALVES, NUMBERS = "halves", "numbers"
_COMPUTED = {"0.1 + 0.2": 0.1 + 0.2, "0.00009": 0.00009}
_UNNOTICED_MS = 0.001


def replaced(play: Play) -> list[Finding]:
    """The old order cannot be cancelled, the new one is live: is its id a field of the error?"""
    said = play.part.tell("replace")
    live = {str(order.order_id) for order in play.venue.orders()}
    hidden = bool(live) and not live & {*said.facts}
    detail = f"{said.kind}: {said.text}; orders at the exchange: {len(live)}"
    shown = "hidden" if hidden else "typed"
    return [
        Finding(section=HALVES, line="HTTP 409, -2021", bad=int(hidden), of=1, shown=shown, detail=detail)
    ]


def numbered(play: Play) -> list[Finding]:
    """An order for a quantity that the program computed: does the exchange refuse what arrives?"""
    found = []
    for line, quantity in _COMPUTED.items():
        arrivals = play.venue.fail(Latency(_UNNOTICED_MS), "order.place", times=None)
        said = play.part.tell("number", quantity)
        refused = not said.ok and play.venue.struck(arrivals) > 0
        detail = "accepted" if said.ok else f"{said.kind}: {said.text}"
        found.append(Finding(section=NUMBERS, line=line, bad=int(refused), of=1, detail=detail))
    return found
