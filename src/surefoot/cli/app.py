"""The commands, and how errors leave: a sentence and a next step on standard error, never a traceback."""

import logging
import sys
from collections.abc import Sequence
from importlib.metadata import version

import cyclopts

from surefoot.cli.account import balances, cancel, open_orders
from surefoot.cli.clock import clock
from surefoot.cli.demo import demo
from surefoot.cli.edges import DONE, FAILED, USAGE, Ending, let_go_of_output
from surefoot.cli.exchange import exchange
from surefoot.cli.explain import explain
from surefoot.cli.hints import with_hint
from surefoot.cli.journal import journal
from surefoot.cli.keys import keys
from surefoot.cli.market import book, klines
from surefoot.cli.order import order
from surefoot.cli.simulate import simulate
from surefoot.cli.terminal import Terminal
from surefoot.cli.watch import watch
from surefoot.errors import Misuse, SurefootError

app = cyclopts.App(
    name="surefoot",
    help="Trade Binance Spot without slipping.\n\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted, 143 terminated.",
    version=lambda: version("surefoot"),
    default_parameter=cyclopts.Parameter(negative=()),
    suppress_keyboard_interrupt=False,  # `run` tells it, and knows which signal it was
)
app.command(demo)
app.command(exchange)
app.command(order)
app.command(cancel)
app.command(open_orders, name="open")
app.command(balances)
app.command(book)
app.command(klines)
app.command(clock)
app.command(journal)
app.command(keys)
app.command(watch)
app.command(explain)
app.command(simulate)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns its exit code (see the help of `app`)."""
    logging.getLogger("surefoot").addHandler(logging.NullHandler())  # people read sentences, not observations
    with Ending() as ending:
        try:
            return _done(arguments)
        except cyclopts.CycloptsError as error:
            return _refused(f"{str(error).rstrip('.')}; see surefoot --help", USAGE)
        except SurefootError as error:
            return _refused(with_hint(error), USAGE if isinstance(error, Misuse) else FAILED)
        except KeyboardInterrupt:
            return _refused(ending.word, ending.code)
        except BrokenPipeError:
            let_go_of_output()
            return FAILED
        except OSError as error:
            let_go_of_output()
            return _refused(f"the system refused: {error}; is there room, and may it be written?", FAILED)


def _done(arguments: Sequence[str]) -> int:
    result = app(list(arguments), exit_on_error=False, print_error=False, result_action="return_value")
    sys.stdout.flush()  # here, where a full disk can still be told
    return result if isinstance(result, int) else DONE


def _refused(text: str, code: int) -> int:
    errors = Terminal(stderr=True, highlight=False)
    try:
        errors.print("[bold red]surefoot:[/] ", end="")
        errors.print(text, markup=False, soft_wrap=True)
    except OSError:  # nobody can hear it; the exit code still says it
        sys.stderr = None
    return code
