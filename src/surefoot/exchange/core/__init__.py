"""The engine: orders in, effects out. Pure; amounts are integers at 1e-8, time and dice are handed in.

`engine` takes `commands` and `list_commands` and has a `market` for each symbol of the `listing`. In it
`admission` judges by the `filters`, `intake` begins an order, `matching` works it against the `book`,
`settlement` moves the money of the `ledger`, `publication` tells, and `aftermath` follows what that sets off
among stops and lists.
"""
