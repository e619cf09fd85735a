"""One client's access to the budgets: of its address, which it shares, and of its account. Pure."""

from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from surefoot.budget.account import AccountBudget
from surefoot.budget.address import AddressBudget, Permit, Wait
from surefoot.budget.ledger import Spent
from surefoot.budget.line import Place
from surefoot.rules.outcomes import INTERRUPTED, Done, NotDelivered, Outcome, Refused, Said, Unknown
from surefoot.spot import codes
from surefoot.spot.general import RateLimit
from surefoot.spot.request import Request

_BANNED, _LIMITED = 418, 429
_LEAST_MS = 1.0  # less than that is lost in a moment since 1970
_AT_ONCE = 32
LIMITING = frozenset({_BANNED, _LIMITED})
"""HTTP statuses that ask for silence."""

_SAID_MS = 500  # so old may be what the WebSocket API said of its limits


class Pool(Protocol):
    """An address's budget and the lock around it (`budget.local.Shared`)."""

    @property
    def address(self) -> AddressBudget: ...
    @property
    def lock(self) -> AbstractContextManager[Any, None]: ...
    def learn(self, rows: tuple[RateLimit, ...], now_ms: float) -> None: ...


class Allowance:
    """Asks both budgets, and tells both what was heard. Any thread may; `rain` is for anybody to look at."""

    def __init__(self, pool: Pool, account: AccountBudget, monotonic_ms: Callable[[], float]) -> None:
        self.pool, self._account, self.monotonic_ms = pool, account, monotonic_ms
        self._address, self._lock = pool.address, pool.lock
        self.rain = pool.address.rain
        self._said: dict[int, list[int]] = {}
        self._said_at_ms = 0.0
        self._answered: deque[tuple[Permit, Done, float, float]] = deque()

    def admit(self, request: Request[Any], now_ms: float, place: Place | None = None) -> Permit | Wait:
        """A permit to send `request` once, or when to come back."""
        orders, account = request.endpoint.order_count, self._account
        if self._answered and not orders:
            self.settle_all()
        with self._lock:
            if self._address.gate.opens_at and (silence := self.silence(now_ms)) is not None:
                self._address.line.leave(place)
                return silence
            if orders:
                if account.gate.opens_at and (left_ms := account.gate.left_ms(self.monotonic_ms())):
                    return Wait(now_ms + max(_LEAST_MS, left_ms), "too many new orders (-1015)")
                asked = self._address.ask_for_orders(now_ms) if account.must_ask else None
                asked = asked or account.admit(orders, now_ms, self._address.number)
                if asked is not None:
                    return asked
            admitted = self._address.admit(request, now_ms, place)
            if orders and type(admitted) is Wait:
                self._account.settle(orders, 0, None, placed=False)
            return admitted

    def claim(self, request: Request[Any], now_ms: float) -> Permit:
        """A permit that waits for nobody: for the limits themselves, and for the clock."""
        with self._lock:
            return self._address.claim(request, now_ms)

    def answered(self, permit: Permit, outcome: Done, now_ms: float, took_ms: float) -> bool:
        """The request was done, and counts as under way until it is settled, which is never too little.
        Whether `settle_all` is to be called soon.
        """
        self._answered.append((permit, outcome, now_ms, took_ms))
        return len(self._answered) % _AT_ONCE == 1  # and not only the first: a loop may have died over it

    def settle_all(self) -> None:
        """Settle what was answered; another thread may do the same."""
        answered = self._answered
        while answered:
            try:
                one = answered.popleft()
            except IndexError:
                return
            self.settle(*one)

    def settle(self, permit: Permit, outcome: Outcome, now_ms: float, took_ms: float) -> None:
        """The request was answered, or will not be."""
        endpoint = permit.request.endpoint
        kind = type(outcome)
        sent = kind is not NotDelivered
        said: Said | None = getattr(outcome, "said", None)
        free = not sent or (kind is Done and endpoint.weight_on_success == 0)
        address = self._address
        with self._lock:
            if permit.number <= address.forgotten:
                return
            if said is not None and said.limits:
                self._hear_limits(said.limits, now_ms)
            address.settle(permit, said, now_ms, free=free)
            if endpoint.order_count:
                placed = sent and kind is not Refused
                self._account.settle(endpoint.order_count, permit.number, said, placed=placed)
            if sent:
                if outcome is not INTERRUPTED:  # who loses patience says nothing of the exchange
                    address.rain.heard(now_ms, took_ms, failed=kind is Unknown)
                address.ledger.add(permit.tag, permit.kind.name, 0 if free else permit.weight)
            if kind is Refused and said is not None and said.status in LIMITING:
                _refused(said, now_ms, self.monotonic_ms(), address, self._account)

    def _hear_limits(self, rows: tuple[RateLimit, ...], now_ms: float) -> None:
        """The WebSocket API says limits in every answer, nearly always the same: those of orders only where
        the answer is about orders, so that their absence means nothing.
        """
        said = [row.limit for row in rows]
        if said == self._said.get(len(said)) and now_ms - self._said_at_ms < _SAID_MS:
            return
        self._said[len(said)], self._said_at_ms = said, now_ms  # orders say more rows than reads
        self.pool.learn(rows, now_ms)

    def learn(self, rows: tuple[RateLimit, ...] | None, now_ms: float) -> None:
        """What exchangeInfo says of limits; None where they could not be read."""
        with self._lock:
            self._address.limits.unanswered(now_ms)  # rows without one of weight are no answer, either
            if rows is None:
                self._account.unanswered()
            else:
                self.pool.learn(rows, now_ms)
                self._account.learn(rows)  # also where they say nothing of orders: it need not ask again

    def leave(self, place: Place | None) -> None:
        """Whoever waited goes away."""
        with self._lock:
            self._address.line.leave(place)

    def silence(self, now_ms: float) -> Wait | None:
        """Until when nothing at all may leave, if the exchange asked for that."""
        gate = self._address.gate
        left_ms = gate.left_ms(self.monotonic_ms()) if gate.opens_at else 0.0
        if not left_ms:
            return None
        why = "the address is banned (418)" if gate.banned else "the exchange asked to wait (429)"
        return Wait(now_ms + max(_LEAST_MS, left_ms), why)

    def connect(self, now_ms: float, weight: int) -> Wait | None:
        """Count an attempt to open a WebSocket that costs so much, or say when there is room for one."""
        with self._lock:
            return self.silence(now_ms) or self._address.connect(now_ms, weight)

    def turned_away(self, said: Said, now_ms: float) -> None:
        """One of `LIMITING` was said that settles nothing: to a handshake, or to who had gone away."""
        with self._lock:
            _refused(said, now_ms, self.monotonic_ms(), self._address, self._account)

    def filled(self) -> None:
        """An order of the account was filled for the first time."""
        with self._lock:
            self._account.filled()


