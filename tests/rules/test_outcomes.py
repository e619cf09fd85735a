"""What any answer, or silence, means."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from surefoot import errors
from surefoot.errors import Facts, Happened
from surefoot.rules.outcomes import (
    Done,
    NotDelivered,
    Outcome,
    Partly,
    Refused,
    Said,
    Unknown,
    error_of,
    is_stale,
    judge,
)
from surefoot.spot.order_replace import RefusedHalf
from surefoot.spot.orders import CancelAnswer, OrderAnswer
from surefoot.wire import Lost

CODES = json.loads((Path(__file__).parent.parent / "facts" / "errors.json").read_text())["codes"]


@pytest.mark.parametrize(
    ("heard", "kind"),
    [
        (Said(status=200, result=b"{}"), Done),
        (Said(status=409, code=-2021, message="half"), Partly),
        (Said(status=429, code=-2021, message="half, and the order limit"), Partly),
        (Said(status=400, code=-2022, message="neither half"), Refused),
        (Said(status=400, code=-1013), Refused),
        (Said(status=400, code=-2010), Refused),
        (Said(status=401, code=-2015), Refused),
        (Said(status=403), Refused),
        (Said(status=404), Refused),
        (Said(status=418), Refused),
        (Said(status=429, code=-1003), Refused),
        (Said(status=451), Refused),
        (Said(status=500), Unknown),
        (Said(status=502), Unknown),
        (Said(status=503, code=-1008), Unknown),
        (Said(status=400, code=-1007), Unknown),
        (Said(status=400), Unknown),
        (Said(status=408), Unknown),
        (Said(status=302), Unknown),
        (Said(status=0), Unknown),
        (Said(status=200, code=-2043), Unknown),
        (Lost(delivered=True, reason="reset"), Unknown),
        (Lost(delivered=False, reason="refused"), NotDelivered),
    ],
)
def test_the_table(heard: Said | Lost, kind: type[Outcome]) -> None:
    """RETRY-3: every row of the table in the module's docstring."""
    assert isinstance(judge(heard), kind)


def test_a_refusal_inside_a_success_is_one_of_a_read() -> None:
    """The WebSocket API's page documents it of referencePrice."""
    assert isinstance(judge(Said(status=200, code=-2043), mutates=False), Refused)


@pytest.mark.parametrize("row", CODES, ids=lambda row: str(row["code"]))
def test_every_documented_code_is_unknown_exactly_where_the_facts_say_so(row: dict[str, object]) -> None:
    """RETRY-3: -1000, -1001, -1006, -1007, -1008 say nothing about whether it happened."""
    code = row["code"]
    assert isinstance(code, int)
    outcome = judge(Said(status=409 if code == -2021 else 400, code=code))
    if row["retry"] == "unknown_outcome":
        assert isinstance(outcome, Unknown)
    else:
        assert isinstance(outcome, Partly if code == -2021 else Refused)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Said(status=418, code=-1003), errors.Banned),
        (Said(status=429, code=-1015), errors.RateLimited),
        (Said(status=400, code=-1021), errors.StaleTimestamp),
        (Said(status=400, code=-2015), errors.NotAuthorized),
        (Said(status=403), errors.NotAuthorized),
        (Said(status=400, code=-2013), errors.UnknownOrder),
        (Said(status=400, code=-2011), errors.UnknownOrder),
        (Said(status=400, code=-1013), errors.OrderRefused),
        (Said(status=400, code=-2010), errors.OrderRefused),
        (Said(status=400, code=-1102), errors.InvalidRequest),
        (Said(status=404), errors.InvalidRequest),
    ],
)
def test_a_refusal_has_its_branch(said: Said, kind: type[errors.Refused]) -> None:
    error = error_of(judge(said), mutates=True, facts=Facts(client_order_id="id"))
    assert type(error) is kind
    assert error.happened is Happened.NO
    assert error.client_order_id == "id"


