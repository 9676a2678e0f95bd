"""How fast it is: every figure beside its floor and its peer, measured in the same run on the same server."""
