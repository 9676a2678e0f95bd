"""Letters where nothing outlives the process: of a worked case that is played."""

from application.law.legislation import Legislation
from application.papers.letters.desk import LetterDesk
from application.ports import Clock, Journal, Vault


def desk_in_memory(journal: Journal, vault: Vault, clock: Clock, legislation: Legislation) -> LetterDesk:
    """A desk over a journal in memory, which keeps in memory what was sent."""
    # Imported here: most worked cases send no letter.
    from obstore.store import MemoryStore

    from interfaces.contents.store import StoredContents
    from interfaces.documents.letters.press import Press
    from interfaces.wording.lexicons import Lexicons

    contents, press = StoredContents(MemoryStore()), Press(Lexicons(legislation))
    return LetterDesk(journal, vault, clock, legislation, lambda: contents, None, lambda: press)
