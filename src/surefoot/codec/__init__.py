"""How words are spelled on the wire: parameters, signatures, REST, the WebSocket API, streams.

Both directions live in one file, so that they cannot drift. Here is no socket and no clock; `sign` needs
keys but never says them. What an answer *means* is decided in `rules`.
"""
