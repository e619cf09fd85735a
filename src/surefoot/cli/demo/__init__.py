"""`surefoot demo`: one order from intent to fill, on a real exchange process, checked to the last digit.

`command` reads the options, `venue` starts or names the exchange, `story` trades, `books` adds up, `voice`
tells.
"""

from surefoot.cli.demo.command import demo

__all__ = ["demo"]
