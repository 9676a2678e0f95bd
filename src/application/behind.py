"""What a copy of the journal says when it cannot tell what is asked."""


class CopyBehind(Exception):
    """A copy of the journal cannot tell what is asked: it, or an index there, has not come so far."""
