"""Sending to other systems: only to addresses that are checked, signed by Standard Webhooks, within bounds."""

from typing import Final

ALLOWED: Final = "ECODOCKET_WEBHOOK_ALLOW"
"""The environment variable with the hosts that may have addresses that are not public: ``host[:port],…``."""
