"""`surefoot simulate`: traders and an exchange on virtual time, under faults drawn from seeds."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from surefoot.cli.edges import DONE, FAILED
from surefoot.cli.sheets import tell_json
from surefoot.cli.terminal import Terminal
from surefoot.errors import Misuse
from surefoot.world import SystemClock

if TYPE_CHECKING:
    from surefoot.simulation.trading.options import TradingOptions
    from surefoot.simulation.trading.running import Outcome

_SEEDS, _HOUR_S = 20, 3600
_PROCESS_WIDE = "surefoot"
"""What seeds are derived from where nothing else is said."""


def simulate(
    *,
    seeds: int | None = None,
    hours: float | None = None,
    faults: Literal["none", "light", "heavy"] = "heavy",
    base: str = _PROCESS_WIDE,
    seed: int | None = None,
    story: Path | None = None,
    shrink: bool = False,
    keep: Path | None = None,
    trace: bool = False,
    json: bool = False,
) -> int:
    """Let traders trade on virtual time while everything goes wrong, and see whether it stays right.

    Each seed is a story: one to three traders with journals, killed at any moment and started again, against
    an exchange and a network that fail. Then all is healed, and what must hold is looked at. The same seed is
    the same story, to the last byte.

    Parameters
    ----------
    seeds
        How many stories. Default: 20.
    hours
        As many stories as it takes for so many virtual hours, instead.
    faults
        How much goes wrong.
    base
        Any text: other seeds follow from it.
    seed
        This one story, with everything that happens in it.
    story
        A story that was kept in a file, instead of a seed.
    shrink
        Make the story as short as it can be while it still fails in the same way.
    keep
        Write the story, or what it shrank to, to this file.
    trace
        Print everything that crossed the network.
    json
        Answer one JSON object.
    """
    if seed is not None or story is not None:
        options = _options(seed, story, faults)
        return _one(options, shrink=shrink, keep=keep, trace=trace, json=json)
    if shrink or keep or trace:
        raise Misuse("--shrink, --keep and --trace are about one story: add --seed or --story")
    if seeds is not None and hours is not None:
        raise Misuse("--seeds or --hours, not both")
    return _many(_SEEDS if seeds is None else seeds, hours, faults, base, json=json)


def _options(
    seed: int | None, story: Path | None, faults: Literal["none", "light", "heavy"]
) -> "TradingOptions":
    from msgspec import MsgspecError  # noqa: PLC0415 - paid by those who simulate

    from surefoot.simulation.trading import archive, drawing  # noqa: PLC0415

    if seed is not None and story is not None:
        raise Misuse("--seed or --story, not both")
    if story is None:
        assert seed is not None
        return drawing.draw(seed, faults)
    try:
        return archive.read(story).options
    except (OSError, MsgspecError) as error:
        raise Misuse(f"{story} holds no story: {error}") from None


def _many(
    seeds: int, hours: float | None, faults: Literal["none", "light", "heavy"], base: str, *, json: bool
) -> int:
    from surefoot.simulation.trading.sweeping import sweep  # noqa: PLC0415 - paid by those who simulate

    with _progress(seeds, hours) as heard:
        summary = sweep(base, faults, seeds=seeds, hours=hours, heard=heard)
    if json:
        tell_json([summary.as_object()])
    else:
        for line in summary.lines():
            _tell(line)
    return FAILED if summary.failed else DONE


def _one(options: "TradingOptions", *, shrink: bool, keep: Path | None, trace: bool, json: bool) -> int:
    from surefoot.simulation.trading.running import play  # noqa: PLC0415 - paid by those who simulate
    from surefoot.simulation.trading.words import told  # noqa: PLC0415

    outcome, sim = play(options)
    if shrink and outcome.breaches:
        options = _shrunk(options, outcome.breaches[0].law)
        outcome, sim = play(options)
    if keep is not None:
        _keep(keep, options, outcome)
    if json:
        tell_json([outcome])
        return FAILED if outcome.breaches else DONE
    for line in told(options):
        _tell(line)
    for entry in sim.trace if trace else ():
        _tell(str(entry))
    _end(outcome)
    return FAILED if outcome.breaches else DONE


def _end(outcome: "Outcome") -> None:
    """What came of one story."""
    _tell(
        f"{outcome.virtual_s:.1f} virtual seconds, {outcome.crossings} crossings,"
        f" {outcome.struck} faults struck, {outcome.kills} lives ended early,"
        f" {outcome.orders} orders, {outcome.doubts} doubts"
    )
    _tell(f"trace {outcome.trace_hash}")
    for law, times in outcome.looked.items():
        _tell(f"{times:9,} × {law}")
    for breach in outcome.breaches:
        _tell(f"FAILED: {breach}")
    _tell("FAILED" if outcome.breaches else "PASSED")


def _shrunk(options: "TradingOptions", law: str) -> "TradingOptions":
    from surefoot.simulation.trading.shrinking import Shrinker  # noqa: PLC0415 - paid by those who simulate

    return Shrinker(law, tell=lambda text: sys.stderr.write(f"{text}\n")).shrink(options)


def _keep(path: Path, options: "TradingOptions", outcome: "Outcome") -> None:
    from surefoot.simulation.trading.archive import Kept, write  # noqa: PLC0415 - paid by those who keep

    law = outcome.breaches[0].law if outcome.breaches else ""
    about = str(outcome.breaches[0]) if outcome.breaches else "It passed."
    today = datetime.fromtimestamp(SystemClock().wall_ms() / 1000, UTC).date().isoformat()
    write(path, Kept(about=about, law=law, date=today, options=options))


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")


@contextmanager
def _progress(seeds: int, hours: float | None) -> Iterator[Callable[["Outcome"], object]]:
    """A bar on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _outcome: None
        return
    from rich.progress import Progress  # noqa: PLC0415 - paid by those who see it

    total = seeds if hours is None else hours * _HOUR_S
    with Progress(console=Terminal(stderr=True), transient=True) as bar:
        task = bar.add_task("stories", total=total)
        failed = 0

        def heard(outcome: "Outcome") -> None:
            nonlocal failed
            failed += bool(outcome.breaches)
            step = 1 if hours is None else outcome.virtual_s
            bar.update(task, advance=step, description=f"stories, {failed} failed" if failed else "stories")

        yield heard
