"""Status reports: the project's list, the draft, publishing, and what was said then."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from innovasjon.access import Permission
from reports import actions, calendar, materials
from reports.forms.reports import DraftForm, TodayForm
from reports.models import StatusReport
from reports.status_reports.compare import compared
from reports.status_reports.data import condition_label, revive
from reports.status_reports.drafts import draft_of
from reports.status_reports.overview import latest_editions, missing_month
from reports.summaries import project_summary
from reports.views.documents import ask_for
from roadmap import answers
from roadmap.access import project_for
from roadmap.models import Condition
from roadmap.views.autosave import conflict_answer, conflict_told, page_that_saves, told_to_script
from roadmap.views.project import page

TAB = "reports"
TEXTS = ("condition_reason", "happened", "ask", "correction")  # two of them can be joined
FIELD_IN_SENTENCE = {
    "condition": gettext_lazy("how it is going"),
    "condition_reason": gettext_lazy("why it is going so"),
    "headline": gettext_lazy("the most important sentence"),
    "happened": gettext_lazy("what has happened"),
    "ask": gettext_lazy("what you need from the project owner"),
    "correction": gettext_lazy("what is corrected"),
}


def report_of(project, month) -> StatusReport:
    """Return the project's report of a month, with the project on it.

    Raises Http404 when there is none.
    """
    found = get_object_or_404(project.status_reports, year=month.year, month=month.month)
    found.project = project
    return found


def editions_of(report):
    """Return the editions, the latest first, with the project on them."""
    found = list(
        report.editions.select_related("document", "archive_document", "published_by").order_by("-version")
    )
    for edition in found:
        edition.report = report
    return found


@require_safe
def status_reports(request, slug):
    """What did we say then? By year, the latest first; and what is to be written now."""
    project = project_for(request, slug, Permission.VIEW)
    since = timezone.localdate() - materials.A_MONTH
    return reports_page(request, project, TodayForm(initial={"siden": since}))


@require_safe
def today_pdf(request, slug):
    """The project as it is today, with the trail since a day. An unreadable day is asked for again."""
    project = project_for(request, slug, Permission.VIEW)
    now = timezone.now()
    since = (timezone.localdate(now) - materials.A_MONTH).isoformat()
    form = TodayForm(request.GET if "siden" in request.GET else {"siden": since, **request.GET.dict()})
    if not form.is_valid():
        return reports_page(request, project, form, status=422)
    data = materials.report_of_today(project, since=form.cleaned_data["siden"], now=now)
    name = f"prosjektet-i-dag-{slug}.pdf"
    back = reverse("reports:status_reports", args=[slug])
    return ask_for(
        request, project, kind="status_report", data=data, name=name, back=back, variant=form.variant
    )


def reports_page(request, project, form, status=200):
    today = timezone.localdate()
    published = latest_editions(project, with_readings=True)
    drafts = list(project.status_reports.exclude(open_version=None).order_by("-year", "-month"))
    missing = missing_month(project, [e.report for e in published], today)
    this_month = calendar.Month.of(today)
    begun = {report.period for report in [*drafts, *(e.report for e in published)]}
    return render(
        request,
        "reports/status_reports.html",
        {
            **page(project, TAB),
            "years": [(year, list(found)) for year, found in groupby(published, key=lambda e: e.report.year)],
            "drafts": drafts if project.can.edit else [],
            "missing": missing,
            "missing_draft": missing and project.can.edit and any(d.period == missing.month for d in drafts),
            "this_month": None if this_month in begun or project.is_closed else this_month,
            "today": today,
            "form": form,
            "page_has_errors": form.is_bound and bool(form.errors),
        },
        status=status,
    )


@require_POST
def start(request, slug):
    project = project_for(request, slug, Permission.MANAGE)
    month = calendar.Month.read(request.POST.get("month", ""))
    today = timezone.localdate()
    if (
        month is None
        or month > calendar.Month.of(today)
        or not calendar.tells(month, started_on=project.started_on, closed_on=project.closed_on)
    ):
        messages.error(request, _("There is nothing to tell of that month."))
        return redirect("reports:status_reports", slug)
    report = actions.start_report(project=project, month=month, by=request.user)
    return redirect("reports:report", slug, report.period)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request, slug, month):
    """The draft to those who write it; to all others what is published of the month."""
    project = project_for(request, slug, Permission.MANAGE if request.method == "POST" else Permission.VIEW)
    if request.method == "POST":
        return save(request, project, month)
    found = report_of(project, month)
    if found.is_draft and project.can.edit and "utgave" not in request.GET:
        return draft_page(request, project, found)
    return published_page(request, project, found)


def draft_page(request, project, report, data=None, *, problems=None, conflicts=(), status=200):
    """Answer with the draft, as it is stored or with what was sent; `problems`: field → what to mend."""
    today = timezone.localdate()
    draft = draft_of(report, today)
    form = DraftForm(data, report=report, draft=draft)
    if form.is_bound:
        form.full_clean()
    for name, text in (problems or {}).items():
        form.add_error(name, text)
    due = calendar.due_on(report.period, project.municipality.report_working_day)
    return page_that_saves(
        request,
        "reports/draft.html",
        {
            **page(project, TAB),
            "draft": draft,
            "report": report,
            "form": form,
            "save_url": report.get_absolute_url(),
            "conflicts": conflicts,
            "due_on": due,
            "is_late": due < today and not report.is_correction,
            "published": draft.published[:4],
            "words": actions.draft_words(draft),
            "condition_label": condition_label({"condition": draft.condition}),
            "today": today,
            "page_has_errors": bool(form.errors) or bool(conflicts),
        },
        status=status,
    )


def save(request, project, month):
    """Keep what was typed: from the autosave, and from the form without JavaScript.

    The autosave saves what has no fault and tells the rest; the form is saved as a whole. Go on to publishing
    when that was asked for and nothing is missing.
    """
    if "merge" in request.POST:
        report = report_of(project, month)
        return draft_page(request, project, report, merged(report, request.POST))
    now = timezone.now()
    with transaction.atomic():
        report = actions.locked_report(project=project, month=month, now=now)
        if report is None:
            raise Http404
        form = DraftForm(request.POST, report=report)
        outcome = write(request, report, form, now) if form.is_valid() or request.htmx else None
    if outcome is None:
        return refused(request, project, report, form)
    if outcome.conflicts:
        return in_conflict(request, project, outcome, form)
    if request.htmx:
        return saved(request, project, outcome, form)
    if "publish" not in request.POST:
        messages.success(request, _("The draft is saved."))
        return redirect("reports:report", project.slug, report.period)
    draft = draft_of(report, timezone.localdate())
    if errors := actions.faults(report, draft.proposal.condition):
        return draft_page(request, project, report, stored_as_sent(report), problems=errors, status=422)
    return redirect("reports:publish", project.slug, report.period)


def write(request, report, form, now) -> answers.Outcome | None:
    """Write what was sent and has no fault; None, and a fault on the form, when the report is published."""
    ticked_away, ticked_again = form.ticks
    try:
        return actions.save_draft(
            report=report,
            values=form.values,
            bases=form.base,
            ticked_away=ticked_away,
            ticked_again=ticked_again,
            by=request.user,
            now=now,
        )
    except actions.NotADraft:
        form.add_error(None, _("The report is published already. Copy your text before you leave the page."))
    return None


def refused(request, project, report, form):
    """Answer what cannot be saved: a line to a script, else the page with the errors and what was typed."""
    if request.htmx:
        return render(request, "roadmap/_save_state.html", {"sent": form, "state": "refused"}, status=422)
    problems = {None: errors} if (errors := form.non_field_errors()) else None
    return draft_page(
        request, project, report, request.POST, problems=problems, status=409 if problems else 422
    )


def stored_as_sent(report) -> QueryDict:
    """Return what is stored as if the browser had just sent it, for a page that says what is missing."""
    data = QueryDict(mutable=True)
    data.update({name: getattr(report, name) for name in actions.WORDS})
    return data


def in_conflict(request, project, outcome, form):
    """Show both texts of what somebody else changed in the meantime."""
    report = outcome.item
    changes = actions.changes_of(project, report.pk)
    shown = [with_author(report, conflict, changes) for conflict in outcome.conflicts]
    if not request.htmx:
        return draft_page(request, project, report, conflicts=shown, status=409)
    context = {"conflicts": shown, "save_url": report.get_absolute_url(), **started_anew(outcome, form)}
    return conflict_answer(request, context)


def with_author(report, conflict, changes) -> dict:
    """Return a conflict with who wrote in the field last and when, where the trail tells it."""
    name = conflict.field
    return conflict_told(
        report,
        conflict,
        actions.last_change(changes, name),
        what=FIELD_IN_SENTENCE[name],
        is_text=name in TEXTS,
        labels=dict(Condition.choices) if name == "condition" else {},
    )


def merged(report, data) -> QueryDict:
    """Return the draft as if the person had joined the two texts and not saved them yet."""
    joined = QueryDict(mutable=True)
    joined.update({n: f"{getattr(report, n)}\n\n{data[n]}".strip() for n in TEXTS if n in data})
    return joined


def started_anew(outcome, form) -> dict:
    """Return what an autosave is told, and what the next one starts from: digests, and the lines told."""
    common = told_to_script(outcome.item, form)
    return {**common, "bases": [*common["bases"], ("told", " ".join(sorted(form.told)))]}


def saved(request, project, outcome, form):
    """Answer an autosave: the status line, the digests of what is stored, and the report as it looks."""
    report = outcome.item
    condition = report.condition or form.proposed
    context = {
        **page(project, TAB),
        "today": timezone.localdate(),
        **started_anew(outcome, form),
        "is_unfinished": bool(actions.faults(report, form.proposed)),
        "words": {
            "headline": report.headline.strip(),
            "happened": report.happened.strip(),
            "ask": report.ask.strip(),
            "condition": condition,
        },
        "condition_label": condition_label({"condition": condition}),
    }
    return render(request, "reports/_draft_saved.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request, slug, month):
    """The last look: what is frozen, and who is told."""
    project = project_for(request, slug, Permission.MANAGE)
    found = report_of(project, month)
    draft = draft_of(found, timezone.localdate())
    if not found.is_draft or actions.faults(found, draft.proposal.condition):
        return redirect("reports:report", slug, month)
    if request.method == "POST":
        try:
            actions.publish(
                draft=draft, seen=request.POST.get("seen", ""), now=timezone.now(), by=request.user
            )
        except (actions.NotADraft, actions.DraftChanged, ValidationError):
            messages.error(request, _("The draft was changed in the meantime. Read it through again."))
        else:
            messages.success(
                request,
                _("The report is published at %(time)s.") % {"time": timezone.localtime().strftime("%H.%M")},
            )
        return redirect("reports:report", slug, month)
    return render(
        request,
        "reports/publish.html",
        {
            **page(project, TAB),
            "report": found,
            "draft": draft,
            "words": actions.draft_words(draft),
            "seen": actions.mark(found),
            "condition_label": condition_label({"condition": draft.condition}),
        },
    )


def published_page(request, project, report):
    """The frozen report as a page; beside it, if asked, how it is today."""
    editions = editions_of(report)
    wanted = request.GET.get("utgave", "")
    edition = next((e for e in editions if str(e.version) == wanted), editions[0] if editions else None)
    if edition is None:
        if wanted:
            raise Http404
        return render(request, "reports/not_published.html", {**page(project, TAB), "report": report})
    frozen = edition.document.data
    readings = list(edition.readings.select_related("user").order_by("read_at"))
    comparison = []
    if "sammenlign" in request.GET:
        now = project_summary(project, since=edition.published_at.date(), now=timezone.now())
        comparison = compared(frozen, now, edition.condition)
    return render(
        request,
        "reports/report.html",
        {
            **page(project, TAB),
            "report": report,
            "edition": edition,
            "editions": editions,
            "frozen": revive(frozen),
            "condition_label": condition_label(frozen),
            "readings": readings,
            "has_read": any(r.user_id == request.user.pk for r in readings),
            "comparison": comparison,
            "today": timezone.localdate(),
        },
    )


@require_POST
def correct(request, slug, month):
    project = project_for(request, slug, Permission.MANAGE)
    found = report_of(project, month)
    if not found.editions.exists():
        raise Http404
    actions.open_correction(report=found, by=request.user)
    return redirect("reports:report", slug, month)


@require_POST
def read(request, slug, month):
    project = project_for(request, slug, Permission.DECIDE)
    editions = editions_of(report_of(project, month))
    if not editions:
        raise Http404
    actions.note_reading(edition=editions[0], now=timezone.now(), by=request.user)
    messages.success(request, _("It is noted that you have read the report."))
    return redirect("reports:report", slug, month)


@require_safe
def edition_pdf(request, slug, month, version):
    """A published edition, byte for byte as it was frozen; ?arkiv=1 for the archive's."""
    project = project_for(request, slug, Permission.VIEW)
    report = report_of(project, month)
    edition = get_object_or_404(
        report.editions.select_related("document", "archive_document"), version=version
    )
    for_archive = "arkiv" in request.GET
    document = edition.archive_document if for_archive else edition.document
    kind = "-arkiv" if for_archive else ""
    response = HttpResponse(document.content(), content_type=document.media_type)
    response["Content-Disposition"] = f'inline; filename="statusrapport-{slug}-{month}-v{version}{kind}.pdf"'
    response["ETag"] = f'"{document.sha256}"'
    return response


@require_safe
def preview_pdf(request, slug, month):
    """The draft as PDF, through the queue."""
    project = project_for(request, slug, Permission.EDIT)
    found = report_of(project, month)
    if not found.is_draft:
        return redirect("reports:report", slug, month)
    draft = draft_of(found, timezone.localdate())
    data = materials.report_draft(draft, now=timezone.now())
    name = f"utkast-{slug}-{month}.pdf"
    return ask_for(
        request,
        project,
        kind="status_report",
        data=data,
        name=name,
        back=reverse("reports:report", args=[slug, month]),
        permission=Permission.EDIT,
    )
