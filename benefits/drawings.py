# ruff: noqa: E501
"""The drawings of benefits as SVG: the path with what was measured, the sparkline, and the bar of a sum.

Pure and the same on page and in PDF: literal colours, `font-family` on the drawing itself, no style
attributes. Text comes in translated; every drawing has its table beside it. Sizes are handed in, so that
the text is at least 12 px wherever the drawing stands.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from html import escape
from itertools import pairwise

from benefits.arithmetic import Point, expected_at
from benefits.figures import IndicatorFigure

INK, SUBTLE, GRID, BLUE = "#1f2c3d", "#545e6b", "#e4e9ee", "#00558c"
BAND, WATCH, WATCH_TEXT, OK = "#e6edf3", "#9a5b00", "#7a4700", "#0a7d5a"
FONT = "Inter, sans-serif"
LETTER = 0.62  # how wide a digit is, in font sizes


@dataclass(frozen=True)
class Size:
    """Where the drawing stands decides how large it is."""

    width: int
    height: int
    left: int = 46  # room for the numbers of the axis, as long as they are short
    right: int = 120  # room for the target's text
    ticks: int = 5
    font: int = 12


PAGE = Size(1100, 330)
PHONE = Size(358, 300, left=42, right=16, ticks=3)
PAPER = Size(660, 250, left=46, right=104)


@dataclass(frozen=True)
class Words:
    """The drawing's texts, translated."""

    title: str
    unit: str
    baseline: str  # «Nullpunkt 412»
    target: str  # «Mål 240»
    target_on: str
    latest: str  # «348 målt»
    against: str  # «27 over forventet 321»
    tolerance: str  # «tillatt avvik ± 18»
    number: Callable[[Decimal], str]
    month: Callable[[date, bool], str]  # with the year or without


def text(x, y, content, *, size=12, weight=400, colour=SUBTLE, anchor="start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{colour}" '
        f'text-anchor="{anchor}">{escape(str(content))}</text>'
    )


def steps(low: Decimal, high: Decimal, count: int = 5) -> list[Decimal]:
    """Return round numbers from below `low` to above `high`, about so many.

    >>> steps(Decimal(222), Decimal(430))
    [Decimal('200'), Decimal('250'), Decimal('300'), Decimal('350'), Decimal('400'), Decimal('450')]
    """
    span = (high - low) or abs(high) or Decimal(1)
    rough = span / count
    magnitude = Decimal(1).scaleb(rough.adjusted())
    step = next((magnitude * n for n in (1, 2, Decimal("2.5"), 5) if magnitude * n >= rough), magnitude * 10)
    first = (low / step).to_integral_value("ROUND_FLOOR")
    last = (high / step).to_integral_value("ROUND_CEILING")
    return [(first + n) * step + 0 for n in range(int(last - first) + 1)]


class Scale:
    """Days across and values upwards, in the drawing's own units."""

    def __init__(self, size: Size, days: list[date], values: list[Decimal], number: Callable = str):
        self.first, self.last = min(days), max(days)
        if self.first == self.last:
            self.last += timedelta(days=30)
        self.lines = steps(min(values), max(values))
        self.low, self.high = self.lines[0], self.lines[-1]
        letters = max(len(number(line)) for line in self.lines)
        self.left = max(size.left, round(letters * size.font * LETTER) + 10)
        self.right = size.width - size.right
        self.top, self.bottom = 26, size.height - 30

    def x(self, on: date) -> float:
        share = (on - self.first).days / (self.last - self.first).days
        return round(self.left + share * (self.right - self.left), 1)

    def y(self, value: Decimal) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.bottom - float(share) * (self.bottom - self.top), 1)

    def line(self, points) -> str:
        return "M" + "L".join(f"{self.x(p.on)} {self.y(p.value)}" for p in points)


