"""The story `trading`: shipped traders with journals, killed at any moment and started again, against the
shipped exchange under seeded faults.

`options` is all that a run depends on, down to each single action; `drawing` draws it from a seed. `story`
plays it: `program` is what a host runs, `machine` the host with its disk, `kills` end it. `courts` name what
must hold; `truths`, `journals`, `doubts` and `gates` judge it. `running` runs seeds, `shrinking` makes a
failing one smaller, `kept` are those that failed once.
"""
