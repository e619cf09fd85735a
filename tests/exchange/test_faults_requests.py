"""Faults of requests, on both APIs, in virtual time: what is heard of them, and what the engine did.

SIM-3: latency, lost acknowledgements, resets, 429, 418, 5xx, unknown outcomes, a slow engine, read lag.
"""

import asyncio
from contextlib import suppress

import pytest

from surefoot.exchange.faults import (
    Answer,
    BadBody,
    Latency,
    LostAnswer,
    LostRequest,
    ReadLag,
    Rule,
    SlowEngine,
    Where,
)
from surefoot.net.endings import Ending
from tests.exchange.faulty import LIMIT, Customer, play

ENDINGS = {Ending.CLOSE: "end", Ending.RESET: "reset", Ending.SILENCE: "silence", Ending.HALF_OPEN: "silence"}


@pytest.mark.parametrize("how", Ending)
@pytest.mark.parametrize("executed", [True, False])
def test_an_order_of_which_nothing_is_heard(how: Ending, executed: bool) -> None:
    """RETRY-3: the acknowledgement is lost, or the request was: only the book knows which."""

    async def story(customer: Customer) -> None:
        follower = await customer.api()
        fault = LostAnswer(how) if executed else LostRequest(how)
        number = customer.server.faults.add(Rule(fault, where="order.place", times=1))
        heard = await customer.place()
        assert heard.ending == ENDINGS[how]
        assert customer.server.faults.struck == {number: 1}
        assert customer.resting == executed
        await asyncio.sleep(1)
        told = ["executionReport", "outboundAccountPosition"] if executed else []
        assert [event["e"] for event in follower.events] == told
        assert (await customer.place()).status == 200  # once only

    play(story)


@pytest.mark.parametrize("how", Ending)
@pytest.mark.parametrize("executed", [True, False])
def test_the_same_on_the_websocket_api(how: Ending, executed: bool) -> None:
    async def story(customer: Customer) -> None:
        follower, socket = await customer.api(), await customer.dial("/ws-api/v3")
        fault = LostAnswer(how) if executed else LostRequest(how)
        customer.server.faults.add(Rule(fault, where=Where("order.place", on="ws_api"), times=1))
        number = customer.request(socket, "order.place", **LIMIT)
        await asyncio.sleep(1)
        assert socket.answer(number) is None
        assert customer.resting == executed
        assert len(follower.events) == 2 * executed
        assert (socket.closed is not None) == (how in {Ending.CLOSE, Ending.RESET})
        if how is Ending.CLOSE:
            assert socket.closed
            assert socket.closed.code == 1001
        if how is Ending.SILENCE:  # the connection itself is well
            number = customer.request(socket, "order.place", **LIMIT)
            await asyncio.sleep(1)
            assert socket.answer(number)
        if how is Ending.HALF_OPEN:
            number = customer.request(socket, "order.place", **LIMIT)
            await asyncio.sleep(100)
            assert socket.answer(number) is None
            assert socket.closed is None
            assert customer.resting == executed

    play(story)


BODIES = ["truncated", "html", "other_shape", "wrong_length", "garbage", "broken_gzip"]
CODES = [(-1000, 500), (-1001, 500), (-1006, 500), (-1007, 504), (-1008, 503)]


@pytest.mark.parametrize(("code", "status"), CODES)
@pytest.mark.parametrize("executed", [True, False])
def test_codes_of_an_unknown_outcome(code: int, status: int, executed: bool) -> None:
    async def story(customer: Customer) -> None:
        customer.server.faults.add(Rule(Answer(code=code, executed=executed), where="order.place"))
        heard = await customer.place()
        assert (heard.status, heard.json["code"]) == (status, code)
        assert heard.headers["content-type"].startswith("application/json")
        assert customer.resting == executed
        socket = await customer.dial("/ws-api/v3")
        number = customer.request(socket, "order.place", **LIMIT)
        await asyncio.sleep(1)
        answer = socket.answer(number)
        assert answer
        assert (answer["status"], answer["error"]["code"]) == (status, code)
        assert answer["error"]["msg"] == heard.json["msg"]
        assert "result" not in answer
        assert customer.resting == 2 * executed

    play(story)


