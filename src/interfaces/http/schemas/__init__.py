"""Schemas of answers and bodies, so that a client made of them says no more and no less than is sent."""
