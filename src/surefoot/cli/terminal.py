"""Where the command line prints."""

from typing import NoReturn

from rich.console import Console


class Terminal(Console):
    """A console that says when nobody reads any more, instead of ending the process wherever it is."""

    def on_broken_pipe(self) -> NoReturn:
        """Raises BrokenPipeError: commands clean up on their way out, and `run` tells the exit code."""
        raise BrokenPipeError
