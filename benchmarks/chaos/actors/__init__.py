"""The clients on stage: each script here runs in the interpreter of its client, and imports nothing of
surefoot but in `ours`. All answer the same few questions (see `stage`), each in the way its own documentation
shows.
"""
