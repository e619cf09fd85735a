"""The market streams, a feed each: who listens, what it has to remember, and when it speaks.

A feed is told everything that happens at its symbol (`on`) and the end of each of its periods (`tick`). It
computes nothing of the market: candles and statistics are in `market_data`. The hub opens a feed when the
first listener joins and drops it when the last one leaves.
"""
