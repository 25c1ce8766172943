"""Status reports: the project's list, the draft, publishing, and what was said then."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
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
from roadmap.access import project_for
from roadmap.views.project import page

TAB = "reports"


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
    found = report_of(project, month)
    if request.method == "POST":
        return save(request, project, found)
    if found.is_draft and project.can.edit and "utgave" not in request.GET:
        return draft_page(request, project, draft_of(found, timezone.localdate()))
    return published_page(request, project, found)


def draft_page(request, project, draft, form=None, conflicts=(), status=200):
    today = timezone.localdate()
    report = draft.report
    due = calendar.due_on(report.period, project.municipality.report_working_day)
    form = form or DraftForm(draft=draft)
    return render(
        request,
        "reports/draft.html",
        {
            **page(project, TAB),
            "draft": draft,
            "report": report,
            "form": form,
            "conflicts": conflicts,
            "due_on": due,
            "is_late": due < today and not report.is_correction,
            "published": draft.published[:4],
            "words": actions.draft_words(report, draft.found, draft.proposal),
            "condition_label": condition_label({"condition": report.condition or draft.proposal.condition}),
            "today": today,
            "page_has_errors": bool(form.errors) or bool(conflicts),
        },
        status=status,
    )


def save(request, project, report):
    """Keep what was typed; go on to publishing when that was asked for and nothing is missing."""
    draft = draft_of(report, timezone.localdate())
    form = DraftForm(request.POST, draft=draft)
    if not form.is_valid():
        return draft_page(request, project, draft, form, status=422)
    try:
        conflicts = actions.save_draft(
            report=report, values=form.values, bases=form.base, left_out=form.left_out, by=request.user
        )
    except actions.NotADraft:
        messages.error(request, _("The report is published already. Your text is below."))
        return draft_page(request, project, draft, form, status=409)
    form.start_anew(report)
    if conflicts:
        return draft_page(request, project, draft, form, labelled(form, conflicts), status=409)
    if "publish" not in request.POST:
        messages.success(request, _("The draft is saved."))
        return redirect("reports:report", project.slug, report.period)
    if errors := actions.faults(report, draft.proposal):
        for name, text in errors.items():
            form.add_error(name, text)
        return draft_page(request, project, draft, form, status=422)
    return redirect("reports:publish", project.slug, report.period)


def labelled(form, conflicts):
    return [{"label": form.fields[c.field].label, "theirs": c.theirs} for c in conflicts]


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request, slug, month):
    """The last look: what is frozen, and who is told."""
    project = project_for(request, slug, Permission.MANAGE)
    found = report_of(project, month)
    draft = draft_of(found, timezone.localdate())
    if not found.is_draft or actions.faults(found, draft.proposal):
        return redirect("reports:report", slug, month)
    if request.method == "POST":
        try:
            actions.publish(
                report=found,
                found=draft.found,
                proposed=draft.proposal,
                since=timezone.localdate(draft.since),
                seen=request.POST.get("seen", ""),
                now=timezone.now(),
                by=request.user,
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
            "words": actions.draft_words(found, draft.found, draft.proposal),
            "seen": actions.mark(found),
            "condition_label": condition_label({"condition": found.condition or draft.proposal.condition}),
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
