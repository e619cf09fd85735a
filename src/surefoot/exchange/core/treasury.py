"""Money that comes and goes from outside while the exchange runs, and what something outside locks.

Everything is told to the account's owner: the difference, then the balance as it is now. Amounts are integers
at 1e-8. The sum of an asset changes by deposits and withdrawals only, and `Ledger.deposited` with it.
"""

from collections.abc import Mapping

from surefoot.errors import Misuse
from surefoot.exchange.core.commands import BalanceChange, BalanceUpdate, Effect, ExternalLock, Held
from surefoot.exchange.core.ledger import Ledger, Wallet

_DIGITS = 8


class Treasury:
    """Of all accounts; `places` are the decimals of assets (8 where they are not named).

    Every call raises `Misuse` for an amount that is not positive, not there, or finer than its asset.
    """

    def __init__(self, ledger: Ledger, outbox: list[Effect], places: Mapping[str, int]) -> None:
        self._ledger = ledger
        self._outbox = outbox
        self._places = places
        self._locked: dict[tuple[str, str], int] = {}

    def deposit(self, now_us: int, account: str, asset: str, amount: int) -> None:
        """Money from outside."""
        self._wallet(account, asset, amount)
        self._ledger.deposit(account, asset, amount)
        self._tell(BalanceUpdate(account, asset, amount, now_us, self._of(asset)))

    def withdraw(self, now_us: int, account: str, asset: str, amount: int) -> None:
        """Free money leaves."""
        wallet = self._wallet(account, asset, amount)
        _covered(amount, wallet.free, f"free {asset} of {account}")
        self._ledger.withdraw(account, asset, amount)
        self._tell(BalanceUpdate(account, asset, -amount, now_us, self._of(asset)))

    def lock(self, now_us: int, account: str, asset: str, amount: int) -> None:
        """Something outside locks free money, as collateral for example."""
        wallet = self._wallet(account, asset, amount)
        _covered(amount, wallet.free, f"free {asset} of {account}")
        wallet.lock(amount)
        self._tell_lock(ExternalLock(account, asset, amount, now_us, self._of(asset)))

    def unlock(self, now_us: int, account: str, asset: str, amount: int) -> None:
        """What was locked from outside is free again; what orders hold is not touched."""
        wallet = self._wallet(account, asset, amount)
        locked = self._locked.get((account, asset), 0)
        _covered(amount, locked, f"{asset} of {account} that was locked from outside")
        wallet.unlock(amount)
        self._tell_lock(ExternalLock(account, asset, -amount, now_us, self._of(asset)))

    def _wallet(self, account: str, asset: str, amount: int) -> Wallet:
        if amount <= 0:
            raise Misuse("the amount must be above zero; say which way it goes by the call")
        if amount % 10 ** (_DIGITS - self._of(asset)):
            raise Misuse(f"{asset} has {self._of(asset)} decimals, the amount has more")
        try:
            return self._ledger.wallet(account, asset)
        except KeyError:
            raise Misuse(f"no account {account!r} on this exchange; open it first") from None

    def _of(self, asset: str) -> int:
        return self._places.get(asset, _DIGITS)

    def _tell_lock(self, update: ExternalLock) -> None:
        place = update.account, update.asset
        self._locked[place] = self._locked.get(place, 0) + update.delta
        self._tell(update)

    def _tell(self, update: BalanceUpdate | ExternalLock) -> None:
        wallet = self._ledger.wallet(update.account, update.asset)
        self._outbox.append(update)
        held = Held(update.asset, wallet.free, wallet.locked, update.places)
        self._outbox.append(BalanceChange(update.account, update.time_us, (held,)))


def _covered(amount: int, there: int, what: str) -> None:
    if amount > there:
        raise Misuse(f"{amount} is more than the {there} (at 1e-8) {what}")
