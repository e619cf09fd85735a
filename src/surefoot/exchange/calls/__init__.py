"""What each operation does, once the request is known to be well formed and its sender to be who they say.

One file per chapter of the official pages; those of the WebSocket API's session are in `session_calls`.
"""

from collections.abc import Mapping

from surefoot.exchange.calls import account, general, listen_keys, lists, market, trade, wallet
from surefoot.exchange.calls.desk import Call

CALLS: Mapping[str, Call] = {
    **general.CALLS,
    **market.CALLS,
    **trade.CALLS,
    **lists.CALLS,
    **account.CALLS,
    **wallet.CALLS,
    **listen_keys.CALLS,
}
"""Operations by name."""
