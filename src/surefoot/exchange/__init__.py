"""The exchange in the box: engine, accounts, its own filters and limits, and a server that speaks for it.

From the inside out: `core` is the engine, a pure machine; `data` remembers its public trades; `render` spells
what it says; `calls` is what each operation does; `feeds` are the market streams; `door` takes requests and
connections in. `faults` decides what goes wrong on purpose, and the door lets it happen. `liquidity` trades
beside the customers, `operations` is what whoever runs an exchange can do, `admin` lets programs do it over
HTTP, and `assembly` puts it all together.

The exchange judges by itself: nothing here comes from `rules` or `client`. Routes, parameters and bodies of
errors that other servers share live in `serve`; only `server` touches the event loop.
"""
