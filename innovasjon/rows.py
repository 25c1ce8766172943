"""A child table's rows as one JSON text on each parent row, so that a list of parents costs one query."""

import json
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.db.models import Count, IntegerField, Subquery, TextField
from django.db.models.functions import Coalesce

THOUSANDTH = Decimal("0.001")
DECODER = json.JSONDecoder(parse_float=Decimal)
EXACT = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal)


class Rows(Subquery):
    """The rows of a subquery as JSON: [[…], …], each with the named columns in order.

    The subquery is `….order_by(…).values(*columns)`. Read the text with `read`.
    """

    output_field = TextField()

    def __init__(self, queryset, *columns, **extra):
        self.columns = columns
        super().__init__(queryset.values(*columns), output_field=TextField(), **extra)

    def as_sql(self, compiler, connection, template=None, **context):
        columns = ", ".join(f"u.{connection.ops.quote_name(name)}" for name in self.columns)
        gathered = (
            f"json_agg(json_build_array({columns}))::text"
            if connection.vendor == "postgresql"
            else f"json_group_array(json_array({columns}))"
        )
        template = f"(SELECT {gathered} FROM (%(subquery)s) u)"  # noqa: S608  names of our own columns
        return super().as_sql(compiler, connection, template=template, **context)


def how_many(queryset, parent: str):
    """Return how many rows of a child table each row of an outer query has, none as 0.

    The queryset is filtered by OuterRef; `parent` is the path from the child to what it is filtered by.
    """
    counted = queryset.order_by().values(parent).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def read(text: str | None) -> list[list]:
    """Return the rows of a `Rows` text. Broken numbers come as Decimal, dates still as text."""
    return DECODER.decode(text) if text and text != "[]" else []


def exact(text: str | None) -> list[list]:
    """Return the rows of a `Rows` text with every number as Decimal, those of keys too."""
    return EXACT.raw_decode(text)[0] if text and text != "[]" else []


def number(value) -> Decimal | None:
    """Return a number of a row, as the column keeps it: with three decimals."""
    return None if value is None else Decimal(value).quantize(THOUSANDTH)


@lru_cache(maxsize=10_000)
def day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