@dataclass(frozen=True)
class Box:
    """A rectangle of the drawing, in its own units."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def box_of(x: float, y: float, content: str, size: int, anchor: str) -> Box:
    """Return where a text stands, a little on the wide side."""
    width = len(content) * size * LETTER
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return Box(left, y - size, left + width, y + size / 3)


def lower_edge(path: list[Point], tolerance: Decimal, floor: Decimal | None) -> list[Point]:
    """Return the lower edge of what is allowed, bent where it meets the floor; None: there is no floor.

    >>> path = [Point(date(2026, 1, 1), Decimal(10)), Point(date(2026, 1, 11), Decimal(0))]
    >>> [(p.on.day, int(p.value)) for p in lower_edge(path, Decimal(5), Decimal(0))]
    [(1, 5), (6, 0), (11, 0)]
    """
    edge = [Point(p.on, p.value - tolerance) for p in path]
    if floor is None:
        return edge
    bent: list[Point] = []
    for before, point in zip([edge[0], *edge], edge, strict=False):
        if (before.value < floor) != (point.value < floor):
            share = (floor - before.value) / (point.value - before.value)
            bent.append(Point(before.on + (point.on - before.on) * float(share), floor))
        bent.append(Point(point.on, max(point.value, floor)))
    return bent


def progress(figure: IndicatorFigure, words: Words, size: Size = PAGE) -> str:
    """Draw baseline, path with its band, measurements, the stem of a deviation, and the target."""
    path, curve, tolerance = figure.path, figure.curve, figure.tolerance
    everything = [*path, *curve, *figure.values]
    if not everything:
        return ""
    values = [p.value for p in everything]
    floor = Decimal(0) if min(values) >= 0 else None  # what is counted is never less than nothing
    lower = lower_edge(path, tolerance, floor) if path else []
    values += [p.value for p in lower] + [p.value + tolerance for p in path]
    scale = Scale(size, [p.on for p in everything], values, words.number)
    parts = [*axes(scale, words, size)]
    if len(path) > 1:
        parts += expected(scale, path, lower, tolerance, words, size)
    parts += measured(scale, figure, words, size)
    return (
        f'<svg viewBox="0 0 {size.width} {size.height}" width="{size.width}" height="{size.height}" role="img" '
        f'font-family="{FONT}"><title>{escape(words.title)}</title>{"".join(parts)}</svg>'
    )


def axes(scale: Scale, words: Words, size: Size) -> list[str]:
    parts = []
    for value in scale.lines:
        y = scale.y(value)
        parts.append(f'<path d="M{scale.left} {y}H{scale.right}" stroke="{GRID}"/>')
        parts.append(text(scale.left - 8, y + 4, words.number(value), size=size.font, anchor="end"))
    parts.append(text(0, 12, words.unit, size=size.font))
    days = (scale.last - scale.first).days
    shown = None
    for n in range(size.ticks):
        on = scale.first + timedelta(days=days * n // (size.ticks - 1))
        label = words.month(on, on.year != shown)
        shown = on.year
        anchor = "end" if n == size.ticks - 1 and size.right < 40 else "middle"
        parts.append(text(scale.x(on), size.height - 8, label, size=size.font, anchor=anchor))
    return parts


def expected(scale: Scale, path, lower, tolerance, words: Words, size: Size) -> list[str]:
    """Draw the path as a dashed line in the band of what is allowed, with the target at its end."""
    parts = []
    if tolerance:
        upper = [Point(p.on, p.value + tolerance) for p in path]
        parts.append(f'<path d="{scale.line([*upper, *reversed(lower)])}z" fill="{BAND}"/>')
        if size.right > 40:
            x, y, anchor = tolerance_place(scale, path, tolerance)
            parts.append(text(x, y, words.tolerance, size=size.font, anchor=anchor))
    parts.append(
        f'<path d="{scale.line(path)}" fill="none" stroke="{SUBTLE}" stroke-width="1.8" stroke-dasharray="6 4"/>'
    )
    x, y, anchor = target_place(scale, path, size)
    parts.append(text(x, y, words.target, size=size.font + 1, weight=600, colour=INK, anchor=anchor))
    if size.right > 40:
        parts.append(text(x, y + 16, words.target_on, size=size.font))
    return parts


def tolerance_place(scale: Scale, path, tolerance) -> tuple[float, float, str]:
    """Return where what is allowed is written: above the band, on the side it slopes away from."""
    on = scale.first + (scale.last - scale.first) * 3 // 4
    anchor = "start" if path[-1].value < path[0].value else "end"
    return scale.x(on), scale.y(expected_at(path, on) + tolerance) - 10, anchor


def target_place(scale: Scale, path, size: Size) -> tuple[float, float, str]:
    """Return where the target is written: beside its point, or above or below it on a narrow drawing."""
    x, y = scale.x(path[-1].on), scale.y(path[-1].value)
    if size.right > 40:
        return x + 10, y - 2, "start"
    falls = path[-1].value < path[0].value
    return x, min(y + 34, scale.bottom - 4) if falls else max(y - 16, scale.top), "end"


def baseline_place(scale: Scale, figure: IndicatorFigure) -> tuple[float, float]:
    start = figure.curve[0]
    return scale.x(start.on) + 10, scale.y(start.value) + (20 if figure.direction == 1 else -10)


def measured(scale: Scale, figure: IndicatorFigure, words: Words, size: Size) -> list[str]:
    """Draw the baseline as a square, measurements as hollow circles, the last outside as a triangle."""
    parts, latest = [], figure.latest
    if latest and latest.is_outside:
        x = scale.x(latest.on)
        parts.append(
            f'<path d="M{x} {scale.y(latest.expected)}V{scale.y(latest.value)}" stroke="{WATCH}" stroke-width="2"/>'
        )
    if len(figure.curve) > 1:
        parts.append(
            f'<path d="{scale.line(figure.curve)}" fill="none" stroke="{BLUE}" stroke-width="2.5" stroke-linejoin="round"/>'
        )
    for reading in figure.readings:
        x, y = scale.x(reading.on), scale.y(reading.value)
        if reading.is_outside:
            parts.append(f'<path d="M{x} {y - 8.5}l8 14h-16z" fill="{WATCH}" stroke="#fff"/>')
        else:
            parts.append(f'<circle cx="{x}" cy="{y}" r="4" fill="#fff" stroke="{BLUE}" stroke-width="2.2"/>')
    if figure.baseline is not None:
        start = figure.curve[0]
        x, y = scale.x(start.on), scale.y(start.value)
        parts.append(f'<rect x="{x - 5}" y="{y - 5}" width="10" height="10" fill="{BLUE}"/>')
        x, y = baseline_place(scale, figure)
        parts.append(text(x, y, words.baseline, size=size.font + 1, weight=600, colour=INK))
    if latest:
        parts += last_label(scale, figure, words, size)
    return parts


def last_label(scale: Scale, figure: IndicatorFigure, words: Words, size: Size) -> list[str]:
    """Write the last value beside its mark where there is room, else above all that is drawn before it.

    Where it would cover another text or a line, it stands above or below its mark, or in a free corner.
    """
    latest = figure.latest
    x, y = scale.x(latest.on), scale.y(latest.value)
    if size.right < 40:
        y = min([y, *(scale.y(p.value) for p in figure.curve if x - 150 < scale.x(p.on))]) - 14
    room = scale.right - x > 150 and size.right > 40
    longest = size.left + len(words.against) * LETTER / 1.25 * size.font  # letters are narrower than digits
    anchor, x = ("start", x + 14) if room else ("end", x - 12 if size.right > 40 else max(x + 10, longest))
    above = latest.difference is None or latest.difference >= 0
    first = y - 8 if above else y + 18
    colour = WATCH_TEXT if latest.is_outside else INK
    corners = [
        (at, height, side)
        for height in (40.0, scale.bottom - 24.0)
        for at, side in ((float(scale.right), "end"), (scale.left + 10.0, "start"))
    ]
    mark = scale.x(latest.on)
    near = [
        (mark + 4, max(y - 36, 40.0), "start"),
        (mark - 4, max(y - 36, 40.0), "end"),
        (mark - 4, min(y + 26, scale.bottom - 24.0), "end"),
    ]
    places = [(x, max(first, 40.0), anchor), *(near if size.right > 40 else []), *corners]
    texts, lines = texts_before(scale, figure, words, size), [*pieces(scale, figure.curve)]
    lines += pieces(scale, figure.path) if len(figure.path) > 1 else []

    def covered(place) -> tuple[int, int]:
        mine = label_boxes(*place, words, size)
        outside = sum(box.right > scale.right + 4 or box.left < scale.left for box in mine)
        texts_met, lines_met = (
            sum(box.meets(other) for box in mine for other in found) for found in (texts, lines)
        )
        return texts_met + outside, lines_met

    x, first, anchor = min(places, key=covered)
    return [
        text(x, first, words.latest, size=size.font + 2, weight=700, colour=colour, anchor=anchor),
        text(x, first + 16, words.against, size=size.font, colour=INK, anchor=anchor),
    ]


def label_boxes(x: float, y: float, anchor: str, words: Words, size: Size) -> list[Box]:
    return [
        box_of(x, y, words.latest, size.font + 2, anchor),
        box_of(x, y + 16, words.against, size.font, anchor),
    ]


def texts_before(scale: Scale, figure: IndicatorFigure, words: Words, size: Size) -> list[Box]:
    """Return the texts the last value must not cover: of both ends, and of what is allowed."""
    boxes = []
    if figure.baseline is not None:
        boxes.append(box_of(*baseline_place(scale, figure), words.baseline, size.font + 1, "start"))
    if len(figure.path) > 1:
        x, y, anchor = target_place(scale, figure.path, size)
        boxes.append(box_of(x, y, words.target, size.font + 1, anchor))
        if figure.tolerance and size.right > 40:
            x, y, anchor = tolerance_place(scale, figure.path, figure.tolerance)
            boxes.append(box_of(x, y, words.tolerance, size.font, anchor))
    return boxes


def pieces(scale: Scale, points) -> Iterator[Box]:
    """A line as short boxes, so that a steep one does not claim all beside it."""
    for before, point in pairwise(points):
        (x1, y1), (x2, y2) = ((scale.x(p.on), scale.y(p.value)) for p in (before, point))
        for n in range(8):
            left, right = (x1 + (x2 - x1) * part / 8 for part in (n, n + 1))
            ys = [y1 + (y2 - y1) * part / 8 for part in (n, n + 1)]
            yield Box(left, min(ys) - 2, right, max(ys) + 2)


def sparkline(figure: IndicatorFigure, *, width=104, height=26) -> str:
    """Draw what was measured against the path so far, small; decoration beside the numbers."""
    curve = figure.curve
    if len(curve) < 2:
        return ""
    last = curve[-1]
    path = [p for p in figure.path if p.on < last.on]
    end = expected_at(figure.path, last.on)
    path = [*path, Point(last.on, end)] if path and end is not None else []
    values = [p.value for p in (*curve, *path)]
    low, span = min(values), (max(values) - min(values)) or 1
    first, days = curve[0].on, (last.on - curve[0].on).days or 1

    def line(points):
        return "M" + "L".join(
            f"{3 + (p.on - first).days / days * (width - 8):.1f} "
            f"{height - 4 - float((p.value - low) / span) * (height - 8):.1f}"
            for p in points
        )

    colour = WATCH if figure.latest.is_outside else OK
    y = height - 4 - float((last.value - low) / span) * (height - 8)
    dashed = (
        f'<path d="{line(path)}" fill="none" stroke="{SUBTLE}" stroke-dasharray="3 2.500"/>' if path else ""
    )
    return (
        f'<svg class="sparkline" viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-hidden="true">'
        f'{dashed}<path d="{line(curve)}" fill="none" stroke="{colour}" stroke-width="2" stroke-linejoin="round"/>'
        f'<circle cx="{width - 5}" cy="{y:.1f}" r="3" fill="{colour}"/></svg>'
    )


def bar(found, title: str, *, width=504, height=26) -> str:
    """Draw realised of planned, with a black stroke where the plan is today. The axis begins at 0."""
    whole = max(found.net_planned, found.net_realised, found.planned_to_date) or Decimal(1)

    def at(value):
        return round(float(max(value, 0) / whole) * width, 1)

    stroke = at(found.planned_to_date)
    plan = (
        f'<rect x="{min(max(stroke - 4, 0), width - 8):.1f}" y="6" width="8" height="14" fill="#fff"/>'
        f'<rect x="{min(max(stroke - 2, 2), width - 6):.1f}" y="1" width="4" height="24" fill="{INK}"/>'
        if found.planned_to_date
        else ""
    )
    return (
        f'<svg class="sum-bar" viewBox="0 0 {width} {height}" role="img" font-family="{FONT}"><title>{escape(title)}</title>'
        f'<rect x="0" y="8" width="{width}" height="10" rx="5" fill="#dde4ea"/>'
        f'<rect x="0" y="8" width="{at(found.net_realised)}" height="10" rx="5" fill="{BLUE}"/>{plan}</svg>'
    )
