"""Signing in by a bureau's identity provider (OpenID Connect): whose tokens are taken, and who bears them."""
