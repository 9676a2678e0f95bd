"""Evidence over a journal: its uploads, and a store of contents in memory."""

import io
from typing import Any, NamedTuple, cast

import pikepdf
from obstore.store import MemoryStore
from PIL import Image

from application.papers.contents import ContentKeys, Contents
from application.papers.evidence import EvidenceDesk
from application.papers.uploads import Uploads, UploadStore
from application.ports import Clock, Ids, Journal, Vault
from interfaces.contents.aside import can_be_shown, inspected, sm3_of
from interfaces.contents.store import StoredContents
from interfaces.memory.uploads import MemoryUploads


class Papers(NamedTuple):
    """What is asked about evidence."""

    contents: Contents
    uploads: Uploads
    evidence: EvidenceDesk


def papers_of(
    journal: Journal,
    vault: Vault,
    clock: Clock,
    ids: Ids,
    contents: Contents | None = None,
    store: UploadStore | None = None,
    most: int | None = None,
) -> Papers:
    """Evidence over a journal, in memory unless told otherwise."""
    keys = cast("ContentKeys", vault)
    lying = contents or StoredContents(MemoryStore())
    kept = store or MemoryUploads()
    uploads = Uploads(journal, keys, lambda: lying, kept, clock, ids, inspected, sm3_of, most)
    return Papers(lying, uploads, EvidenceDesk(journal, vault, keys, lambda: lying, kept, clock, can_be_shown))


def picture(tells: str = "", kind: str = "PNG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    """A small picture, another one for what it tells."""
    out = io.BytesIO()
    Image.new("RGB", size, tuple(sum(tells.encode()) * n % 256 for n in (1, 7, 31))).save(out, kind, **more)
    return out.getvalue()


def pdf(pages: int = 1, *, password: str | None = None) -> bytes:
    """A PDF of empty pages."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=(595, 842))
        locked = pikepdf.Encryption(owner=password, user=password) if password else False
        made.save(out, encryption=locked, static_id=password is None)
    return out.getvalue()
