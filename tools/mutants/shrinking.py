"""Makes a story that catches a mutation smaller, as long as it still does."""

import msgspec

from surefoot.simulation.trading.courts import Breach
from surefoot.simulation.trading.options import TradingOptions
from surefoot.simulation.trading.running import Outcome
from surefoot.simulation.trading.shrinking import Shrinker
from tools.mutants.player import Player, Stuck

MOST_RUNS = 120


class Trial:
    """Plays a story with the defect and without: it catches where only the former breaks the `law`."""

    def __init__(self, law: str, planted: Player, sound: Player, most_runs: int = MOST_RUNS) -> None:
        self._law, self._planted, self._sound = law, planted, sound
        self._left = most_runs

    def played(self, options: TradingOptions) -> Outcome:
        """The breach that counts, if it is there; nothing once there were enough runs."""
        self._left -= 1
        breaches = (Breach(self._law, "caught"),) if self._left >= 0 and self._catches(options) else ()
        return Outcome(
            seed=options.seed,
            trace_hash="",
            crossings=0,
            virtual_s=0,
            kills=0,
            struck=0,
            orders=0,
            doubts=0,
            counts={},
            looked={},
            breaches=breaches,
        )

    def _catches(self, options: TradingOptions) -> bool:
        try:
            return self._law in self._planted.play(options).laws and not self._sound.play(options).breaches
        except Stuck:
            return False


def shrunk(options: msgspec.Raw, law: str, planted: Player, sound: Player) -> TradingOptions:
    """The smallest story that was found in a bounded number of runs."""
    story = msgspec.json.decode(options, type=TradingOptions)
    return Shrinker(law, played=Trial(law, planted, sound).played).shrink(story)
