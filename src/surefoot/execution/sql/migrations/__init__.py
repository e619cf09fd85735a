"""The chain of migrations, oldest first. None is ever changed: journals exist that it made."""
