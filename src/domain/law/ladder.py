"""The score after each sum of deductions, worked out once: few different sums occur, and every step shows the score."""

from decimal import Decimal

from domain.law.edition import Band, Deduction
from domain.vocabulary import plain


class Rung:
    """The score at one sum of deductions.

    ``text`` is the score as it is written, ``band`` the one in which it lies. ``unfloored`` is what it would be without
    the floor of the method, with its ``unfloored_band``; ``None`` where the floor makes no difference. ``further`` are
    the rungs reached from here, by the effect of the row that led there.
    """

    __slots__ = ("band", "deducted", "further", "text", "unfloored", "unfloored_band")

    def __init__(self, deducted: Decimal, text: str, band: Band | None) -> None:
        self.deducted = deducted
        self.text = text
        self.band = band
        self.unfloored: str | None = None
        self.unfloored_band: Band | None = None
        self.further: dict[str, Rung] = {}


class Ladder:
    """The rungs of one way of deducting, which fills up as sums occur. ``top`` is where nothing is deducted."""

    __slots__ = ("_rungs", "deduction", "top")

    def __init__(self, deduction: Deduction) -> None:
        self.deduction = deduction
        self._rungs: dict[Decimal, Rung] = {}
        self.top = self.at(Decimal(0))

    def at(self, deducted: Decimal) -> Rung:
        """The rung of a sum of deductions."""
        rung = self._rungs.get(deducted)
        if rung is None:
            of = self.deduction
            score = min(of.initial - deducted, of.cap)
            rung = Rung(deducted, plain(score), of.band_of(score))
            if of.floor is not None and score < of.floor:
                rung.unfloored, rung.unfloored_band = rung.text, rung.band
                rung.text, rung.band = plain(of.floor), of.band_of(of.floor)
            self._rungs[deducted] = rung
        return rung

    def after(self, rung: Rung, effect: str, amount: Decimal | None) -> Rung:
        """The rung reached from another one by a row with that effect, which deducts ``amount``."""
        reached = rung.further[effect] = self.at(rung.deducted + (amount or 0))
        return reached
