"""Lives of one order as an exchange would write them, and ways to tell them: what the fold is judged by."""

from hypothesis import strategies as st

from surefoot.execution.entries import Entry
from surefoot.execution.lives import OrderState
from surefoot.execution.records import OrderRecord
from surefoot.spot.enums import ExecutionType, OrderStatus
from tests.execution.told import START_MS, D, Deal, Moment, all_ways, submitted

_CENT = D("0.01")


@st.composite
def histories(draw: st.DrawFn, id: str = "sf-1", order_id: int = 77) -> list[Moment]:
    """A limit order from its placement on: filled in parts, made smaller, cancelled, expired, left open."""
    qty = draw(st.integers(1, 12))
    at_ms, done, deals, called = START_MS, 0, (), id
    life = [
        Moment(ExecutionType.NEW, OrderStatus.NEW, at_ms, qty * _CENT, (), id, order_id, id),
    ]
    for step in range(draw(st.integers(0, 6))):
        at_ms += draw(st.integers(0, 2))
        left = qty - done
        what = draw(st.sampled_from(("fill", "fill", "fill", "amend", "cancel", "expire")))
        if what == "amend" and left > 1:
            qty -= draw(st.integers(1, left - 1))
            called = f"{id}-a{step}"
            why, status = ExecutionType.REPLACED, _open(done)
        elif what == "cancel":
            called = f"web-{id}"
            why, status = ExecutionType.CANCELED, OrderStatus.CANCELED
        elif what == "expire":
            why, status = ExecutionType.EXPIRED, OrderStatus.EXPIRED
        else:
            part = draw(st.integers(1, left))
            done += part
            trade_id = 1_000 * order_id + step
            deals = (*deals, Deal(trade_id, part * _CENT, D(draw(st.integers(1, 9)))))
            why, status = ExecutionType.TRADE, _open(done) if done < qty else OrderStatus.FILLED
        life.append(Moment(why, status, at_ms, qty * _CENT, deals, id, order_id, called))
        if status not in {OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED}:
            break
    return life


def _open(done: int) -> OrderStatus:
    return OrderStatus.PARTIALLY_FILLED if done else OrderStatus.NEW


@st.composite
def tellings(draw: st.DrawFn, life: list[Moment]) -> list[Entry]:
    """That life, told in any order, by every way, with repetitions; the first to name the order's number
    calls it by the id that it was placed with.
    """
    told = all_ways(life)
    again = draw(st.lists(st.sampled_from(told), max_size=4))
    shuffled: list[Entry] = draw(st.permutations([*told, *again]))
    first = draw(st.sampled_from(told[:3]))
    return [first, *shuffled]


@st.composite
def told_lives(draw: st.DrawFn) -> tuple[list[Moment], list[Entry]]:
    """A life, and all that the journal holds of it: what was meant comes first."""
    life = draw(histories())
    early = draw(st.booleans())
    told = draw(tellings(life))
    if early:  # executions that were read before anything said whose they are
        reads = [entry for entry in told if type(entry).__name__ == "TradeRead"]
        told = [*reads, *told]
    return life, [submitted(at_ms=life[0].at_ms), *told]


def must_be(record: OrderRecord | None, now: Moment) -> None:
    """What is known of the order is what the exchange knew last."""
    assert record is not None
    assert record.own
    assert (record.state, record.order_id) == (OrderState(now.status), now.order_id)
    assert (record.qty, record.executed_qty, record.quote_qty) == (now.qty, now.executed, now.quote)
    assert record.known_qty == now.executed
    assert record.is_settled is record.is_final
