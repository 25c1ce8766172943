"""A deck as HTML for page and PDF: one markup, one stylesheet, another unit of length."""

import base64

from django.template.loader import render_to_string
from django.utils import translation

from reports.documents import shield
from reports.pdf import FOR_PEOPLE, render
from reports.presentations.deck import Deck
from reports.presentations.frozen import with_pictures
from roadmap import pictures


def inline_picture(digest: str) -> str:
    """Return a picture as a data: address, for a file that stands alone."""
    return f"data:image/jpeg;base64,{base64.b64encode(pictures.read(digest)).decode()}"


def drawn_mark(field: str, waves: str) -> str:
    """Return the drawn shield in two colours as a data: address, for a background that is read by nobody."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 37">'
        f'<path d="M1.5 1.5h29V19c0 9-7 14.5-14.5 16.5C8.5 33.5 1.5 28 1.5 19z" fill="{field}"/>'
        '<path d="M7 15c3-3.5 6-3.5 9 0s6 3.5 9 0M7 22c3-3.5 6-3.5 9 0s6 3.5 9 0" fill="none" '
        f'stroke="{waves}" stroke-width="2.4" stroke-linecap="round"/>'
        '<circle cx="16" cy="8" r="2.2" fill="#f2b134"/></svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def deck_pdf(deck: Deck, *, variant: str = FOR_PEOPLE) -> bytes:
    """Return the deck as PDF, one slide a page of 254 × 142.9 mm. Notes are never in it."""
    deck = with_pictures(deck, inline_picture)
    with translation.override(deck.language):
        uploaded, base = shield(deck.shield), deck.colours["base_default"]
        context = {
            "deck": deck,
            "colours": deck.colours,
            "level": 1,
            "mark": uploaded or drawn_mark(base, "#ffffff"),
            "dark_mark": uploaded or drawn_mark("#ffffff", base),
        }
        return render(render_to_string("reports/deck/pdf.html", context), variant=variant)
