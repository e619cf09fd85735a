"""The one conversation, over a wire of the test's: no socket, no loop."""

from collections.abc import Callable
from typing import Any

import pytest

from surefoot import errors
from surefoot.client.call import call, measure, run_blocking
from surefoot.client.desk import Desk
from surefoot.client.heard import http_said, message_said
from surefoot.client.rest import RestSpelling
from surefoot.client.timesync import Measurement
from surefoot.codec import wsapi
from surefoot.codec.rest import SignedRequest
from surefoot.credentials import Credentials
from surefoot.rules.outcomes import Said
from surefoot.rules.retries import ONCE, Retries
from surefoot.spot.account import GetAccount, GetOrder
from surefoot.spot.enums import CancelReplaceMode, OrderType, Side
from surefoot.spot.environments import PRODUCTION, local
from surefoot.spot.general import GetTime, Ping
from surefoot.spot.market_prices import GetReferencePrice
from surefoot.spot.order_replace import CancelReplace
from surefoot.spot.orders import OrderAnswer
from surefoot.spot.request import Request
from surefoot.spot.session import Logon
from surefoot.spot.trade import CancelOrder, NewOrder
from surefoot.telemetry.observations import Observation, RequestSent, ResponseHeard, Retried
from surefoot.values import Secret
from surefoot.wire import HttpResponse, Lost
from surefoot.world import SeededEntropy, World

LOCAL = local("http://127.0.0.1:1", "ws://127.0.0.1:1/ws-api/v3", "ws://127.0.0.1:1")
KEY = Credentials(environment="local", api_key=Secret("k" * 58 + "TAIL42"), secret=Secret("hush"))
STALE = Said(status=400, code=-1021, message="Timestamp for this request is outside of the recvWindow.")
DONE = Said(
    status=200,
    result=b'{"symbol":"A","orderId":1,"orderListId":-1,"clientOrderId":"c","transactTime":1}',
)
ORDER = NewOrder(symbol="A", side=Side.BUY, type=OrderType.MARKET)


class Clock:
    """A clock the test moves."""

    def __init__(self) -> None:
        self.monotonic, self.wall = 1_000.0, 1_700_000_000_000.0

    def wall_ms(self) -> float:
        return self.wall

    def monotonic_ms(self) -> float:
        return self.monotonic


class Nowhere:
    def read(self, name: str) -> bytes | None:
        return None

    def write(self, name: str, content: bytes) -> None:
        raise AssertionError(name)


class Tape:
    """Remembers every observation."""

    def __init__(self) -> None:
        self.heard: list[Observation] = []

    def hears(self, kind: type[Observation]) -> bool:
        return True

    def tell(self, observation: Observation) -> None:
        self.heard.append(observation)

    def kinds(self) -> list[type[Observation]]:
        return [type(observation) for observation in self.heard]


class ScriptedWire:
    """Answers from a list; its clock of the exchange is `ahead_ms` before the local one."""

    def __init__(self, desk: Desk, clock: Clock, answers: list[Said | Lost], ahead_ms: float = 0) -> None:
        self._desk, self._clock, self._answers = desk, clock, answers
        self._spelling = RestSpelling(desk)
        self.ahead_ms = ahead_ms
        self.sent: list[SignedRequest] = []
        self.resyncs = 0
        self.on_resync: Callable[[], None] = lambda: None

    def spell(self, request: Request[Any], recv_window_ms: int | None) -> SignedRequest:
        return self._spelling.spell(request, recv_window_ms)

    async def exchange(self, spelled: SignedRequest, total_ms: float) -> Said | Lost:
        if spelled.target.endswith("/time"):
            self._clock.monotonic += 4
            server = self._clock.wall + self.ahead_ms + self._clock.monotonic - 1_000 - 2
            return Said(status=200, result=b'{"serverTime":%d}' % server)
        self.sent.append(spelled)
        return self._answers.pop(0)

    usable = True

    async def ready(self, by_ms: float) -> None:
        pass

    async def sleep_until(self, moment_ms: float) -> None:
        self._clock.monotonic += max(0, moment_ms - self._desk.now_ms())

    async def resync(self, known: Measurement | None) -> None:
        self.resyncs += 1
        self.on_resync()
        await measure(self, self._desk)

    def now_ms(self) -> float:
        return self._clock.monotonic

    def later(self, work: Callable[[], None]) -> None:
        work()


