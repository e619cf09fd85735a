"""Who has what: double entry, so that the sum of everything per asset is what was ever deposited.

Commission goes to an account of the exchange itself (`FEES`), synthetic liquidity trades from another
(`MARKET_MAKER`): nothing appears or vanishes in a trade.
"""

from collections.abc import Mapping

FEES = "exchange:fees"
MARKET_MAKER = "exchange:market-maker"


class Wallet:
    """One asset of one account, at 1e-8: free to use, and locked by open orders."""

    __slots__ = ("free", "locked")

    def __init__(self) -> None:
        self.free = 0
        self.locked = 0

    def lock(self, amount: int) -> None:
        """Free to locked."""
        self.free -= amount
        self.locked += amount

    def unlock(self, amount: int) -> None:
        """Locked to free."""
        self.locked -= amount
        self.free += amount


class Ledger:
    """Every wallet of every account."""

    def __init__(self) -> None:
        self._wallets: dict[str, dict[str, Wallet]] = {}
        self.deposited: dict[str, int] = {}

    def open(self, account: str) -> None:
        """Add an account with nothing in it; opening it again changes nothing."""
        self._wallets.setdefault(account, {})

    def deposit(self, account: str, asset: str, amount: int) -> None:
        """Money from outside; nothing but this and `withdraw` changes the sum of an asset."""
        self.wallet(account, asset).free += amount
        self.deposited[asset] = self.deposited.get(asset, 0) + amount

    def withdraw(self, account: str, asset: str, amount: int) -> None:
        """Free money leaves: less is deposited."""
        self.deposit(account, asset, -amount)

    def wallet(self, account: str, asset: str) -> Wallet:
        """The wallet itself, made when it is first asked for; raises KeyError for an unknown account."""
        wallets = self._wallets[account]
        wallet = wallets.get(asset)
        if wallet is None:
            wallet = wallets[asset] = Wallet()
        return wallet

    def wallets(self, account: str) -> Mapping[str, Wallet]:
        """What an account has, by asset, in the order the assets came to it."""
        return self._wallets[account]

    def total(self, asset: str) -> int:
        """Free and locked of every account, fees included: equals what was deposited and not withdrawn."""
        held = (wallets[asset] for wallets in self._wallets.values() if asset in wallets)
        return sum(wallet.free + wallet.locked for wallet in held)
