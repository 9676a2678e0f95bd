"""Sheets of facts."""
