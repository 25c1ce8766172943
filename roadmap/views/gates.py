"""The gates: deciding, asking for a decision, and following the conditions up."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from innovasjon.access import Permission, ProjectRole, require
from innovasjon.models import User
from innovasjon.templatetags.innovasjon import day_and_clock, in_words
from roadmap import actions, gates, notices
from roadmap.access import one_writer, project_for
from roadmap.forms.gates import ConditionForm, GateConditionForms, GateForm, RequestForm
from roadmap.models import DecisionRequest, GateCondition, GateDecision, Outcome
from roadmap.models.project import FIRST_PHASE, LAST_PHASE
from roadmap.road import project_road
from roadmap.trail import events_of, lines
from roadmap.views.project import page


@require_http_methods(["GET", "HEAD", "POST"])
def gate(request, slug, number):
    """The gate after a phase: the question, what hinders it, and the decision or the way to ask for one."""
    project = project_for(request, slug, Permission.DECIDE if request.method == "POST" else Permission.VIEW)
    if not FIRST_PHASE <= number <= LAST_PHASE:
        raise Http404
    try:
        the_gate = gates.gate(project, number)
    except gates.GateNotOpen:
        the_gate = None
    if the_gate is None or (the_gate.supersedes and request.method != "POST" and "ny" not in request.GET):
        return gate_at_rest(request, project, number, the_gate)
    if request.method == "POST":
        return decide(request, project, the_gate)
    return gate_page(request, project, the_gate)


def gate_at_rest(request, project, number, the_gate):
    """A gate that is not to be decided now: decided earlier, or still to come."""
    road = project_road(project)
    decided = [d for d in road.decisions if d.phase == number]
    return render(
        request,
        "roadmap/gate_at_rest.html",
        {
            **page(project, "phases", road),
            "phase": road.phases[number - 1],
            "number": number,
            "decisions": decided[::-1],
            "can_supersede": bool(the_gate and the_gate.supersedes and project.can.decide),
            "today": timezone.localdate(),
        },
    )


def gate_page(
    request, project, the_gate, *, material=None, form=None, conditions=None, changed_since=None, status=200
):
    """Render the page where a gate is decided, or read by those who do not decide."""
    today = timezone.localdate()
    material = material or gates.read(the_gate)
    data = gates.basis(the_gate, material)
    hinders = blockers(the_gate, material, today)
    asked = latest_request(the_gate)
    if project.can.decide:
        form = form or gate_form(None, the_gate, material, hinders, asked)
        conditions = conditions or GateConditionForms(people=people_of(material))
    return render(
        request,
        "roadmap/gate.html",
        {
            **page(project, "phases"),
            "gate": the_gate,
            "phase": material.phases[the_gate.phase - 1],
            "next_phase": material.phases[the_gate.phase] if the_gate.phase < LAST_PHASE else None,
            "blockers": hinders,
            "figures": gates.figures(the_gate, data, today),
            "seen": gates.basis_digest(data),
            "opened_at": timezone.now().isoformat(),
            "form": form,
            "conditions": conditions,
            "forms": [form, *conditions] if form else [],
            "request_form": RequestForm() if project.can.ask and not project.can.decide else None,
            "latest_request": asked,
            "is_stand_in": project.can.decide and project.my_role != ProjectRole.OWNER,
            "decisions": material.decisions[::-1],
            "open_conditions": material.open_conditions,
            "changed_since": changed_since,
            "today": today,
            "page_has_errors": bool(form is not None and form.errors)
            or any(row.errors for row in conditions or [] if row.is_bound),
        },
        status=status,
    )


def blockers(the_gate, material, today):
    return gates.blockers(the_gate, today, items=material.items, conditions=material.open_conditions)


def people_of(material):
    return sorted((part.user for part in material.people), key=lambda user: user.name)


def latest_request(the_gate):
    """Return who asked last for the decision; nobody once it is made. It was read with the round."""
    round = the_gate.round
    if the_gate.supersedes or round.asked_at is None:
        return None
    return DecisionRequest(
        round=round, asked_at=round.asked_at, asked_by=User(name=round.asked_by), proposal=round.proposal
    )


def gate_form(data, the_gate, material, hinders, asked=None):
    initial = {"rationale": asked.proposal} if asked else {}
    return GateForm(data, phases=material.phases, phase=the_gate.phase, blockers=hinders, initial=initial)


def decide(request, project, the_gate):
    """Take a posted decision through its two steps: look at it, then register it."""
    today, now = timezone.localdate(), timezone.now()
    material = gates.read(the_gate)
    form = gate_form(request.POST, the_gate, material, blockers(the_gate, material, today))
    conditions = GateConditionForms(request.POST, people=people_of(material))
    if "add_condition" in request.POST or "back" in request.POST:
        return gate_page(request, project, the_gate, form=unchecked(form), conditions=conditions.unchecked())
    with_conditions = request.POST.get("outcome") == Outcome.PROCEED_WITH_CONDITIONS
    if not with_conditions:
        conditions.unchecked()  # what was typed there before another outcome was chosen is kept, not judged
    ok = form.is_valid() and (not with_conditions or conditions.is_valid())
    if ok and with_conditions and not conditions.filled:
        form.add_error("outcome", _("Set at least one condition, or choose «Proceed»."))
        ok = False
    if not ok:
        return gate_page(request, project, the_gate, form=form, conditions=conditions, status=422)
    seen = request.POST.get("seen", "")
    if "confirmed" not in request.POST and seen == gates.basis_digest(gates.basis(the_gate, material)):
        return confirm(request, project, the_gate, form, conditions)
    try:
        if "confirmed" not in request.POST:
            raise gates.BasisChanged
        decision = actions.decide_gate(
            project=project,
            phase=the_gate.phase,
            seen=seen,
            now=now,
            by=request.user,
            conditions=conditions.values if with_conditions else (),
            **form.values,
        )
    except gates.BasisChanged:
        since = changes_since(project, request.POST.get("opened_at", ""))
        return gate_page(
            request, project, the_gate, form=form, conditions=conditions, changed_since=since, status=409
        )
    except (gates.AlreadyDecided, gates.GateNotOpen):
        messages.error(
            request, _("Somebody else decided the gate in the meantime. Nothing of yours is registered.")
        )
        return redirect("roadmap:gate", project.slug, the_gate.phase)
    except gates.GateBlocked as blocked:
        form = gate_form(request.POST, the_gate, material, blocked.blockers)
        form.is_valid()
        return gate_page(request, project, the_gate, form=form, conditions=conditions, status=409)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return gate_page(request, project, the_gate, form=form, conditions=conditions, status=422)
    told = len(notices.people_of(project, but_not=request.user))
    messages.success(
        request,
        ngettext(
            "The decision was registered %(moment)s. %(words)s person has been told.",
            "The decision was registered %(moment)s. %(words)s people have been told.",
            told,
        )
        % {"words": capfirst(in_words(told)), "moment": day_and_clock(decision.decided_at)},
    )
    return redirect(decision)


def unchecked(form):
    """Return the form with what was typed and without judging it yet."""
    form._errors = {}
    return form


def confirm(request, project, the_gate, form, conditions):
    """Show what will be registered, for a last look before it is frozen."""
    fields = [
        (name, value)
        for name in request.POST
        for value in request.POST.getlist(name)
        if name not in {"csrfmiddlewaretoken", "review"}
    ]
    chosen = Outcome(form.cleaned_data["outcome"])
    return render(
        request,
        "roadmap/gate_confirm.html",
        {
            **page(project, "phases"),
            "gate": the_gate,
            "outcome": chosen.label,
            "form": form,
            "values": form.values,
            "conditions": conditions.values if chosen == Outcome.PROCEED_WITH_CONDITIONS else [],
            "fields": fields,
            "back_to_name": form.phase_names.get(form.values["back_to"]),
            "today": timezone.localdate(),
        },
    )


def changes_since(project, opened_at: str):
    """Return the trail's lines since the page was opened, the latest first."""
    try:
        since = datetime.fromisoformat(opened_at)
    except ValueError:
        since = timezone.now()
    if timezone.is_naive(since):
        since = timezone.make_aware(since)
    return lines(events_of(project, since=since)[:20])


