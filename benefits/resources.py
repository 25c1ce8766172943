"""Benefits as spreadsheets: one project's, and those of a budget year. The same figures as on the page."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from benefits import wording
from benefits.sheets import BENEFIT_COLUMNS
from innovasjon.spreadsheets import Sheet


def of_main(function):
    """Make a column of the main indicator; empty where there is none."""
    return lambda figure: function(figure.main) if figure.main else None


def plain(value):
    """A number as the spreadsheet keeps it: whole when it is whole."""
    if value is None:
        return None
    rounded = Decimal(value).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return int(rounded) if rounded == int(rounded) else float(rounded)


def whole(value):
    """Kroner and hours without their decimals, as the pages show them."""
    return None if value is None else int(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP))


class BenefitSheet(Sheet):
    """One row for each benefit: what is read again, and then what its main indicator tells."""

    columns = (
        (_("Code"), lambda f: f.benefit.code),
        *BENEFIT_COLUMNS,
        (_("Indicator"), of_main(lambda i: i.indicator.name)),
        (_("Unit"), of_main(lambda i: str(i.indicator.unit_in_words))),
        (_("Baseline"), of_main(lambda i: plain(i.baseline))),
        (_("Baseline measured on"), of_main(lambda i: i.indicator.baseline_on)),
        (_("Last value"), of_main(lambda i: plain(i.latest.value) if i.latest else None)),
        (_("Last measured on"), of_main(lambda i: i.latest.on if i.latest else None)),
        (_("Expected then"), of_main(lambda i: plain(i.latest.expected) if i.latest else None)),
        (_("Target"), of_main(lambda i: plain(i.target))),
        (_("Target date"), of_main(lambda i: i.indicator.target_on)),
        (_("So far (share)"), of_main(lambda i: plain(i.attainment))),
        (_("Standing"), lambda f: wording.standing(f.state).label),
        (_("Next measurement"), lambda f: f.next_due_on),
    )


class BudgetSheet(Sheet):
    """One row for each benefit of a budget year: planned and realised, each in its own unit."""

    def __init__(self, year, claimed=()):
        super().__init__()
        self.year, self.claimed = year, claimed

    @property
    def columns(self):
        def in_year(name):
            return lambda f: whole(getattr(f.in_year(self.year), name))

        return (
            (_("Project"), lambda f: f.benefit.project.name),
            (_("Area"), lambda f: f.benefit.project.area),
            (_("Code"), lambda f: f.benefit.code),
            (_("Benefit"), lambda f: f.benefit.name),
            (_("Type"), lambda f: str(f.benefit.get_type_display())),
            (_("Unit"), lambda f: str(wording.kind_unit(f.benefit.type))),
            (_("Budget year"), lambda f: self.year),
            (_("Planned"), in_year("planned")),
            (_("Planned by today"), in_year("planned_to_date")),
            (_("Realised"), in_year("realised")),
            (_("Money out of the budget"), lambda f: str(wording.yes_no(f.benefit.is_cash))),
            (_("In the budget already"), lambda f: str(wording.yes_no(f.benefit.in_budget))),
            (_("Goal in the plan"), lambda f: f.benefit.plan_goal),
            (_("Claimed by another too"), lambda f: str(wording.yes_no((f.kind, f.claim) in self.claimed))),
        )
