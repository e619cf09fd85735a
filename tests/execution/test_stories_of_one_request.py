"""What a request's story makes of every answer, told over a port that says what is written here."""

from typing import Any

import pytest

from surefoot.errors import (
    Banned,
    CannotConnect,
    Facts,
    HeldBack,
    InvalidRequest,
    JournalError,
    Misuse,
    NoAnswer,
    NotPlaced,
    OrderRefused,
    OutcomeUnknown,
    PartlyDone,
    PolicyRefusal,
    ProtocolViolation,
    SurefootError,
    UnknownOrder,
)
from surefoot.execution import entries
from surefoot.execution.lives import ListState, OrderState
from surefoot.execution.placing import Terms, carry_out, submitted
from surefoot.execution.requests import renewed
from surefoot.spot.enums import CancelReplaceMode, ExecutionType, OrderStatus, OrderType, Side
from surefoot.spot.order_list_oco import NewOco
from surefoot.spot.order_replace import AmendOrder, CancelReplace, RefusedHalf
from surefoot.spot.request import Request
from tests.execution.fake_port import FakePort
from tests.execution.told import (
    PRICE,
    START_MS,
    SYMBOL,
    D,
    Deal,
    Moment,
    answer,
    canceled,
    limit,
    placed,
    read,
    reported,
)
from tests.execution.told import submitted as was_submitted

TERMS = Terms(sign_within_ms=5_000, recv_window_ms=5_000)
NEW = Moment(ExecutionType.NEW, OrderStatus.NEW, START_MS, D(1))
FULL = Moment(ExecutionType.TRADE, OrderStatus.FILLED, START_MS, D(1), (Deal(1, D(1)),))
SILENCE = OutcomeUnknown("sent, and then silence", Facts(too_late_after_ms=START_MS + 5_000))
NO_SUCH = UnknownOrder("no such order", Facts(code=-2013))
DUPLICATE = OrderRefused("no", Facts(code=-2010, message="Duplicate order sent."))
BANNED = Banned("banned", Facts(status=418, code=-1003))
OCO = NewOco(
    symbol=SYMBOL,
    side=Side.SELL,
    quantity=D(1),
    list_client_order_id="sf-list",
    above_type=OrderType.LIMIT_MAKER,
    above_price=D(60_000),
    above_client_order_id="sf-up",
    below_type=OrderType.STOP_LOSS,
    below_stop_price=D(40_000),
    below_client_order_id="sf-down",
)
REPLACE = CancelReplace(
    symbol=SYMBOL,
    side=Side.BUY,
    type=OrderType.LIMIT,
    cancel_replace_mode=CancelReplaceMode.ALLOW_FAILURE,
    cancel_order_id=70,
    quantity=D(1),
    price=PRICE,
    new_client_order_id="sf-1",
)
AMEND = AmendOrder(symbol=SYMBOL, order_id=70, new_client_order_id="sf-amend", new_qty=D("0.4"))
OLD = NEW._replace(id="sf-0", called="sf-0", order_id=70)


async def done(port: FakePort, request: Request[Any] | None = None) -> None:
    asked = limit() if request is None else request
    await carry_out(port, asked, submitted(port, asked, TERMS))


def state(port: FakePort, id: str = "sf-1") -> OrderState:
    order = port.views.orders.shelf.get(id)
    assert order is not None
    return order.state


def with_the_old_one(answers: dict[str, list[Any]], **more: Any) -> FakePort:
    port = FakePort(answers, **more)
    port.note(was_submitted(limit("sf-0")), placed(OLD))
    return port


async def test_an_answer_is_the_end_of_it_and_nothing_left_before_it_was_safe() -> None:
    port = FakePort({"NewOrder": [answer(FULL)]})
    await done(port)
    assert port.kinds() == ["Submitted", "Placed"]
    assert port.unsafe_at_send == 0
    assert state(port) is OrderState.FILLED
    assert port.views.orders.submissions == {}


