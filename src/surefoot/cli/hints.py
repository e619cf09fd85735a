"""What to do next, where an error's own words do not say it."""

from collections.abc import Mapping
from types import MappingProxyType

from surefoot import errors

_HINTS: Mapping[type[errors.SurefootError], str] = MappingProxyType(
    {
        errors.UnknownOrder: "surefoot open shows what is open, surefoot order show one that is done",
        errors.NotAuthorized: "is it a key of this environment, with this permission, and from this address?",
        errors.RateLimited: "wait, and ask less often",
        errors.StaleTimestamp: "is this machine's clock running evenly?",
    }
)


def with_hint(error: errors.SurefootError) -> str:
    """The error's words and, where there is one, the next step."""
    hint = next((text for kind, text in _HINTS.items() if isinstance(error, kind)), None)
    return str(error) if hint is None else f"{str(error).rstrip('.')}; {hint}"
