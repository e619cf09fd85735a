"""The chaos scoreboard: the same faults against surefoot's client and against other people's clients.

`venue` is an exchange that fails on purpose and knows the truth; `actors` are the clients, processes of their
own interpreters, and `cast` starts them; `orders`, `streams`, `calls` and `answers` are the scenes, each
played by every client on an exchange of its own; `programme` lists them; `board` counts, `scoreboard` plays.
"""
