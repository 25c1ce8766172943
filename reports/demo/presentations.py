"""The demo's story and its presentation for the council, in which one slide is out of date."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from reports.models import Role, Slide
from reports.presentations import actions
from reports.presentations.audiences import rules_of
from reports.presentations.sources import Sources
from reports.presentations.stale import stale_slides
from roadmap.models import Goal, KeyNumber, PlanLink, Quote, Story
from roadmap.story import save_part

TOLD = tomllib.loads((Path(__file__).parent / "presentations.toml").read_text())
SLUG = TOLD["slug"]
BASELINE, TARGET = 280, 220  # days before and after today


def happenings(loader):
    """Return (day, order within the day, what happens), as the demo's loader tells its story."""
    return [
        (-60, 3, lambda: tell(loader)),
        (-12, 3, lambda: present(loader)),
        (-1, 4, lambda: freshen(loader)),
        *[
            (row["later_days"], 2, lambda row=row: measure(loader, row))
            for row in TOLD["goals"]
            if "later" in row
        ],
    ]


def month_start(day: date) -> date:
    return day.replace(day=1)


def tell(loader):
    """Fill in the story, two months ago."""
    project = loader.project(SLUG)
    by, now = loader.leader_of(project), loader.moment(-60, 13)
    year = loader.day(-BASELINE).year
    parts = [
        Story(project=project, **TOLD["story"]),
        *[goal(loader, project, row) for row in TOLD["goals"]],
        *[
            KeyNumber(project=project, year=year, **{**row, "value": Decimal(row["value"])})
            for row in TOLD["numbers"]
        ],
        *[quote(loader, project, row) for row in TOLD["quotes"]],
        *[PlanLink(project=project, **row) for row in TOLD["plans"]],
    ]
    for part in parts:
        save_part(part=part, by=by, now=now)


def goal(loader, project, row) -> Goal:
    numbers = {name: Decimal(row[name]) for name in ("baseline", "latest", "target") if name in row}
    if numbers:
        numbers |= {
            "baseline_on": month_start(loader.day(-BASELINE)),
            "latest_on": loader.day(row["latest_days"]),
            "target_on": month_start(loader.day(TARGET)) + timedelta(days=27),
        }
    return Goal(
        project=project,
        kind=row.get("kind", Goal.Kind.PART),
        text=row["text"],
        criterion=row.get("criterion", ""),
        unit=row.get("unit", ""),
        **numbers,
    )


def quote(loader, project, row) -> Quote:
    return Quote(
        project=project,
        speaker=row["speaker"],
        description=row["description"],
        text=row["text"],
        cleared_on=loader.day(-58) if row["cleared"] else None,
    )


def present(loader):
    """Make the presentation, while the older number of trips was the last."""
    project = loader.project(SLUG)
    by, now, told = loader.leader_of(project), loader.moment(-12, 14), TOLD["presentation"]
    presentation = actions.start_presentation(
        project=project,
        title=told["title"],
        audience=told["audience"],
        meeting_on=loader.working_day(told["meeting_days"]),
        by=by,
        now=now,
    )
    slides = {slide.role: slide for slide in presentation.slides.all()}
    for row in TOLD["slides"]:
        slide = slides[row["role"]]
        slide.presentation = presentation
        values = {name: row[name] for name in ("sentence", "points", "notes") if name in row}
        actions.write_slide(slide=slide, values=values, by=by, now=now)
    for role in ("plan", "economy"):
        actions.add_slide(presentation=presentation, role=role, by=by, now=now)
    ask = slides["ask"]
    ask.presentation = presentation
    for _place in ("plan", "economy"):
        actions.move_slide(slide=ask, up=False, by=by, now=now)


def measure(loader, row):
    """Write a newer number, so that the slide with the older one is out of date."""
    project = loader.project(SLUG)
    part = Goal.objects.get(project=project, text=row["text"])
    part.latest, part.latest_on = Decimal(row["later"]), loader.day(row["later_days"])
    save_part(part=part, by=loader.leader_of(project), now=loader.moment(row["later_days"], 9))


def freshen(loader):
    """Update what is out of date but for the one slide that is to be, as its maker did yesterday."""
    project = loader.project(SLUG)
    by, now = loader.leader_of(project), loader.moment(-1, 15, 30)
    slides = list(Slide.objects.filter(presentation__project=project).exclude(role=Role.GOALS))
    rules = rules_of(slides[0].presentation.audience)
    for slide_pk in stale_slides(slides, Sources(project, rules, loader.today)):
        slide = next(slide for slide in slides if slide.pk == slide_pk)
        slide.presentation.project = project
        actions.update_slide(slide=slide, by=by, now=now)
