"""Keeps secrets: where keys come from, and the pair of an API key and what signs for it.

Here do not live: the signatures themselves (`codec`), or any decision about what a key may do.
"""

from surefoot.credentials.keys import Credentials

__all__ = ["Credentials"]
