"""An exchange for your own tests and notebooks: started in a moment, on loopback, with books that are yours.

`exchange()` is a context manager for blocking code and notebooks; pytest finds the fixture ``exchange`` by
itself. What it is to do wrong is said in `surefoot.exchange.faults`; what the network between does wrong, in
`surefoot.testing.proxy`, which `Street` puts in between. Here do not live: virtual time
(`simulation`), or the exchange as a process (`cli`).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from surefoot.testing.embedded import EmbeddedExchange, exchange
    from surefoot.testing.street import Street

__all__ = ["EmbeddedExchange", "Street", "exchange"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from surefoot.testing import embedded, street  # noqa: PLC0415 - pytest loads this in everybody's tests

    return getattr(street if name == "Street" else embedded, name)
