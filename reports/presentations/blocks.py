"""What can stand on a slide: each block knows its kind, its texts and how large they are drawn."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import Truncator

SHORT, MIDDLE = 60, 120  # characters; longer texts are drawn smaller


class Block:
    """One thing on a slide. `kind` names its partial template and how PowerPoint draws it."""

    kind = ""

    @property
    def template(self) -> str:
        return f"reports/deck/_{self.kind}.html"


def scale(text: str) -> int:
    """Return 0, 1 or 2: how much smaller a text is drawn, by its length."""
    return (len(text) > SHORT) + (len(text) > MIDDLE)


@dataclass(frozen=True)
class BigNumber(Block):
    """One number and the sentence that goes on from it."""

    value: str
    sentence: str
    kind = "big_number"

    @property
    def scale(self) -> int:
        return (len(self.value) > 7) + (len(self.value) > 11)


@dataclass(frozen=True)
class Statement(Block):
    """One thing said large."""

    text: str
    kind = "statement"

    @property
    def scale(self) -> int:
        return scale(self.text)


@dataclass(frozen=True)
class Voice:
    text: str
    who: str


@dataclass(frozen=True)
class Voices(Block):
    """Up to three quotes, the first of them large."""

    main: Voice
    others: tuple[Voice, ...]
    kind = "voices"

    @property
    def scale(self) -> int:
        return scale(self.main.text)


@dataclass(frozen=True)
class Point:
    name: str
    unit: str  # in words; empty where the figures carry it
    before: str
    after: str
    now: str


@dataclass(frozen=True)
class Points(Block):
    """Figures from a start to a goal, and where they stand."""

    before: str  # headings of the two columns
    after: str
    rows: tuple[Point, ...]
    kind = "points"

    @property
    def scale(self) -> int:
        """Return 0–4: how much smaller the figures are drawn, by the longest of them."""
        longest = max(len(text) for row in self.rows for text in (row.before, row.after))
        return sum(longest > most for most in (5, 7, 10, 13))


@dataclass(frozen=True)
class Row:
    name: str
    detail: str
    aside: str


def short(text: str, most: int) -> str:
    return Truncator(text).chars(most)


def row(name: str, detail: str, aside: str) -> Row:
    """Return a row with its texts cut to what a slide has room for."""
    return Row(short(name, 70), short(detail, 150), short(aside, 200))


@dataclass(frozen=True)
class Rows(Block):
    """Names with a detail under and a remark beside: groups, answers, goals in words."""

    rows: tuple[Row, ...]
    kind = "rows"


@dataclass(frozen=True)
class Line:
    lead: str  # drawn bold
    rest: str


@dataclass(frozen=True)
class Lines(Block):
    rows: tuple[Line, ...]
    kind = "lines"


@dataclass(frozen=True)
class Stop:
    number: int
    name: str
    state: str  # done, current or coming
    remark: str


@dataclass(frozen=True)
class Road(Block):
    """The six phases on their line."""

    stops: tuple[Stop, ...]
    kind = "road"

    @property
    def text(self) -> str:
        return ", ".join(f"{stop.number} {stop.name}: {stop.remark}" for stop in self.stops)


@dataclass(frozen=True)
class Bar:
    name: str
    value: Decimal
    label: str


@dataclass(frozen=True)
class Bars(Block):
    """Figures in one unit side by side, from zero."""

    title: str
    unit: str
    bars: tuple[Bar, ...]
    kind = "bars"

    @property
    def text(self) -> str:
        return f"{self.title}: " + ", ".join(f"{bar.name} {bar.label}" for bar in self.bars)

    def share(self, bar: Bar) -> float:
        """How long a bar is, 0–1 of the longest."""
        longest = max((abs(b.value) for b in self.bars), default=Decimal(0))
        return float(abs(bar.value) / longest) if longest else 0.0


@dataclass(frozen=True)
class Photo(Block):
    digest: str
    src: str  # where page or PDF gets it
    alternative: str
    width: int
    height: int
    kind = "photo"


@dataclass(frozen=True)
class Missing(Block):
    """What the slide says when its source has nothing."""

    text: str
    kind = "missing"
