"""What benefits are planned to give year by year, as a spreadsheet: our own, KommIT's and Digdir's.

KommIT («KONSEPT - Gevinstanalyse») has the years in a second row of headings and counts time in
årsverk; Digdir («C- Prissatte netto gevinster») numbers its years from 1 and counts in thousand kroner.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from benefits.models import BenefitType, HourRate
from benefits.sheets import BENEFIT_COLUMNS, BenefitsIn
from innovasjon.spreadsheets import Amount, Checked, Choice, Column
from innovasjon.spreadsheets.cells import fold

MOST_YEARS = 10  # Source: DG
AMOUNTS = [f"amount_{number}" for number in range(1, MOST_YEARS + 1)]
YEARS = [(str(year), str(year)) for year in range(2015, 2061)]
YEAR = re.compile(r"(?:^|\s)(?:år|(?:år\s*)?((?:19|20)\d\d))$", re.IGNORECASE)  # ends a heading
DIGDIR = "sumoverheletiltaketslevetid"
THOUSAND = 1000


class AmountsIn(models.TextChoices):
    """What the amounts of a sheet are counted in, for money and for time."""

    HOURS = "hours", _("Kroner, and hours for time")
    FTE = "fte", _("Kroner, and full-time equivalents for time")
    THOUSANDS = "thousands", _("Thousand kroner, and hours for time")


def planned(figure) -> dict[int, Decimal]:
    """Return year → what a benefit is planned to give."""
    return {year.year: year.gross for year in figure.years if year.gross is not None}


def first_year(figure) -> int | None:
    return min(planned(figure), default=None)


def amount_of(place: int):
    """Make a column's value: what is planned so many years after the first."""

    def value(figure):
        years = planned(figure)
        return years.get(min(years) + place) if years else None

    return value


class AmountSheet(BenefitsIn):
    """One row for each benefit: its type, its importance, and what is planned for up to ten years."""

    columns = (
        *(column for column in BENEFIT_COLUMNS if column.name in ("name", "type", "importance")),
        Column("amounts_in", _("The amounts are in"), Choice(AmountsIn), value=lambda _f: AmountsIn.HOURS),
        Column(
            "first_year", _("The first year"), Choice(YEARS), value=lambda f: min(planned(f), default=None)
        ),
        *(
            Column(
                name,
                format_lazy(_("Amount of year {number}"), number=number),
                Amount(),
                value=amount_of(number - 1),
            )
            for number, name in enumerate(AMOUNTS, 1)
        ),
    )

    def __init__(self, project=None, **kwargs):
        super().__init__(project, **kwargs)
        self.project = project
        self._types = self._rates = None

    # -------------------------------------------------------------- the headings

    def match(self, headings: Sequence[str]) -> dict[str, Any]:
        """Find the columns of years by their years, and say what the amounts are in."""
        found = super().match(headings)
        if any(name in found for name in AMOUNTS):
            return found
        if DIGDIR in map(fold, headings) and (numbered := numbered_years(headings)):
            return {"name": numbered.pop(0), "amounts_in": {"value": AmountsIn.THOUSANDS}} | dict(
                zip(AMOUNTS, numbered, strict=False)
            )
        years = [
            (place, match[1]) for place, text in enumerate(headings) if text and (match := YEAR.search(text))
        ]
        if len(years) < 2:
            return found
        first = min((int(year) for _place, year in years if year), default=None)
        for order, (place, year) in enumerate(years):
            number = int(year) - first if year else order
            if number < MOST_YEARS:
                found[AMOUNTS[number]] = place
        if first:
            found["first_year"] = {"value": str(first)}
        in_fte = any("årsverk" in headings[place].casefold() for place, _year in years)
        found["amounts_in"] = {"value": AmountsIn.FTE if in_fte else AmountsIn.HOURS}
        return found

    # -------------------------------------------------------------- the rows

    def check(self, texts: Mapping[str, str]) -> Checked:
        """Gather the amounts as `years`: year → kroner, or hours where the benefit saves time."""
        checked = super().check(texts)
        values, errors = checked.values, checked.errors
        first, counted = values.pop("first_year", None), values.pop("amounts_in", AmountsIn.HOURS)
        amounts = {place: values.pop(name) for place, name in enumerate(AMOUNTS) if name in values}
        if not any(amounts.values()):
            return checked
        kind = values.get("type") or self.types.get(fold(values.get("name", "")), BenefitType.AVOIDED_COST)
        if kind == BenefitType.QUALITY:
            errors["type"] = gettext(
                "Quality is counted, not summed. Take away the amounts, or change the type."
            )
        elif first is None:
            errors.setdefault("first_year", gettext("Choose the year of the first amount."))
        else:
            values.setdefault("type", kind)
            values["years"] = {
                int(first) + place: self.in_own_unit(amount, kind, counted, int(first) + place, errors)
                for place, amount in amounts.items()
            }
        return checked

    def in_own_unit(self, amount, kind, counted, year, errors):
        """Return kroner, or hours for time. Without a rate an årsverk is no number of hours."""
        if kind == BenefitType.AVOIDED_COST:
            return amount * THOUSAND if counted == AmountsIn.THOUSANDS else amount
        if counted != AmountsIn.FTE:
            return amount
        rates = [rate for rate in self.rates if rate.year <= year] or self.rates[:1]
        if not rates:
            errors["amounts_in"] = gettext(
                "The municipality has no hours per full-time equivalent yet. Set it, or write hours."
            )
            return None
        return amount * rates[-1].hours_per_fte

    @property
    def types(self) -> dict[str, str]:
        """Return folded name → type of the benefits that are there; asked for once."""
        if self._types is None:
            found = self.project.benefits.in_order().reverse().values_list("name", "type")
            self._types = {fold(name): kind for name, kind in found}
        return self._types

    @property
    def rates(self) -> list[HourRate]:
        """Return the municipality's rates, the oldest first; asked for once."""
        if self._rates is None:
            self._rates = list(HourRate.objects.of(self.project.municipality_id).order_by("year"))
        return self._rates


def numbered_years(headings: Sequence[str]) -> list[int]:
    """Return the places of the names and of the years 1, 2, 3 …, where years are numbered."""
    places = [place for place, text in enumerate(headings) if text.isdigit()]
    numbers = [int(headings[place]) for place in places]
    if len(numbers) < 2 or numbers != list(range(1, len(numbers) + 1)) or places[0] == 0:
        return []
    return [places[0] - 1, *places]