def stage(
    *answers: Said | Lost, ahead_ms: float = 0, retries: Retries = ONCE
) -> tuple[ScriptedWire, Desk, Tape, Clock]:
    clock, tape = Clock(), Tape()
    world = World(clock, SeededEntropy(1), Nowhere())
    desk = Desk(LOCAL, KEY, world=world, sink=tape, retries=retries)
    return ScriptedWire(desk, clock, list(answers), ahead_ms), desk, tape, clock


def test_an_order_has_an_id_before_it_is_sent() -> None:
    """ORDER-4."""
    wire, desk, tape, _ = stage(DONE)
    run_blocking(call(wire, desk, ORDER))
    sent = wire.sent[0].payload
    assert "newClientOrderId=sf-" in sent
    told = next(seen for seen in tape.heard if isinstance(seen, RequestSent))
    assert told.client_order_id is not None
    assert told.client_order_id in sent


def test_an_id_of_the_callers_is_kept_and_an_illegal_one_refused() -> None:
    """ORDER-4: at most 36 characters."""
    wire, desk, _, _ = stage(DONE)
    with_id = NewOrder(symbol="A", side=Side.BUY, type=OrderType.MARKET, new_client_order_id="mine-1")
    run_blocking(call(wire, desk, with_id))
    assert "newClientOrderId=mine-1" in wire.sent[0].payload
    bad = NewOrder(symbol="A", side=Side.BUY, type=OrderType.MARKET, new_client_order_id="x" * 37)
    with pytest.raises(errors.Misuse, match="1 to 36 characters"):
        run_blocking(call(wire, desk, bad))
    assert len(wire.sent) == 1


def test_a_stale_timestamp_costs_one_resync_and_one_resend_signed_afresh() -> None:
    """AUTH-3, RETRY-1: -1021 is refused at the gate, so sending again is safe."""
    wire, desk, tape, _ = stage(STALE, DONE, ahead_ms=60_000)
    answer = run_blocking(call(wire, desk, ORDER))
    assert answer.order_id == 1
    first, second = wire.sent
    assert wire.resyncs == 1
    assert second.timestamp_ms is not None
    assert first.timestamp_ms is not None
    assert 59_000 < second.timestamp_ms - first.timestamp_ms < 61_000
    assert first.payload.split("&recvWindow")[0] == second.payload.split("&recvWindow")[0]
    assert Retried in tape.kinds()


def test_a_second_stale_timestamp_is_told() -> None:
    wire, desk, _, _ = stage(STALE, STALE)
    with pytest.raises(errors.StaleTimestamp) as caught:
        run_blocking(call(wire, desk, ORDER))
    assert len(wire.sent) == 2
    assert caught.value.client_order_id is not None


def test_a_resync_that_fails_hides_no_refusal() -> None:
    """RETRY-3: the order was refused at the gate, whatever became of the clock."""
    wire, desk, _, _ = stage(STALE)

    def fail() -> None:
        raise errors.NoAnswer("no answer: reset")

    wire.on_resync = fail
    with pytest.raises(errors.StaleTimestamp) as caught:
        run_blocking(call(wire, desk, ORDER))
    assert caught.value.happened is errors.Happened.NO
    assert caught.value.client_order_id is not None
    assert isinstance(caught.value.__cause__, errors.NoAnswer)


@pytest.mark.parametrize("window_ms", [0, -1, 60_001])
def test_a_window_that_the_exchange_would_not_take(window_ms: int) -> None:
    wire, desk, _, _ = stage(DONE)
    with pytest.raises(errors.Misuse, match=f"recv_window_ms {window_ms}: 1 to 60000 ms"):
        run_blocking(call(wire, desk, ORDER, recv_window_ms=window_ms))
    assert wire.sent == []


def test_nothing_is_signed_after_its_last_signing_moment() -> None:
    """TRACK-1: also not on the second try, after a resync that took too long."""
    wire, desk, _, clock = stage(STALE, DONE)
    wire.on_resync = lambda: setattr(clock, "monotonic", clock.monotonic + 5_000)
    with pytest.raises(errors.HeldBack, match="too late to sign"):
        run_blocking(call(wire, desk, ORDER, sign_before_ms=desk.now_ms() + 1_000))
    assert len(wire.sent) == 1


