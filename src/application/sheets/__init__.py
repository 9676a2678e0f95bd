"""Sheets of facts: what clerks keep in an office program, read, looked through row by row, recorded, undone."""
