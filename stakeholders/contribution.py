"""What the stakeholder register adds to a project's pages and to what a gate freezes.

Everything here is of groups alone: attitudes to named persons never leave the core team.
"""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roadmap.contributions import Contribution, Figure
from stakeholders import team_facts, wording
from stakeholders.models import Attitude, Channel, Degree, Involvement, MainGroup, Measure, Stance
from stakeholders.register import register_for_documents, registers_led_by

SOON = timedelta(days=14)


class StakeholdersContribution(Contribution):
    name = "stakeholders"
    tools = {"Forankringsverktøy": "stakeholders:stakeholders"}
    sentences = {
        "stakeholder.added": gettext_lazy("Added the stakeholder «%(target)s»"),
        "stakeholder.changed": gettext_lazy("Changed the stakeholder «%(target)s»"),
        "stakeholder.deleted": gettext_lazy("Deleted the stakeholder «%(target)s»"),
        "conversation.noted": gettext_lazy("Noted a talk with «%(target)s»"),
        "measure.planned": gettext_lazy("Planned «%(target)s»"),
        "measure.changed": gettext_lazy("Changed the plan «%(target)s»"),
        "measure.deleted": gettext_lazy("Took «%(target)s» out of the plan"),
        "advisory_meeting.noted": gettext_lazy("Noted a meeting of the advisory group: «%(target)s»"),
        "advisory_input.added": gettext_lazy("Added input from the advisory group: «%(target)s»"),
        "advisory_input.changed": gettext_lazy("Changed input from the advisory group: «%(target)s»"),
        "responsibility.added": gettext_lazy("Added «%(target)s» to the responsibility matrix"),
        "responsibility.changed": gettext_lazy("Changed «%(target)s» in the responsibility matrix"),
        "responsibility.removed": gettext_lazy("Removed «%(target)s» from the responsibility matrix"),
        "stakeholders.reviewed": gettext_lazy("Reviewed the stakeholder register"),
        "persons.forgotten": gettext_lazy("Forgot the named persons of the register; the time is over"),
    }
    field_labels = {
        "attitude": gettext_lazy("Attitude"),
        "main_group": gettext_lazy("Main group"),
        "influence": gettext_lazy("Influence"),
        "interest": gettext_lazy("Interest"),
        "involvement": gettext_lazy("How do they take part?"),
        "strongly_affected": gettext_lazy("They are strongly affected"),
        "accountable": gettext_lazy("Accountable (A)"),
        "text": gettext_lazy("What did the group say?"),
        "decision": gettext_lazy("What was decided because of it?"),
        "what": gettext_lazy("What do we do?"),
        "channel": gettext_lazy("How?"),
        "on": gettext_lazy("When?"),
    }
    choices = {
        "attitude": dict(Attitude.choices),
        "main_group": dict(MainGroup.choices),
        "involvement": dict(Involvement.choices),
        "influence": {str(value): label for value, label in Degree.choices},
        "interest": {str(value): label for value, label in Degree.choices},
        "channel": dict(Channel.choices),
        "status": dict(Measure.Status.choices),
    }

    def notices(self, project, today):
        register = register_for_documents(project, today)
        return [
            wording.gap_text(gap, project, today)
            for gap in register.gaps
            if gap.kind in ("contact", "meeting")
        ]

    def fact(self, project, key):
        if key in team_facts.FACTS:
            return team_facts.FACTS[key](register_for_documents(project, timezone.localdate()).rows)
        if not key.startswith("1.4"):
            return None
        today = timezone.localdate()
        return wording.facts(register_for_documents(project, today), today).get(key)

    def changes(self, project, since):
        """Attitudes of groups that turned since a moment. One query, whatever the register's size."""
        day_of = timezone.localdate(since)
        histories: dict[int, list[Stance]] = {}
        stances = Stance.objects.of_groups().filter(stakeholder__project=project, kind=Stance.Kind.NOW)
        for stance in stances.select_related("stakeholder").newest_last():
            histories.setdefault(stance.stakeholder_id, []).append(stance)
        turns = []
        for history in histories.values():
            earlier = [stance for stance in history if stance.on < day_of]
            before, now = earlier[-1] if earlier else history[0], history[-1]
            if before.attitude != now.attitude:
                turns.append(wording.turn(before, now))
        return turns

    def basis(self, project):
        """Groups with influence, interest, attitude and what is planned; no word about named persons."""
        rows = register_for_documents(project, timezone.localdate()).rows
        return {"stakeholders": [self.row(row) for row in rows]} if rows else {}

    def row(self, row):
        return {
            "name": row.stakeholder.name,
            "main_group": row.stakeholder.main_group,
            "influence": row.stakeholder.influence,
            "interest": row.stakeholder.interest,
            "attitude": row.attitude,
            "source": row.source,
            "involvement": row.stakeholder.involvement,
            "next_on": row.next_on,
            "next_what": row.next_what,
        }

    def tasks(self, user, municipality, today):
        """Gaps for the leader who closes them, and what is planned with me in the next two weeks."""
        registers = registers_led_by(user, municipality, today)
        found = [
            wording.gap_task(gap, register, today)
            for register in registers
            for gap in register.gaps
            if gap.kind != "group"
        ]
        return found + [
            wording.measure_task(measure, user, today)
            for measure in Measure.objects.waiting_for(user, municipality, today + SOON)
        ]

    def figures(self, project, today):
        register = register_for_documents(project, today)
        if not register.rows:
            return []
        gaps = len(register.gaps)
        return [
            Figure(
                label=_("Stakeholders"),
                value=str(len(register.rows)),
                detail=wording.gaps_headline(gaps) if gaps else _("No gaps in the anchoring right now."),
            )
        ]
