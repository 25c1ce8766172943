"""Pages of a list: the rows that come after the last one that was seen.

No offset: a page costs the same wherever it stands in the list, and a row that comes or goes above it
moves nothing. The address names the last row by its id: «?etter=17».
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter

from django.db.models import Q

from innovasjon.forms import read_id

AFTER = "etter"


@dataclass(frozen=True)
class Page:
    """One page, and the addresses of the next one and of the first one; "" where there is none."""

    rows: list
    next: str = ""
    first: str = ""


def page_of(request, rows, keys: Sequence[str], size: int, *, part: str = "") -> Page:
    """Return the page of a QuerySet that the address asks for; the last key is the id. One or two
    queries.

    part: the id of the list on its page, when it does not stand on top. A row that is gone: the first page.
    """
    return linked(request, *cut(rows, keys, size, last_seen(request)), part)


def part_of(request, rows: Sequence, size: int, pk: Callable, *, part: str = "", name: str = AFTER) -> Page:
    """Return the page of rows that are read already, because a sum or a drawing is made of them all.

    name: of the list in the address, where several lists stand on one page.
    """
    last = last_seen(request, name)
    start = next((n for n, row in enumerate(rows, 1) if pk(row) == last), 0) if last else 0
    return linked(request, *one_page(rows[start : start + size + 1], size, pk), bool(start), part, name)


def last_seen(request, name: str = AFTER) -> int | None:
    """Return the id of the row that the page in the address comes after."""
    return read_id(request.GET.get(name, ""))


def cut(rows, keys: Sequence[str], size: int, last: int | None, columns: Sequence[str] = ()):
    """Return (rows of the page after a row, the row that the next one comes after or None, whether it is a
    later one than the first: a row that is gone gives the first).

    columns: rows are tuples of these, the id first; without them they are the objects themselves.
    """
    ordered = rows.order_by(*keys)
    names = [key.lstrip("-") for key in keys]
    place = last and (
        (last,) if names == ["pk"] else rows.order_by().filter(pk=last).values_list(*names).first()
    )
    if place:
        ordered = ordered.filter(after(keys, place))
    if columns:
        ordered = ordered.values_list(*columns)
    pk = itemgetter(0) if columns else attrgetter("pk")
    return *one_page(list(ordered[: size + 1]), size, pk), bool(place)


def one_page(found: Sequence, size: int, pk: Callable) -> tuple[Sequence, int | None]:
    """Return (the rows without the one that is too much, the last of them if there is such a one)."""
    return found[:size], pk(found[size - 1]) if len(found) > size else None


def linked(request, rows, following: int | None, is_later: bool, part: str = "", name: str = AFTER) -> Page:
    """Return the page with its addresses: this one's own with another place in it."""
    query = request.GET.copy()
    query.pop(name, None)
    tail = f"#{part}" if part else ""
    first = f"?{query.urlencode()}{tail}" if is_later else ""
    if following is None:
        return Page(rows, "", first)
    query[name] = str(following)
    return Page(rows, f"?{query.urlencode()}{tail}", first)


def after(keys: Sequence[str], values: Sequence) -> Q:
    """Return what comes after the row with these values of the keys; «-» before a key turns it round.

    >>> after(("rank", "-late"), (0, 1))
    <Q: (OR: ('rank__gt', 0), (AND: ('rank', 0), ('late__lt', 1)))>
    """
    found, same = Q(), Q()
    for key, value in zip(keys, values, strict=True):
        name = key.lstrip("-")
        further = Q(**{f"{name}__{'lt' if key.startswith('-') else 'gt'}": value})
        found |= same & further
        same &= Q(**{name: value})
    return found
