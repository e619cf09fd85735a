"""`surefoot clock`: this machine's clock beside the exchange's."""

from surefoot.cli.edges import DONE
from surefoot.cli.sheets import Cell, tell_json, tell_table
from surefoot.cli.venues import Where
from surefoot.world import clock_is_kept

_KEPT = {True: "kept by NTP", False: "not kept: is an NTP daemon running?", None: "the system does not say"}


def clock(*, where: Where) -> int:
    """Compare this machine's clock with the exchange's, and say whether the system keeps it by NTP."""
    with where.public_client() as client:
        measured, kept = client.sync(), clock_is_kept()
        found = {
            "offsetMs": round(client.desk.offset_ms(), 1),
            "roundTripMs": round(measured.round_trip_ms, 1),
            "recvWindowMs": client.desk.clock.recv_window_ms,
            "kept": kept,
        }
    if where.json:
        tell_json([found])
        return DONE
    rows: list[tuple[Cell, Cell]] = [
        ("exchange minus this machine", f"{found['offsetMs']} ms"),
        ("round trip, the best of five", f"{found['roundTripMs']} ms"),
        ("recvWindow that follows", f"{found['recvWindowMs']} ms"),
        ("system clock", _KEPT[kept]),
    ]
    tell_table(f"Clock, {where.env}", ("", ""), rows, "")
    return DONE
