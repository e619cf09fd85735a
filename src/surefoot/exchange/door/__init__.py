"""Where requests and connections come in: what the bytes ask for, who asks, who hears what. Pure.

`front` takes REST requests through limits and authentication, `sessions` the frames of the WebSocket API,
`streams` and `controls` those of the market streams; `hub` brings effects to whoever listens.
"""
