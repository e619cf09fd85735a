"""What a trader believes."""

from decimal import Decimal as D

from surefoot.codec.streams import decode_user_event
from surefoot.simulation.view import Fate, Fill, View
from surefoot.spot.account import Account, Balance, Trade
from surefoot.spot.events import BookTickerEvent, OutboundAccountPosition, PositionBalance

REPORT = b"""{"e":"executionReport","E":1,"s":"BTCUSDT","c":"mine","S":"BUY","o":"LIMIT","f":"GTC","q":"1",
"p":"5","P":"0","F":"0","g":-1,"C":"","x":"%s","X":"FILLED","r":"NONE","i":77,"l":"1","z":"1","L":"5",
"n":"0.001","N":"BTC","T":1,"t":%d,"I":1,"w":false,"m":true,"M":false,"O":1,"Z":"5","Y":"5","Q":"0"}"""


def position(free: str, last_update: int) -> OutboundAccountPosition:
    held = PositionBalance(asset="BTC", free=D(free), locked=D(0))
    return OutboundAccountPosition(event_time=1, last_update=last_update, balances=(held,))


def account(free: str, update_time: int) -> Account:
    return Account(
        can_trade=True,
        can_withdraw=True,
        can_deposit=True,
        update_time=update_time,
        account_type="SPOT",
        balances=(Balance(asset="BTC", free=D(free), locked=D(0)),),
        permissions=(),
    )


def test_a_fill_is_one_fill_from_whatever_source() -> None:
    view = View()
    view.hear(decode_user_event(REPORT % (b"NEW", -1)))
    assert view.fills == set()
    view.hear(decode_user_event(REPORT % (b"TRADE", 9)))
    expected = Fill(9, 77, D(5), D(1), D("0.001"), "BTC")
    assert view.fills == {expected}
    trade = Trade(
        symbol="BTCUSDT",
        id=9,
        order_id=77,
        order_list_id=-1,
        price=D("5.00"),
        qty=D("1.0"),
        quote_qty=D(5),
        commission=D("0.00100"),
        commission_asset="BTC",
        time=1,
        is_buyer=True,
        is_maker=True,
        is_best_match=True,
    )
    view.read_trades([trade])
    assert view.fills == {expected}


def test_balances_are_the_newest_news() -> None:
    view = View()
    view.read_account(account("1", 100))
    view.hear(position("2", 200))
    assert view.balances == {"BTC": (D(2), D(0))}
    view.read_account(account("1", 150))
    assert view.balances == {"BTC": (D(2), D(0))}
    view.hear(position("3", 200))
    assert view.balances == {"BTC": (D(3), D(0))}


def test_the_newest_best_prices_count_in_whatever_order_they_come() -> None:
    view = View()
    for number, bid in ((7, 100), (9, 102), (8, 101)):
        top = BookTickerEvent(
            update_id=number, symbol="X", bid_price=D(bid), bid_qty=D(1), ask_price=D(200), ask_qty=D(1)
        )
        view.hear(top)
    assert view.tops["X"].bid == 102


def test_fates() -> None:
    view = View()
    view.fates.update(a=Fate.UNKNOWN, b=Fate.ACCEPTED, c=Fate.FOUND)
    assert view.with_fate(Fate.ACCEPTED, Fate.FOUND) == ["b", "c"]
