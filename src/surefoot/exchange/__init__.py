"""The exchange in the box: engine, accounts, its own filters and limits, and a server that speaks for it.

`engine` is a pure machine: commands in, effects out, time and dice handed in. Amounts are integers at 1e-8.
It has a `market` for each symbol, whose parts judge, match, settle and publish; `market_data` remembers the
public trades. `front` takes a request through limits and authentication to what it does (`calls`); `hub`
tells effects to market streams (`feeds`) and to accounts; `assembly` puts it all together.
The exchange judges by itself: nothing here comes from `rules` or `client`. Routes, parameters and error
bodies shared with other servers live in `serve`; only `server` touches the event loop.
"""
