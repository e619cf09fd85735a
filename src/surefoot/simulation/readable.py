"""What a write says: a client's WebSocket frames are masked, so fault rules could not read them."""

_MASK_BYTES = 4
_TEXT_AND_CONTROL = range(0x81, 0x8B)
_LENGTH_BYTES = {126: 2, 127: 8}


def readable(data: bytes) -> bytes:
    """`data` with a leading masked WebSocket frame unmasked; everything else as it is."""
    if len(data) <= 2 + _MASK_BYTES or data[0] not in _TEXT_AND_CONTROL or not data[1] & 0x80:
        return data
    start = 2 + _LENGTH_BYTES.get(data[1] & 0x7F, 0)
    mask, body = data[start : start + _MASK_BYTES], data[start + _MASK_BYTES :]
    pad = (mask * (len(body) // _MASK_BYTES + 1))[: len(body)]
    return (int.from_bytes(body, "big") ^ int.from_bytes(pad, "big")).to_bytes(len(body), "big")