@pytest.mark.parametrize(
    ("error", "because"),
    [
        (CannotConnect("nobody listens"), "not delivered"),
        (HeldBack("too late to sign"), "not delivered"),
        (OrderRefused("no", Facts(code=-2010)), "refused"),
        (InvalidRequest("no", Facts(code=-1100)), "refused"),
        (BANNED, "refused"),
    ],
)
async def test_what_did_not_happen_is_raised_and_over(error: SurefootError, because: str) -> None:
    port = FakePort({"NewOrder": [error]})
    with pytest.raises(type(error)) as caught:
        await done(port)
    assert caught.value is error
    assert port.kinds() == ["Submitted", "NotPlaced"]
    said = port.noted[-1]
    assert isinstance(said, entries.NotPlaced)
    assert said.because == because
    assert state(port) is OrderState.NOT_PLACED
    assert port.asked == []


async def test_a_journal_that_cannot_be_written_lets_nothing_leave_and_stops_trading() -> None:
    port = FakePort({"NewOrder": [answer(NEW)]})
    port.broken = JournalError("the disk is full")
    with pytest.raises(JournalError):
        await done(port)
    assert port.sent == []
    assert state(port) is OrderState.NOT_PLACED
    assert port.views.tripped is not None
    with pytest.raises(PolicyRefusal):
        await done(port, limit("sf-2"))
    assert port.sent == []


async def test_a_journal_that_fails_during_a_doubt_does_not_hide_its_end() -> None:
    """The order exists: to say that it did not happen would have it placed twice."""
    port = FakePort({"NewOrder": [SILENCE], "GetOrder": [read(NEW).order]})
    entry = submitted(port, limit(), TERMS)
    port.later = [(START_MS + 200, reported(NEW))]
    port.answers["NewOrder"] = [_breaks(port)]
    await carry_out(port, limit(), entry)
    assert state(port) is OrderState.NEW
    assert port.views.tripped is not None


def _breaks(port: FakePort) -> Any:
    def said(_: Any) -> SurefootError:
        port.broken = JournalError("the disk is full")
        return SILENCE

    return said


async def test_trading_that_stops_while_it_is_written_down_keeps_it_here() -> None:
    port = FakePort({"NewOrder": [answer(NEW)]})
    entry = submitted(port, limit(), TERMS)
    port.note(entries.Tripped(at_ms=START_MS, reason="kill"))
    with pytest.raises(PolicyRefusal):
        await carry_out(port, limit(), entry)
    assert port.sent == []
    assert state(port) is OrderState.NOT_PLACED


@pytest.mark.parametrize("error", [SILENCE, ProtocolViolation("nonsense")])
async def test_silence_is_looked_into_and_never_sent_again(error: SurefootError) -> None:
    port = FakePort({"NewOrder": [error], "GetOrder": [NO_SUCH, NO_SUCH, read(NEW).order]})
    await done(port)
    assert len(port.sent) == 1
    assert port.kinds() == ["Submitted", "InDoubt", "OrderRead", "Resolved"]
    assert state(port) is OrderState.NEW


async def test_what_is_absent_by_all_evidence_is_not_placed() -> None:
    nothing: tuple[Any, ...] = ()
    port = FakePort(
        {
            "NewOrder": [SILENCE],
            "GetOrder": [NO_SUCH],
            "GetOpenOrders": [nothing],
            "GetAllOrders": [nothing],
        }
    )
    with pytest.raises(NotPlaced):
        await done(port)
    assert port.now_ms() == START_MS + 5_000 + 45_000
    assert port.kinds() == ["Submitted", "InDoubt", "NotPlaced"]


@pytest.mark.parametrize(
    "error", [NoAnswer("no"), BANNED, HeldBack("wait"), CannotConnect("no"), ProtocolViolation("x")]
)
async def test_looks_that_are_not_answered_prove_nothing(error: SurefootError) -> None:
    port = FakePort({"NewOrder": [SILENCE], "GetOrder": [*[error] * 300, read(NEW).order]}, whole=True)
    await done(port)
    assert port.now_ms() > START_MS + 100_000
    assert state(port) is OrderState.NEW


