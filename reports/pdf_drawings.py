"""The texts of drawings in a PDF, laid out a text at a time.

In SVG each letter can have a place of its own, so WeasyPrint lays every letter out by itself. It takes a
fifth of the time of a report with charts, and loses the space between pairs of letters. None of our
drawings places letters.
"""

from functools import cache

PLACES = ("x", "y", "dx", "dy", "rotate")
SPACING = ("letter-spacing", "textLength")


class Whole(str):
    """A text that is a single letter to whoever goes through it."""

    __slots__ = ()

    def __iter__(self):
        return iter((str(self),))


@cache
def lay_out_whole_texts() -> None:
    """Let WeasyPrint lay out a text of a drawing at once, where no letter has a place of its own."""
    from weasyprint import svg

    draw = svg.text

    def draw_whole(drawing, node, font_size):
        if node.tag in ("text", "tspan") and node.text and not places_letters(node):
            node._etree_node.text = Whole(node.text)
        draw(drawing, node, font_size)

    svg.TAGS.update({tag: draw_whole for tag, function in svg.TAGS.items() if function is draw})
    svg.text = draw_whole  # the drawing asks by it whether a tag is a text


def places_letters(node) -> bool:
    places = (node.get(name, "").replace(",", " ").split() for name in PLACES)
    return any(node.get(name) for name in SPACING) or any(len(found) > 1 for found in places)
