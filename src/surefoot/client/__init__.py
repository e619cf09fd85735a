"""The client asks: one request, one answer; and streams that never go quiet silently.

`call` is the one conversation, written once over a small `Wire`; `timesync`, `streams`, `subscriptions` and
`catalogue` are machines that outlive a conversation; `checks`, `rulebook` and `snapshots` ask what `rules`
needs for a judgement; `ranges` asks page by page; `methods` has a method for each request; `aio` and
`blocking` are the shells that touch sockets. Here do not live: order books (`market`), remembering what was
meant (that is a trader's business), or sharing limits between processes.
"""
