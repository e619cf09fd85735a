"""Filters as exchangeInfo prints them (official page *Filters*)."""

from decimal import Decimal

import msgspec

from surefoot.values import UNSET, UnsetType


class Filter(msgspec.Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """One filter of a symbol or of the exchange: its type and the fields that type has.

    One flat struct rather than a tagged union, so that a filter type this version has never heard of decodes
    like any other; fields that the type does not have are `UNSET`. Prices, quantities and amounts are exact.
    """

    filter_type: str
    min_price: Decimal | UnsetType = UNSET
    max_price: Decimal | UnsetType = UNSET
    tick_size: Decimal | UnsetType = UNSET
    multiplier_up: Decimal | UnsetType = UNSET
    multiplier_down: Decimal | UnsetType = UNSET
    bid_multiplier_up: Decimal | UnsetType = UNSET
    bid_multiplier_down: Decimal | UnsetType = UNSET
    ask_multiplier_up: Decimal | UnsetType = UNSET
    ask_multiplier_down: Decimal | UnsetType = UNSET
    avg_price_mins: int | UnsetType = UNSET
    min_qty: Decimal | UnsetType = UNSET
    max_qty: Decimal | UnsetType = UNSET
    step_size: Decimal | UnsetType = UNSET
    min_notional: Decimal | UnsetType = UNSET
    max_notional: Decimal | UnsetType = UNSET
    apply_to_market: bool | UnsetType = UNSET
    apply_min_to_market: bool | UnsetType = UNSET
    apply_max_to_market: bool | UnsetType = UNSET
    limit: int | Decimal | UnsetType = UNSET
    asset: str | UnsetType = UNSET
    max_num_orders: int | UnsetType = UNSET
    max_num_algo_orders: int | UnsetType = UNSET
    max_num_iceberg_orders: int | UnsetType = UNSET
    max_num_order_amends: int | UnsetType = UNSET
    max_num_order_lists: int | UnsetType = UNSET
    max_position: Decimal | UnsetType = UNSET
    min_trailing_above_delta: int | UnsetType = UNSET
    max_trailing_above_delta: int | UnsetType = UNSET
    min_trailing_below_delta: int | UnsetType = UNSET
    max_trailing_below_delta: int | UnsetType = UNSET