@pytest.mark.parametrize(
    ("fault", "status", "code", "wait_s"),
    [
        (Answer(429), 429, -1003, 10),
        (Answer(429, retry_after_s=7), 429, -1003, 7),
        (Answer(429, retry_after_s=0), 429, -1003, None),
        (Answer(code=-1015), 429, -1015, 10),
        (Answer(418), 418, -1003, 120),
        (Answer(418, retry_after_s=259_200), 418, -1003, 259_200),
        (Answer(500), 500, -1000, None),
        (Answer(502, code=-1001), 502, -1001, None),
        (Answer(code=-1016), 503, -1016, None),
        (Answer(400, code=-9999, message="words"), 400, -9999, None),
    ],
)
def test_answers_instead(fault: Answer, status: int, code: int, wait_s: int | None) -> None:
    """LIMIT-5: seconds on REST, epoch milliseconds on the WebSocket API."""

    async def story(customer: Customer) -> None:
        customer.server.faults.add(Rule(fault, where="order.place"))
        heard = await customer.place()
        assert (heard.status, heard.json["code"]) == (status, code)
        assert heard.headers.get("retry-after") == (None if wait_s is None else str(wait_s))
        assert "x-mbx-used-weight-1m" in heard.headers
        socket = await customer.dial("/ws-api/v3")
        number = customer.request(socket, "order.place", **LIMIT)
        await asyncio.sleep(1)
        answer = socket.answer(number)
        assert answer
        assert (answer["status"], answer["error"]["code"]) == (status, code)
        data = answer["error"].get("data")
        assert (data is None) == (wait_s is None)
        if wait_s is not None:
            assert data["retryAfter"] - data["serverTime"] == wait_s * 1000
        assert customer.resting == 0

    play(story)


@pytest.mark.parametrize(
    ("fault", "status", "kind", "body"),
    [
        (Answer(403), 403, "text/html", b"<html>"),
        (Answer(451), 451, "text/html", b"<html>"),
        (Answer(503, body="html"), 503, "text/html", b"<html>"),
        (Answer(503, body="empty"), 503, None, b""),
        (Answer(200, body="html"), 200, "text/html", b"<html>"),
    ],
)
def test_answers_that_no_exchange_wrote(fault: Answer, status: int, kind: str | None, body: bytes) -> None:
    """A machine in front of the exchange answers: it knows neither codes nor limits."""

    async def story(customer: Customer) -> None:
        customer.server.faults.add(Rule(fault, where="POST /api/v3/order"))
        heard = await customer.place()
        assert (heard.status, heard.headers.get("content-type")) == (status, kind)
        assert heard.body.startswith(body)
        assert bool(heard.body) == bool(body)
        assert "x-mbx-used-weight" not in heard.headers
        assert customer.resting == 0

    play(story)


@pytest.mark.parametrize("leg", ["request", "answer"])
def test_latency(leg) -> None:
    """On the way there the order is young when it arrives; on the way back it is in the book long before."""

    async def story(customer: Customer) -> None:
        socket = await customer.dial("/ws-api/v3")
        customer.server.faults.add(Rule(Latency(3_000, leg=leg), where="order.place"))
        async with asyncio.TaskGroup() as tasks:
            asked = tasks.create_task(customer.place())
            number = customer.request(socket, "order.place", **LIMIT)
            await asyncio.sleep(1.5)
            assert customer.resting == (2 if leg == "answer" else 0)
            assert socket.answer(number) is None
        assert 3 <= asked.result().after_s < 3.5
        await asyncio.sleep(1)
        assert socket.answer(number)
        assert customer.resting == 2

    play(story)


def test_a_late_request_is_judged_by_its_timestamp() -> None:
    """AUTH-3: what arrives after its recvWindow is refused; what waits for the engine is not."""

    async def story(customer: Customer) -> None:
        rule = customer.server.faults.add(Rule(Latency(3_000), where="order.place"))
        assert (await customer.place(recvWindow="2000")).json["code"] == -1021
        customer.server.faults.remove(rule)
        customer.server.faults.add(Rule(SlowEngine(3_000), where="order.place"))
        heard = await customer.place(recvWindow="2000")
        assert (heard.status, heard.after_s >= 3) == (200, True)

    play(story)


@pytest.mark.parametrize("executed", [True, False])
def test_an_engine_that_is_too_slow(executed: bool) -> None:
    """-1007 after ten seconds, as in production; the engine may do it in the last moment all the same."""

    async def story(customer: Customer) -> None:
        socket = await customer.dial("/ws-api/v3")
        customer.server.faults.add(Rule(SlowEngine(executed=executed), where="order.place"))
        async with asyncio.TaskGroup() as tasks:
            asked = tasks.create_task(customer.place())
            number = customer.request(socket, "order.place", **LIMIT)
            await asyncio.sleep(9.9)
            assert customer.resting == 0
        heard = asked.result()
        assert (heard.status, heard.json["code"]) == (504, -1007)
        assert 10 <= heard.after_s < 10.5
        await asyncio.sleep(1)
        answer = socket.answer(number)
        assert answer
        assert answer["error"]["code"] == -1007
        assert customer.resting == 2 * executed

    play(story)


