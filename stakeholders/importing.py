"""The register from a spreadsheet: stakeholders, their attitudes, and the next thing planned."""

import re

from django.utils.translation import gettext_lazy, ngettext

from innovasjon.audit import as_stored
from roadmap.importing import Importer, rewrite
from stakeholders.actions import OPEN_FIELDS
from stakeholders.models import Attitude, Channel, Conversation, Measure, Stakeholder, Stance
from stakeholders.resources import RegisterSheet

OWN_FIELDS = (
    "name",
    "person_name",
    "line_role",
    "main_group",
    "detailed_group",
    "reach",
    "how_affected",
    "strongly_affected",
    "influence",
    "interest",
    "involvement",
    "expected_role",
    "information_need",
    "in_advisory_group",
)


class StakeholderImporter(Importer):
    kind = namespace = tab = "stakeholders"
    list_name = "stakeholders:stakeholders"
    file_title = gettext_lazy("Stakeholders")
    known_workbooks = gettext_lazy(
        "Digdir's stakeholder register v4, KommIT's stakeholder analysis, and our own."
    )
    model = Stakeholder
    open_fields = OPEN_FIELDS

    def sheet(self, project):
        return RegisterSheet()

    def counted(self, n):
        return ngettext("%(n)s stakeholder", "%(n)s stakeholders", n) % {"n": n}

    def adjust(self, texts):
        """Part «Kari Nordmann, avdelingsleder» into name and role."""
        person = texts.get("person_name", "")
        if not texts.get("line_role") and (
            match := re.fullmatch(r"([^,;\n]+?)\s*[,;\n]\s*(.+)", person, re.S)
        ):
            texts = texts | {"person_name": type(person)(match[1]), "line_role": match[2].strip()}
        return texts

    def add(self, project, rows, *, today, by):
        """A stakeholder with its first attitude, as when one is added by hand."""
        added = Stakeholder.objects.bulk_create(
            Stakeholder(project=project, **own(values)) for values in rows
        )
        stances, measures = [], []
        for stakeholder, values in zip(added, rows, strict=True):
            first = {"attitude": Attitude.UNKNOWN} | values
            stances += new_stances(stakeholder, first, {}, project.phase, today, by)
            measures += new_measures(stakeholder, values, set(), project.phase)
        return [
            (pk, made | {"is_new": True, "after": own(values)})
            for (pk, made), values in zip(write_children(added, stances, measures), rows, strict=True)
        ]

    def update(self, project, rows, *, today, by):
        """What differs; a changed attitude becomes a new row of its history."""
        pks = [pk for pk, _values in rows]
        stored = project.stakeholders.in_bulk(pks)
        latest = latest_stances(pks)
        planned = set(
            Measure.objects.pending().filter(stakeholder__in=pks).values_list("stakeholder", "what", "on")
        )
        changes, stances, measures = [], [], []
        for pk, values in rows:
            changes.append(rewrite(stored[pk], own(values)))
            stances += new_stances(stored[pk], values, latest, project.phase, today, by)
            measures += new_measures(stored[pk], values, planned, project.phase)
        if any(changes):
            Stakeholder.objects.bulk_update(stored.values(), OWN_FIELDS, batch_size=100)
        written = write_children([stored[pk] for pk in pks], stances, measures)
        return [
            {"is_new": False, "before": {}, "after": {}} | made | (change or {})
            if change or made["stances"] or made["measures"]
            else None
            for change, (_pk, made) in zip(changes, written, strict=True)
        ]

    def undo(self, project, rows):
        """Take back what nobody has built on: no later talk, attitude, plan or change."""
        pks = [pk for pk, _trace in rows]
        stored = project.stakeholders.select_for_update().in_bulk(pks)
        built_on = later_than(pks, dict(rows))
        doomed, restored, stances, measures, kept = [], [], [], [], 0
        for pk, trace in rows:
            if pk not in stored:
                continue
            row = stored[pk]
            if pk in built_on or any(as_stored(getattr(row, n)) != v for n, v in trace["after"].items()):
                kept += 1
                continue
            if trace["is_new"]:
                doomed.append(pk)
            else:
                for name, value in trace["before"].items():
                    setattr(row, name, value)
                restored.append(row)
                stances += trace["stances"]
                measures += trace["measures"]
        Stance.objects.filter(pk__in=stances).delete()
        Measure.objects.filter(pk__in=measures).delete()
        project.stakeholders.filter(pk__in=doomed).delete()
        Stakeholder.objects.bulk_update(restored, OWN_FIELDS, batch_size=100)
        return kept


