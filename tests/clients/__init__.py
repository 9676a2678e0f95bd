"""Clients made of the description, against a real server."""
