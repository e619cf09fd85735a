"""HTTP 418: "repeatedly violating rate limits and/or failing to back off after receiving 429s"."""

from typing import Any

import pytest

from surefoot.exchange.limits.bans import PATIENCE, Bans
from surefoot.serve.denial import Denial

SECOND, MINUTE, DAY = 1_000_000, 60_000_000, 86_400_000_000


def banned_for(bans: Bans, now_us: int) -> int:
    """Go on until it is a ban; how long that lasts."""
    until_us = now_us + MINUTE
    bans.refused("a", now_us, until_us)
    for _ in range(PATIENCE):
        bans.refused("a", now_us + 2 * SECOND, until_us)
    with pytest.raises(Denial) as caught:
        bans.refused("a", now_us + 2 * SECOND, until_us)
    assert (caught.value.code, caught.value.status) == (-1003, 418)
    assert caught.value.retry_at_ms is not None
    return caught.value.retry_at_ms * 1000 - now_us - 2 * SECOND


def test_bans_grow_from_two_minutes_to_three_days() -> None:
    """*IP Limits*: they "scale in duration for repeat offenders, from 2 minutes to 3 days"."""
    bans = Bans()
    lengths = [banned_for(bans, number * 4 * DAY) for number in range(14)]
    assert lengths[:3] == [2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    assert lengths[-2:] == [3 * DAY, 3 * DAY]
    bans.check("another", 13 * 4 * DAY + MINUTE)


def test_what_was_under_way_is_nobody_s_fault() -> None:
    """A thousand requests that were sent before the first refusal arrived; and who waits is never banned."""
    bans = Bans()
    for _ in range(1000):
        bans.refused("a", 0, MINUTE)
    for window in range(1000):
        bans.refused("a", window * MINUTE, (window + 1) * MINUTE)
    bans.check("a", 1000 * MINUTE)


@pytest.fixture
def greedy(bench: Any) -> Any:
    """Whose address used up its weight, and went on for so long."""
    bench.front.limiter.charge("192.0.2.1", 6001, bench.now_us)
    for _ in range(PATIENCE + 1):
        assert bench.raw("GET", "/api/v3/ping").status == 429
        bench.now_us += 2 * SECOND
    return bench


def test_a_ban_on_rest(greedy: Any) -> None:
    """418, -1003 with its own text, `Retry-After` in seconds; afterwards all is well again."""
    banned = greedy.raw("GET", "/api/v3/ping")
    until_ms = greedy.now_us // 1000 + 120_000
    assert (banned.status, banned.headers["retry-after"]) == (418, "120")
    assert (
        b'"code":-1003,"msg":"Way too much request weight used; IP banned until %d.' % until_ms in banned.body
    )
    greedy.now_us += 119 * SECOND
    assert greedy.signed("POST", "order").headers["retry-after"] == "1"
    greedy.now_us += SECOND
    assert greedy.get("ping") == {}


def test_a_ban_on_the_websocket_api(greedy: Any, connect: Any) -> None:
    """Who is banned is disconnected after an answer of 418 with `retryAfter`; new connections are refused."""
    api = connect(greedy)
    answer = api.ask("ping")
    assert (answer["status"], answer["error"]["code"]) == (418, -1003)
    assert answer["error"]["data"]["retryAfter"] == greedy.now_us // 1000 + 120_000
    assert api.wire.closed == 1008
    with pytest.raises(Denial) as caught:
        greedy.front.limiter.connect("192.0.2.1", greedy.now_us)
    assert caught.value.status == 418