def _refused(
    said: Said, now_ms: float, monotonic_ms: float, address: AddressBudget, account: AccountBudget
) -> None:
    ban = said.status == _BANNED
    wait_ms = None if said.retry_at_ms is None else said.retry_at_ms - now_ms
    if said.code == codes.TOO_MANY_ORDERS and not ban:
        account.refused(now_ms, wait_ms, monotonic_ms)
    else:
        address.refused(now_ms, wait_ms, monotonic_ms, ban=ban)


class AllowanceView:
    """How much of the limits is used, who spent it, and rain mode by hand."""

    def __init__(self, allowance: Allowance) -> None:
        self._pool, self._monotonic_ms = allowance.pool, allowance.monotonic_ms

    @property
    def used(self) -> dict[str, tuple[int, int]]:
        """By window (``1m``): weight that is used and under way, and the limit."""
        with self._pool.lock:
            return {meter.name: (meter.total, meter.most) for meter in self._pool.address.limits.weight}

    @property
    def spent(self) -> list[Spent]:
        """Who spent what since the process began, the most expensive first."""
        with self._pool.lock:
            return self._pool.address.ledger.rows()

    @property
    def silent_for_ms(self) -> float:
        """For how long nothing leaves, after a 429 or a ban; 0 when the gate is open."""
        return self._pool.address.gate.left_ms(self._monotonic_ms())

    @property
    def waiting(self) -> int:
        """How many requests wait for room."""
        return len(self._pool.address.line)

    @property
    def learnt_weights(self) -> dict[str, int]:
        """Requests that cost something else than documented, and what they cost."""
        return self._pool.address.costs.learnt

    def rain(self, on: bool) -> None:
        """Ask less and wait longer from now on; or go on as usual."""
        with self._pool.lock:
            self._pool.address.rain.by_hand(on)
