"""Acts and remembers: every order exactly once, whatever is lost on the way.

`entries` are what a journal remembers, `journal` how they are written down; `views` is the fold of them:
orders, lists, fills, balances, positions. Flows (`placing`, `cancelling`, `replacing`, `resolving`, `resync`)
are stories with an end, told over a small `Port`; machines (`policy`, `bracket`) are alive between them. All
of that is pure.

`aio` and `blocking` are the trader as users meet it; `sql` keeps journals in SQLite and PostgreSQL. What is
judged of orders before they are meant lives in `rules`; what is said to the exchange, in `client`.
"""
