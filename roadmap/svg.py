"""Pieces of the room's drawings: literal colours and no style, so page and PDF show the same."""

from html import escape

INK, SUBTLE, LINE = "#1f2c3d", "#545e6b", "#e4e9ee"
BLUE, GREEN, RED, AMBER = "#00558c", "#0a7d5a", "#b3261e", "#9a5b00"


def box(x, y, width, height, *, fill, stroke="none", thick=1, round_by=0, opacity=1) -> str:
    return (
        f'<rect x="{round(x, 1)}" y="{round(y, 1)}" width="{round(width, 1)}" height="{round(height, 1)}" '
        f'rx="{round_by}" fill="{fill}" fill-opacity="{opacity}" stroke="{stroke}" stroke-width="{thick}"/>'
    )


def label(x, y, content, *, size=13, weight=400, colour=INK, anchor="start") -> str:
    return (
        f'<text x="{round(x, 1)}" y="{round(y, 1)}" font-size="{size}" font-weight="{weight}" '
        f'fill="{colour}" text-anchor="{anchor}">{escape(str(content))}</text>'
    )


def width_of(text: str, size: float = 13) -> float:
    """Return about how wide a text is; Inter's letters are a little over half as wide as high."""
    return len(text) * size * 0.545


def shortened(text: str, room: float, size: float = 13) -> str:
    """Return the text, cut so that it fits into `room`."""
    most = max(int(room / (size * 0.545)), 4)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def drawing(name: str, width: float, height: float, title: str, parts: list[str]) -> str:
    return (
        f'<svg class="{name}" xmlns="http://www.w3.org/2000/svg" font-family="Inter" '
        f'viewBox="0 0 {round(width)} {round(height)}" role="img">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )
