"""`surefoot journal`: look into a journal, also while a trader writes it.

`commands` are the words, `words` the sentence that each entry is told as, `pages` how they are laid out.
"""

from surefoot.cli.journal.commands import journal

__all__ = ["journal"]
