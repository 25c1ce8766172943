"""The plan as a drawing: bars on a calendar, with the name on each bar and a line for today. Pure.

One drawing holds one phase, or a part of one: a long plan becomes several drawings, so that each can be
read on a screen and on a sheet of paper. The table beside it says the same.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from roadmap import svg

ROW, TOP, BAR = 27, 36, 17
LINE = 17  # for a name above its bar
WAITS = "#5f6b78"
MOST_ROWS = 22  # in one drawing: what a page of A4 holds when every name needs its own line
SHORT = 100  # days; a shorter plan is divided by weeks
ROOM_FOR_MONTH = 46


@dataclass(frozen=True)
class Bar:
    """One activity. `state`: done, started, not_started. `late`: in words, "" when it is not."""

    pk: int
    name: str
    starts_on: date
    ends_on: date
    state: str
    is_milestone: bool = False
    late: str = ""
    waits_for: tuple[int, ...] = ()


@dataclass(frozen=True)
class GanttWords:
    """The drawing's texts, translated."""

    title: str
    today: str
    months: tuple[str, ...]  # twelve short names
    week: str  # «uke {n}»


def in_parts(bars: list[Bar], most: int = MOST_ROWS) -> list[list[Bar]]:
    """Divide a long phase into parts of about the same length.

    >>> [len(part) for part in in_parts(list(range(27)), 26)]
    [14, 13]
    """
    count = -(-len(bars) // most) or 1
    size = -(-len(bars) // count)
    return [bars[n : n + size] for n in range(0, len(bars), size)]


@dataclass(frozen=True)
class Calendar:
    """From days to places along the drawing."""

    first: date
    last: date
    width: float

    @classmethod
    def around(cls, bars: list[Bar], today: date, width: float) -> "Calendar":
        """Hold all bars, and today when it is not far from them."""
        first, last = min(bar.starts_on for bar in bars), max(bar.ends_on for bar in bars)
        near = timedelta(days=max((last - first).days // 3, 30))
        if first - near <= today <= last + near:
            first, last = min(first, today), max(last, today)
        margin = timedelta(days=max((last - first).days // 60, 2))
        return cls(first - margin, last + margin, width)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def x(self, day: date) -> float:
        return round((day - self.first).days * self.width / self.days, 1)

    def shows(self, day: date) -> bool:
        return self.first <= day <= self.last

    def ticks(self, words: GanttWords) -> list[tuple[float, str]]:
        """Return (place, text) of each line of the calendar; some texts are empty for want of room."""
        if self.days <= SHORT:
            day = self.first + timedelta(days=-self.first.weekday() % 7)
            every = -(-self.days // 7 * 60 // int(self.width)) or 1
            found = []
            while day <= self.last:
                week = day.isocalendar()[1]
                found.append((self.x(day), words.week.format(n=week) if len(found) % every == 0 else ""))
                day += timedelta(days=7)
            return found
        months = []
        year, month = self.first.year, self.first.month
        while date(year, month, 1) <= self.last:
            if date(year, month, 1) >= self.first:
                months.append(date(year, month, 1))
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        every = max(-(-len(months) * ROOM_FOR_MONTH // int(self.width)), 1)
        return [
            (self.x(m), self.month(m, words, n == 0) if n % every == 0 else "") for n, m in enumerate(months)
        ]

    def month(self, day: date, words: GanttWords, is_first: bool) -> str:
        name = words.months[day.month - 1]
        return f"{name} {day.year}" if day.month == 1 or is_first else name


def gantt(bars: list[Bar], today: date, words: GanttWords, *, width: float = 1120) -> str:
    """Draw bars on their calendar. Done is green with a check, begun is filled, not begun is hollow."""
    calendar = Calendar.around(bars, today, width)
    tops, height = lay_out(bars, calendar)
    parts = []
    for x, text in calendar.ticks(words):
        parts.append(f'<path d="M{x} {TOP - 8}V{height}" stroke="{svg.LINE}"/>')
        if text and x < width - ROOM_FOR_MONTH:
            parts.append(svg.label(x + 3, TOP - 12, text, size=12, colour=svg.SUBTLE))
    places = {bar.pk: (edges(bar, calendar)[1], top, bar.state) for bar, top in zip(bars, tops, strict=True)}
    parts += [
        arrow(places[pk], edges(bar, calendar)[0], top)
        for bar, top in zip(bars, tops, strict=True)
        for pk in bar.waits_for
        if pk in places
    ]
    if calendar.shows(today):
        x = calendar.x(today)
        near_end = x > width - 60
        parts.append(f'<path d="M{x} {TOP - 8}V{height}" stroke="{svg.BLUE}" stroke-width="2"/>')
        parts.append(
            svg.label(
                x,
                10,
                words.today,
                size=12,
                weight=700,
                colour=svg.BLUE,
                anchor="end" if near_end else "middle",
            )
        )
    for bar, top in zip(bars, tops, strict=True):
        parts += shape(bar, calendar, top)
    return svg.drawing("gantt", width, height, words.title, parts)


def edges(bar: Bar, calendar: Calendar) -> tuple[float, float]:
    """Return where a bar begins and ends; a milestone is a diamond in the middle of its day."""
    left, right = calendar.x(bar.starts_on), calendar.x(bar.ends_on + timedelta(days=1))
    right = max(right, left + 5)
    if bar.is_milestone:
        middle = (left + right) / 2
        return round(middle - BAR / 2, 1), round(middle + BAR / 2, 1)
    return left, right


def told(bar: Bar) -> str:
    return f"{bar.name} · {bar.late}" if bar.late else bar.name


def inset(bar: Bar, length: float) -> int:
    """Return how far inside a bar its name begins: after the check of one that is done."""
    return 22 if bar.state == "done" and length > 22 else 6


def needs_a_line(bar: Bar, calendar: Calendar) -> bool:
    """Whether the name has room neither in the bar nor beside it."""
    left, right = edges(bar, calendar)
    if not bar.is_milestone and svg.width_of(told(bar)) + inset(bar, right - left) + 6 <= right - left:
        return False
    left, right = outer(bar, left, right)
    sides = left, calendar.width - right
    on_both = svg.width_of(bar.name) + 10 <= max(sides) and svg.width_of(bar.late) + 24 <= min(sides)
    return svg.width_of(told(bar)) + 24 > max(sides) and not (bar.late and on_both)


def outer(bar: Bar, left: float, right: float) -> tuple[float, float]:
    """Return where names may begin beside a bar: clear of the arrows that come in and go out."""
    return left - (10 if bar.waits_for else 0), right + 2


def lay_out(bars: list[Bar], calendar: Calendar) -> tuple[list[float], float]:
    """Return the top of each bar, and the height of all. A name without room gets a line of its own."""
    tops, y = [], TOP
    for bar in bars:
        if needs_a_line(bar, calendar):
            y += LINE
        tops.append(y)
        y += ROW
    return tops, y + 8


def arrow(end: tuple[float, float, str], start: float, top: float) -> str:
    """Draw a thin line from where one bar ends to where the one that waits for it begins.

    Back to the start when it begins before the other one has ended; amber while that one is not done.
    """
    x, above, state = end
    y, into = above + BAR / 2, top + BAR / 2
    if start >= x + 2:
        turn, edge = start + 4, top if top > above else top + BAR
        tip = -4 if top > above else 4
        return (
            f'<path d="M{x} {y}H{turn}V{edge + tip}" fill="none" stroke="{WAITS}" stroke-width="1.500"/>'
            f'<path d="M{turn - 3.5} {edge + tip}h7l-3.500 {-tip}z" fill="{WAITS}"/>'
        )
    colour = WAITS if state == "done" else svg.AMBER
    between = above + BAR + 4 if top > above else above - 4
    return (
        f'<path d="M{x} {y}h4V{between}H{start - 11}V{into}h5" fill="none" stroke="{colour}" '
        f'stroke-width="1.500"/><path d="M{start - 6} {into - 3.5}v7l5-3.500z" fill="{colour}"/>'
    )


def shape(bar: Bar, calendar: Calendar, y: float) -> list[str]:
    """Draw one bar with its name: inside when it fits, else after it, before it or above it."""
    x = calendar.x(bar.starts_on)
    length = max(calendar.x(bar.ends_on + timedelta(days=1)) - x, 5)
    colour = svg.RED if bar.late else svg.GREEN if bar.state == "done" else svg.BLUE
    base = y + BAR - 4
    text = told(bar)
    above = needs_a_line(bar, calendar)
    weight = 600 if bar.late else 400
    if bar.is_milestone:
        middle, half = x + length / 2, BAR / 2
        fill = colour if bar.state == "done" else "#fff"
        drawn = [
            f'<path d="M{middle} {y}l{half} {half}-{half} {half}-{half}-{half}z" '
            f'fill="{fill}" stroke="{colour}" stroke-width="2"/>'
        ]
        if above:
            return drawn + over(text, middle - half, y, calendar.width, bar, weight)
        return drawn + beside(text, middle - half, middle + half, calendar.width, base, bar, weight)
    fill = "#fff" if bar.state == "not_started" else colour
    drawn = [svg.box(x, y, length, BAR, fill=fill, stroke=colour, thick=1.5, round_by=4)]
    room = inset(bar, length)
    if room > 6:
        drawn.append(
            f'<path d="M{x + 6} {y + 9}l3.500 3.500 6-7" fill="none" stroke="#fff" stroke-width="2"/>'
        )
    right = x + length
    if svg.width_of(text) + room + 6 <= length:
        inside = colour if bar.state == "not_started" else "#fff"
        return [*drawn, svg.label(x + room, base, text, weight=600, colour=inside)]
    if above:
        return drawn + over(text, x, y, calendar.width, bar, weight)
    return drawn + beside(text, x, right, calendar.width, base, bar, weight)


def over(text, left, top, width, bar, weight) -> list[str]:
    """Write a name on its own line above the bar, from the bar's start or as far left as it must."""
    room = width - 20
    shown = late_kept(bar, room) if svg.width_of(text) > room else text
    edge = max(min(left, width - svg.width_of(shown) - 20), 0) - 7
    return written(shown, edge, top - 5, after=True, weight=weight, late=bool(bar.late))


def beside(text, left, right, width, base, bar, weight) -> list[str]:
    """Put a name where there is room for it; when there is not, its lateness stands on the other side."""
    left, right = outer(bar, left, right)
    before, after = left, width - right
    needed = svg.width_of(text) + 24
    if bar.late and needed > max(before, after) and svg.width_of(bar.late) + 24 <= min(before, after):
        name_after = after >= before
        place = right if name_after else left
        other = left if name_after else right
        name = svg.shortened(bar.name, max(before, after) - 10)
        return [
            *written(name, place, base, after=name_after, weight=weight, late=False),
            *written(bar.late, other, base, after=not name_after, weight=weight, late=True),
        ]
    goes_after = after >= min(needed, before)
    shown = late_kept(bar, (after if goes_after else before) - (24 if bar.late else 10))
    place = right if goes_after else left
    return written(shown, place, base, after=goes_after, weight=weight, late=bool(bar.late))


def written(text, edge, base, *, after: bool, weight: int, late: bool) -> list[str]:
    """Write a text after or before a bar's edge, with a diamond in front of a late one."""
    way = 1 if after else -1
    place = edge + way * (7 + (14 if late else 0))
    span = svg.width_of(text)
    # a white edge keeps the text readable where it crosses the lines of the calendar
    parts = [svg.box(place if after else place - span, base - 12, span, 16, fill="#fff", opacity=0.85)]
    if late:
        at = round(edge + way * 12, 1)
        parts.append(f'<path d="M{at} {base - 10}l5 5.500-5 5.500-5-5.500z" fill="{svg.RED}"/>')
    colour = "#9a1b14" if late else svg.INK
    anchor = "start" if after else "end"
    return [*parts, svg.label(place, base, text, weight=weight, colour=colour, anchor=anchor)]


def late_kept(bar: Bar, room: float) -> str:
    """Return the name shortened to its room; how late it is, is never cut off."""
    if not bar.late:
        return svg.shortened(bar.name, room)
    return f"{svg.shortened(bar.name, room - svg.width_of(f' · {bar.late}'))} · {bar.late}"
