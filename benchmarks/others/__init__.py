"""Other people's clients as documented; run by their own interpreter, where surefoot is not installed.

First file to read: `pointed`, which points them at the benchmark's server.
"""
