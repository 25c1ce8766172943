"""A plan from a spreadsheet: its activities. What waits for what, and who takes part, are set by hand."""

from collections import Counter

from django.db.models import Max
from django.utils.translation import gettext_lazy, ngettext

from roadmap.importing import Importer, rewrite
from roadmap.models import Activity
from roadmap.plan_resources import ActivitySheet


class ActivityImporter(Importer):
    """Rows with the same name are the same activity. Without a phase a new one comes into the current."""

    kind = "activities"
    namespace = "roadmap:plan"
    tab = "plan"
    list_name = "roadmap:plan"
    file_title = gettext_lazy("Plan")
    model = Activity
    open_fields = ("name", "phase", "kind", "starts_on", "ends_on", "status", "unit")

    def sheet(self, project):
        return ActivitySheet(project)

    def counted(self, n):
        return ngettext("%(n)s activity", "%(n)s activities", n) % {"n": n}

    def add(self, project, rows, *, today, by):
        stored = project.activities.values_list("phase").annotate(last=Max("position")).order_by()
        last = Counter(dict(stored))
        added = []
        for values in rows:
            activity = Activity(project=project, **{"phase": project.phase} | values)
            activity.tidy()
            last[activity.phase] += 1
            activity.position = last[activity.phase]
            added.append(activity)
        Activity.objects.bulk_create(added)
        return [
            (activity.pk, {"after": {name: getattr(activity, name) for name in values}})
            for activity, values in zip(added, rows, strict=True)
        ]

    def update(self, project, rows, *, today, by):
        """What differs. A sheet with one date only moves the other one along when it must."""
        stored = project.activities.in_bulk([pk for pk, _values in rows])
        traces = [rewrite(stored[pk], tidied(stored[pk], values)) for pk, values in rows]
        names = {name for trace in traces if trace for name in trace["after"]}
        if names:
            for activity in stored.values():
                activity.tidy()
            Activity.objects.bulk_update(stored.values(), sorted(names | {"unit_key"}))
        return traces


def tidied(activity: Activity, values: dict) -> dict:
    """Return a row's values as the activity would have them after it is saved."""
    whole = Activity(**{name: getattr(activity, name) for name in ("kind", "starts_on", "ends_on", "unit")})
    for name in values:
        setattr(whole, name, values[name])
    if whole.starts_on and whole.ends_on and whole.ends_on < whole.starts_on:
        if "ends_on" in values:
            whole.starts_on = whole.ends_on
        else:
            whole.ends_on = whole.starts_on
    whole.tidy()
    return values | {name: getattr(whole, name) for name in ("starts_on", "ends_on", "unit")}
