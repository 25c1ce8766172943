"""A deck as HTML for page and PDF: one markup, one stylesheet, another unit of length."""

import base64

from django.template.loader import render_to_string
from django.utils import translation

from reports.documents import shield
from reports.pdf import FOR_PEOPLE, render
from reports.presentations.deck import Deck
from roadmap import pictures


def inline_picture(picture) -> str:
    """Return a picture as a data: address, for a file that stands alone."""
    return f"data:image/jpeg;base64,{base64.b64encode(pictures.read(picture.sha256)).decode()}"


def deck_pdf(deck: Deck, *, variant: str = FOR_PEOPLE) -> bytes:
    """Return the deck as PDF, one slide a page of 254 × 142.9 mm. Notes are never in it."""
    with translation.override(deck.language):
        context = {"deck": deck, "colours": deck.colours, "shield": shield(deck.shield), "level": 1}
        return render(render_to_string("reports/deck/pdf.html", context), variant=variant)
