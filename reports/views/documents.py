"""Documents: made off the request, kept for good, open to whom, and read through a private link."""

from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from innovasjon import tokens
from innovasjon.access import Permission, require
from innovasjon.models import Token
from reports import actions, archive, jobs, materials
from reports.forms.documents import OpennessForm, ReadLinkForm
from reports.models import DocumentJob
from reports.status_reports.data import condition_label, revive
from roadmap import gates
from roadmap.access import project_for
from roadmap.models import Project
from roadmap.views.project import page

TAB = "reports"
READ_AT_ONCE = ("status_report", "involvement_plan", "gate_basis")  # in the browser; others are taken along
BACK = "fra"
PAGES = {  # where documents are asked for → what the way back is called, and the tab it belongs to
    "reports:status_reports": (gettext_lazy("Back to the reports"), "reports"),
    "reports:report": (gettext_lazy("Back to the report"), "reports"),
    "reports:documents": (gettext_lazy("Back to the frozen documents"), "reports"),
    "reports:presentation_downloads": (gettext_lazy("Back to the presentation"), "presentations"),
    "reports:accept_plan": (gettext_lazy("Back to the acceptance of the plan"), "benefits"),
    "reports:portfolio": (gettext_lazy("Back to the projects"), ""),
    "benefits:plan": (gettext_lazy("Back to the benefit plan"), "benefits"),
    "roadmap:gate": (gettext_lazy("Back to the gate"), "phases"),
    "roadmap:plan": (gettext_lazy("Back to the plan"), "plan"),
    "stakeholders:plan": (gettext_lazy("Back to the plan for involvement"), "stakeholders"),
}
AHEAD = timedelta(days=60)  # how long a link works when nobody says otherwise


# ------------------------------------------------------------------ made off the request


def ask_for(
    request, project, *, kind, data, name, back, variant=jobs.PEOPLE, permission=Permission.VIEW
) -> HttpResponse:
    """Ask for a document of a project and go to where it comes: at once when it is made already.

    `back`: the address the person came from, unless the page that asks says another.
    """
    job = jobs.ask(
        project=project,
        kind=kind,
        data=data,
        name=name,
        variant=variant,
        permission=permission,
        now=timezone.now(),
    )
    return to_job(reverse("reports:job", args=[project.slug, job.pk]), request.GET.get(BACK, back))


def ask_for_own(request, membership, *, kind, data, name, back) -> HttpResponse:
    """Ask for a document that shows what one person may see, and go to where it comes."""
    job = jobs.ask(membership=membership, kind=kind, data=data, name=name, now=timezone.now())
    return to_job(reverse("reports:own_job", args=[job.pk]), back)


def to_job(address: str, back: str) -> HttpResponse:
    return redirect(f"{address}?{urlencode({BACK: back})}")


def job_of(project, pk) -> DocumentJob:
    """Return a job of the project that the person may see.

    Raises Http404, PermissionDenied.
    """
    found = get_object_or_404(project.document_jobs.defer("data"), pk=pk)
    require(project.can, Permission(found.permission))
    return found


def own_job_of(person, pk) -> DocumentJob:
    """Return a job of the person's own, asked for within the hour and for the role they still have.

    Raises Http404.
    """
    return get_object_or_404(DocumentJob.objects.of(person, timezone.now()).defer("data"), pk=pk)


@require_safe
def job(request, slug, pk):
    """«Lager PDF. Det tar noen sekunder.» The page asks again by itself until the document is there."""
    project = project_for(request, slug, Permission.VIEW)
    found = job_of(project, pk)
    back = way_back(request.GET.get(BACK, ""), slug)
    context = {"frame": "roadmap/project_page.html", **page(project, back["tab"] if back else TAB)}
    return waiting_page(
        request, found, file=reverse("reports:job_file", args=[slug, pk]), back=back, context=context
    )


@require_safe
def own_job(request, pk):
    found = own_job_of(request.user, pk)
    return waiting_page(
        request,
        found,
        file=reverse("reports:own_job_file", args=[pk]),
        back=way_back(request.GET.get(BACK, "")),
        context={"frame": "base.html", "section": "projects"},
    )


def waiting_page(request, found: DocumentJob, *, file: str, back: dict | None, context: dict):
    """Answer with a document on its way: the page asks again each second, and opens what is done."""
    try:
        found = jobs.help_out(found, now=timezone.now())
    except DocumentJob.DoesNotExist:  # forgotten while it was made
        raise Http404 from None
    waits = found.state in (DocumentJob.State.WAITING, DocumentJob.State.WORKING)
    is_done = found.state == DocumentJob.State.DONE
    context |= {
        "waits": waits,
        "is_done": is_done,
        "media": jobs.media_type(found).rpartition(".")[2],
        "here": request.get_full_path(),
        "file": file,
        "back": back,
    }
    response = render(request, "reports/job.html", context)
    if waits:
        response["Refresh"] = "1"
    elif is_done:
        response["Refresh"] = f"0; url={file}"
    return response


