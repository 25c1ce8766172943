"""The reporting calendar: which month is told, and when the report is due. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from innovasjon.working_days import nth_working_day


@dataclass(frozen=True, order=True)
class Month:
    """One month of one year; as text «2026-10», as it stands in addresses."""

    year: int
    month: int

    def __str__(self):
        return f"{self.year}-{self.month:02d}"

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> "Month | None":
        """Return the month a text names, or None."""
        match = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", text)
        return cls(int(match[1]), int(match[2])) if match else None

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def next(self) -> "Month":
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def previous(self) -> "Month":
        return Month(self.year - (self.month == 1), (self.month - 2) % 12 + 1)

    @property
    def name(self) -> str:
        """«oktober»."""
        return date_format(self.first, "F")

    @property
    def full_name(self) -> str:
        """«oktober 2026»."""
        return date_format(self.first, "F Y")


def due_on(month: Month, working_day: int) -> date:
    """Return when the report of a month is due: working day n of the month after."""
    return nth_working_day(month.next.year, month.next.month, working_day)


def expected(today: date) -> Month:
    """Return the month whose report is to be written now: the one that ended last."""
    return Month.of(today).previous


def tells(month: Month, *, started_on: date, closed_on: date | None) -> bool:
    """Whether a project was at work in a month, so that it has something to tell."""
    return Month.of(started_on) <= month and (closed_on is None or month <= Month.of(closed_on))
