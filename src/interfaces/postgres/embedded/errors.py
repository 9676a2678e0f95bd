"""What goes wrong with an embedded server, apart from the server itself: every command is ready to tell it."""


class EmbeddedPostgresError(RuntimeError):
    """The embedded server cannot be had; the text says why and what to do, in Chinese and then in English."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}\n{english}")