def way_back(address: str, slug: str | None = None) -> dict | None:
    """Return {"url", "label", "tab"} of a page of the project that documents are asked for on; else None."""
    try:
        found = resolve(address.partition("?")[0])
    except Resolver404:
        return None
    if found.view_name not in PAGES or found.kwargs.get("slug") != slug:
        return None
    label, tab = PAGES[found.view_name]
    return {"url": address, "label": label, "tab": tab}


@require_safe
def job_file(request, slug, pk):
    return file_of(job_of(project_for(request, slug, Permission.VIEW), pk))


@require_safe
def own_job_file(request, pk):
    return file_of(own_job_of(request.user, pk))


def file_of(found: DocumentJob) -> HttpResponse:
    """Raises Http404 while the file is not there."""
    content = jobs.content_of(found) if found.state == DocumentJob.State.DONE else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=jobs.media_type(found))
    how = "inline" if found.kind in READ_AT_ONCE else "attachment"
    response["Content-Disposition"] = f'{how}; filename="{found.name}"'
    return response


@require_safe
def involvement_plan_pdf(request, slug):
    project = project_for(request, slug, Permission.VIEW)
    return ask_for(
        request,
        project,
        kind="involvement_plan",
        data=materials.involvement_plan(project, now=timezone.now()),
        name=f"involveringsplan-{slug}.pdf",
        back=reverse("stakeholders:plan", args=[slug]),
    )


def gate_of(project, number) -> gates.Gate:
    """Raises Http404 where no decision can be made."""
    try:
        return gates.gate(project, number)
    except gates.GateNotOpen:
        raise Http404 from None


@require_safe
def basis_pdf(request, slug, number):
    """The basis of a gate as it is now, before a decision."""
    project = project_for(request, slug, Permission.VIEW)
    basis = gates.basis(gate_of(project, number))
    return ask_for(
        request,
        project,
        kind="gate_basis",
        data=materials.as_json({"basis": basis, "decision": None, "made_on": timezone.localdate()}),
        name=f"{slug}-port-{number}.pdf",
        back=reverse("roadmap:gate", args=[slug, number]),
    )


@require_safe
def case_of_gate(request, slug, number):
    """The saksframlegg of the gate that is to be decided next."""
    project = project_for(request, slug, Permission.EDIT)
    if number != project.phase:
        raise Http404
    return ask_for(
        request,
        project,
        kind="case_paper",
        data=materials.case_of_gate(project, gate_of(project, number), now=timezone.now()),
        name=f"saksframlegg-{slug}-port-{number}.docx",
        back=reverse("roadmap:gate", args=[slug, number]),
        permission=Permission.EDIT,
    )


@require_safe
def case_of_report(request, slug, month):
    """The saksframlegg of a published report, from what was frozen."""
    project = project_for(request, slug, Permission.EDIT)
    report = get_object_or_404(project.status_reports, year=month.year, month=month.month)
    edition = report.editions.select_related("document").order_by("-version").first()
    if edition is None:
        raise Http404
    return ask_for(
        request,
        project,
        kind="case_paper",
        data=materials.case_of_report(project, edition),
        name=f"saksframlegg-{slug}-{month}.docx",
        back=reverse("reports:report", args=[slug, month]),
        permission=Permission.EDIT,
    )


# ------------------------------------------------------------------ kept for good


def kept_of(project, pk) -> archive.Kept:
    """Return a frozen document of the project.

    Raises Http404 for another project's.
    """
    found = next((kept for kept in archive.kept_documents(project) if kept.document.pk == pk), None)
    if found is None:
        raise Http404
    return found


@require_safe
def documents(request, slug):
    project = project_for(request, slug, Permission.VIEW)
    return render(
        request,
        "reports/documents.html",
        {**page(project, TAB), "kept": archive.kept_documents(project), "today": timezone.localdate()},
    )


@require_safe
def document_pdf(request, slug, pk):
    project = project_for(request, slug, Permission.VIEW)
    kept = kept_of(project, pk)
    return pdf_of(kept)


def pdf_of(kept):
    response = HttpResponse(kept.document.content(), content_type=kept.document.media_type)
    response["Content-Disposition"] = f'inline; filename="{kept.number}.pdf"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def document(request, slug, pk):
    """One document's links and openness. A new link is shown once, right here."""
    project = project_for(request, slug, Permission.MANAGE)
    kept = kept_of(project, pk)
    initial = {"expires_on": timezone.localdate() + AHEAD}
    form = ReadLinkForm(request.POST or None, initial=initial)
    address = ""
    if request.method == "POST" and form.is_valid():
        secret = actions.make_read_link(
            project=project,
            document=kept.document,
            label=form.cleaned_data["label"],
            expires_at=form.expires_at,
            by=request.user,
        )
        address = f"{settings.BASE_URL}{reverse('reports:shared', args=[secret])}"
        form = ReadLinkForm(initial=initial)
    return document_page(request, project, kept, form=form, address=address)


