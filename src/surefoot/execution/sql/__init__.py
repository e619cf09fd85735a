"""Journals in SQLite and PostgreSQL: one schema, one chain of migrations, one writer."""
