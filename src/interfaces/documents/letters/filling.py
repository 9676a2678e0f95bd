"""Templates filled: the parts of a letter in the places of a Word document."""

import io
import zipfile
from typing import Final

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from interfaces.documents.letters.fields import filled
from interfaces.wording.letters import LetterText

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def filled_docx(template: bytes, text: LetterText) -> bytes:
    """The letter as DOCX: the same template and letter give the same bytes. Raises ``jinja2.TemplateError``."""
    document = DocxTemplate(io.BytesIO(template))
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    document.render(filled(text), environment, autoescape=True)
    properties = document.docx.core_properties
    properties.title, properties.author, properties.last_modified_by = text.title, text.bureau, text.bureau
    out = io.BytesIO()
    document.save(out)
    return _without_times(out.getvalue())


def _without_times(content: bytes) -> bytes:
    """The package with no moment of its making in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in package.namelist():
            made.writestr(zipfile.ZipInfo(name, _EPOCH), package.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
