"""The plan as a spreadsheet."""

from django.utils.translation import gettext_lazy as _

from innovasjon.spreadsheets import Sheet


class ActivitySheet(Sheet):
    """One row an activity. Reads `plan.Row`, as the page and the PDF do."""

    columns = (
        (_("What is to be done?"), lambda row: row.activity.name),
        (_("Kind"), lambda row: row.activity.get_kind_display()),
        (_("Phase"), lambda row: row.activity.phase),
        (_("Step"), lambda row: row.activity.step.key if row.activity.step else ""),
        (
            _("Responsible"),
            lambda row: row.activity.responsible.position_or_name if row.activity.responsible else "",
        ),
        (_("Who takes part?"), lambda row: ", ".join(row.participants)),
        (_("Start"), lambda row: row.activity.starts_on),
        (_("End"), lambda row: row.activity.ends_on),
        (_("Working days"), lambda row: row.working_days),
        (_("Status"), lambda row: row.activity.get_status_display()),
        (_("Days late"), lambda row: row.days_late),
        (_("Waits for"), lambda row: ", ".join(row.waits_for)),
        (_("Which unit is affected?"), lambda row: row.activity.unit),
    )
