"""Packages that only some journals need, loaded when they do."""

from importlib import import_module
from typing import Any

from surefoot.errors import JournalError


def needed(package: str, *, extra: str, purpose: str) -> Any:
    """The module `package`; raises `JournalError`, naming the extra, where it is not installed."""
    try:
        return import_module(package)
    except ModuleNotFoundError as error:
        if error.name not in {package, package.partition(".")[0]}:
            raise
        text = f"{purpose} needs the package {error.name}: pip install 'surefoot[{extra}]'"
        raise JournalError(text) from None
