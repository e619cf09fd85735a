"""The budgets of this process: everybody who asks one venue from one address shares one (LIMIT-2, ENV-5)."""

import threading
from weakref import WeakValueDictionary

from surefoot.budget.account import AccountBudget
from surefoot.budget.address import AddressBudget
from surefoot.world import Clock, SystemClock


class Shared:
    """One address at one venue: its budget, those of the accounts there, and the lock around them."""

    def __init__(self) -> None:
        self.address = AddressBudget()
        self.lock = threading.Lock()
        self._accounts: dict[str, AccountBudget] = {}

    def account(self, key: str) -> AccountBudget:
        """The budget of the account that has this key (any text that tells keys apart)."""
        with self.lock:
            return self._accounts.setdefault(key, AccountBudget())


_Key = tuple[object, str, str | None]
_KNOWN: WeakValueDictionary[_Key, Shared] = WeakValueDictionary()
_TURN = threading.Lock()


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
