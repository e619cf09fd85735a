"""Double entry: money moves, it never appears."""

import pytest

from surefoot.exchange.core.ledger import Ledger


def test_locks_move_money_within_an_account() -> None:
    ledger = Ledger()
    ledger.open("ann")
    ledger.deposit("ann", "BTC", 10)
    wallet = ledger.wallet("ann", "BTC")
    wallet.lock(7)
    wallet.unlock(3)
    assert (wallet.free, wallet.locked) == (6, 4)
    assert ledger.total("BTC") == ledger.deposited["BTC"] == 10


def test_an_account_that_was_never_opened_has_no_wallet() -> None:
    with pytest.raises(KeyError):
        Ledger().wallet("nobody", "BTC")


def test_opening_again_takes_nothing_away() -> None:
    ledger = Ledger()
    ledger.open("ann")
    ledger.deposit("ann", "BTC", 10)
    ledger.open("ann")
    assert ledger.total("BTC") == 10
