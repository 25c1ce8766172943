"""What the trail says of what comes after the project: audit verb → sentence."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "handover.asked": _("Asked somebody to own «%(target)s»"),
    "benefit_plan.changed": _("Changed the benefit plan"),
    "map_node.added": _("Added «%(target)s» to the benefit map"),
    "map_node.changed": _("Changed «%(target)s» in the benefit map"),
    "map_node.moved": _("Moved «%(target)s» in the benefit map"),
    "map_node.removed": _("Removed «%(target)s» from the benefit map"),
    "supplier_agreement.added": _("Added the agreement «%(target)s»"),
    "supplier_agreement.changed": _("Changed the agreement «%(target)s»"),
    "supplier_agreement.deleted": _("Deleted the agreement «%(target)s»"),
    "delivery.added": _("Added the delivery «%(target)s»"),
    "delivery.changed": _("Changed the delivery «%(target)s»"),
    "delivery.deleted": _("Deleted the delivery «%(target)s»"),
    "supplier_meeting.added": _("Noted a meeting with a supplier: «%(target)s»"),
    "supplier_meeting.changed": _("Changed a meeting with a supplier: «%(target)s»"),
    "measurement_link.sent": _("Sent a link for measuring «%(target)s»"),
    "measurement_link.revoked": _("Closed a measuring link of «%(target)s»"),
}
