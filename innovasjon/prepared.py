"""A query that Django writes once and asks again with new values.

Writing the SQL of a query with joins costs Django ten times what the database needs to answer it, so the
queries behind the pages that are asked for most are written the first time and kept. Everything else stays
Django's: the rows come as the same objects, with what was selected along and annotated.
"""

import inspect
import threading
from datetime import date, timedelta

from django.db import DEFAULT_DB_ALIAS, connections

# What stands for the values while a query is written; it fits in the smallest number field.
NUMBER, TEXT, DAY = 31_000, "stand-in", date(1801, 1, 1)

LARGEST = {"Int2": 2**15 - 1, "Int4": 2**31 - 1}  # of psycopg's types
LARGEST_OF_ALL = 2**63 - 1


class Prepared:
    """A query with open places: STEPS = Prepared(lambda project, number: Step.objects.filter(…)).

    `STEPS(project=7, number=2)` returns a list. The function may only compare with what it is given, whole
    numbers, texts and days; a value is never None. The shape of the query is the same whatever the values: no
    lists of varying length, no prefetch. A number too large for its column is in no row: an empty list.
    """

    def __init__(self, build):
        self.build = build
        self.names = tuple(inspect.signature(build).parameters)
        self.kept = threading.local()  # a connection belongs to one thread

    def __call__(self, **values) -> list:
        connection = connections[DEFAULT_DB_ALIAS]
        written = getattr(self.kept, "written", None)
        if written is None or written.compiler.connection is not connection:
            written = self.kept.written = Written(self.build, self.stand_ins(values), connection)
        return written.rows(values)

    def stand_ins(self, values: dict) -> list[dict]:
        """Return two of name → what stands for the value, of the same kind and different in all."""
        return [
            {name: stand_in(values[name], n) for n, name in enumerate(self.names, start)}
            for start in (0, len(self.names))
        ]


def stand_in(value, n: int):
    if isinstance(value, date):
        return DAY + timedelta(days=n)
    return f"{TEXT}-{n}" if isinstance(value, str) else NUMBER + n


class Written:
    """A query as SQL for one connection, with the places where the values go."""

    def __init__(self, build, stand_ins: list[dict], connection):
        stand_ins, others = stand_ins
        self.queryset = build(**stand_ins)
        self.compiler = self.queryset.query.get_compiler(connection=connection)
        self.sql, self.parameters = self.compiler.as_sql()
        name_of = {value: name for name, value in stand_ins.items()}
        name_of |= {str(value): name for name, value in stand_ins.items() if isinstance(value, date)}
        # A parameter has its own type: some databases tell long from short numbers by it, some keep days
        # as text.
        self.places = [
            (place, type(parameter), name_of[parameter])
            for place, parameter in enumerate(self.parameters)
            if isinstance(parameter, int | str | date) and parameter in name_of
        ]
        if missing := set(stand_ins) - {name for _place, _type, name in self.places}:
            raise ValueError(f"the query does not use {missing} as they are")
        # Written with other values, it may differ in these places alone: nothing is computed from a value.
        sql, parameters = build(**others).query.get_compiler(connection=connection).as_sql()
        expected = list(self.parameters)
        for place, kind, name in self.places:
            expected[place] = typed(others[name], kind)
        if (sql, list(parameters)) != (self.sql, expected):
            raise ValueError("the query depends on its values in other ways than by comparing with them")
        self.queryset.query.get_compiler = lambda *args, **kwargs: self.compiler
        self.compiler.as_sql = lambda *args, **kwargs: (self.sql, tuple(self.filled))

    def rows(self, values: dict) -> list:
        self.filled = list(self.parameters)
        for place, kind, name in self.places:
            value = values[name]
            if isinstance(value, int) and value > LARGEST.get(kind.__name__, LARGEST_OF_ALL):
                return []
            self.filled[place] = typed(value, kind)
        return list(self.queryset._iterable_class(self.queryset))


def typed(value, kind: type):
    return value if type(value) is kind else kind(value)
