"""Sheets of facts: looked through, imported, undone."""
