"""Parameters of the market data endpoints that exclude each other or need each other."""

from surefoot.serve.combinations import Values, at_most_one_symbol
from surefoot.serve.denial import bad_combination, neither, too_many_values

_MOST_SYMBOLS = 100


def aggregates(values: Values) -> None:
    """Aggregate trades are found by id or by time."""
    if "fromId" in values and ("startTime" in values or "endTime" in values):
        raise bad_combination()


def named_symbols(values: Values) -> None:
    """One symbol, or a list of at most a hundred."""
    if "symbol" not in values and "symbols" not in values:
        raise neither("symbol", "symbols")
    at_most_one_symbol(values)
    if len(values.get("symbols", ())) > _MOST_SYMBOLS:
        raise too_many_values("symbols", _MOST_SYMBOLS)


def one_at_most(values: Values) -> None:
    """No two parameters together."""
    if len(values) > 1:
        raise bad_combination()
