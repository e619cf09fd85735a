"""What is measured and how it is shown: figures by round, their median and range, the goal."""

from collections.abc import Mapping, Sequence
from statistics import median, quantiles

import msgspec


class Worked(msgspec.Struct, frozen=True, kw_only=True):
    """What one worker process reports: the quiet quartile of its chunks, per operation, and the count.

    `kept_mb` is what one result holds in memory, where that is measured.
    """

    wall_us: float
    cpu_us: float
    operations: int
    kept_mb: float = 0.0


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a table: a figure a round. With `goal`, the median must be at most that (or at least)."""

    name: str
    figures: tuple[float, ...]
    unit: str
    goal: float | None = None
    at_least: bool = False

    @property
    def middle(self) -> float:
        """The median over the rounds."""
        return median(self.figures)

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without one."""
        if self.goal is None:
            return None
        return self.middle >= self.goal if self.at_least else self.middle <= self.goal


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One benchmark's outcome: its rows, and what a reader must know about them."""

    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


def quiet(chunks: Sequence[float]) -> float:
    """The lower quartile: what it costs while the machine is busy with nothing else."""
    return quantiles(chunks, n=4, method="inclusive")[0] if len(chunks) > 1 else chunks[0]


def ratios(
    rounds: Sequence[dict[str, Worked]], name: str, floor: str, *, cpu: bool = False
) -> tuple[float, ...]:
    """How many times the floor of the same round a contender took, a figure a round."""
    if cpu:
        return tuple(one[name].cpu_us / one[floor].cpu_us for one in rounds)
    return tuple(one[name].wall_us / one[floor].wall_us for one in rounds)


def rates(rounds: Sequence[dict[str, Worked]], name: str) -> tuple[float, ...]:
    """Operations a second, a figure a round."""
    return tuple(1e6 / one[name].wall_us for one in rounds)


def times_us(rounds: Sequence[dict[str, Worked]], name: str) -> tuple[float, ...]:
    """Microseconds an operation, a figure a round."""
    return tuple(one[name].wall_us for one in rounds)


def cpu_us(rounds: Sequence[dict[str, Worked]], name: str) -> tuple[float, ...]:
    """Microseconds of CPU an operation, a figure a round."""
    return tuple(one[name].cpu_us for one in rounds)


def against_floor(
    title: str,
    rounds: Sequence[dict[str, Worked]],
    names: Mapping[str, str],
    goals: Mapping[str, float],
    note: str,
) -> Table:
    """Time and CPU of every contender as a multiple of the first one's, which is the floor."""
    floor, *others = names
    rows = []
    for key in others:
        time, cpu = ratios(rounds, key, floor), ratios(rounds, key, floor, cpu=True)
        rows.append(Row(name=f"{names[key]}: time", figures=time, unit="× floor", goal=goals.get(key)))
        rows.append(Row(name=f"{names[key]}: CPU", figures=cpu, unit="× floor"))
    return Table(title=title, rows=tuple(rows), notes=(f"floor: {names[floor]}; {note}",))


_THOUSAND = 1000


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= _THOUSAND else f"{value:.2f}"


def _verdict(row: Row) -> str:
    if row.goal is None:
        return ""
    sign, word = ("≥" if row.at_least else "≤"), ("met" if row.met else "MISSED")
    return f"{sign} {_number(row.goal):<8} {word}"


def shown(table: Table) -> str:
    """The table as text."""
    width = max(len(row.name) for row in table.rows)
    lines = [table.title, f"  {'':{width}}  {'median':>11}   {'range':^21}   goal"]
    for row in table.rows:
        span = f"{_number(min(row.figures))} – {_number(max(row.figures))}"
        figure = f"{_number(row.middle):>9} {row.unit:<9}"
        lines.append(f"  {row.name:{width}}  {figure} {span:^21}  {_verdict(row)}".rstrip())
    return "\n".join([*lines, *(f"  {note}" for note in table.notes)])


def plain(table: Table) -> dict[str, object]:
    """The table as data for ``--json``."""
    rows = [
        {**msgspec.to_builtins(row), "median": row.middle, "met": row.met, "rounds": len(row.figures)}
        for row in table.rows
    ]
    return {"title": table.title, "rows": rows, "notes": list(table.notes)}
