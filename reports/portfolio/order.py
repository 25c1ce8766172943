"""The order of the portfolio: who needs help stands first. The same on the page, on paper and in the sheet.

The order is the database's, so that a page reads its own rows alone: those after the last one that was
seen, by all the keys of the order.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce, Lower

from reports.portfolio.board import NEED

LONG_AGO, FAR_AWAY = datetime(1000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
BY_NEED = ("rank", "-late", "-deviation_count", "gate", "folded_name", "pk")
BY_COLUMN = {
    "prosjekt": "folded_name",
    "fase": "phase",
    "tilstand": "rank",
    "rapport": "told",
    "gevinster": "share",
    "avvik": "-deviation_count",
    "port": "gate",
}


def keys_of(sort: str) -> tuple[str, ...]:
    """Return the keys of an order, none of them ever empty; «-» before a key turns it round.

    >>> keys_of("-port")
    ('-gate', 'rank', '-late', '-deviation_count', 'folded_name', 'pk')
    """
    first = BY_COLUMN.get(sort.removeprefix("-"))
    if first is None:
        return BY_NEED
    if sort.startswith("-"):
        first = first[1:] if first.startswith("-") else f"-{first}"
    return (first, *(key for key in BY_NEED if key.lstrip("-") != first.lstrip("-")))


def with_keys(projects, keys: tuple[str, ...], shares: Mapping[int, float]):
    """Annotate the keys of an order.

    projects: with `late`, `deviation_count` and `reported_at`. shares: project → the share of its benefits
    that is on plan; the database does not know it, so it is handed in when it is sorted by.
    """
    names = {key.lstrip("-") for key in keys}
    made = {
        "rank": Case(*(When(Q(condition=name), then=Value(n)) for name, n in NEED.items())),
        "gate": Coalesce("next_gate_at", Value(FAR_AWAY)),
        "folded_name": Lower("name"),
        "told": Coalesce("reported_at", Value(LONG_AGO)),
        "share": by_share(shares if "share" in names else {}),
    }
    return projects.annotate(**{name: made[name] for name in names & made.keys()})


def by_share(shares: Mapping[int, float]) -> Case:
    """The place of a project by its share; those without anything to judge come last."""
    places = {share: n for n, share in enumerate(sorted(set(shares.values())))}
    alike: dict[int, list[int]] = {0: [0]}  # never empty: a bare number in ORDER BY would name a column
    for pk, share in shares.items():
        alike.setdefault(places[share], []).append(pk)
    return Case(*(When(pk__in=pks, then=Value(n)) for n, pks in alike.items()), default=Value(len(places)))