def test_silence_after_a_write_is_unknown_and_after_a_read_does_not_matter() -> None:
    """RETRY-3."""
    silence = judge(Lost(delivered=True, reason="reset by peer"))
    write = error_of(silence, mutates=True, facts=Facts(client_order_id="sf-1"))
    assert isinstance(write, errors.OutcomeUnknown)
    assert write.happened is Happened.UNKNOWN
    assert "sf-1" in str(write)
    assert "do not send it again" in str(write)
    read = error_of(silence, mutates=False, facts=Facts())
    assert isinstance(read, errors.NoAnswer)
    assert read.happened is Happened.IRRELEVANT


def test_what_never_left_did_not_happen() -> None:
    error = error_of(judge(Lost(delivered=False, reason="no route")), mutates=True, facts=Facts())
    assert isinstance(error, errors.NotDelivered)
    assert error.happened is Happened.NO


CANCELED = {
    **{"symbol": "BTCUSDT", "orderId": 1, "orderListId": -1, "clientOrderId": "c", "origClientOrderId": "o"},
    **{"transactTime": 5, "price": "1.10", "origQty": "2", "executedQty": "0", "cummulativeQuoteQty": "0"},
    **{"status": "CANCELED", "timeInForce": "GTC", "type": "LIMIT", "side": "BUY"},
}
PLACED = {"symbol": "BTCUSDT", "orderId": 2, "orderListId": -1, "clientOrderId": "n", "transactTime": 6}


def partly(cancel: str, cancel_said: object, new: str, new_said: object) -> errors.PartlyDone:
    data = {
        "cancelResult": cancel,
        "newOrderResult": new,
        "cancelResponse": cancel_said,
        "newOrderResponse": new_said,
    }
    error = error_of(judge(Said(status=409, code=-2021, data=data)), mutates=True, facts=Facts())
    assert isinstance(error, errors.PartlyDone)
    assert error.happened is Happened.HALF
    return error


def test_a_cancel_without_its_replacement() -> None:
    """RETRY-4: the cancel is as typed as one that was asked for alone."""
    error = partly("SUCCESS", CANCELED, "FAILURE", {"code": -2010, "msg": "no"})
    assert isinstance(error.done, CancelAnswer)
    assert (error.done.order_id, error.done.price) == (1, Decimal("1.10"))
    assert error.refused == RefusedHalf(code=-2010, msg="no")


def test_a_replacement_without_its_cancel() -> None:
    error = partly("FAILURE", {"code": -2011, "msg": "Unknown order sent."}, "SUCCESS", PLACED)
    assert isinstance(error.done, OrderAnswer)
    assert error.done.client_order_id == "n"
    assert error.refused == RefusedHalf(code=-2011, msg="Unknown order sent.")


def test_a_half_that_cannot_be_read_is_handed_on_as_it_came() -> None:
    error = partly("SUCCESS", {"odd": 1}, "FAILURE", None)
    assert (error.done, error.refused) == ({"odd": 1}, None)
    error = errors.PartlyDone("half")
    assert (error.done, error.refused) == (None, None)


def test_facts_of_the_answer_are_on_the_error() -> None:
    said = Said(status=429, code=-1003, message="slow", headers={"retry-after": "3"}, retry_at_ms=5000)
    error = error_of(judge(said), mutates=False, facts=Facts())
    assert isinstance(error, errors.RateLimited)
    assert (error.status, error.code, error.message) == (429, -1003, "slow")
    assert error.facts.retry_at_ms == 5000


def test_only_1021_is_stale() -> None:
    """AUTH-3: nothing else is healed by a resync."""
    assert is_stale(judge(Said(status=400, code=-1021)))
    assert not is_stale(judge(Said(status=400, code=-1022)))
    assert not is_stale(judge(Said(status=500)))
    assert not is_stale(judge(Lost(delivered=True, reason="x")))
