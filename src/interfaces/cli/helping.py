"""The help of the command line: every line of it in both languages, Chinese first."""

from interfaces.wording.texts import both


def told(code: str) -> str:
    """What the help says under a code of ``help.toml``."""
    text = both(code)
    return f"{text.zh} / {text.en}"
