"""Side by side with other people's clients: a large exchangeInfo, from its bytes to what a client keeps."""

from benchmarks.answers import LARGE
from benchmarks.figures import Row, Table, ratios
from benchmarks.processes import Run, serving

_OURS = "load.surefoot"
_THEIRS = {
    "others.info.python_binance": "python-binance",
    "others.info.ccxt": "ccxt",
    "others.info.official": "binance-sdk-spot",
}


def measure(run: Run) -> list[Table]:
    """How long surefoot takes as a part of each, and what a result holds in memory."""
    with serving("http") as http:
        rounds = run.rounds((_OURS, *_THEIRS), 3, 1.0, http.port)
    rows = [Row(name="surefoot", figures=tuple(one[_OURS].wall_us / 1000 for one in rounds), unit="ms")]
    for name, shown in _THEIRS.items():
        figures = tuple(one[name].wall_us / 1000 for one in rounds)
        rows.append(Row(name=shown, figures=figures, unit="ms"))
        rows.append(Row(name=f"{shown}: time", figures=ratios(rounds, name, _OURS), unit="× ours"))
    for name, shown in {_OURS: "surefoot", **_THEIRS}.items():
        rows.append(Row(name=f"{shown}: kept", figures=tuple(one[name].kept_mb for one in rounds), unit="MB"))
    return [Table(title=f"loading: exchangeInfo of {LARGE:,} symbols", rows=tuple(rows))]
