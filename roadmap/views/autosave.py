"""What the pages that save while one writes answer their script with."""

from django.shortcuts import render
from django.utils import timezone

from roadmap import answers


def page_that_saves(request, template: str, context: dict, status=200):
    """Render a page that saves while one writes; the browser's Back asks for it anew."""
    answer = render(request, template, context, status=status)
    answer["Cache-Control"] = "private, no-store"
    return answer


def told_to_script(row, form) -> dict:
    """Return what the status line of an autosave tells, and what the next one starts from."""
    return {
        "state": "refused" if form.errors else "saved",
        "now": timezone.localtime(),
        "sent": form,
        "bases": answers.agreed(row, form.values),
    }


def conflict_told(row, conflict, event, *, what, is_text: bool, labels=None, posted=answers.as_text) -> dict:
    """Return a conflict with who wrote in the field last and when, where the trail tells it.

    event: of that, or None. what: the field as it stands in a sentence. is_text: the two can be joined.
    labels: value → what it is called. posted: returns a value as the form sends it.
    """
    mine, theirs = ((labels or {}).get(value, value) for value in (conflict.mine, conflict.theirs))
    return {
        "field": conflict.field,
        "what": what,
        "mine": mine or "",
        "theirs": theirs or "",
        "mine_value": posted(conflict.mine),
        "theirs_digest": answers.digest(answers.stored(row, conflict.field)),
        "is_text": is_text,
        "who": event.actor_name if event else "",
        "at": event.at if event else None,
    }


def conflict_answer(request, context: dict):
    """Answer an autosave with both texts, where the page has a place for them."""
    answer = render(request, "roadmap/_in_conflict.html", context, status=409)
    answer["HX-Retarget"] = "#conflicts"
    answer["HX-Reswap"] = "outerHTML"
    return answer
