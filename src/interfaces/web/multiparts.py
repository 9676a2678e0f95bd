"""A form with a file, taken apart in memory: the library would write larger files to the disk in clear."""

from typing import Final

import multipart

from interfaces.http.problems import Trouble

_MOST_PARTS: Final = 40
_MOST_FIELD: Final = 64 * 1024

FormFile = tuple[str, bytes]
"""A file of a form: its name and its bytes."""


def parted(content_type: str, body: bytes) -> tuple[dict[str, str], FormFile | None]:
    """The fields of a form, one of each name, and its file with its name. Raises a problem for what is no such form."""
    fields, files = parted_files(content_type, body)
    return fields, files[-1] if files else None


def parted_files(content_type: str, body: bytes, most: int = _MOST_PARTS) -> tuple[dict[str, str], list[FormFile]]:
    """The same with all its files; of at most so many parts."""
    media, options = multipart.parse_options_header(content_type)
    if media != "multipart/form-data" or not options.get("boundary"):
        raise Trouble("unsupported_media")
    fields: dict[str, str] = {}
    files: list[FormFile] = []
    try:
        with multipart.PushMultipartParser(options["boundary"], max_segment_count=most, strict=True) as parser:
            part: multipart.MultipartSegment | None = None
            held: list[bytes] = []
            for event in parser.parse(body):
                if isinstance(event, multipart.MultipartSegment):
                    part, held = event, []
                elif event is not None:
                    held.append(bytes(event))
                elif part is not None and part.filename is not None:
                    files.append((part.filename, b"".join(held)))
                elif part is not None:
                    fields[part.name] = b"".join(held)[:_MOST_FIELD].decode("utf-8", "replace")
    except multipart.MultipartError:
        raise Trouble("malformed") from None
    return fields, files