def test_reads_that_lag() -> None:
    """RETRY-3: -2013 right after an order is no proof that there is none."""

    async def story(customer: Customer) -> None:
        customer.server.faults.add(Rule(ReadLag(5_000)))
        order = (await customer.place()).json
        socket = await customer.dial("/ws-api/v3")

        async def look() -> tuple[int, int, int, int]:
            """Codes of both queries, and how many orders both lists have."""
            query = {"symbol": "BTCUSDT", "orderId": order["orderId"]}
            one = await customer.ask("GET", "/api/v3/order", **query)
            opened = await customer.ask("GET", "/api/v3/openOrders", symbol="BTCUSDT")
            every = await customer.ask("GET", "/api/v3/allOrders", symbol="BTCUSDT")
            number = customer.request(socket, "order.status", **query)
            await asyncio.sleep(1)
            answer = socket.answer(number)
            assert answer
            return (
                one.json.get("code", 0),
                answer.get("error", {}).get("code", 0),
                len(opened.json),
                len(every.json),
            )

        assert await look() == (-2013, -2013, 0, 0)
        assert customer.resting == 1
        await asyncio.sleep(5)
        assert await look() == (0, 0, 1, 1)

    play(story)


@pytest.mark.parametrize("executed", [True, False])
@pytest.mark.parametrize(
    "how", ["truncated", "html", "other_shape", "wrong_length", "garbage", "broken_gzip"]
)
def test_answers_that_cannot_be_understood(how, executed: bool) -> None:
    async def story(customer: Customer) -> None:
        customer.server.faults.add(Rule(BadBody(how, executed=executed), where="order.place"))
        heard = await customer.place()
        assert customer.resting == executed
        if how == "truncated":
            assert heard.ending == "end"
        else:
            assert heard.status == 200
            with suppress(ValueError):
                assert "orderId" not in heard.json
        if how == "broken_gzip":
            assert heard.headers["content-encoding"] == "gzip"
        socket = await customer.dial("/ws-api/v3")
        number = customer.request(socket, "order.place", **LIMIT)
        await asyncio.sleep(1)
        assert len(socket.raw) == 1
        assert socket.answer(number) is None
        assert customer.resting == 2 * executed

    play(story)


def test_a_refusal_is_still_one_when_its_answer_is_lost() -> None:
    """Whatever the fault, the exchange judges first: an order that it would refuse is not executed."""

    async def story(customer: Customer) -> None:
        customer.server.faults.add(Rule(Answer(code=-1007, executed=True), where="order.place"))
        assert (await customer.place(price="50000.001")).json["code"] == -1007
        assert customer.resting == 0

    play(story)


def test_late_words_of_a_customer_who_left() -> None:
    """A request on its way is executed; a subscription for a connection that is gone is not made."""

    async def story(customer: Customer) -> None:
        socket = await customer.dial("/ws-api/v3")
        customer.server.faults.add(Rule(Latency(2_000), where=Where(on="ws_api")))
        customer.request(socket, "order.place", **LIMIT)
        customer.request(socket, "userDataStream.subscribe.signature")
        await asyncio.sleep(1)
        await socket.wire.close()
        await asyncio.sleep(3)
        assert customer.resting == 1
        assert not customer.server.front.hub._users

    play(story)


def test_the_same_seeds_fail_the_same() -> None:
    """SIM-4: faults, their dice and their waits are part of the run."""

    def run(seed: int) -> tuple[str, list[str], list[float]]:
        heard: list[str] = []
        waits: list[float] = []

        async def story(customer: Customer) -> None:
            lost = Rule(LostAnswer(), where="order.place", probability=0.4, seed=seed)
            customer.server.faults.add(Rule(Latency(20, jitter_ms=400), seed=seed))
            customer.server.faults.add(lost)
            for _ in range(20):
                answer = await customer.place()
                heard.append(answer.ending)
                waits.append(round(answer.after_s, 6))
            assert customer.resting == 20

        return play(story).trace_hash, heard, waits

    assert run(1) == run(1)
    assert run(1)[1] != run(2)[1]
    assert {"answer", "end"} == set(run(1)[1])
