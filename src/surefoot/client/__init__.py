"""The client asks: one request, one answer; and streams that never go quiet silently.

`call` is the one conversation, written once over a small `Wire`; `timesync` and `streams` are the machines
that outlive a conversation; `aio` and `blocking` are the shells that touch sockets. Here do not live:
remembering what was meant (that is a trader's business), or sharing limits between processes.
"""
