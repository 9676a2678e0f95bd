"""Sheets in PostgreSQL."""
