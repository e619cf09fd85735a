"""What the journal costs an order: the trader beside the bare client and a bare commit of SQLite."""

from benchmarks.exchange import Exchange, running
from benchmarks.figures import Row, Table, Worked, cpu_us, rates, times_us
from benchmarks.processes import Run, work
from benchmarks.traders import LANES

_COMMIT, _CLIENT, _TRADER = "traders.commit", "traders.client", "traders.trader"
_CLIENT_MANY, _TRADER_MANY = "traders.client_in_flight", "traders.trader_in_flight"
_ALL = (_COMMIT, _CLIENT, _TRADER, _CLIENT_MANY, _TRADER_MANY)
_ROUNDS, _SECONDS = 5, 1.5
_CPU_GOAL_US, _RATE_GOAL = 150, 2_000


def measure(run: Run) -> list[Table]:
    """One order after the other, and many in flight."""
    count, seconds = run.size(_ROUNDS, _SECONDS)
    rounds = []
    with running() as exchange:
        for number in range(count):
            turn = number % len(_ALL)
            rounds.append(_round(run, exchange, (*_ALL[turn:], *_ALL[:turn]), seconds))
    return [_single(rounds), _many(rounds)]


def _round(run: Run, exchange: Exchange, names: tuple[str, ...], seconds: float) -> dict[str, Worked]:
    done: dict[str, Worked] = {}
    for name in names:
        run.tell(f"trader: {name}")
        done[name] = work(name, seconds, exchange.port, said=exchange.announced)
    return done


def _more(rounds: list[dict[str, Worked]]) -> tuple[float, ...]:
    """CPU that the trader takes more than the client, a figure a round: that of the commit is in it."""
    return tuple(one[_TRADER_MANY].cpu_us - one[_CLIENT_MANY].cpu_us for one in rounds)


def _commits(rounds: list[dict[str, Worked]]) -> tuple[float, ...]:
    """How many bare commits the trader takes longer than the client for one order."""
    return tuple((one[_TRADER].wall_us - one[_CLIENT].wall_us) / one[_COMMIT].wall_us for one in rounds)


def _single(rounds: list[dict[str, Worked]]) -> Table:
    rows = (
        Row(name="a bare commit of SQLite (FULL)", figures=times_us(rounds, _COMMIT), unit="µs"),
        Row(name="an order, AsyncClient", figures=times_us(rounds, _CLIENT), unit="µs"),
        Row(name="an order, Trader", figures=times_us(rounds, _TRADER), unit="µs"),
        Row(name="what the trader adds, in commits", figures=_commits(rounds), unit="commits"),
    )
    return Table(title="trader: one order after the other, SQLite, uvloop", rows=rows)


def _many(rounds: list[dict[str, Worked]]) -> Table:
    rate = rates(rounds, _TRADER_MANY)
    rows = (
        Row(name="AsyncClient", figures=rates(rounds, _CLIENT_MANY), unit="orders/s"),
        Row(name="Trader, journalled", figures=rate, unit="orders/s", goal=_RATE_GOAL, at_least=True),
        Row(name="AsyncClient: CPU an order", figures=cpu_us(rounds, _CLIENT_MANY), unit="µs"),
        Row(name="Trader: CPU an order", figures=cpu_us(rounds, _TRADER_MANY), unit="µs"),
        Row(name="what the trader adds: CPU", figures=_more(rounds), unit="µs", goal=_CPU_GOAL_US),
    )
    notes = ("the trader's CPU is that of all its threads, and of the user stream that it hears",)
    return Table(title=f"trader: {LANES} orders in flight, SQLite, uvloop", rows=rows, notes=notes)
