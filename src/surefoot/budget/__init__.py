"""Shares the exchange's limits among everybody here: weight by address, orders by account, connections.

Pure, but for ``local``, which knows the budgets of this process. The exchange's own limiter is elsewhere
(`exchange/limits`) and was written apart from this one.
"""
