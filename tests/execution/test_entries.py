"""Every entry of a journal is written down and read again as it was (TRACK-1)."""

from typing import Any, get_args

import msgspec
import pytest

from surefoot.errors import JournalError
from surefoot.execution import entries
from surefoot.execution.bracket import BracketState, Plan, Way
from surefoot.execution.entries import AnyEntry, Entry
from surefoot.execution.journal import Row, read, written
from surefoot.execution.requests import remembered
from surefoot.spot.account import Account, Balance
from surefoot.spot.enums import (
    ContingencyType,
    ExecutionType,
    ListOrderStatus,
    ListStatusType,
    OrderRejectReason,
    OrderStatus,
)
from surefoot.spot.events.user import (
    BalanceUpdate,
    ExternalLockUpdate,
    ListStatus,
    OutboundAccountPosition,
    PositionBalance,
)
from surefoot.spot.events.user import ListedOrder as ToldOrder
from surefoot.spot.orders import CanceledLeg, CanceledList, ListedOrder, OrderList, OrderListAnswer
from tests.execution.told import (
    START_MS,
    SYMBOL,
    D,
    Deal,
    Moment,
    amended,
    answer,
    canceled,
    limit,
    placed,
    reported,
    submitted,
    trade,
)
from tests.execution.told import read as order_read

AT = {"at_ms": START_MS}
NOW = Moment(ExecutionType.TRADE, OrderStatus.PARTIALLY_FILLED, START_MS, D(1), (Deal(5, D("0.25")),))
GONE = NOW._replace(why=ExecutionType.CANCELED, status=OrderStatus.CANCELED, called="web_1")
SMALL = NOW._replace(why=ExecutionType.REPLACED, called="sf-amend", qty=D("0.5"))
LIST: dict[str, Any] = {
    "order_list_id": 9,
    "contingency_type": ContingencyType.OCO,
    "list_status_type": ListStatusType.EXEC_STARTED,
    "list_order_status": ListOrderStatus.EXECUTING,
    "list_client_order_id": "sf-list",
    "transaction_time": START_MS,
    "symbol": SYMBOL,
    "orders": (ListedOrder(SYMBOL, 77, "sf-1"),),
}
LEG = msgspec.convert(msgspec.to_builtins(canceled(GONE).answer), CanceledLeg, strict=False)
TOLD = ListStatus(
    event_time=START_MS,
    symbol=SYMBOL,
    order_list_id=9,
    contingency_type=ContingencyType.OCO,
    list_status_type=ListStatusType.EXEC_STARTED,
    list_order_status=ListOrderStatus.EXECUTING,
    reject_reason=OrderRejectReason("NONE"),
    list_client_order_id="sf-list",
    transact_time=START_MS,
    orders=(ToldOrder(SYMBOL, 77, "sf-1"),),
)
ACCOUNT = Account(
    can_trade=True,
    can_withdraw=False,
    can_deposit=True,
    update_time=START_MS,
    account_type="SPOT",
    balances=(Balance("BTC", D("0.10000000"), D(0)),),
    permissions=("SPOT",),
)
POSITION = OutboundAccountPosition(START_MS, START_MS, (PositionBalance("BTC", D(1), D("0.00000001")),))

PLAN = Plan(
    symbol=SYMBOL,
    way=Way.FOLLOWED,
    take_profit=D(63_000),
    stop_loss=D("58_500.10"),
    partial_patience_ms=2_000,
    quote=D(250),
)

