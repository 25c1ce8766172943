"""Where the projects are on the way, as SVG: one mark is one project. Pure, and the same in page and PDF.

Literal colours and presentation attributes only; everything in it stands in the table too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from innovasjon.icons import ICONS

INK, PRIMARY, LINE = "#1f2c3d", "#00558c", "#b9c4cf"
WIDTH, FIRST_X, STEP = 560, 46, 93.6
LARGE, SMALL = (34, 26, 1), (19, 15, 4)  # distance, size, marks abreast
TALLEST = 6  # large marks on top of each other before they are drawn small
MOST = 48  # marks of one phase; the rest is told as a number
SHAPES = {
    condition: ICONS[name].replace("currentColor", colour)
    for condition, name, colour in (
        ("on_track", "ok", "#0a7d5a"),
        ("watch", "watch", "#9a5b00"),
        ("needs_help", "help", "#b3261e"),
        ("not_assessed", "unknown", "#545e6b"),
    )
}


@dataclass(frozen=True)
class Mark:
    """One project: its condition, what is told of it, and where it leads. The gravest come first."""

    condition: str
    title: str
    url: str = ""


@dataclass(frozen=True)
class Column:
    """One phase, with its name in one or two lines and its marks."""

    number: int
    name: tuple[str, ...]
    marks: Sequence[Mark]


def in_two_lines(name: str) -> tuple[str, ...]:
    """Return a phase's name so that it fits under its station.

    >>> in_two_lines("Overgang til drift"), in_two_lines("Tjenesteutvikling"), in_two_lines("Innsikt")
    (('Overgang', 'til drift'), ('Tjeneste-', 'utvikling'), ('Innsikt',))
    """
    if len(name) <= 11 and " " not in name:
        return (name,)
    if " " in name:
        first, rest = name.split(" ", 1)
        return (first, rest)
    half = len(name) // 2
    if "utvikling" in name and not name.startswith("utvikling"):
        half = name.index("utvikling")
    return (f"{name[:half]}-", name[half:])


def phase_plot(columns: Sequence[Column], *, title: str, more: str, links=True, primary=PRIMARY) -> str:
    """Draw the phases as stations on a line with a mark above for each project.

    title: all of it in one sentence, for those who do not see it. more: «+ {n} til».
    links: on a page, where the drawing is hidden from screen readers because the table says the same.
    """
    tallest = max((len(column.marks) for column in columns), default=0)
    distance, size, abreast = LARGE if tallest <= TALLEST else SMALL
    rows = -(-min(tallest, MOST) // abreast)
    base = max(rows, 1) * distance + 44
    length = f"{STEP * (len(columns) - 1):.1f}"
    used = {mark.condition for column in columns for mark in column.marks[:MOST]}
    shapes = "".join(f'<g id="mark-{name}">{SHAPES[name]}</g>' for name in sorted(used))
    parts = [f"<defs>{shapes}</defs>"]  # each shape is drawn once, whatever the number of marks
    parts += [f'<path d="M{FIRST_X} {base}h{length}" stroke="{LINE}" stroke-width="3"/>']
    for index, column in enumerate(columns):
        x = FIRST_X + index * STEP
        parts += one_phase(column, x, base, (distance, size, abreast), more, links, primary)
    role = 'aria-hidden="true"' if links else 'role="img"'
    named = "" if links else f"<title>{escape(title)}</title>"
    return (
        f'<svg class="phase-plot" xmlns="http://www.w3.org/2000/svg" font-family="Inter" '
        f'viewBox="0 0 {WIDTH} {base + 56}" {role}>{named}{"".join(parts)}</svg>'
    )


def one_phase(column, x, base, measures, more, links, primary) -> list[str]:
    """Return the station with its name, its marks from the bottom up, and how many they are."""
    distance, size, abreast = measures
    parts = [
        f'<circle cx="{x:.1f}" cy="{base}" r="14" fill="#fff" stroke="{primary}" stroke-width="2"/>',
        label(x, base + 4.5, column.number, size=13, weight=700, colour=primary),
        *(label(x, base + 32 + 16 * n, line, size=13) for n, line in enumerate(column.name)),
    ]
    shown = list(column.marks[:MOST])[::-1]
    left = x - min(abreast, max(len(shown), 1)) * distance / 2
    for n, mark in enumerate(shown):
        across, up = n % abreast, n // abreast
        place = (left + across * distance + (distance - size) / 2, base - 23 - up * distance - size)
        drawing = (
            f'<use href="#mark-{mark.condition}" '
            f'transform="translate({place[0]:.1f} {place[1]:.1f}) scale({size / 20})"/>'
        )
        if links:
            drawing = (
                f'<a href="{escape(mark.url)}" tabindex="-1"><title>{escape(mark.title)}</title>{drawing}</a>'
            )
        parts.append(drawing)
    above = base - 23 - -(-len(shown) // abreast) * distance - 5
    told = str(len(column.marks))
    if len(column.marks) > MOST:
        told = f"{told} ({more.format(n=len(column.marks) - MOST)})"
    parts.append(label(x, above, told, size=14, weight=700))
    return parts


def label(x, y, content, *, size, weight=500, colour=INK) -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{colour}" '
        f'text-anchor="middle">{escape(str(content))}</text>'
    )
