"""The command line: `surefoot demo`, `exchange`, `order`, `watch` and the others. What people type, and how
answers look in a terminal.

Here do not live: decisions about orders or money; a command only calls what the rooms below offer.
"""

import sys

from surefoot.cli.edges import open_standard_streams, silent_interrupt

_EXTRA = {"cyclopts", "rich"}


def main() -> None:
    """Entry point of the ``surefoot`` command."""
    open_standard_streams()
    try:
        with silent_interrupt():
            from surefoot.cli.app import run  # noqa: PLC0415 - the extra may be missing
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        sys.exit(f"surefoot: {error.name} is missing; the command line needs the extra: surefoot[app]")
    sys.exit(run(sys.argv[1:]))
