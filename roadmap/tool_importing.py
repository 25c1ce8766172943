"""Deliverables, risks, the project's log and the related projects from a spreadsheet."""

from django.utils.translation import gettext_lazy, ngettext

from roadmap.importing import Importer
from roadmap.models import Deliverable, LogEntry, RelatedProject, Risk
from roadmap.tool_sheets import DeliverableSheet, LogSheet, RelatedSheet, RiskSheet


class DeliverableImporter(Importer):
    """A new one without a phase comes into the current."""

    kind, namespace, tab = "deliverables", "roadmap:deliverables", "plan"
    list_name = "roadmap:plan"
    file_title = gettext_lazy("Deliverables")
    model = Deliverable
    open_fields = ("name", "phase", "acceptance", "due_on", "status")

    def sheet(self, project):
        return DeliverableSheet(project)

    def counted(self, n):
        return ngettext("%(n)s deliverable", "%(n)s deliverables", n) % {"n": n}

    def add(self, project, rows, *, today, by):
        rows = [{"phase": project.phase} | values for values in rows]
        return super().add(project, rows, today=today, by=by)


class RiskImporter(Importer):
    kind, namespace, tab = "risks", "roadmap:risks_in", "plan"
    list_name = "roadmap:risks"
    file_title = gettext_lazy("Risks and opportunities")
    model = Risk
    key_field = "event"
    open_fields = (
        "event",
        "likelihood",
        "consequence",
        "action",
        "due_on",
        "likelihood_after",
        "consequence_after",
        "status",
    )

    def sheet(self, project):
        return RiskSheet(project)

    def counted(self, n):
        return ngettext("%(n)s risk", "%(n)s risks", n) % {"n": n}


class LogImporter(Importer):
    """Entries of the same day with the same text are the same. Whoever brings one in has written it."""

    kind, namespace, tab = "log", "roadmap:log_in", "plan"
    list_name = "roadmap:project_log"
    file_title = gettext_lazy("Project log")
    model = LogEntry
    key_field = "text"
    open_fields = ("on", "kind", "text", "for_experience_log", "lesson")

    def sheet(self, project):
        return LogSheet(project)

    def counted(self, n):
        return ngettext("%(n)s entry", "%(n)s entries", n) % {"n": n}

    def key(self, values):
        return f"{values['on']} {super().key(values)}"[:200]

    def twins(self, project):
        rows = project.log.values("pk", "on", "text").order_by("-pk")
        return {self.key(row): row["pk"] for row in rows}

    def add(self, project, rows, *, today, by):
        added = LogEntry.objects.bulk_create(LogEntry(project=project, by=by, **values) for values in rows)
        return [(new.pk, {"after": values}) for new, values in zip(added, rows, strict=True)]


class RelatedImporter(Importer):
    kind, namespace, tab = "related", "roadmap:related_in", "plan"
    list_name = "roadmap:related"
    file_title = gettext_lazy("Related projects")
    model = RelatedProject
    key_field = "title"
    open_fields = ("title", "who", "status", "contacted_on", "found", "reuse", "coordination")

    def sheet(self, project):
        return RelatedSheet(project)

    def counted(self, n):
        return ngettext("%(n)s related project", "%(n)s related projects", n) % {"n": n}
