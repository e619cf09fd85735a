"""How a trader behaves where the caller may choose."""

from pathlib import Path
from typing import Literal

import msgspec

from surefoot.errors import Misuse
from surefoot.execution.resolution import OFFICIAL, ResolutionTimes

_WIDEST_MS = 60_000


class TraderOptions(msgspec.Struct, frozen=True, kw_only=True):
    """`sign_within_ms`: so long may an order wait for the journal and for room in the limits; after that it
    is not sent. `late`: what happens to an order that was taken for not placed and exists all the same: it is
    adopted, or cancelled. `reconcile_every_ms`: how often open orders and balances are compared with the
    exchange's. `checkpoint_every`: after so many entries the views are written down, for a fast start.
    `stop_within_ms`: how long leaving waits for orders that are on their way; what is unknown then is
    resolved at the next start. `kill_file` and `kill_signal` stop all trading (see `Trader.kill`): while the
    file exists, and when the process hears the signal. `resolution`: how long evidence about an unknown
    outcome takes.
    """

    sign_within_ms: int = 5_000
    late: Literal["adopt", "cancel"] = "adopt"
    reconcile_every_ms: int = 60_000
    checkpoint_every: int = 20_000
    stop_within_ms: int = 5_000
    kill_file: str | Path | None = None
    kill_signal: int | None = None
    resolution: ResolutionTimes = OFFICIAL

    def __post_init__(self) -> None:
        if not 0 < self.sign_within_ms <= _WIDEST_MS:
            raise Misuse(f"sign_within_ms {self.sign_within_ms}: 1 to {_WIDEST_MS}")
        if self.late not in {"adopt", "cancel"}:
            raise Misuse(f"late {self.late!r}: 'adopt' or 'cancel'")
        if self.reconcile_every_ms <= 0 or self.checkpoint_every <= 0 or self.stop_within_ms < 0:
            raise Misuse("reconcile_every_ms, checkpoint_every: above 0; stop_within_ms: 0 or more")