def own(values) -> dict:
    return {name: values[name] for name in OWN_FIELDS if name in values}


def latest_stances(pks) -> dict[tuple[int, str], Stance]:
    stances = Stance.objects.filter(stakeholder__in=pks).newest_last()
    return {(stance.stakeholder_id, stance.kind): stance for stance in stances}


def new_stances(stakeholder, values, latest, phase, today, by) -> list[Stance]:
    """Return the attitudes that differ from the latest; what nobody has confirmed is assumed."""
    found = []
    for kind, field in ((Stance.Kind.NOW, "attitude"), (Stance.Kind.WANTED, "wanted")):
        last = latest.get((stakeholder.pk, kind))
        attitude = values.get(field) or (last.attitude if last else "")
        source = values.get("source") if kind == Stance.Kind.NOW else ""
        if not source:
            source = last.source if last and last.attitude == attitude else Stance.Source.ASSUMED
        if not attitude or (last and (last.attitude, last.source) == (attitude, source)):
            continue
        on = values.get("attitude_on", today) if kind == Stance.Kind.NOW else today
        if last and on < last.on:
            on = today
        found.append(
            Stance(
                stakeholder=stakeholder,
                kind=kind,
                attitude=attitude,
                source=source,
                on=on,
                phase=phase,
                by=by,
            )
        )
    return found


def new_measures(stakeholder, values, planned, phase) -> list[Measure]:
    what, on = values.get("next_what"), values.get("next_on")
    if not what or (stakeholder.pk, what, on) in planned:
        return []
    return [Measure(stakeholder=stakeholder, what=what, on=on, channel=Channel.OTHER, phase=phase)]


def write_children(stakeholders, stances, measures) -> list[tuple[int, dict]]:
    """Write attitudes and plans; return the id of each stakeholder and which came with it."""
    made = {s.pk: {"stances": [], "measures": []} for s in stakeholders}
    for stance in Stance.objects.bulk_create(stances):
        made[stance.stakeholder_id]["stances"].append(stance.pk)
    for measure in Measure.objects.bulk_create(measures):
        made[measure.stakeholder_id]["measures"].append(measure.pk)
    return [(s.pk, made[s.pk]) for s in stakeholders]


def later_than(pks, traces) -> set[int]:
    """Return the stakeholders somebody has talked with, planned with or judged since they came."""
    found = set()
    for pk, stakeholder in Stance.objects.filter(stakeholder__in=pks).values_list("pk", "stakeholder"):
        mine = traces[stakeholder]["stances"]
        if pk not in mine and (traces[stakeholder]["is_new"] or (mine and pk > max(mine))):
            found.add(stakeholder)
    plans = Measure.objects.filter(stakeholder__in=pks).values_list("pk", "stakeholder", "status")
    for pk, stakeholder, status in plans:
        is_mine = pk in traces[stakeholder]["measures"]
        if (is_mine and status != Measure.Status.NOT_STARTED) or (
            not is_mine and traces[stakeholder]["is_new"]
        ):
            found.add(stakeholder)
    new = [pk for pk in pks if traces[pk]["is_new"]]
    talked = Conversation.objects.filter(stakeholder__in=new).values_list("stakeholder", flat=True)
    return found | set(talked)
