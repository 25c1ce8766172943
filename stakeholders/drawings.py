"""The register's two drawings as SVG: the matrix, and one stakeholder's attitude over time.

Pure and the same on page and in PDF: literal colours, `font-family` on the drawing itself, no style
attributes. Every text comes in translated; every drawing has its table beside it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from stakeholders.models import Attitude

INK, SUBTLE, GAP_INK = "#1f2c3d", "#545e6b", "#7a4700"
CELL_W, CELL_H, LEFT, TOP = 173, 97, 76, 2
NAMES_IN_CELL = 3
LONGEST_NAME = 18
WORST_FIRST = (Attitude.SCEPTICAL, Attitude.UNKNOWN, Attitude.NEUTRAL, Attitude.POSITIVE)
STRONG_TINT, TINT, WEAK_TINT = "#e3edf4", "#f3f6f9", "#f8fafb"


def mark(attitude: str, x: float, y: float, *, filled: bool = True) -> str:
    """Draw an attitude's shape with its centre at (x, y); hollow when the attitude is assumed."""
    colour = {"positive": "#0a7d5a", "neutral": "#00558c", "sceptical": "#b3261e"}.get(attitude, SUBTLE)
    look = (
        f'fill="{colour}" stroke="#fff" stroke-width="1.5"'
        if filled
        else f'fill="#fff" stroke="{colour}" stroke-width="2"'
    )
    if attitude == Attitude.POSITIVE:
        return f'<circle cx="{x}" cy="{y}" r="6" {look}/>'
    if attitude == Attitude.NEUTRAL:
        return f'<rect x="{x - 5.5}" y="{y - 5.5}" width="11" height="11" rx="1" {look}/>'
    if attitude == Attitude.SCEPTICAL:
        return f'<path d="M{x} {y - 7}l7.2 12.5h-14.4z" {look}/>'
    return f'<circle cx="{x}" cy="{y}" r="5.2" fill="#fff" stroke="{SUBTLE}" stroke-width="1.8" stroke-dasharray="2.6 2"/>'


def text(x, y, content, *, size=13.5, weight=400, colour=INK, anchor="start", extra="") -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{colour}" '
        f'text-anchor="{anchor}"{extra}>{escape(str(content))}</text>'
    )


def shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


@dataclass(frozen=True)
class Point:
    """A name in the matrix. `interest` and `influence` are 0–3."""

    name: str
    interest: int
    influence: int
    attitude: str
    has_gap: bool = False


@dataclass(frozen=True)
class MatrixWords:
    """The matrix's texts, translated."""

    title: str
    interest: str
    influence: str
    degrees: tuple[str, str, str, str]
    corners: tuple[str, str, str, str]  # upper left, upper right, lower left, lower right
    more: str  # «+ {n} til»
    more_with_gap: str  # «+ {n} til, {gaps} med hull»


