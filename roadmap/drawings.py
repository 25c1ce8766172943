"""The matrix of risks as a drawing. Pure; a word stands in each cell, so colour carries nothing alone."""

from dataclasses import dataclass

from roadmap import svg
from roadmap.risk_zones import GREEN, ORANGE, RED, YELLOW, zone

TOP = 4
LOOKS = {  # tint, edge, text; every text has at least 7:1 on its tint
    RED: ("#f8d4d1", "#b3261e", "#7d130d"),
    ORANGE: ("#fbdcb8", "#9a5b00", "#5f3700"),
    YELLOW: ("#fdf3c4", "#857300", "#4d4200"),
    GREEN: ("#d8efe4", "#0a7d5a", "#064a36"),
}


@dataclass(frozen=True)
class Mark:
    """One risk in the matrix: its number in the list, and where it stands."""

    number: int
    likelihood: int
    consequence: int
    is_opportunity: bool = False


@dataclass(frozen=True)
class MatrixWords:
    """The matrix's texts, translated."""

    title: str
    likelihood: str
    consequence: str
    likelihoods: tuple[str, ...]  # five, from the least
    consequences: tuple[str, ...]
    zones: dict[str, str]  # zone → word
    more: str  # «+ {n}»


@dataclass(frozen=True)
class MatrixSize:
    """How a matrix is laid out, in pixels: a page's width, or a phone's."""

    name: str  # of the drawing's class
    cell_w: int
    cell_h: int
    left: int
    marks: tuple[tuple[int, int], ...]  # where they stand in a cell
    in_words: bool  # whether each degree has its word, or the axis the first and the last


WIDE = MatrixSize("wide", 148, 62, 132, tuple((20 + n * 32, 41) for n in range(4)), True)
NARROW = MatrixSize("narrow", 62, 76, 46, tuple((x, y) for y in (33, 61) for x in (17, 45)), False)


def risk_matrix(marks: list[Mark], words: MatrixWords, size: MatrixSize = WIDE) -> str:
    """Draw likelihood upward and consequence to the right. A circle is a risk, a square an opportunity."""
    parts = []
    for likelihood in range(1, 6):
        for consequence in range(1, 6):
            x, y = size.left + (consequence - 1) * size.cell_w, TOP + (5 - likelihood) * size.cell_h
            found = [m for m in marks if (m.likelihood, m.consequence) == (likelihood, consequence)]
            parts += cell(found, x, y, zone(likelihood, consequence), words, size)
    middle, bottom = size.left + 2.5 * size.cell_w, TOP + 5 * size.cell_h
    for n, (low, high) in enumerate(zip(words.consequences, words.likelihoods, strict=True), 1):
        below, beside = (f"{n} {low}", f"{n} {high}") if size.in_words else (n, n)
        x, y = size.left + (n - 0.5) * size.cell_w, TOP + (5.5 - n) * size.cell_h + 4
        parts.append(svg.label(x, bottom + 18, below, size=12, colour=svg.SUBTLE, anchor="middle"))
        parts.append(svg.label(size.left - 10, y, beside, size=12, colour=svg.SUBTLE, anchor="end"))
    along, up = (
        title if size.in_words else f"{title}: 1 {degrees[0].lower()}, 5 {degrees[-1].lower()}"
        for title, degrees in (
            (words.consequence, words.consequences),
            (words.likelihood, words.likelihoods),
        )
    )
    parts.append(svg.label(middle, bottom + 40, along, weight=600, anchor="middle"))
    upright = svg.label(0, 0, up, weight=600, anchor="middle")
    parts.append(f'<g transform="translate(14 {TOP + 2.5 * size.cell_h}) rotate(-90)">{upright}</g>')
    return svg.drawing(f"matrix {size.name}", size.left + 5 * size.cell_w, bottom + 48, words.title, parts)


def cell(found: list[Mark], x: float, y: float, name: str, words: MatrixWords, size: MatrixSize) -> list[str]:
    """Draw a cell in its zone's colour, with the zone's word and as many marks as it has room for."""
    tint, edge, text = LOOKS[name]
    box = svg.box(
        x + 1.5,
        y + 1.5,
        size.cell_w - 3,
        size.cell_h - 3,
        fill=tint,
        stroke=edge,
        thick=2 if name == RED else 1,
        round_by=4,
    )
    room = size.marks if len(found) <= len(size.marks) else size.marks[:-1]
    parts = [box, svg.label(x + 9, y + 17, words.zones[name], size=12, colour=text)]
    parts += [mark(m, x + at, y + down) for m, (at, down) in zip(found, room, strict=False)]
    if len(found) > len(room):
        at, down = size.marks[-1]
        more = words.more.format(n=len(found) - len(room))
        parts.append(svg.label(x + at - 12, y + down + 5, more, weight=600, colour=text))
    return parts


def mark(found: Mark, x: float, y: float) -> str:
    number = svg.label(x, y + 4.5, found.number, size=12.5, weight=700, anchor="middle")
    if found.is_opportunity:
        return svg.box(x - 12, y - 12, 24, 24, fill="#fff", stroke=svg.INK, thick=1.5, round_by=3) + number
    return (
        f'<circle cx="{x}" cy="{y}" r="12.500" fill="#fff" stroke="{svg.INK}" stroke-width="1.500"/>{number}'
    )
