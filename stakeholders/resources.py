"""The stakeholder register as a spreadsheet; of groups alone, named persons are left out."""

from django.utils.translation import gettext_lazy as _

from innovasjon.spreadsheets import Sheet
from stakeholders.models import Attitude, Stance


class RegisterSheet(Sheet):
    """One row a group. Reads `gaps.Row`, as the page and the report do."""

    columns = (
        (_("Stakeholder"), lambda row: row.stakeholder.name),
        (_("Main group"), lambda row: row.stakeholder.get_main_group_display()),
        (_("Detailed group"), lambda row: row.stakeholder.get_detailed_group_display()),
        (_("Level"), lambda row: row.stakeholder.get_reach_display()),
        (_("How are they affected?"), lambda row: row.stakeholder.how_affected),
        (_("Influence"), lambda row: row.stakeholder.get_influence_display()),
        (_("Interest"), lambda row: row.stakeholder.get_interest_display()),
        (_("Attitude now"), lambda row: Attitude(row.attitude).label),
        (_("How do we know?"), lambda row: Stance.Source(row.source).label if row.source else ""),
        (_("Attitude since"), lambda row: row.attitude_on),
        (_("How do they take part?"), lambda row: row.stakeholder.get_involvement_display()),
        (_("Expected role in the implementation"), lambda row: row.stakeholder.expected_role),
        (_("What do they need to know?"), lambda row: row.stakeholder.information_need),
        (_("Last talk"), lambda row: row.last_contact_on),
        (_("Next contact"), lambda row: row.next_what),
        (_("When"), lambda row: row.next_on),
    )
