"""The matrix of risks as a drawing. Pure; a word stands in each cell, so colour carries nothing alone."""

from dataclasses import dataclass

from roadmap import svg
from roadmap.risk_zones import GREEN, ORANGE, RED, YELLOW, zone

CELL_W, CELL_H, LEFT, TOP = 148, 62, 132, 4
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


def risk_matrix(marks: list[Mark], words: MatrixWords) -> str:
    """Draw likelihood upward and consequence to the right. A circle is a risk, a square an opportunity."""
    parts = []
    for likelihood in range(1, 6):
        for consequence in range(1, 6):
            x, y = LEFT + (consequence - 1) * CELL_W, TOP + (5 - likelihood) * CELL_H
            name = zone(likelihood, consequence)
            tint, edge, text = LOOKS[name]
            thick = 2 if name == RED else 1
            parts.append(
                svg.box(
                    x + 1.5, y + 1.5, CELL_W - 3, CELL_H - 3, fill=tint, stroke=edge, thick=thick, round_by=4
                )
            )
            parts.append(svg.label(x + 9, y + 17, words.zones[name], size=12, colour=text))
            found = [m for m in marks if (m.likelihood, m.consequence) == (likelihood, consequence)]
            shown = found[:4] if len(found) <= 4 else found[:3]
            parts += [mark(m, x + 20 + n * 32, y + 41) for n, m in enumerate(shown)]
            if len(found) > len(shown):
                more = words.more.format(n=len(found) - len(shown))
                parts.append(svg.label(x + 20 + len(shown) * 32 - 12, y + 46, more, weight=600, colour=text))
    bottom = TOP + 5 * CELL_H
    for n, (low, high) in enumerate(zip(words.consequences, words.likelihoods, strict=True)):
        parts.append(
            svg.label(
                LEFT + (n + 0.5) * CELL_W,
                bottom + 18,
                f"{n + 1} {low}",
                size=12,
                colour=svg.SUBTLE,
                anchor="middle",
            )
        )
        parts.append(
            svg.label(
                LEFT - 10,
                TOP + (4.5 - n) * CELL_H + 4,
                f"{n + 1} {high}",
                size=12,
                colour=svg.SUBTLE,
                anchor="end",
            )
        )
    parts.append(svg.label(LEFT + 2.5 * CELL_W, bottom + 40, words.consequence, weight=600, anchor="middle"))
    upright = svg.label(0, 0, words.likelihood, weight=600, anchor="middle")
    parts.append(f'<g transform="translate(14 {TOP + 2.5 * CELL_H}) rotate(-90)">{upright}</g>')
    return svg.drawing("matrix", LEFT + 5 * CELL_W, bottom + 48, words.title, parts)


def mark(found: Mark, x: float, y: float) -> str:
    number = svg.label(x, y + 4.5, found.number, size=12.5, weight=700, anchor="middle")
    if found.is_opportunity:
        return svg.box(x - 12, y - 12, 24, 24, fill="#fff", stroke=svg.INK, thick=1.5, round_by=3) + number
    return (
        f'<circle cx="{x}" cy="{y}" r="12.500" fill="#fff" stroke="{svg.INK}" stroke-width="1.500"/>{number}'
    )
