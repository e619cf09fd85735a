"""Average cost as one would explain it at a table: what a coin cost, in fractions, deal by deal."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple


class Deal(NamedTuple):
    """One execution; the commission is in "base", "quote" or "third"."""

    buy: bool
    price: Fraction
    qty: Fraction
    fee: Fraction
    paid_in: str


class Average(NamedTuple):
    """Coins had, what one cost on average, profit made, coins and money of unknown origin."""

    coins: Fraction
    each: Fraction
    profit: Fraction
    strange_coins: Fraction
    strange_money: Fraction


def average(deals: Sequence[Deal]) -> Average:
    """After all deals, in their order."""
    coins = each = profit = strange_coins = strange_money = Fraction(0)
    for deal in deals:
        money_fee = deal.fee if deal.paid_in == "quote" else Fraction(0)
        coin_fee = deal.fee if deal.paid_in == "base" else Fraction(0)
        if deal.buy:
            pot = coins * each + deal.price * deal.qty + money_fee
            coins += deal.qty
        else:
            got = deal.price - money_fee / deal.qty  # for each coin
            mine = deal.qty if deal.qty < coins else coins
            profit += mine * (got - each)
            strange_coins += deal.qty - mine
            strange_money += (deal.qty - mine) * got
            coins -= mine
            gone = min(coin_fee, coins) if coin_fee > 0 else Fraction(0)
            profit -= gone * each
            pot = (coins - gone) * each
        if coin_fee > coins:
            strange_coins += coin_fee - coins
            coins = Fraction(0)
        else:
            coins -= coin_fee
        if not coins:
            profit -= pot
            pot = Fraction(0)
        each = pot / coins if coins else Fraction(0)
    return Average(coins, each, profit, strange_coins, strange_money)
