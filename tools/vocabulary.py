"""The requests by chapter, and the name of the method that sends each: the start of every generated page."""

from typing import Any, NamedTuple

from surefoot.spot import (
    account,
    account_history,
    account_rates,
    general,
    market,
    market_klines,
    market_prices,
    market_tickers,
    market_trades,
    order_list_oco,
    order_list_oto,
    order_lists,
    order_replace,
    session,
    sor,
    trade,
)
from surefoot.spot.request import Endpoint, Request
from surefoot.spot.weights import (
    ByFirstPresent,
    ByFlag,
    ByLimit,
    ByPresence,
    BySymbols,
    PerSymbol,
    WeightRule,
)


class Chapter(NamedTuple):
    """One official chapter: its title, the word that names its modules and classes, its methods."""

    title: str
    word: str
    methods: dict[str, type[Request[Any]]]


CHAPTERS = (
    Chapter(
        "General",
        "general",
        {
            "ping": general.Ping,
            "time": general.GetTime,
            "exchange_info": general.GetExchangeInfo,
            "execution_rules": general.GetExecutionRules,
        },
    ),
    Chapter(
        "Market data",
        "market",
        {
            "depth": market.GetDepth,
            "trades": market_trades.GetTrades,
            "historical_trades": market_trades.GetHistoricalTrades,
            "historical_block_trades": market_trades.GetHistoricalBlockTrades,
            "agg_trades": market_trades.GetAggTrades,
            "klines": market_klines.GetKlines,
            "ui_klines": market_klines.GetUiKlines,
            "avg_price": market_prices.GetAvgPrice,
            "reference_price": market_prices.GetReferencePrice,
            "reference_price_calculation": market_prices.GetReferencePriceCalculation,
        },
    ),
    Chapter(
        "Tickers",
        "tickers",
        {
            "ticker_24hr": market_tickers.GetTicker24hr,
            "tickers_24hr": market_tickers.GetTickers24hr,
            "mini_ticker_24hr": market_tickers.GetMiniTicker24hr,
            "mini_tickers_24hr": market_tickers.GetMiniTickers24hr,
            "trading_day_ticker": market_tickers.GetTradingDayTicker,
            "trading_day_tickers": market_tickers.GetTradingDayTickers,
            "mini_trading_day_ticker": market_tickers.GetMiniTradingDayTicker,
            "mini_trading_day_tickers": market_tickers.GetMiniTradingDayTickers,
            "ticker": market_tickers.GetTicker,
            "tickers": market_tickers.GetTickers,
            "mini_ticker": market_tickers.GetMiniTicker,
            "mini_tickers": market_tickers.GetMiniTickers,
            "price_ticker": market.GetPriceTicker,
            "price_tickers": market.GetPriceTickers,
            "book_ticker": market.GetBookTicker,
            "book_tickers": market.GetBookTickers,
        },
    ),
    Chapter(
        "Trading",
        "trade",
        {
            "new_order": trade.NewOrder,
            "test_order": trade.TestOrder,
            "cancel_order": trade.CancelOrder,
            "cancel_open_orders": trade.CancelOpenOrders,
            "cancel_replace": order_replace.CancelReplace,
            "amend_order": order_replace.AmendOrder,
            "new_sor_order": sor.NewSorOrder,
            "test_sor_order": sor.TestSorOrder,
        },
    ),
    Chapter(
        "Order lists",
        "lists",
        {
            "new_oco": order_list_oco.NewOco,
            "new_oto": order_list_oto.NewOto,
            "new_otoco": order_list_oto.NewOtoco,
            "new_opo": order_list_oto.NewOpo,
            "new_opoco": order_list_oto.NewOpoco,
            "new_oco_deprecated": order_list_oco.NewOcoDeprecated,
            "cancel_order_list": order_lists.CancelOrderList,
            "order_list": order_lists.GetOrderList,
            "all_order_lists": order_lists.GetAllOrderLists,
            "open_order_lists": order_lists.GetOpenOrderLists,
        },
    ),
    Chapter(
        "Account",
        "account",
        {
            "account": account.GetAccount,
            "order": account.GetOrder,
            "open_orders": account.GetOpenOrders,
            "all_orders": account_history.GetAllOrders,
            "my_trades": account.GetMyTrades,
            "order_rate_limits": account_rates.GetOrderRateLimits,
            "my_prevented_matches": account_history.GetPreventedMatches,
            "my_allocations": account_history.GetAllocations,
            "account_commission": account_rates.GetCommission,
            "order_amendments": account_history.GetAmendments,
            "my_filters": account_rates.GetMyFilters,
            "api_restrictions": account.GetApiRestrictions,
        },
    ),
)
"""What both clients offer, over either way."""

CONNECTION: tuple[type[Request[Any]], ...] = (
    session.Logon,
    session.GetSessionStatus,
    session.Logout,
    session.SubscribeUserData,
    session.SubscribeUserDataSigned,
    session.UnsubscribeUserData,
    session.GetSubscriptions,
)
"""What is said of one WebSocket API connection: sessions and user data streams say it, or `session.send`."""


def weight_words(endpoint: Endpoint) -> str:
    """What a call weighs, in words."""
    words, success = _rule(endpoint.weight), endpoint.weight_on_success
    return words if success is None else f"{words}, on success {success}"


def _rule(rule: WeightRule) -> str:  # noqa: PLR0911
    match rule:
        case ByLimit(default, table, _):
            rows = ", ".join(f"≤ {bound}: {cost}" for bound, cost in table)
            return f"by limit ({default}): {rows}"
        case BySymbols(single, several, omitted):
            rows = ", ".join(f"≤ {bound}: {cost}" if bound else str(cost) for bound, cost in several)
            return f"{single}; several {rows}; all {omitted}"
        case PerSymbol(each, cap, omitted):
            return f"{each} a symbol, at most {cap}" + ("" if omitted == each else f"; all {omitted}")
        case ByFirstPresent(cases, default):
            return ", ".join(f"{cost} with {param}" for param, cost in cases) + f", else {default}"
        case ByPresence(param, present, absent):
            return f"{present} with {param}, else {absent}"
        case ByFlag(param, true, false):
            return f"{true} if {param}, else {false}"
    return str(rule)