@require_POST
def ask(request, slug, number):
    project = project_for(request, slug, Permission.ASK)
    if number != project.phase:
        raise Http404
    form = RequestForm(request.POST)
    if form.is_valid():
        _asked, told = actions.ask_for_decision(
            project=project, proposal=form.cleaned_data["proposal"], now=timezone.now(), by=request.user
        )
        if told:
            messages.success(request, _("The project owner has got an e-mail."))
        else:
            messages.info(request, _("The request is registered."))
    else:
        messages.error(request, _("The proposal is too long. Nothing is sent."))
    return redirect("roadmap:gate", slug, number)


def pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def decision_for(project, pk) -> GateDecision:
    return get_object_or_404(
        GateDecision.objects.select_related("document", "supersedes", "superseded_by", "round"),
        project=project,
        pk=pk,
    )


@require_safe
def decision(request, slug, pk):
    project = project_for(request, slug, Permission.VIEW)
    found = decision_for(project, pk)
    return render(
        request,
        "roadmap/decision.html",
        {
            **page(project, "phases"),
            "decision": found,
            "phase": project.phases.get(number=found.phase),
            "conditions": list(found.conditions.select_related("responsible").order_by("due_on", "pk")),
            "superseded_by": getattr(found, "superseded_by", None),
            "today": timezone.localdate(),
        },
    )


@require_safe
def frozen_pdf(request, slug, pk):
    """The basis of a decision, byte for byte as it was."""
    project = project_for(request, slug, Permission.VIEW)
    found = decision_for(project, pk)
    return pdf(
        found.document.content(), f"{project.slug}-port-{found.phase}-{found.document.sha256[:12]}.pdf"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def condition(request, slug, pk):
    """A gate condition: how far it has come, that it is met, and the way back."""
    project = project_for(request, slug, Permission.VIEW)
    row = get_object_or_404(
        GateCondition.objects.select_related("decision", "responsible", "met_by"),
        decision__project=project,
        pk=pk,
    )
    holds = not row.is_met and getattr(row.decision, "superseded_by", None) is None
    form = None
    if request.method == "POST":
        require(project.can, Permission.EDIT)
        if "reopen" in request.POST:
            actions.reopen_condition(condition=row, by=request.user)
            messages.success(request, _("The condition is open again."))
            return redirect("roadmap:condition", slug, pk)
    if project.can.edit and holds:
        form = ConditionForm(request.POST or None, instance=row)
        if request.method == "POST" and form.is_valid():
            met = "met" in request.POST
            actions.follow_up_condition(
                condition=row, values=form.cleaned_data, met=met, today=timezone.localdate(), by=request.user
            )
            messages.success(request, _("The condition is met.") if met else _("The condition is saved."))
            return redirect("roadmap:condition", slug, pk) if met else redirect("roadmap:project", slug)
    return render(
        request,
        "roadmap/condition.html",
        {
            **page(project, "phases"),
            "condition": row,
            "form": form,
            "holds": holds,
            "can_reopen": project.can.edit and gates.may_reopen(row),
            "today": timezone.localdate(),
            "page_has_errors": bool(form and form.errors),
        },
        status=422 if form and form.errors else 200,
    )