@pytest.mark.parametrize(
    "silence", [Lost(delivered=True, reason="reset"), Said(status=503), Said(status=400, code=-1007)]
)
def test_an_unknown_outcome_is_never_sent_again(silence: Said | Lost) -> None:
    """RETRY-3."""
    wire, desk, _, _ = stage(silence, DONE)
    with pytest.raises(errors.OutcomeUnknown) as caught:
        run_blocking(call(wire, desk, ORDER))
    assert len(wire.sent) == 1
    facts = caught.value.facts
    assert facts.client_order_id is not None
    assert facts.client_order_id.startswith("sf-")
    assert facts.too_late_after_ms == (facts.signed_at_ms or 0) + desk.clock.recv_window_ms


def test_a_lost_cancel_names_the_order() -> None:
    wire, desk, _, _ = stage(Lost(delivered=True, reason="reset"))
    with pytest.raises(errors.OutcomeUnknown) as caught:
        run_blocking(call(wire, desk, CancelOrder(symbol="A", orig_client_order_id="mine")))
    assert caught.value.client_order_id == "mine"


def test_an_accepted_order_with_an_unreadable_answer_is_unknown() -> None:
    wire, desk, _, _ = stage(Said(status=200, result=b"<html>"))
    with pytest.raises(errors.OutcomeUnknown, match="look it up"):
        run_blocking(call(wire, desk, ORDER))


def test_an_unreadable_answer_to_a_read_is_a_protocol_violation() -> None:
    wire, desk, _, _ = stage(Said(status=200, result=b"<html>"))
    with pytest.raises(errors.ProtocolViolation):
        run_blocking(call(wire, desk, GetAccount()))


def test_a_read_without_an_answer_does_not_matter() -> None:
    wire, desk, _, _ = stage(Lost(delivered=True, reason="reset"))
    with pytest.raises(errors.NoAnswer):
        run_blocking(call(wire, desk, GetAccount()))


def test_a_signed_request_without_a_key_is_refused_here() -> None:
    clock = Clock()
    desk = Desk(LOCAL, None, world=World(clock, SeededEntropy(1), Nowhere()), sink=Tape())
    wire = ScriptedWire(desk, clock, [Said(status=200, result=b"{}")])
    with pytest.raises(errors.Misuse, match="needs a key"):
        run_blocking(call(wire, desk, GetOrder(symbol="A", order_id=1)))
    run_blocking(call(wire, desk, Ping()))
    assert len(wire.sent) == 1


def test_a_websocket_only_request_says_so_on_rest() -> None:
    wire, desk, _, _ = stage(DONE)
    with pytest.raises(errors.Misuse, match="WebSocket API only"):
        run_blocking(call(wire, desk, Logon()))


def test_a_key_of_another_environment_is_refused_before_anything_is_sent() -> None:
    """ENV-2."""
    world = World(Clock(), SeededEntropy(1), Nowhere())
    with pytest.raises(errors.Misuse, match="belongs to 'local', not to 'production'"):
        Desk(PRODUCTION, KEY, world=world, sink=Tape())


def test_production_trading_has_to_be_switched_on_by_name() -> None:
    """ENV-2: the default is read-only."""
    world = World(Clock(), SeededEntropy(1), Nowhere())
    key = Credentials(environment="production", api_key=Secret("k"), secret=Secret("s"))
    reading = Desk(PRODUCTION, key, world=world, sink=Tape())
    with pytest.raises(errors.PolicyRefusal):
        reading.signing_key(ORDER)
    assert reading.signing_key(GetAccount()).tail == "k"
    armed = Desk(PRODUCTION, key, world=world, sink=Tape(), production_trading=True)
    assert armed.signing_key(ORDER).tail == "k"


def test_observations_hold_the_documented_fields_and_no_secret() -> None:
    """OBS-1, OBS-5."""
    import hashlib

    import msgspec

    wire, desk, tape, _ = stage(
        Said(
            status=200,
            result=DONE.result,
            headers={"x-mbx-used-weight-1m": "7", "x-mbx-order-count-10s": "1", "date": "x"},
        )
    )
    run_blocking(call(wire, desk, ORDER))
    sent = next(seen for seen in tape.heard if isinstance(seen, RequestSent))
    assert sent.payload_sha256 == hashlib.sha256(wire.sent[0].payload.encode()).hexdigest()
    assert sent.key_tail == "TAIL42"
    assert sent.recv_window_ms == desk.clock.recv_window_ms
    heard = next(seen for seen in tape.heard if isinstance(seen, ResponseHeard))
    assert heard.used_weight == {"1m": 7}
    assert heard.order_count == {"10s": 1}
    assert heard.order["order_id"] == 1
    text = msgspec.json.encode(tape.heard).decode() + repr(tape.heard)
    assert "hush" not in text
    assert "k" * 20 not in text
    assert "signature" not in text


