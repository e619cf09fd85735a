"""Shares the exchange's limits among everybody here: weight by address, orders by account, connections.

Lives here: meters of what is used and under way (`meter`), the limits themselves (`limits`), lanes and what
is kept free for them (`lanes`), the line of those who wait (`line`), the gate that 429 and 418 close
(`gate`), rain mode (`rain`), learnt weights (`costs`), who spent what (`ledger`), and the two machines that
put these together: `address` and `account`. First file to read: ``address.py``. Pure, but for ``local``,
which knows the budgets of this process.

Lives elsewhere: who waits, and how (`client.admission`); the exchange's own limiter (`exchange.limits`),
which was written apart from this one. Times are milliseconds on the exchange's clock.
"""