async def test_a_list_that_could_not_be_asked_for_is_not_absent() -> None:
    """A ban is a refusal too: it says nothing of the list."""
    port = FakePort({"NewOco": [SILENCE], "GetOrderList": [BANNED]}, whole=True)
    up = NEW._replace(id="sf-up", called="sf-up", side=Side.SELL, list_id=9, type=OrderType.LIMIT_MAKER)
    port.later = [(START_MS + 200_000, reported(up))]
    await done(port, OCO)
    assert len(port.sent) == 1
    assert "NotPlaced" not in port.kinds()
    assert state(port, "sf-up") is OrderState.NEW


async def test_a_list_is_looked_for_by_its_orders_as_well() -> None:
    """Where the query for the list misses it, all orders of the time may not."""
    up = NEW._replace(id="sf-up", called="sf-up", side=Side.SELL, list_id=9, type=OrderType.LIMIT_MAKER)
    port = FakePort(
        {
            "NewOco": [SILENCE],
            "GetOrderList": [NO_SUCH],
            "GetOpenOrders": [()],
            "GetAllOrders": [(read(up).order,)],
        }
    )
    await done(port, OCO)
    assert port.kinds()[-2:] == ["OrderRead", "Resolved"]


async def test_a_list_that_is_absent_is_not_placed_with_all_its_orders() -> None:
    port = FakePort(
        {
            "NewOco": [SILENCE],
            "GetOrderList": [InvalidRequest("none", Facts(code=-2018))],
            "GetOpenOrders": [()],
            "GetAllOrders": [()],
        }
    )
    with pytest.raises(NotPlaced):
        await done(port, OCO)
    assert state(port, "sf-up") is state(port, "sf-down") is OrderState.NOT_PLACED
    assert port.views.orders.shelf.lists["sf-list"].state is ListState.NOT_PLACED


async def test_an_amendment_that_the_stream_told_of_happened_however_far_reads_lag() -> None:
    port = with_the_old_one({"AmendOrder": [SILENCE], "GetOrder": [read(OLD).order]}, whole=True)
    smaller = OLD._replace(why=ExecutionType.REPLACED, qty=D("0.4"), called="sf-amend")
    port.later = [(START_MS + 3_000, reported(smaller))]
    await done(port, AMEND)
    assert "NotPlaced" not in port.kinds()
    order = port.views.orders.shelf.get("sf-0")
    assert order is not None
    assert order.qty == D("0.4")


async def test_an_amendment_that_did_not_happen_leaves_its_order_as_it_is() -> None:
    port = with_the_old_one({"AmendOrder": [SILENCE], "GetOrder": [read(OLD).order]}, whole=True)
    with pytest.raises(NotPlaced):
        await done(port, AMEND)
    order = port.views.orders.shelf.get("sf-0")
    assert order is not None
    assert (order.state, order.qty) == (OrderState.NEW, D(1))


async def test_a_duplicate_that_is_the_one_that_was_meant_is_taken_for_it() -> None:
    port = FakePort({"NewOrder": [DUPLICATE], "GetOrder": [read(NEW).order]})
    await done(port)
    assert state(port) is OrderState.NEW
    assert port.kinds()[-1] == "Resolved"


@pytest.mark.parametrize(
    "other",
    [
        NEW._replace(side=Side.SELL),
        NEW._replace(qty=D(2)),
        NEW._replace(type=OrderType.LIMIT_MAKER),
    ],
    ids=["side", "quantity", "type"],
)
async def test_a_duplicate_that_is_another_one_is_refused_and_both_are_shown(other: Moment) -> None:
    port = FakePort({"NewOrder": [DUPLICATE], "GetOrder": [read(other).order]})
    with pytest.raises(OrderRefused, match="order 77 has the id sf-1"):
        await done(port)
    assert state(port) is OrderState.NOT_PLACED


