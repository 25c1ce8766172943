"""Projects as a spreadsheet."""

from django.utils.translation import gettext_lazy as _

from innovasjon.spreadsheets import Sheet


class ProjectSheet(Sheet):
    """The project list's rows, with real dates and numbers."""

    columns = (
        (_("Project"), lambda row: row["project"].name),
        (_("Area"), lambda row: row["project"].area),
        (_("Phase"), lambda row: row["phase_name"]),
        (_("Phase no."), lambda row: row["project"].phase),
        (_("Settled"), lambda row: row["count"].settled),
        (_("Checkpoints"), lambda row: row["count"].total),
        (_("Condition"), lambda row: row["project"].get_condition_display()),
        (_("Reason for the condition"), lambda row: row["project"].condition_reason),
        (_("Next gate meeting"), lambda row: row["next_gate_on"]),
        (_("Project owner"), lambda row: row["owner"]),
        (_("Case reference"), lambda row: row["project"].case_reference),
    )
