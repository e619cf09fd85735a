"""An order from its words to the finished HTTP bytes: built, spelled, signed with HMAC."""

import hmac

from benchmarks import desk
from benchmarks.chunks import together
from benchmarks.figures import Row, Table, Worked, ratios, times_us
from benchmarks.processes import Run
from surefoot.client.ids import identified
from surefoot.client.rest import RestSpelling
from surefoot.world import system_world

_BATCH = 500
_GOAL_US = 8
_PLAIN, _WITH_ID, _HMAC = "build.spelled", "build.identified_and_spelled", "build.digest"


def spelled(seconds: float, port: int) -> Worked:
    """`NewOrder(...)`, then `RestSpelling.spell` and `.http`."""
    spelling = RestSpelling(desk.desk(desk.HMAC, port))

    def many() -> int:
        for _ in range(_BATCH):
            spelling.http(spelling.spell(desk.order(), None))
        return _BATCH

    return together(many, seconds)


def identified_and_spelled(seconds: float, port: int) -> Worked:
    """The same for an order that comes without a client order id and is given one."""
    here, entropy = desk.desk(desk.HMAC, port), system_world().entropy
    spelling = RestSpelling(here)

    def many() -> int:
        for _ in range(_BATCH):
            order = identified(desk.anonymous_order(), here.now_ms(), entropy)
            spelling.http(spelling.spell(order, None))
        return _BATCH

    return together(many, seconds)


def digest(seconds: float, port: int) -> Worked:
    """The HMAC alone, by the standard library's one call, over the same text."""
    key, payload = desk.SECRET.encode(), desk.order_payload(port)

    def many() -> int:
        for _ in range(_BATCH):
            hmac.digest(key, payload, "sha256").hex()
        return _BATCH

    return together(many, seconds)


def measure(run: Run) -> list[Table]:
    """Microseconds an order, and how many times the bare HMAC that is."""
    rounds = run.rounds((_HMAC, _PLAIN, _WITH_ID), 5, 0.4)
    return [
        Table(
            title="build: an order's words to signed HTTP bytes",
            rows=(
                Row(name="build + encode + HMAC", figures=times_us(rounds, _PLAIN), unit="µs", goal=_GOAL_US),
                Row(name="with a fresh client order id", figures=times_us(rounds, _WITH_ID), unit="µs"),
                Row(name="build + encode + HMAC", figures=ratios(rounds, _PLAIN, _HMAC), unit="× HMAC"),
            ),
            notes=("the goal is an absolute time and so depends on the machine; the ratio does less",),
        )
    ]
