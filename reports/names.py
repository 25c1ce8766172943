"""Names of persons, and texts without them."""

import re
import unicodedata
from functools import lru_cache

from django.utils.translation import gettext as _


@lru_cache(maxsize=1000)
def pattern_of(name: str) -> re.Pattern | None:
    """Return what finds a name in whatever spacing and case, also with the family name first.

    Its first group is the s of a possessive, if there is one. None for an empty name.
    """
    *first, last = [re.escape(part) for part in composed(name).split()] or [""]
    if not last:
        return None
    gap = r"\s+"
    ways = [gap.join([*first, last])]
    if first:
        ways.append(rf"{last},\s*{gap.join(first)}")
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(s?)(?!\w)", re.IGNORECASE)


def composed(text: str) -> str:
    """Return the text with å as one sign, however the one who wrote it put it together."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def replaced(text: str, name: str, by: str) -> str:
    """Return the text with another word for a name; the s of a possessive stays."""
    pattern = pattern_of(name)
    return pattern.sub(lambda found: by + found[1], composed(text)) if pattern else text


def without_names(text: str, names) -> str:
    """Return the text with every one of the names left out."""
    for name in names:
        text = replaced(text, name, _("[name left out]"))
    return text


def named(text: str, names) -> str:
    """Return the first of the names that stands in the text, or ""."""
    return next((name for name in names if without_names(text, [name]) != composed(text)), "")
