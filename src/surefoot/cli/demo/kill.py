"""The other story of the demo."""


async def kill_story(venue, symbol, journal, voice):  # type: ignore
    return ""
