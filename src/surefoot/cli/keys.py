"""`surefoot keys`: what surefoot remembers of an API key, which is the environment that it belongs to."""

import os

import cyclopts

from surefoot.cli.edges import DONE
from surefoot.cli.sheets import tell
from surefoot.credentials.binding import forget as forget_key
from surefoot.credentials.env import API_KEY
from surefoot.errors import Misuse
from surefoot.values import Secret
from surefoot.world import system_world

keys = cyclopts.App(name="keys", help="What surefoot remembers of an API key.")


@keys.command
def forget() -> int:
    """Forget which environment the key in SUREFOOT_API_KEY belongs to: its next use binds it anew.

    A key that another environment has answered is refused before anything is sent; this is for a key that has
    really moved.
    """
    api_key = os.environ.get(API_KEY, "")
    if not api_key:
        raise Misuse(f"which key? set {API_KEY}")
    forget_key(system_world().storage, Secret(api_key))
    tell(f"the key …{api_key[-6:]} belongs nowhere now; the next environment that answers it has it")
    return DONE
