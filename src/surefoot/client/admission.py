"""Before a request is stamped: room in the limits, waited for where that is in time (LIMIT-2, RETRY-2)."""

import math
from typing import TYPE_CHECKING, Any

import msgspec

from surefoot.budget.address import Permit, Wait
from surefoot.client.allowance import LIMITING
from surefoot.client.desk import Desk
from surefoot.codec.answers import UNREADABLE
from surefoot.errors import HeldBack, NotDelivered, SurefootError
from surefoot.rules.outcomes import INTERRUPTED, Done, Outcome, Refused, judge
from surefoot.rules.outcomes import NotDelivered as NotSent
from surefoot.spot import codes
from surefoot.spot.general import GetExchangeInfo, RateLimit
from surefoot.spot.request import Request

if TYPE_CHECKING:
    from surefoot.client.call import Wire

_LIMITS_TOTAL_MS = 5_000
_ANY_SYMBOL = "BTCUSDT"


async def room_for(wire: "Wire", desk: Desk, request: Request[Any], by_ms: float, wait: Wait) -> Permit:
    """A permit to send `request` once, waited for as `wait` says. Raises `HeldBack` at once when there is
    none before `by_ms`.
    """
    known, granted = desk.clock.measurement is not None, None
    while granted is None:
        try:
            if not known and wait.place is not None:  # windows are the exchange's: so is their clock
                known = await _clock_known(wire, desk)
            if wait.ask:
                await _read_limits(wire, desk, request)
            elif wait.shed or wait.at_ms > by_ms:
                raise _held_back(desk, request, wait)
            else:
                await wire.sleep_until(wait.at_ms)
        except BaseException:
            desk.allowance.leave(wait.place)
            raise
        said = desk.allowance.admit(request, desk.now_ms(), wait.place)
        if isinstance(said, Permit):
            granted = said
        else:
            wait = said
    return granted


def _held_back(desk: Desk, request: Request[Any], wait: Wait) -> HeldBack:
    if wait.at_ms == math.inf:
        desk.teller.held(request, None, wait.why)
        return HeldBack(f"nothing was sent: {wait.why}: there will never be room", desk.facts(request, None))
    at_ms = math.ceil(wait.at_ms)
    facts = msgspec.structs.replace(desk.facts(request, None), retry_at_ms=at_ms)
    in_s = max(0, at_ms - desk.now_ms()) / 1000
    desk.teller.held(request, at_ms, wait.why)
    return HeldBack(f"nothing was sent: {wait.why}; there is room in {in_s:.1f} s (retry_at_ms)", facts)


def must_be_open(desk: Desk) -> None:
    """Raises `HeldBack` while the exchange wants to hear nothing: also what is not counted must not leave."""
    _unless(desk, desk.allowance.silence(desk.now_ms()))


def may_connect(desk: Desk, weight: int = 0) -> None:
    """Count an attempt to open a WebSocket; raises `HeldBack` where there is no room for one (LIMIT-2)."""
    _unless(desk, desk.allowance.connect(desk.now_ms(), weight))


def _unless(desk: Desk, wait: Wait | None) -> None:
    if wait is not None:
        facts = msgspec.structs.replace(desk.facts(None, None), retry_at_ms=math.ceil(wait.at_ms))
        raise HeldBack(f"nothing was sent: {wait.why}", facts)


async def _clock_known(wire: "Wire", desk: Desk) -> bool:
    try:
        await wire.resync(None)
    except HeldBack:
        raise
    except SurefootError as error:
        desk.teller.note(f"the clock could not be measured before waiting for a window: {error}")
    return True


class _Limits(msgspec.Struct, rename="camel"):
    rate_limits: tuple[RateLimit, ...]


async def _read_limits(wire: "Wire", desk: Desk, request: Request[Any]) -> None:
    """Ask for the limits, by the smallest exchangeInfo there is: that of one symbol."""
    try:
        outcome = await _informed(wire, desk, request)
    except BaseException:
        desk.allowance.pool.address.limits.given_up()
        raise
    if isinstance(outcome, Done):
        try:
            rows = msgspec.json.decode(outcome.said.result, type=_Limits).rate_limits
        except UNREADABLE as error:
            desk.teller.nonsense(f"exchangeInfo tells no limits: {error}")
        else:
            desk.allowance.learn(rows, desk.now_ms())
            return
    if isinstance(outcome, Refused) and outcome.said.status in LIMITING:
        desk.allowance.pool.address.limits.given_up()  # who asks after the silence asks first for them
        return
    desk.allowance.learn(None, desk.now_ms())


async def _informed(wire: "Wire", desk: Desk, request: Request[Any]) -> Outcome:
    symbol = getattr(request, "symbol", None)
    outcome = await _asked(wire, desk, symbol if isinstance(symbol, str) else _ANY_SYMBOL)
    said = getattr(outcome, "said", None)
    if said is not None and said.code in {codes.BAD_SYMBOL, codes.ILLEGAL_CHARACTERS}:
        outcome = await _asked(wire, desk, None)
    return outcome


async def _asked(wire: "Wire", desk: Desk, symbol: str | None) -> Outcome:
    request = GetExchangeInfo() if symbol is None else GetExchangeInfo(symbol=symbol)
    return await asked_at_once(wire, desk, request, _LIMITS_TOTAL_MS)


async def asked_at_once(wire: "Wire", desk: Desk, request: Request[Any], within_ms: float) -> Outcome:
    """What became of a read that waits for nobody, and is counted all the same: for limits, and clocks."""
    permit = desk.allowance.claim(request, desk.now_ms())
    outcome: Outcome = NotSent("interrupted")
    started_ms = wire.now_ms()
    try:
        spelled = wire.spell(request, None)
        outcome = INTERRUPTED
        outcome = judge(await wire.exchange(spelled, within_ms), mutates=False)
    except NotDelivered as error:
        outcome = NotSent(str(error))
    finally:
        desk.allowance.settle(permit, outcome, desk.now_ms(), wire.now_ms() - started_ms)
    return outcome
