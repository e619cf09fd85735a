"""What whoever runs an exchange can do to it while it runs."""

from collections.abc import Callable, Mapping

from surefoot.exchange.accounts import Account, make_account
from surefoot.exchange.core.listing import asset_places
from surefoot.exchange.core.treasury import Treasury
from surefoot.exchange.door.front import Front
from surefoot.exchange.key_operations import KeyOperations
from surefoot.exchange.keys import TRADING, Permissions
from surefoot.exchange.limits.operations import LimitOperations
from surefoot.exchange.market_operations import Exact, MarketOperations, exact
from surefoot.world import Entropy


class Operations(MarketOperations):
    """Acts at the exchange's own time and from its own loop, never from another thread.

    What happens is told to everybody concerned before the call returns. Raises `Misuse` for a number that is
    none, not positive or too fine, and for an unknown account or symbol. `limits` are the operations on
    limits, counts and bans, `keys` those on API keys.
    """

    def __init__(
        self, front: Front, accounts: list[Account], entropy: Entropy, now_us: Callable[[], int]
    ) -> None:
        super().__init__(front, now_us)
        self._entropy = entropy
        self._accounts = accounts
        self.limits = LimitOperations(front.limiter, now_us, lambda: front.settle(now_us()))
        self.keys = KeyOperations(front, accounts, entropy, now_us)
        engine = front.desk.engine
        self._treasury = Treasury(engine.ledger, engine.outbox, asset_places(engine.listings.values()))

    def open_account(
        self, name: str, balances: Mapping[str, int], permissions: Permissions = TRADING
    ) -> Account:
        """Open an account with `balances` at 1e-8 and own keys; raises `Misuse` when the name is taken."""
        account = make_account(name, self._entropy)
        self._front.desk.engine.open_account(
            name, balances, maker_rate=account.maker_rate, taker_rate=account.taker_rate
        )
        self._front.desk.updated_us[name] = self._now_us()
        self._front.keys.add(account, self._now_us(), permissions)
        self._accounts.append(account)
        return account

    def register_key(self, name: str, public_pem: bytes) -> str:
        """`keys.register` without more."""
        return self.keys.register(name, public_pem)

    def deposit(self, account: str, asset: str, amount: Exact) -> None:
        """Money comes to an account from outside: `balanceUpdate` and `outboundAccountPosition`."""
        self._treasury.deposit(self._now_us(), account, asset, exact(amount))
        self._front.settle(self._now_us())

    def withdraw(self, account: str, asset: str, amount: Exact) -> None:
        """Free money leaves an account; raises `Misuse` when there is not so much."""
        self._treasury.withdraw(self._now_us(), account, asset, exact(amount))
        self._front.settle(self._now_us())

    def lock(self, account: str, asset: str, amount: Exact) -> None:
        """Something outside locks free money of an account: `externalLockUpdate`."""
        self._treasury.lock(self._now_us(), account, asset, exact(amount))
        self._front.settle(self._now_us())

    def unlock(self, account: str, asset: str, amount: Exact) -> None:
        """What `lock` locked is free again; raises `Misuse` when that is less."""
        self._treasury.unlock(self._now_us(), account, asset, exact(amount))
        self._front.settle(self._now_us())
