"""Observations: what happened, as data; and the sinks that tell it.

Here live the observation structs and the default sink (one redacted JSON line each, through stdlib logging).
Here do not live: decisions. Nothing in surefoot behaves differently because somebody watches.
"""