def test_http_answers_and_messages_say_the_same() -> None:
    """One meaning for both transports: code, text, counts and the moment to come back."""
    body = b'{"code":-1003,"msg":"slow down"}'
    http = http_said(HttpResponse(429, {"retry-after": "2"}, body), lambda: 1_000)
    assert (http.code, http.message, http.retry_at_ms) == (-1003, "slow down", 3_000)
    text = (
        b'{"id":1,"status":429,"error":{"code":-1003,"msg":"slow down","data":{"retryAfter":3000}},'
        b'"rateLimits":[{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":6000,"count":70}]}'
    )
    message = message_said(wsapi.decode(text), lambda: 1_000)
    assert (message.code, message.message, message.retry_at_ms) == (-1003, "slow down", 3_000)
    assert message.headers == {"x-mbx-used-weight-1m": "70"}
    dated = wsapi.decode(text.replace(b'{"retryAfter":3000}', b'{"retryAfter":9003000,"serverTime":9001000}'))
    assert message_said(dated, lambda: 1_000).retry_at_ms == 3_000, "whatever we take its clock for"
    html = http_said(HttpResponse(502, {}, b"<html>"), lambda: 0)
    assert (html.status, html.code) == (502, None)


def test_a_refusal_that_comes_as_a_result_is_a_refusal() -> None:
    """The WebSocket API says so of a symbol that never had a reference price."""
    text = (
        b'{"id":1,"status":200,"result":{"code":-2043,"msg":"This symbol doesn\'t have a reference price."}}'
    )
    wire, desk, _, _ = stage(message_said(wsapi.decode(text), lambda: 1_000))
    with pytest.raises(errors.Refused) as caught:
        run_blocking(call(wire, desk, GetReferencePrice(symbol="A")))
    assert caught.value.code == -2043


def test_half_of_a_cancel_replace_names_its_order() -> None:
    """RETRY-4, over the WebSocket API."""
    text = (
        b'{"id":1,"status":409,"error":{"code":-2021,"msg":"Order cancel-replace partially failed.","data":'
        b'{"cancelResult":"FAILURE","newOrderResult":"SUCCESS","cancelResponse":{"code":-2011,"msg":"Unknown"},'
        b'"newOrderResponse":{"symbol":"A","orderId":9,"orderListId":-1,"clientOrderId":"c","transactTime":1}}}}'
    )
    wire, desk, _, _ = stage(message_said(wsapi.decode(text), lambda: 1_000))
    replace = CancelReplace(
        symbol="A",
        side=Side.BUY,
        type=OrderType.MARKET,
        cancel_replace_mode=CancelReplaceMode.ALLOW_FAILURE,
        cancel_order_id=1,
        new_client_order_id="mine",
    )
    with pytest.raises(errors.PartlyDone, match="CancelReplace A mine") as caught:
        run_blocking(call(wire, desk, replace))
    assert isinstance(caught.value.done, OrderAnswer)
    assert caught.value.done.order_id == 9
    assert caught.value.refused.code == -2011


def test_measuring_takes_the_best_round_trip() -> None:
    """AUTH-3."""
    wire, desk, _, clock = stage(ahead_ms=5_000)
    before = desk.now_ms()
    measured = run_blocking(measure(wire, desk))
    assert measured.round_trip_ms == 4
    assert desk.now_ms() - before == pytest.approx(5_000 + clock.monotonic - 1_000, abs=2)
    assert desk.offset_ms() == pytest.approx(5_000 + clock.monotonic - 1_000, abs=2)
    assert run_blocking(call(wire, desk, GetTime())).server_time > 0


def test_a_wall_clock_that_steps_moves_no_timestamp() -> None:
    """AUTH-3: timestamps are counted on the monotonic clock."""
    wire, desk, _, clock = stage(ahead_ms=0)
    run_blocking(measure(wire, desk))
    before = desk.now_ms()
    clock.wall += 3_600_000
    assert desk.now_ms() == before
