"""The budgets of this process: everybody who asks one venue from one address shares one (LIMIT-2, ENV-5)."""

import os
import threading
from weakref import WeakValueDictionary

from surefoot.budget.account import AccountBudget
from surefoot.budget.address import AddressBudget
from surefoot.spot.general import RateLimit
from surefoot.world import Clock, SystemClock


class Shared:
    """One address at one venue: its budget, those of the accounts there, and the lock around them."""

    def __init__(self) -> None:
        self.address = AddressBudget()
        self.lock = threading.RLock()  # what is thrown away while it is held may have to leave the line
        self._accounts: dict[str, AccountBudget] = {}
        self._told: tuple[RateLimit, ...] = ()

    def account(self, key: str) -> AccountBudget:
        """The budget of the account that has this key (any text that tells keys apart)."""
        with self.lock:
            known = self._accounts.get(key)
            if known is None:
                known = self._accounts[key] = AccountBudget()
                if self._told:
                    known.learn(self._told)
            return known

    def learn(self, rows: tuple[RateLimit, ...], now_ms: float) -> None:
        """The exchange's own limits: those of orders are the same for every account. The lock is held."""
        self.address.learn(rows, now_ms)
        if any(row.rate_limit_type == "ORDERS" for row in rows):
            self._told = rows
            for account in self._accounts.values():
                account.learn(rows)

    def forked(self) -> None:
        """In a fork: what is under way is the business of the process that sent it."""
        self.address.forget_what_is_under_way()
        for account in self._accounts.values():
            account.forget_what_is_under_way(self.address.number)


_Key = tuple[object, str, str | None]
_KNOWN: WeakValueDictionary[_Key, Shared] = WeakValueDictionary()
_TURN = threading.RLock()
_HELD: list[Shared] = []
"""Those whose locks are held while this process is forked."""


def shared(venue: str, proxy: str | None, clock: Clock) -> Shared:
    """The budget for the venue (its REST base) by way of `proxy`; kept while somebody has it.

    Another clock is another machine: simulated hosts share nothing.
    """
    key: _Key = (SystemClock if isinstance(clock, SystemClock) else clock, venue, proxy)
    with _TURN:
        known = _KNOWN.get(key)
        if known is None:
            known = _KNOWN[key] = Shared()
        return known


def forget(venue: str) -> None:
    """Another exchange listens there now, and has counted nothing yet: new clients begin anew."""
    with _TURN:
        for key in [key for key in _KNOWN if key[1] == venue]:
            del _KNOWN[key]


def _hold() -> None:
    _TURN.acquire()
    for one in tuple(_KNOWN.values()):
        one.lock.acquire()
        _HELD.append(one)


def _let_go() -> None:
    while _HELD:
        _HELD.pop().lock.release()
    _TURN.release()


def _let_go_in_child() -> None:
    for one in _HELD:
        one.forked()
    _let_go()


if hasattr(os, "register_at_fork"):  # a lock that another thread holds then would stay locked in the fork
    os.register_at_fork(before=_hold, after_in_parent=_let_go, after_in_child=_let_go_in_child)
