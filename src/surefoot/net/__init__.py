"""Touches sockets: HTTP/1.1 and WebSocket, both roles, on whatever event loop is running; and one blocking
socket.

Here live connections, time-outs and size limits. Here do not live: what the bytes mean (`codec`), money, or
the decision to send anything twice.
"""
