"""The HTTP API: controllers, and what reads requests for them and describes them."""
