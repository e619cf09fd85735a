"""`surefoot demo`: orders from intent to fill, through a trader, on a real exchange process, checked to the
last digit; and a trader that is killed in the middle of an order.

`command` reads the options, `venue` starts or names the exchange, `places` says where the journal is, `stage`
and `story` trade, `verify` adds up by `books`, `ears` hears and `voice` tells. `kill` is the other story:
`admin` breaks the exchange and heals it, `proof` looks at what is left.
"""

from surefoot.cli.demo.command import demo

__all__ = ["demo"]
