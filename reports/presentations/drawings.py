"""The bars of a deck as SVG: the same in page and PDF, with presentation attributes alone."""

from django.utils.html import escape
from django.utils.safestring import mark_safe

WIDTH, LEFT, LABEL = 560, 190, 100  # points: the whole, the names, the figures
ROW, THICK = 44, 24
INK, QUIET = "#1f2c3d", "#9fb2c2"


def bars_svg(bars, colours: dict[str, str]) -> str:
    """Return horizontal bars from zero, each with its name before and its figure after it.

    The one before the last is told in the municipality's colour: it is where things stand.
    """
    room = WIDTH - LEFT - LABEL
    height = ROW * len(bars.bars)
    parts = []
    for n, bar in enumerate(bars.bars):
        middle = n * ROW + ROW / 2
        long = max(bars.share(bar) * room, 2)
        fill = colours["base_default"] if n == max(len(bars.bars) - 2, 0) else QUIET
        parts.append(
            f'<text x="0" y="{middle + 5:.1f}" font-size="14" fill="{INK}">{escape(short(bar.name))}</text>'
            f'<rect x="{LEFT}" y="{middle - THICK / 2:.1f}" width="{long:.1f}" height="{THICK}" '
            f'fill="{fill}"/>'
            f'<text x="{LEFT + long + 8:.1f}" y="{middle + 5:.1f}" font-size="15" font-weight="600" '
            f'fill="{INK}">{escape(bar.label)}</text>'
        )
    return mark_safe(  # noqa: S308  every text above is escaped
        f'<svg class="bars" viewBox="0 0 {WIDTH} {height}" font-family="Inter" role="img">'
        f"<title>{escape(bars.text)}</title>{''.join(parts)}</svg>"
    )


def short(name: str) -> str:
    """Cut a name that would run into its bar."""
    most = 27
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"
