"""Long lists a page at a time. The sums beside them are of every row, which are read for them anyway."""

from collections.abc import Sequence
from dataclasses import dataclass

from innovasjon.forms import read_id

ROWS = 50  # on a page


@dataclass(frozen=True)
class Page:
    """Some of the rows, which page it is of how many, and what else the address says."""

    rows: Sequence
    number: int
    of: int
    query: str


def page_of(request, rows: Sequence) -> Page:
    """Return the page the address names (`?side=2`); the nearest there is when there is none."""
    last = max(1, -(-len(rows) // ROWS))
    number = min(max(read_id(request.GET.get("side", "")) or 1, 1), last)
    query = request.GET.copy()
    query.pop("side", None)
    return Page(rows[(number - 1) * ROWS : number * ROWS], number, last, query.urlencode())
