"""What the register of groups answers of the checkpoints about the team, 1.3f, 1.3h and 1.3i."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmap.contributions import Fact
from stakeholders.models import DetailedGroup, Involvement, MainGroup

UNION = re.compile(r"tillitsval|verneomb|fagforening", re.IGNORECASE)
MOST = 3  # groups named in one line


def named(rows) -> str:
    names = [row.stakeholder.name for row in rows]
    more = len(names) - MOST
    return ", ".join(names[:MOST]) + (_(" and %(n)s more") % {"n": more} if more > 0 else "")


def voices_of_users(rows) -> Fact:
    """Whether users or relatives take active part, or sit in the advisory group."""
    found = [
        row
        for row in rows
        if row.stakeholder.main_group in (MainGroup.USER, MainGroup.RELATIVE)
        and (row.stakeholder.involvement == Involvement.ACTIVE or row.stakeholder.in_advisory_group)
    ]
    if not found:
        return Fact(_("No users or relatives take active part yet"), False)
    return Fact(_("With the voice of: %(groups)s") % {"groups": named(found)}, True)


def meetings_ahead(rows) -> Fact:
    """How many groups have a meeting ahead. The team's own meetings are in no register."""
    n = sum(1 for row in rows if row.meeting_planned)
    text = ngettext("%(n)s group has a meeting ahead", "%(n)s groups have a meeting ahead", n) % {"n": n}
    return Fact(text, False)


def unions(rows) -> Fact:
    """Whether it is decided how employee representatives take part; «not now» is a decision too."""
    found = [
        row
        for row in rows
        if row.stakeholder.detailed_group == DetailedGroup.UNION or UNION.search(row.stakeholder.name)
    ]
    if not found:
        return Fact(_("No employee representative or safety representative is in the register"), False)
    told = [
        f"{row.stakeholder.name}: {Involvement(row.stakeholder.involvement).label.lower()}"
        if row.stakeholder.involvement
        else _("%(group)s: not decided") % {"group": row.stakeholder.name}
        for row in found[:MOST]
    ]
    return Fact(", ".join(told), all(row.stakeholder.involvement for row in found))


FACTS = {"1.3f": voices_of_users, "1.3h": meetings_ahead, "1.3i": unions}
