"""The files of the demo as bytes: a small PDF set as every paper is, or its first page as a picture."""

import io
from collections.abc import Callable, Iterator

from application.demo.papers import NO_PAPER, SampleFile
from domain.time import at_hour
from interfaces.contents.aside import page_picture
from interfaces.documents.blocks import AnyBlock, Paper, Paragraph, Picture
from interfaces.documents.typesetting import Typesetter
from interfaces.wording.days import day_written

_WIDE, _HIGH, _STEP = 640, 240, 40


def drawn_by(typesetter: Callable[[], Typesetter]) -> Callable[[SampleFile], bytes]:
    """What makes the bytes of a file of the demo, the same in every run."""
    return lambda file: _drawn(file, typesetter())


def _drawn(file: SampleFile, typesetter: Typesetter) -> bytes:
    paper = Paper(
        language="zh",
        title=file.title,
        bureau=file.issuer,
        number=file.number,
        heads=(NO_PAPER,),
        moment=at_hour(file.on, 0),
        blocks=tuple(_blocks(file)),
    )
    pdf = typesetter.pdf(paper)
    return page_picture(io.BytesIO(pdf), "application/pdf", 1) if file.is_picture else pdf


def _blocks(file: SampleFile) -> Iterator[AnyBlock]:
    if file.curve:
        yield Picture(_curve(file.curve), file.title)
    for part in file.parts:
        yield Paragraph(part)
    yield Paragraph(file.issuer, "right")
    yield Paragraph(day_written(file.on, "zh"), "right")


def _curve(values: tuple[float, ...]) -> str:
    """Values as a line over their numbers."""
    top = max(values) * 1.1
    at = [(_STEP * number, round(_HIGH - value / top * _HIGH, 1)) for number, value in enumerate(values, 1)]
    line = " ".join(f"{x},{y}" for x, y in at)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="3" fill="#1f4e79"/>' for x, y in at)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -10 {_WIDE + 20} {_HIGH + 20}">'
        f'<path d="M0 0V{_HIGH}H{_WIDE}" fill="none" stroke="#555"/>'
        f'<polyline points="{line}" fill="none" stroke="#1f4e79" stroke-width="2"/>{dots}</svg>'
    )
