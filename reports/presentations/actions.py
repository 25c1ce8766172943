"""What people do to a presentation: whole or not at all, and in the trail.

The trail is read by everybody who may see the project, so it tells that a slide was changed, never its
texts: what the speaker says is for the core team alone.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from innovasjon.audit import differences, record
from innovasjon.models import AuditEvent
from reports.actions import ONCE, untold
from reports.models import Presentation, Role, Slide
from reports.models.presentations import FIXED
from reports.presentations.audiences import rules_of
from reports.presentations.sources import Sources, digest
from roadmap import answers

FACTS = ("title", "audience", "meeting_on")


def fetch(slide: Slide, sources: Sources, now: datetime) -> None:
    """Let the slide show what its source says now; it is not saved."""
    slide.shown, slide.shown_at, slide.kept_digest = sources.read(slide.role, slide.number_id), now, ""


@transaction.atomic
def start_presentation(*, project, title: str, audience: str, meeting_on: date | None, by, now: datetime):
    """Start a presentation for an audience, with the five slides every presentation begins with."""
    presentation = Presentation.objects.create(
        project=project,
        title=title,
        audience=audience,
        meeting_on=meeting_on,
        created_by=by,
        updated_at=now,
    )
    sources = Sources(project, rules_of(audience), now.date())
    slides = [
        Slide(presentation=presentation, role=role, position=position, shown_at=now)
        for position, role in enumerate(FIXED, start=1)
    ]
    for slide in slides:
        fetch(slide, sources, now)
    Slide.objects.bulk_create(slides)
    record("presentation.started", presentation, project=project, by=by, now=now, audience=audience)
    return presentation


@transaction.atomic
def edit_presentation(*, presentation: Presentation, values: dict, by, now: datetime):
    """Change title, meeting or audience. For another audience every slide is fetched anew by its rules."""
    row = Presentation.objects.select_for_update().get(pk=presentation.pk)
    row.project = presentation.project
    before = {name: getattr(row, name) for name in FACTS}
    for name in FACTS:
        setattr(row, name, values[name])
    row.updated_at = now
    row.save()
    if row.audience != before["audience"]:
        sources = Sources(row.project, rules_of(row.audience), now.date())
        for slide in row.slides.select_for_update():
            fetch(slide, sources, now)
            slide.save(update_fields=["shown", "shown_at", "kept_digest"])
    if changes := differences(before, {name: getattr(row, name) for name in FACTS}):
        record("presentation.changed", row, project=row.project, by=by, changes=changes, now=now)
    return row


@transaction.atomic
def delete_presentation(*, presentation: Presentation, by):
    record("presentation.deleted", presentation, project=presentation.project, by=by)
    presentation.delete()


def locked(presentation: Presentation) -> list[Slide]:
    """Return the presentation's slides in order, locked with it so that two people never disorder them."""
    Presentation.objects.select_for_update().get(pk=presentation.pk)
    slides = list(presentation.slides.in_order())
    for slide in slides:
        slide.presentation = presentation
    return slides


def touched(presentation: Presentation, verb: str, slide: Slide, by, now: datetime, fields=None) -> None:
    """Tell the trail; `fields` are the names of those that were written."""
    presentation.updated_at = now
    presentation.save(update_fields=["updated_at"])
    told = {"slide": slide.role, "slide_id": slide.pk}
    if fields is not None:
        last = changes_of(presentation, **told).filter(at__gt=now - ONCE).first()
        by_whom, known = (last.actor_id, last.details.get("fields")) if last else (None, ())
        if not (fields := untold(fields, last=by_whom, told=known, by=by)):
            return
        told["fields"] = fields
    record(verb, presentation, project=presentation.project, by=by, now=now, **told)


def changes_of(presentation: Presentation, **told):
    """Return what the trail tells of people who wrote on a slide, and in which fields; the latest first."""
    return AuditEvent.objects.filter(
        project_id=presentation.project_id,
        verb="slide.changed",
        target_id=str(presentation.pk),
        **{f"details__{name}": value for name, value in told.items()},
    ).order_by("-id")


@transaction.atomic
def write_slide(*, slide: Slide, values: dict, by, now: datetime, bases: dict | None = None):
    """Save the texts of a slide that nobody else changed in the meantime. Another number is fetched at once.

    bases: field → digest of the value the person started from. Returns an Outcome; what is in conflict is
    not written.
    """
    presentation = slide.presentation
    row = Slide.objects.select_for_update().get(pk=slide.pk)
    row.presentation = presentation
    to_write, conflicts = answers.sort_out(row, values, bases or {})
    for name, value in to_write.items():
        setattr(row, name, value)
    if "number" in to_write:
        fetch(row, Sources(presentation.project, rules_of(presentation.audience), now.date()), now)
    if to_write:
        row.save()
        touched(presentation, "slide.changed", row, by, now, fields=list(to_write))
    return answers.Outcome(row, tuple(to_write), conflicts)


@transaction.atomic
def add_slide(*, presentation: Presentation, role: str, by, now: datetime) -> Slide:
    """Add a slide of a role at the end; one that was taken out comes back with its texts."""
    slides = locked(presentation)
    slide = next((s for s in slides if s.role == role and (role != Role.OWN or s.is_out)), None)
    if slide is None:
        slide = Slide(presentation=presentation, role=role)
    elif not slide.is_out:
        return slide
    slide.is_out = False
    slide.position = (presentation.slides.aggregate(last=Max("position"))["last"] or 0) + 1
    fetch(slide, Sources(presentation.project, rules_of(presentation.audience), now.date()), now)
    slide.save()
    touched(presentation, "slide.added", slide, by, now)
    return slide


@transaction.atomic
def take_out_slide(*, slide: Slide, by, now: datetime) -> None:
    """Take a slide out. Its texts are kept for when it is put in again."""
    locked(slide.presentation)
    Slide.objects.filter(pk=slide.pk).update(is_out=True)
    touched(slide.presentation, "slide.taken_out", slide, by, now)


@transaction.atomic
def move_slide(*, slide: Slide, up: bool, by, now: datetime) -> None:
    """Move a slide one place up or down among those that are in. At the end it stays."""
    slides = [s for s in locked(slide.presentation) if not s.is_out]
    place = next((n for n, s in enumerate(slides) if s.pk == slide.pk), None)
    other = None if place is None else place + (-1 if up else 1)
    if other is None or not 0 <= other < len(slides):
        return
    slides[place], slides[other] = slides[other], slides[place]
    for position, row in enumerate(slides, start=1):
        row.position = position
    Slide.objects.bulk_update(slides, ["position"])
    touched(slide.presentation, "slide.moved", slide, by, now)


@transaction.atomic
def update_slide(*, slide: Slide, by, now: datetime) -> None:
    """Let a slide show what its source says now."""
    presentation = slide.presentation
    row = Slide.objects.select_for_update().get(pk=slide.pk)
    fetch(row, Sources(presentation.project, rules_of(presentation.audience), now.date()), now)
    row.save(update_fields=["shown", "shown_at", "kept_digest"])
    touched(presentation, "slide.updated", row, by, now)


@transaction.atomic
def keep_slide(*, slide: Slide, by, now: datetime) -> None:
    """Keep a slide as it is, until its source changes again."""
    presentation = slide.presentation
    row = Slide.objects.select_for_update().get(pk=slide.pk)
    sources = Sources(presentation.project, rules_of(presentation.audience), now.date())
    row.kept_digest = digest(sources.read(row.role, row.number_id))
    row.save(update_fields=["kept_digest"])
    touched(presentation, "slide.kept", row, by, now)
