"""The tests of the tests: defects that are planted in a copy of the source, each to be caught by the traders'
simulation (story `trading`).

`mutation` reads the patches and plants them, `player` plays stories with a copy in a process of its own
(`inside`), `search` looks for what catches a mutation, `shrinking` makes it small, and `kept` keeps it.
"""
