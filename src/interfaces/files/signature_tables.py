"""A bureau's own table of what needs a second person, read from its file."""

from pathlib import Path

from application.access.signature_rules import SignatureRules, rules_from
from domain.sentence import sentence
from interfaces.cli.house import NotAvailable


def rules_in(file: str | None) -> SignatureRules | None:
    """The rules of a file; ``None`` where none is named. Raises ``NotAvailable`` for one that cannot be read, and
    ``Invalid`` with every fault of one that can."""
    if not file:
        return None
    try:
        text = Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise NotAvailable("signatures_unusable", sentence("signatures.rules.unusable", file=file)) from None
    return rules_from(text)