# Each with the client order id and the symbol that its row must name.
EXAMPLES: list[tuple[Entry, str | None, str | None]] = [
    (entries.Opened(**AT, version="1", life=3), None, None),
    (entries.Listed(**AT, symbol=SYMBOL, base="BTC", quote="USDT"), None, SYMBOL),
    (entries.Baseline(**AT, symbol=SYMBOL, trade_id=-1), None, SYMBOL),
    (submitted(limit(), again=2, instead_of="sf-0", notional="50000"), "sf-1", SYMBOL),
    (placed(NOW), "sf-1", SYMBOL),
    (
        entries.ListPlaced(**AT, id="sf-list", answer=OrderListAnswer(**LIST, order_reports=(answer(NOW),))),
        "sf-list",
        SYMBOL,
    ),
    (amended(SMALL), "sf-amend", SYMBOL),
    (entries.NotPlaced(**AT, id="sf-1", because="refused", text="no", code=-2010), "sf-1", None),
    (entries.InDoubt(**AT, id="sf-1", reason="silence", too_late_after_ms=START_MS), "sf-1", None),
    (entries.Resolved(**AT, id="sf-1", evidence="found"), "sf-1", None),
    (entries.CancelAsked(**AT, symbol=SYMBOL, order_id=77, id="sf-1"), "sf-1", SYMBOL),
    (canceled(GONE), "sf-1", SYMBOL),
    (entries.ListCanceled(**AT, answer=CanceledList(**LIST, order_reports=(LEG,))), "sf-list", SYMBOL),
    (entries.CancelRefused(**AT, symbol=SYMBOL, text="no", id="sf-1", code=-2011), "sf-1", SYMBOL),
    (reported(NOW), "sf-1", SYMBOL),
    (reported(GONE), "sf-1", SYMBOL),
    (entries.ListReported(**AT, event=TOLD), "sf-list", SYMBOL),
    (entries.Positioned(**AT, event=POSITION), None, None),
    (entries.Moved(**AT, event=BalanceUpdate(START_MS, "BTC", D("-0.1"), START_MS)), None, None),
    (entries.Locked(**AT, event=ExternalLockUpdate(START_MS, "BTC", D("0.1"), START_MS)), None, None),
    (order_read(NOW), "sf-1", SYMBOL),
    (entries.ListRead(**AT, list=OrderList(**LIST)), "sf-list", SYMBOL),
    (trade(NOW.deals[0]), None, SYMBOL),
    (entries.AccountRead(**AT, account=ACCOUNT), None, None),
    (entries.GapSeen(**AT, since_ms=1, until_ms=2, reason="cut"), None, None),
    (entries.Resynced(**AT), None, None),
    (entries.Anomaly(**AT, what="late", text="it exists", id="sf-1"), "sf-1", None),
    (entries.Tripped(**AT, reason="kill"), None, None),
    (entries.Armed(**AT, reason="again"), None, None),
    (
        entries.BracketMoved(
            **AT, id="sf-b", state=BracketState.ENTERING, plan=PLAN, ids={"entry": "sf-1"}, left=D("0.10")
        ),
        "sf-b",
        None,
    ),
]


def _named(example: tuple[Entry, str | None, str | None]) -> str:
    return type(example[0]).__name__


@pytest.mark.parametrize("example", EXAMPLES, ids=_named)
def test_an_entry_is_read_as_it_was_written(example: tuple[Entry, str | None, str | None]) -> None:
    entry, id, symbol = example
    row = written(12, entry)
    assert read(row) == entry
    assert (row.seq, row.at_ms, row.id, row.symbol) == (12, START_MS, id, symbol)
    assert msgspec.json.decode(row.body)["kind"] == row.kind


def test_no_kind_of_entry_is_forgotten_here() -> None:
    assert {type(entry) for entry, _, _ in EXAMPLES} == set(get_args(AnyEntry))


def test_kinds_are_told_apart() -> None:
    kinds = {written(1, entry).kind for entry, _, _ in EXAMPLES}
    assert len(kinds) == len(get_args(AnyEntry))


def test_a_request_is_remembered_to_the_last_digit() -> None:
    asked = limit(qty="0.01000000", price=D("50000.10"))
    entry = read(written(1, submitted(asked)))
    assert isinstance(entry, entries.Submitted)
    assert str(remembered(entry.name, entry.request).quantity) == "0.01000000"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"kind":"opened"}',
        b'{"kind":"tomorrow","at_ms":1}',
        b'{"at_ms":1}',
        b'{"kind":"opened","at_ms":"x","version":"1","life":1}',
        b"\xff\xfe",
    ],
)
def test_a_damaged_entry_is_named(body: bytes) -> None:
    with pytest.raises(JournalError, match=r"entry 4711 .*opened"):
        read(Row(4711, 1, "opened", None, None, body))


@pytest.mark.parametrize("example", EXAMPLES, ids=_named)
def test_an_entry_that_was_cut_off_is_never_taken_for_a_whole_one(
    example: tuple[Entry, str | None, str | None],
) -> None:
    row = written(7, example[0])
    for length in range(0, len(row.body), 7):
        with pytest.raises(JournalError, match="entry 7 "):
            read(row._replace(body=row.body[:length]))


def test_what_a_later_version_adds_does_not_keep_an_entry_from_being_read() -> None:
    row = written(1, entries.Resynced(**AT))
    assert read(row._replace(body=row.body[:-1] + b',"colour":"red"}')) == entries.Resynced(**AT)
