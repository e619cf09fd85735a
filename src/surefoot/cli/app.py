"""The commands, and how errors leave: a sentence and a next step on standard error, never a traceback."""

import sys
from collections.abc import Sequence
from importlib.metadata import version

import cyclopts
from rich.console import Console

from surefoot.cli.demo import demo
from surefoot.cli.exchange import exchange
from surefoot.errors import SurefootError

USAGE, FAILED, INTERRUPTED = 2, 1, 130

app = cyclopts.App(
    name="surefoot",
    help="Trade Binance Spot without slipping.",
    version=lambda: version("surefoot"),
    default_parameter=cyclopts.Parameter(negative=()),
)
app.command(demo)
app.command(exchange)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code (0 done, 1 failed, 2 wrong usage, 130 interrupted)."""
    errors = Console(stderr=True, highlight=False)
    try:
        result = app(list(arguments), exit_on_error=False, print_error=False, result_action="return_value")
    except cyclopts.CycloptsError as error:
        errors.print(f"[bold red]surefoot:[/] {error}", soft_wrap=True)
        return USAGE
    except SurefootError as error:
        errors.print("[bold red]surefoot:[/] ", end="")
        errors.print(str(error), markup=False, soft_wrap=True)
        return FAILED
    except KeyboardInterrupt:
        errors.print("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    return result if isinstance(result, int) else 0
