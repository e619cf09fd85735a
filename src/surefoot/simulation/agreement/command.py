"""Many orders compared in several processes, and one seed of them again."""

import gzip
import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import msgspec

from surefoot.exchange.core.listing import default_exchange_info
from surefoot.simulation.agreement.compare import ORDERS_OF_A_VENUE, Tally, compare, meet
from surefoot.simulation.agreement.symbols import Row

Tell = Callable[[str], object]

_PORTION = 2_500
_MOST_WORKERS = 8
_RECORDED = "exchangeInfo-*.json.gz"


@cache
def rows() -> Sequence[Row]:
    """The exchange's own symbols, and those of the recordings where SUREFOOT_RECORDINGS names a folder."""
    found: list[Row] = list(default_exchange_info()["symbols"])
    folder = os.environ.get("SUREFOOT_RECORDINGS")
    for path in sorted(Path(folder).glob(_RECORDED)) if folder else ():
        found += msgspec.json.decode(gzip.decompress(path.read_bytes()))["symbols"]
    return tuple(found)


def portion(work: tuple[str, int]) -> Tally:
    """So many orders of a base."""
    base, count = work
    return compare(base, count, rows())


def sweep(base: str, count: int, *, tell: Tell = print) -> bool:
    """Compare `count` orders and tell every difference with its seed; whether there was none."""
    portions = [
        (f"{base}/{first // _PORTION}", min(_PORTION, count - first)) for first in range(0, count, _PORTION)
    ]
    grounds: Counter[str] = Counter()
    differences = 0
    with ProcessPoolExecutor(min(os.cpu_count() or 1, _MOST_WORKERS)) as pool:
        for tally in pool.map(portion, portions):
            grounds.update(tally.grounds)
            differences += len(tally.differences)
            for difference in tally.differences:
                tell(f"DIFFERS python -m surefoot.simulation --order-seed {difference}")
    tell(", ".join(f"{number} {ground}" for ground, number in grounds.most_common()))
    verdict = f"{differences} DIFFER" if differences else "check and exchange agree"
    tell(f"{count} orders of {base} on {len(rows())} symbols and made ones: {verdict}")
    return not differences


def replay(seed: str, *, tell: Tell = print) -> bool:
    """The orders of one seed again; whether both sides agree on all of them."""
    tally = Tally()
    tally.differences += meet(seed, rows(), ORDERS_OF_A_VENUE, tally)
    for difference in tally.differences:
        tell(str(difference))
    tell(f"{tally.orders} orders, {len(tally.differences)} differ")
    return not tally.differences
