"""A checkpoint in one line of its step's list, in words: made once here, so that a template only draws it."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from innovasjon.templatetags.innovasjon import short_day
from roadmap.models import ChecklistItem

Status = ChecklistItem.Status
ICONS = {Status.OPEN: "unknown", Status.DONE: "ok", Status.NOT_RELEVANT: "check"}


@dataclass(frozen=True, slots=True)
class ItemRow:
    """What the list tells of a checkpoint."""

    item: ChecklistItem
    url: str
    is_open: bool
    icon: str  # name
    late: str  # «Frist 3. des., forfalt»; "" when it is not
    line: str  # the rest of the line
    reason: str  # why it is not relevant, shortened
    status: str


def item_row(item: ChecklistItem, url: str, today: date) -> ItemRow:
    is_open = item.is_open
    status, late, parts = item.get_status_display(), "", []
    if is_open:
        if item.due_on:
            words = {"day": short_day(item.due_on, today)}
            if item.due_on < today:
                late = _("Due %(day)s, overdue") % words
            else:
                parts.append(_("Due %(day)s") % words)
        if item.responsible_id:
            parts.append(item.responsible.position_or_name)
    elif item.settled_on:
        words = {
            "status": status,
            "day": short_day(item.settled_on, today),
            "who": item.settled_by.short_name,
        }
        parts.append(_("%(status)s %(day)s by %(who)s") % words)
    if links := len(item.links):
        parts.append(ngettext("one link", "%(counter)s links", links) % {"counter": links})
    reason = Truncator(item.reason).chars(160) if item.status == Status.NOT_RELEVANT else ""
    return ItemRow(item, url, is_open, ICONS[item.status], late, " · ".join(parts), reason, status)
