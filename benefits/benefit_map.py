"""The benefit map: what must be there, what changes, and what becomes better because of it.

Read once, told twice: as a drawing (SVG, equal on page and in PDF) and as a list. Source of the six
columns: Digdir.
"""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from benefits.models import MapLink, MapNode
from roadmap.models import Project

INK, SUBTLE, LINE = "#1f2c3d", "#545e6b", "#8794a1"
BOX_W, GAP, TOP, ROOM = 164, 34, 46, 14  # width of a box, between columns, above and between boxes
LETTERS, LINE_H, PADDING = 22, 16, 11  # letters in a line, and how high lines are
TINTS = {1: "#f3f6f9", 2: "#f3f6f9", 3: "#e3edf4", 4: "#edf7f3", 5: "#dcefe7", 6: "#fdf3df"}


@dataclass(frozen=True)
class Box:
    """One box: its text, and the ids of those it leads to."""

    pk: int
    column: int
    text: str
    leads_to: tuple[int, ...] = ()
    benefit: object = None


@dataclass(frozen=True)
class Column:
    number: int
    label: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class BenefitMap:
    """The six columns with their boxes in order."""

    columns: tuple[Column, ...]

    @property
    def boxes(self) -> list[Box]:
        return [box for column in self.columns for box in column.boxes]

    @property
    def arrows(self) -> int:
        return sum(len(box.leads_to) for box in self.boxes)

    def effects_of(self, box: Box) -> list[str]:
        """Return the texts of what a box leads to."""
        texts = {found.pk: found.text for found in self.boxes}
        return [texts[pk] for pk in box.leads_to]

    @property
    def loose(self) -> list[Box]:
        """Boxes without any arrow: nobody knows yet why they are there."""
        reached = {pk for box in self.boxes for pk in box.leads_to}
        return [box for box in self.boxes if not box.leads_to and box.pk not in reached]

    @property
    def listed(self) -> list[dict]:
        """The map as a list: each column with its boxes and what they lead to."""
        return [
            {
                "column": column,
                "rows": [{"box": box, "effects": self.effects_of(box)} for box in column.boxes],
            }
            for column in self.columns
            if column.boxes
        ]


def read_map(project: Project) -> BenefitMap:
    """Return a project's benefit map. Two queries."""
    nodes = project.map_nodes.select_related("benefit").order_by("column", "position", "pk")
    links: dict[int, list[int]] = {}
    for cause, effect in MapLink.objects.filter(cause__project=project).values_list("cause", "effect"):
        links.setdefault(cause, []).append(effect)
    boxes = [Box(n.pk, n.column, n.text, tuple(sorted(links.get(n.pk, ()))), n.benefit) for n in nodes]
    return arranged(boxes)


def arranged(boxes: Iterable[Box]) -> BenefitMap:
    found = list(boxes)
    return BenefitMap(
        tuple(
            Column(number, str(label), tuple(box for box in found if box.column == number))
            for number, label in MapNode.Column.choices
        )
    )


def title(found: BenefitMap) -> str:
    """Return the drawing's text alternative: how much stands where. The list beside it tells all."""
    parts = ", ".join(f"{c.label.lower()}: {len(c.boxes)}" for c in found.columns)
    arrows = ngettext("%(n)s arrow", "%(n)s arrows", found.arrows) % {"n": found.arrows}
    return _("Benefit map with six columns. %(parts)s. %(arrows)s.") % {"parts": parts, "arrows": arrows}


# ------------------------------------------------------------------ the drawing


@dataclass(frozen=True)
class Place:
    x: float
    y: float
    height: float
    lines: tuple[str, ...]

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def wrapped(text: str) -> tuple[str, ...]:
    return tuple(textwrap.wrap(text, LETTERS, break_long_words=True)) or ("",)


def placed(found: BenefitMap) -> tuple[dict[int, Place], float]:
    """Return where each box stands, and how high the drawing is. Columns stand centred on each other."""
    heights = {
        column.number: [2 * PADDING + LINE_H * len(wrapped(box.text)) for box in column.boxes]
        for column in found.columns
    }
    tallest = max((sum(h) + ROOM * (len(h) - 1) for h in heights.values() if h), default=0)
    places = {}
    for column in found.columns:
        own = heights[column.number]
        y = TOP + (tallest - sum(own) - ROOM * max(len(own) - 1, 0)) / 2
        for box, height in zip(column.boxes, own, strict=True):
            places[box.pk] = Place((column.number - 1) * (BOX_W + GAP), y, height, wrapped(box.text))
            y += height + ROOM
    return places, TOP + tallest + 8


def drawing(found: BenefitMap) -> str:
    """Return the map as SVG: arrows first, so that boxes stand on top of those that pass behind them."""
    places, height = placed(found)
    parts = [heading(column) for column in found.columns]
    parts += [arrow(places[box.pk], places[pk]) for box in found.boxes for pk in box.leads_to]
    parts += [box_of(box, places[box.pk]) for box in found.boxes]
    width = 6 * BOX_W + 5 * GAP
    return (
        f'<svg class="benefit-map" xmlns="http://www.w3.org/2000/svg" font-family="Inter" '
        f'viewBox="-1 0 {width + 2} {height}" role="img"><title>{escape(title(found))}</title>'
        f"{''.join(parts)}</svg>"
    )


def heading(column: Column) -> str:
    x = (column.number - 1) * (BOX_W + GAP)
    lines = textwrap.wrap(column.label, LETTERS)
    told = "".join(
        text(x, 14 + n * LINE_H, line, weight=600, colour=SUBTLE) for n, line in enumerate(lines[:2])
    )
    return f'{told}<path d="M{x} {TOP - 10}h{BOX_W}" stroke="#d9e0e7"/>'


def box_of(box: Box, place: Place) -> str:
    frame = (
        f'<rect x="{place.x}" y="{place.y:.1f}" width="{BOX_W}" height="{place.height}" rx="6" '
        f'fill="{TINTS[box.column]}" stroke="{LINE}"/>'
    )
    lines = (
        text(place.x + 10, place.y + PADDING + 12 + n * LINE_H, line) for n, line in enumerate(place.lines)
    )
    return frame + "".join(lines)


def arrow(start: Place, end: Place) -> str:
    """Draw an arrow to the right; within a column it goes round on the right side."""
    x1, y1 = start.x + BOX_W, start.middle
    if end.x <= start.x:
        x2, y2 = end.x + BOX_W, end.middle
        curve = f"M{x1} {y1:.1f}C{x1 + GAP} {y1:.1f} {x2 + GAP} {y2:.1f} {x2 + 6} {y2:.1f}"
        head = f"M{x2} {y2:.1f}l8 -4v8z"
    else:
        x2, y2 = end.x, end.middle
        bend = GAP * 0.7
        curve = f"M{x1} {y1:.1f}C{x1 + bend} {y1:.1f} {x2 - bend} {y2:.1f} {x2 - 6} {y2:.1f}"
        head = f"M{x2} {y2:.1f}l-8 -4v8z"
    return (
        f'<path d="{curve}" fill="none" stroke="{LINE}" stroke-width="1.6"/><path d="{head}" fill="{LINE}"/>'
    )


def text(x: float, y: float, content: str, *, weight=400, colour=INK) -> str:
    return (
        f'<text x="{x}" y="{y:.1f}" font-size="13" font-weight="{weight}" fill="{colour}">'
        f"{escape(content)}</text>"
    )