def document_page(request, project, kept, *, form=None, openness_form=None, address=""):
    record = kept.record
    openness_form = openness_form or OpennessForm(
        parts=parts_of(kept),
        initial={
            "openness": kept.openness,
            "legal_basis": record.legal_basis if record else "",
            "redacted": record.redacted if record else [],
        },
    )
    form = form or ReadLinkForm(initial={"expires_on": timezone.localdate() + AHEAD})
    has_errors = bool(form.errors or openness_form.errors)
    return render(
        request,
        "reports/document.html",
        {
            **page(project, TAB),
            "kept": kept,
            "form": form,
            "openness_form": openness_form,
            "address": address,
            "links": list(links_of(project, kept.document.pk)),
            "now": timezone.now(),
            "page_has_errors": has_errors,
        },
        status=422 if has_errors else 200,
    )


def parts_of(kept):
    return list(archive.PARTS[kept.kind].items())


def links_of(project, document_pk):
    return Token.objects.filter(
        purpose=Token.Purpose.READ, project_id=project.pk, target_id=document_pk
    ).order_by("-created_at")


@require_POST
def openness(request, slug, pk):
    project = project_for(request, slug, Permission.MANAGE)
    kept = kept_of(project, pk)
    form = OpennessForm(request.POST, parts=parts_of(kept))
    if not form.is_valid():
        return document_page(request, project, kept, openness_form=form)
    actions.set_openness(project=project, document=kept.document, by=request.user, **form.cleaned_data)
    messages.success(request, _("The openness is saved."))
    return redirect("reports:document", slug, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke_link(request, slug, pk):
    project = project_for(request, slug, Permission.MANAGE)
    link = get_object_or_404(Token.objects.filter(purpose=Token.Purpose.READ, project_id=project.pk), pk=pk)
    kept = kept_of(project, link.target_id)
    if request.method == "POST":
        actions.revoke_read_link(
            project=project, document=kept.document, link=link, now=timezone.now(), by=request.user
        )
        messages.success(request, _("The link is closed. Nobody can open it any more."))
        return redirect("reports:document", slug, kept.document.pk)
    return render(request, "reports/revoke_link.html", {**page(project, TAB), "link": link, "kept": kept})


@require_http_methods(["GET", "HEAD", "POST"])
def archive_package(request, slug):
    """Everything of the project for the archive, as one file."""
    project = project_for(request, slug, Permission.MANAGE)
    if request.method == "POST":
        now = timezone.now()
        with transaction.atomic():
            actions.note_package(project=project, now=now, by=request.user)
            return ask_for(
                request,
                project,
                kind="archive_package",
                data=archive.contents(project, made_at=now),
                name=archive.package_name(project, now),
                back=reverse("reports:documents", args=[slug]),
                permission=Permission.MANAGE,
            )
    kept = archive.kept_documents(project)
    return render(request, "reports/archive_package.html", {**page(project, TAB), "count": len(kept)})


# ------------------------------------------------------------------ through a private link


def shared_document(request, secret):
    """Return (token, project, document) of a read link; Nones for a wrong, expired or revoked one alike.

    The one who made the link must still be allowed to see the project.
    """
    token = tokens.find(
        secret, purpose=Token.Purpose.READ, now=timezone.now(), address=tokens.address_of(request)
    )
    project = token and (
        Project.objects.visible_to(token.user)
        .select_related("municipality")
        .filter(pk=token.project_id)
        .first()
    )
    if project is None:
        return None, None, None
    found = [kept for kept in archive.kept_documents(project) if kept.document.pk == token.target_id]
    return (token, project, found[0]) if found else (None, None, None)


def private(view):
    """Open to whoever has the address: nothing kept by a browser, and the address told to nobody."""

    @wraps(view)
    def answer(request, secret):
        response = view(request, secret)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return login_not_required(answer)


@private
@require_safe
def shared(request, secret):
    """One frozen document for the one who has the link, and nothing else."""
    token, project, kept = shared_document(request, secret)
    if token is None:
        return render(request, "reports/shared_gone.html", status=404)
    request.municipality = project.municipality
    data = kept.document.data
    is_report = kept.kind == archive.STATUS_REPORT
    return render(
        request,
        "reports/shared.html",
        {
            "token": token,
            "kept": kept,
            "is_report": is_report,
            "frozen": revive(data),
            "condition_label": condition_label(data) if is_report else "",
            "secret": secret,
            "municipality": project.municipality,
        },
    )


@private
@require_safe
def shared_pdf(request, secret):
    token, _project, kept = shared_document(request, secret)
    if token is None:
        return render(request, "reports/shared_gone.html", status=404)
    return pdf_of(kept)