def matrix(points: list[Point], words: MatrixWords) -> str:
    """Draw influence against interest. Names stand as a list in their cell, so nothing collides.

    A cell begins with those with a gap, the sceptical before the unknown; the rest keep their order.
    """
    parts = []
    tints = (TINT, STRONG_TINT, WEAK_TINT, TINT)
    for index, (corner, tint) in enumerate(zip(words.corners, tints, strict=True)):
        x, y = LEFT + (index % 2) * 2 * CELL_W, TOP + (index // 2) * 2 * CELL_H
        parts.append(
            f'<rect x="{x + 1.5}" y="{y + 1.5}" width="{2 * CELL_W - 3}" height="{2 * CELL_H - 3}" rx="6" fill="{tint}"/>'
            f'<path d="M{x + CELL_W} {y + 8}v{2 * CELL_H - 16}M{x + 8} {y + CELL_H}h{2 * CELL_W - 16}" stroke="#fff" stroke-width="2"/>'
        )
        parts.append(text(x + 12, y + 21, corner, size=12.5, weight=600, colour=SUBTLE))
    cells: dict[tuple[int, int], list[Point]] = {}
    for point in points:
        cells.setdefault((point.influence, point.interest), []).append(point)
    for (influence, interest), found in cells.items():
        x, y = LEFT + interest * CELL_W, TOP + (3 - influence) * CELL_H
        first = y + (44 if influence in (3, 1) else 20)
        listed = sorted(found, key=lambda p: WORST_FIRST.index(p.attitude) if p.has_gap else len(WORST_FIRST))
        shown = listed if len(listed) <= NAMES_IN_CELL else listed[: NAMES_IN_CELL - 1]
        for n, point in enumerate(shown):
            line = first + n * 22
            if point.has_gap:
                parts.append(
                    f'<rect x="{x + 6}" y="{line - 11}" width="{CELL_W - 12}" height="22" rx="11" fill="#fff3d9" stroke="#9a5b00" stroke-width="1.5"/>'
                )
            parts.append(mark(point.attitude, x + 19, line))
            parts.append(
                text(x + 32, line + 4.5, shortened(point.name), weight=700 if point.has_gap else 400)
            )
        if hidden := listed[len(shown) :]:
            gaps = sum(point.has_gap for point in hidden)
            more = (words.more_with_gap if gaps else words.more).format(n=len(hidden), gaps=gaps)
            look = {"weight": 600, "colour": GAP_INK} if gaps else {"colour": SUBTLE}
            parts.append(text(x + 32, first + len(shown) * 22 + 4.5, more, size=12.5, **look))
    bottom = TOP + 4 * CELL_H
    for n, degree in enumerate(words.degrees):
        parts.append(
            text(LEFT + (n + 0.5) * CELL_W, bottom + 18, degree, size=12.5, colour=SUBTLE, anchor="middle")
        )
        parts.append(
            text(LEFT - 10, TOP + (3.5 - n) * CELL_H + 4, degree, size=12.5, colour=SUBTLE, anchor="end")
        )
    parts.append(text(LEFT + 2 * CELL_W, bottom + 38, words.interest, weight=600, anchor="middle"))
    middle = TOP + 2 * CELL_H
    parts.append(
        text(
            0,
            0,
            words.influence,
            weight=600,
            anchor="middle",
            extra=f' transform="translate(12 {middle}) rotate(-90)"',
        )
    )
    return (
        f'<svg class="matrix" xmlns="http://www.w3.org/2000/svg" font-family="Inter" '
        f'viewBox="0 0 {LEFT + 4 * CELL_W} {bottom + 44}" role="img">'
        f"<title>{escape(words.title)}</title>{''.join(parts)}</svg>"
    )


@dataclass(frozen=True)
class Moment:
    """One attitude on one day."""

    on: date
    attitude: str
    said: bool
    label: str  # «Sa det selv» or «Antatt»
    day: str  # as people read it


@dataclass(frozen=True)
class TimelineWords:
    title: str
    lanes: dict[str, str]  # attitude → word
    today: str
    silence: str  # «91 dager uten samtale», or empty
    wanted: str  # «Ønsket: nøytral», or empty
    wanted_attitude: str


LANES = (Attitude.POSITIVE, Attitude.NEUTRAL, Attitude.SCEPTICAL)


def timeline(
    moments: list[Moment], phases: list[tuple[str, date, date]], today: date, words: TimelineWords
) -> str:
    """Draw attitude over time in three lanes. Unknown stands in the middle lane as a dashed ring.

    phases: (name, first day, last day) of those the project has been in, for the bands behind.
    """
    first = min([m.on for m in moments] + [phases[0][1]]) - timedelta(days=10)
    span = max((today - first).days, 30) * 1.08
    left, right, top, lane = 96, 900, 26, 54

    def x(day: date) -> float:
        return round(left + (right - left) * (day - first).days / span, 1)

    def y(attitude: str) -> float:
        place = LANES.index(attitude) if attitude in LANES else 1
        return top + lane / 2 + place * lane + 10

    height = top + 3 * lane + 20
    parts = []
    for n, (name, start, end) in enumerate(phases):
        begin, stop = x(max(start, first)), x(min(end, today))
        tint = TINT if n % 2 == 0 else WEAK_TINT
        parts.append(
            f'<rect x="{begin}" y="{top}" width="{max(stop - begin, 1)}" height="{height - top}" fill="{tint}"/>'
        )
        if stop - begin > 60:
            parts.append(text(begin + 6, top - 8, name, size=12.5, weight=600, colour=SUBTLE))
    for attitude in LANES:
        parts.append(f'<path d="M{left} {y(attitude)}H{right}" stroke="#e4e9ee"/>')
        parts.append(mark(attitude, 12, y(attitude)))
        parts.append(text(26, y(attitude) + 4.5, words.lanes[attitude], size=12.5))
    places = [(x(m.on), y(m.attitude)) for m in moments]
    if len(places) > 1:
        line = "L".join(f"{px} {py}" for px, py in places)
        parts.append(f'<path d="M{line}" fill="none" stroke="{INK}" stroke-width="1.8"/>')
    last_x, last_y = places[-1]
    now_x = x(today)
    if now_x - last_x > 24:
        parts.append(
            f'<path d="M{last_x + 8} {last_y}H{now_x}" stroke="{INK}" stroke-width="1.8" stroke-dasharray="3 4"/>'
        )
        if words.silence and now_x - last_x > 150:
            parts.append(
                text(
                    (last_x + now_x) / 2,
                    last_y - 10,
                    words.silence,
                    size=12.5,
                    weight=600,
                    colour=GAP_INK,
                    anchor="middle",
                )
            )
    parts.append(f'<path d="M{now_x} {top}V{height}" stroke="#00558c" stroke-width="2"/>')
    parts.append(
        text(now_x, height + 18, words.today, size=12.5, weight=600, colour="#00558c", anchor="middle")
    )
    free = -100.0
    for moment, (px, py) in zip(moments, places, strict=True):
        parts.append(mark(moment.attitude, px, py, filled=moment.said))
        if px - free > 92 and now_x - px > 40:
            parts.append(
                text(
                    px,
                    py + (26 if moment.attitude == Attitude.SCEPTICAL else -14),
                    moment.label,
                    size=12.5,
                    colour=SUBTLE,
                    anchor="middle",
                )
            )
            parts.append(text(px, height + 18, moment.day, size=12.5, colour=SUBTLE, anchor="middle"))
            free = px
    if words.wanted:
        parts.append(mark(words.wanted_attitude, right + 22, y(words.wanted_attitude), filled=False))
        parts.append(text(right + 36, y(words.wanted_attitude) + 4.5, words.wanted, size=12.5, weight=600))
    return (
        f'<svg class="timeline" xmlns="http://www.w3.org/2000/svg" font-family="Inter" '
        f'viewBox="0 0 1060 {height + 26}" role="img"><title>{escape(words.title)}</title>{"".join(parts)}</svg>'
    )