async def test_a_duplicate_of_another_price_is_another_one() -> None:
    port = FakePort({"NewOrder": [DUPLICATE], "GetOrder": [read(NEW).order]})
    with pytest.raises(OrderRefused, match="price"):
        await done(port, limit(price=D(49_000)))


async def test_a_duplicate_that_cannot_be_looked_at_is_in_doubt_not_forgotten() -> None:
    port = FakePort({"NewOrder": [DUPLICATE], "GetOrder": [NoAnswer("no"), read(NEW).order]})
    await done(port)
    assert "InDoubt" in port.kinds()
    assert state(port) is OrderState.NEW


async def test_half_of_a_replacement_is_told_as_both_halves() -> None:
    half = PartlyDone(
        "half", Facts(code=-2021), done=canceled(_gone()).answer, refused=RefusedHalf(-2010, "x")
    )
    port = with_the_old_one({"CancelReplace": [half]})
    with pytest.raises(PartlyDone):
        await done(port, REPLACE)
    assert state(port, "sf-0") is OrderState.CANCELED
    assert state(port) is OrderState.NOT_PLACED
    said = port.noted[-1]
    assert isinstance(said, entries.NotPlaced)
    assert said.because == "refused"


async def test_a_new_order_beside_the_old_one_is_told_as_both_halves() -> None:
    half = PartlyDone(
        "half", Facts(code=-2021, request=REPLACE), done=answer(NEW), refused=RefusedHalf(-2011, "x")
    )
    port = with_the_old_one({"CancelReplace": [half]})
    with pytest.raises(PartlyDone):
        await done(port, REPLACE)
    assert state(port) is OrderState.NEW
    assert state(port, "sf-0") is OrderState.NEW
    assert port.kinds()[-2:] == ["Placed", "CancelRefused"]


@pytest.mark.parametrize("exists", [True, False])
async def test_a_second_half_of_unknown_outcome_is_in_doubt(exists: bool) -> None:
    half = PartlyDone(
        "half",
        Facts(code=-2021, too_late_after_ms=START_MS + 5_000),
        done=canceled(_gone()).answer,
        refused=RefusedHalf(-1007, "Timeout waiting for response"),
    )
    port = with_the_old_one(
        {"CancelReplace": [half], "GetOrder": [_looked_up(exists)]},
        whole=True,
    )
    if exists:
        await done(port, REPLACE)
    else:
        with pytest.raises(NotPlaced):
            await done(port, REPLACE)
    assert state(port, "sf-0") is OrderState.CANCELED
    assert state(port) is (OrderState.NEW if exists else OrderState.NOT_PLACED)


def _looked_up(exists: bool) -> Any:
    def said(query: Any) -> Any:
        if query.orig_client_order_id == "sf-1":
            return read(NEW).order if exists else NO_SUCH
        return read(_gone()).order

    return said


def _gone() -> Moment:
    return OLD._replace(
        why=ExecutionType.CANCELED, status=OrderStatus.CANCELED, called="web", at_ms=START_MS + 1
    )


@pytest.mark.parametrize("request_", [limit(), OCO, REPLACE], ids=["order", "list", "cancelReplace"])
async def test_an_id_is_used_once(request_: Any) -> None:
    """Whatever became of it: what is known of one order must not be taken for what becomes of another."""
    port = with_the_old_one({type(request_).__name__: [CannotConnect("no")]})
    with pytest.raises(CannotConnect):
        await done(port, request_)
    sent = len(port.sent)
    with pytest.raises(Misuse, match="knows it already"):
        submitted(port, request_, TERMS)
    assert len(port.sent) == sent
    submitted(port, renewed_with_ids(request_), TERMS)


def renewed_with_ids(request: Any) -> Any:
    bare = renewed(request)
    ids = [
        name
        for name in bare.__struct_fields__
        if name.endswith("client_order_id") and not getattr(bare, name) and getattr(request, name)
    ]
    assert ids
    changed = {name: f"sf-again-{number}" for number, name in enumerate(ids)}
    return type(request)(**{f: getattr(bare, f) for f in bare.__struct_fields__} | changed)
