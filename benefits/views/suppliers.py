"""Follow-up of suppliers: what is agreed, what is delivered, and the meetings about it."""

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from benefits.actions import after as actions
from benefits.follow_up import follow_up_for, follows_up
from benefits.forms.suppliers import AgreementForm, DeliveryForm, SupplierMeetingForm
from benefits.models import Delivery, SupplierAgreement, SupplierMeeting
from innovasjon.access import Permission
from innovasjon.pages import page_of
from roadmap.access import one_writer, project_for
from roadmap.views.project import page

TAB = "benefits"
GET_AND_POST = require_http_methods(["GET", "HEAD", "POST"])

PAGE = 50


@require_safe
def suppliers(request, slug):
    """Do the suppliers deliver what they promised?"""
    project = project_for(request, slug, Permission.VIEW)
    latest = SupplierMeeting.objects.filter(agreement=OuterRef("pk")).order_by("-on", "-pk")
    agreements = project.supplier_agreements.select_related("responsible").annotate(
        last_on=Subquery(latest.values("on")[:1]), next_on=Subquery(latest.values("next_on")[:1])
    )
    pages = page_of(request, agreements.prefetch_related("deliveries"), ("supplier", "pk"), PAGE)
    return render(
        request,
        "benefits/suppliers.html",
        {
            **page(project, TAB),
            "rows": [row(agreement) for agreement in pages.rows],
            "pages": pages,
            "follows_up": follows_up(project, request.user),
            "today": timezone.localdate(),
        },
    )


def row(agreement) -> dict:
    deliveries = list(agreement.deliveries.all())
    return {
        "agreement": agreement,
        "total": len(deliveries),
        "kept": sum(1 for d in deliveries if d.is_kept),
        "broken": sum(1 for d in deliveries if d.is_kept is False),
        "unmeasured": sum(1 for d in deliveries if d.is_kept is None),
        "last_on": agreement.last_on,
        "next_on": agreement.next_on,
    }


def agreement_of(project, pk) -> SupplierAgreement:
    found = get_object_or_404(project.supplier_agreements.select_related("responsible"), pk=pk)
    found.project = project
    return found


@require_safe
def supplier(request, slug, pk):
    """One agreement: promised and measured, and what was agreed in the meetings."""
    project = project_for(request, slug, Permission.VIEW)
    agreement = agreement_of(project, pk)
    return render(
        request,
        "benefits/supplier.html",
        {
            **page(project, TAB),
            "agreement": agreement,
            "deliveries": list(agreement.deliveries.order_by("due_on", "pk")),
            "meetings": list(agreement.meetings.select_related("by").order_by("-on", "-pk")),
            "follows_up": follows_up(project, request.user),
            "today": timezone.localdate(),
        },
    )


@GET_AND_POST
def new_supplier(request, slug):
    project = follow_up_for(request, slug)
    return agreement_form(request, project, AgreementForm(request.POST or None, project=project))


@GET_AND_POST
@one_writer
def edit_supplier(request, slug, pk):
    project = follow_up_for(request, slug)
    form = AgreementForm(request.POST or None, project=project, instance=agreement_of(project, pk))
    return agreement_form(request, project, form)


def agreement_form(request, project, form):
    if request.method == "POST" and form.is_valid():
        saved = actions.save_agreement(project=project, agreement=form.save(commit=False), by=request.user)
        messages.success(request, _("The agreement is saved."))
        return redirect("benefits:supplier", project.slug, saved.pk)
    return answer(request, project, "benefits/supplier_form.html", form, agreement=form.instance)


@GET_AND_POST
def delete_supplier(request, slug, pk):
    project = follow_up_for(request, slug)
    agreement = agreement_of(project, pk)
    if request.method == "POST":
        actions.delete_agreement(project=project, agreement=agreement, by=request.user)
        messages.success(request, _("The agreement is deleted."))
        return redirect("benefits:suppliers", slug)
    return render(request, "benefits/delete_supplier.html", {**page(project, TAB), "agreement": agreement})


@GET_AND_POST
@one_writer
def delivery(request, slug, pk, delivery=None):
    """Something promised: new, or with what was measured."""
    project = follow_up_for(request, slug)
    agreement = agreement_of(project, pk)
    instance = get_object_or_404(agreement.deliveries, pk=delivery) if delivery else Delivery()
    form = DeliveryForm(request.POST or None, agreement=agreement, instance=instance)
    if request.method == "POST" and form.is_valid():
        actions.save_delivery(project=project, delivery=form.save(commit=False), by=request.user)
        messages.success(request, _("The delivery is saved."))
        return redirect("benefits:supplier", slug, pk)
    return answer(request, project, "benefits/delivery_form.html", form, agreement=agreement)


@GET_AND_POST
def delete_delivery(request, slug, pk, delivery):
    project = follow_up_for(request, slug)
    agreement = agreement_of(project, pk)
    found = get_object_or_404(agreement.deliveries, pk=delivery)
    if request.method == "POST":
        actions.delete_delivery(project=project, delivery=found, by=request.user)
        messages.success(request, _("The delivery is deleted."))
        return redirect("benefits:supplier", slug, pk)
    context = {**page(project, TAB), "agreement": agreement, "delivery": found}
    return render(request, "benefits/delete_delivery.html", context)


@GET_AND_POST
@one_writer
def supplier_meeting(request, slug, pk, meeting=None):
    """A status meeting: new, or put right."""
    project = follow_up_for(request, slug)
    agreement = agreement_of(project, pk)
    instance = get_object_or_404(agreement.meetings, pk=meeting) if meeting else SupplierMeeting()
    initial = {} if meeting else {"on": timezone.localdate()}
    form = SupplierMeetingForm(request.POST or None, agreement=agreement, instance=instance, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.save_meeting(project=project, meeting=form.save(commit=False), by=request.user)
        messages.success(request, _("The meeting is saved."))
        return redirect("benefits:supplier", slug, pk)
    return answer(request, project, "benefits/supplier_meeting_form.html", form, agreement=agreement)


def answer(request, project, template, form, **more):
    context = {**page(project, TAB), "form": form, "page_has_errors": bool(form.errors), **more}
    return render(request, template, context, status=422 if form.errors else 200)
