"""One deck, made of frozen dataclasses: page, PDF and PowerPoint draw it, and none of them computes."""

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from innovasjon.templatetags.innovasjon import NARROW_SPACE, day, figure, in_sentence
from innovasjon.theme import palette
from reports.models import Audience, Presentation, Role, Slide
from reports.models.presentations import WITH_PICTURE
from reports.names import without_names
from reports.presentations import fit
from reports.presentations.audiences import rules_of
from reports.presentations.blocks import (
    Bar,
    Bars,
    BigNumber,
    Block,
    Line,
    Lines,
    Missing,
    Photo,
    Point,
    Points,
    Road,
    Rows,
    Statement,
    Stop,
    Voice,
    Voices,
    row,
    short,
)
from stakeholders.models import Involvement

MOST_BOLD = 40  # characters before a colon that are drawn bold


@dataclass(frozen=True)
class DeckSlide:
    """One slide as it is drawn. `style` is kicker (a small heading) or title (a large one)."""

    pk: int
    number: int
    role: str
    name: str  # what it is for, or for own text its heading
    heading: str
    style: str
    dark: bool
    blocks: tuple[Block, ...]
    source: str
    notes: str

    @property
    def is_missing(self) -> bool:
        return any(isinstance(block, Missing) for block in self.blocks)

    @property
    def has_photo(self) -> bool:
        return any(isinstance(block, Photo) for block in self.blocks)

    @property
    def percent(self) -> int:
        """How large its texts are drawn so that all stay on it: 100 where there is room, at least 50."""
        return round(fit.scale(self) * 100)

    @property
    def is_full(self) -> bool:
        """Whether it says so much that its texts are drawn smaller than a hall can read."""
        return fit.scale(self) < fit.FULL


@dataclass(frozen=True)
class Deck:
    """A presentation ready to be drawn."""

    title: str
    project_name: str
    municipality: str
    audience: str
    language: str
    shield: str  # SHA-256 of an uploaded one
    template: str  # SHA-256 of the municipality's own PowerPoint file
    colours: dict[str, str]
    slides: tuple[DeckSlide, ...]
    made_at: datetime

    @property
    def foot(self) -> str:
        return fit.cut(f"{self.municipality} · {self.project_name}", 9, 500)

    @property
    def short_foot(self) -> str:
        """The foot beside a photo."""
        return fit.cut(f"{self.municipality} · {self.project_name}", 9, 280)


def clean(value, names):
    """Return the value with names of persons left out of every text in it, however deep."""
    if isinstance(value, str):
        return without_names(value, names)
    if isinstance(value, tuple):
        return tuple(clean(item, names) for item in value)
    if is_dataclass(value):
        return replace(value, **{f.name: clean(getattr(value, f.name), names) for f in fields(value)})
    return value


def deck_of(
    presentation: Presentation,
    slides: list[Slide],
    *,
    names,
    now: datetime,
    with_notes: bool,
    with_missing: bool = False,
    picture_source: Callable = lambda picture: "",
) -> Deck:
    """Return the deck of what slides show: those in it, in order, and what this audience may have.

    names: of persons in the register, left out of every text. with_notes: for the core team alone.
    with_missing: slides that have nothing to show yet, for those who build; nobody else is shown them.
    """
    project = presentation.project
    municipality = project.municipality
    rules = rules_of(presentation.audience)
    told = [s for s in slides if not s.is_out and not rules.leaves_out(s.role)]
    drawn = [draw(slide, picture_source, with_notes) for slide in told]
    drawn = [slide for slide in drawn if with_missing or not slide.is_missing]
    numbered = tuple(replace(slide, number=n) for n, slide in enumerate(drawn, start=1))
    return Deck(
        title=without_names(presentation.title, names),
        project_name=without_names(project.name, names),
        municipality=municipality.name,
        audience=str(Audience(presentation.audience).label),
        language=project.language,
        shield=municipality.shield,
        template=municipality.presentation_template,
        colours={k.replace("-", "_"): v for k, v in palette(municipality.colour).items()},
        slides=clean(numbered, names),
        made_at=now,
    )


def draw(slide: Slide, picture_source: Callable, with_notes: bool) -> DeckSlide:
    """Return one slide as it is drawn, without its number."""
    heading, style, blocks, source = DRAWERS[slide.role](slide, slide.shown)
    if slide.picture is not None and slide.role in WITH_PICTURE:
        picture = slide.picture
        blocks = [
            *(block for block in blocks if not isinstance(block, Missing)),
            Photo(
                picture.sha256,
                picture_source(picture),
                picture.alternative,
                picture.width,
                picture.height,
            ),
        ]
    return DeckSlide(
        pk=slide.pk,
        number=0,
        role=slide.role,
        name=slide.heading if slide.role == Role.OWN and slide.heading else str(Role(slide.role).label),
        heading=slide.heading or heading,
        style=style,
        dark=slide.role == Role.PROBLEM,
        blocks=tuple(blocks),
        source=fit.cut(source, 9.5, 340 if slide.picture and slide.role in WITH_PICTURE else 560, 2),
        notes=slide.notes if with_notes else "",
    )


def as_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def number_text(text: str | None, unit: str = "") -> str:
    return figure(Decimal(text), unit) if text is not None else ""


def sentence_of_number(number: dict) -> str:
    """«turer i uka kjører vi bare for å gi medisiner …»: the unit, then the number's own sentence."""
    parts = [number["unit"] if number["unit"] != "%" else "", number["sentence"] or number["name"]]
    return " ".join(part for part in parts if part)


def default_sentence(slide: Slide) -> str:
    """Return what the slide says when nobody has written a sentence for it."""
    if slide.role == Role.PROBLEM:
        number = slide.shown.get("number")
        return sentence_of_number(number) if number else slide.shown.get("problem", "")
    return ""


def problem(slide, shown):
    sentence = slide.sentence or default_sentence(slide)
    number = shown.get("number")
    if not number:
        return _("The problem"), "kicker", [Statement(sentence)], ""
    value = number_text(number["value"], "%" if number["unit"] == "%" else "")
    value = value.replace(NARROW_SPACE, "\N{NO-BREAK SPACE}")  # at this size the narrow one cannot be seen
    source = _("Source: %(source)s, %(year)s") % {"source": number["source"], "year": number["year"]}
    return _("The problem"), "kicker", [BigNumber(value, sentence)], source


def voices(slide, shown):
    found = [Voice(f"«{q['text']}»", q["who"]) for q in shown.get("quotes", [])]
    if not found:
        return _("People tell"), "kicker", [Missing(_("No quotes are cleared for sharing."))], ""
    source = slide.sentence or _("All have agreed that the quote is used.")
    return _("People tell"), "kicker", [Voices(found[0], tuple(found[1:]))], source


def month(text: str | None) -> str:
    found = as_date(text)
    return day(found).split(" ", 1)[1].capitalize() if found else ""


def shared(texts: list[str], otherwise: str) -> str:
    """Return the text all have in common, or another."""
    return texts[0] if texts and texts[0] and len(set(texts)) == 1 else otherwise


def now_text(point: dict) -> str:
    if point["latest"] is None:
        return _("Not measured")
    return _("%(number)s, %(month)s") % {
        "number": number_text(point["latest"], point["unit"] if point["unit"] == "%" else ""),
        "month": month(point["latest_on"]).lower(),
    }


def goals(slide, shown):
    heading = (
        _("The goal: %(goal)s") % {"goal": in_sentence(shown["main"])}
        if shown.get("main")
        else _("Goals and benefits")
    )
    points, others = shown.get("points", []), shown.get("others", [])
    blocks: list[Block] = []
    if points:
        rows = tuple(
            Point(
                short(p["name"], 70),
                p["unit"] if p["unit"] != "%" else "",
                number_text(p["baseline"], "%" if p["unit"] == "%" else "") or "–",
                number_text(p["target"], "%" if p["unit"] == "%" else ""),
                now_text(p),
            )
            for p in points
        )
        before = shared([month(p["baseline_on"]) for p in points], _("Before"))
        after = shared([month(p["target_on"]) for p in points], _("Goal"))
        blocks = [Points(before, after, rows)]
    elif others:
        blocks = [Rows(tuple(row(o["text"], _("Reached when:") + f" {o['criterion']}", "") for o in others))]
    if not blocks and shown.get("main"):  # nothing is measured yet: the goal itself, large
        return _("The goal"), "kicker", [Statement(shown["main"])], ""
    if not blocks:
        blocks = [Missing(_("No goals are written yet."))]
    latest = max((p["latest_on"] for p in points if p["latest_on"]), default=None)
    source = _("Last measured %(day)s.") % {"day": day(as_date(latest))} if latest else ""
    return heading, "title", blocks, source


def affected(slide, shown):
    groups = shown.get("groups", [])
    heading = _("Who is affected, and how do you take part?")
    if not groups:
        return heading, "title", [Missing(_("Nobody is mapped yet."))], ""
    rows = tuple(row(group["name"], group["how"], taking_part(group)) for group in groups)
    source = []
    if shown.get("more"):
        source.append(
            ngettext("And %(n)s group more.", "And %(n)s groups more.", shown["more"]) % {"n": shown["more"]}
        )
    if shown.get("reviewed_on"):
        source.append(_("Last reviewed %(day)s.") % {"day": day(as_date(shown["reviewed_on"]))})
    return heading, "title", [Rows(rows)], " ".join(source)


def taking_part(group: dict) -> str:
    """How a group takes part and what is planned next; no word on what it thinks."""
    if group["next_on"]:
        when = day(as_date(group["next_on"]))
        if not group["next_what"]:
            return _("Next meeting point %(day)s") % {"day": when}
        return f"{group['next_what']}, {when}"
    involvement = group["involvement"]
    return str(Involvement(involvement).label) if involvement else ""


def lines_of(slide: Slide) -> list[Block]:
    rows = []
    for text in slide.lines:
        lead, colon, rest = text.partition(":")
        bold = colon and len(lead) <= MOST_BOLD
        rows.append(Line(f"{lead}:", rest.strip()) if bold else Line("", text))
    return [Lines(tuple(rows))] if rows else []


def ask(slide, shown):
    blocks = [*([Statement(slide.sentence)] if slide.sentence else []), *lines_of(slide)]
    missing = Missing(_("Nobody has written what we need yet."))
    return _("What we need today"), "kicker", blocks or [missing], ""


def with_lead(slide: Slide) -> list[Block]:
    return [Lines((Line(slide.sentence, ""),))] if slide.sentence else []


def service(slide, shown):
    labels = {
        "who": _("Whom does the problem hit?"),
        "how_often": _("How often?"),
        "how_serious": _("How serious is it?"),
    }
    rows = tuple(row(str(labels[k]), "", shown[k]) for k in labels if shown.get(k))
    blocks = [*with_lead(slide), *([Rows(rows)] if rows else []), *lines_of(slide)]
    missing = Missing(_("The story does not tell yet whom the problem hits."))
    return _("Today's service"), "title", blocks or [missing], ""


def pilot(slide, shown):
    point = shown.get("point")
    blocks = with_lead(slide)
    if point:
        unit = "%" if point["unit"] == "%" else ""
        bars = [
            (_("Before"), point["baseline"]),
            (_("Now"), point["latest"]),
            (_("Goal"), point["target"]),
        ]
        blocks.append(
            Bars(
                short(point["name"], 90),
                point["unit"],
                tuple(Bar(str(n), Decimal(v), number_text(v, unit)) for n, v in bars),
            )
        )
    blocks += lines_of(slide)
    source = _("Last measured %(day)s.") % {"day": day(as_date(point["latest_on"]))} if point else ""
    return _("The pilot"), "title", blocks or [Missing(_("Nothing is measured in the pilot yet."))], source


def plan(slide, shown):
    def remark(phase):
        if phase["state"] == "done":
            return _("done")
        if phase["state"] == "current":
            return _("now")
        return (
            _("from %(month)s") % {"month": month(phase["from"]).lower()} if phase["from"] else _("not set")
        )

    stops = tuple(Stop(p["number"], p["name"], p["state"], remark(p)) for p in shown.get("phases", []))
    gate = as_date(shown.get("gate_on"))
    source = _("Next gate meeting: %(day)s.") % {"day": day(gate)} if gate else ""
    return _("The road on"), "title", [Road(stops), *with_lead(slide), *lines_of(slide)], source


def economy(slide, shown):
    numbers = shown.get("numbers", [])
    if not numbers:
        return _("Economy"), "title", [Missing(_("No figures in kroner are in the story yet."))], ""
    alike = len({n["unit"] for n in numbers}) == 1
    sources = dict.fromkeys(f"{n['source']}, {n['year']}" for n in numbers)
    source = _("Source: %(source)s") % {"source": "; ".join(sources)}
    told: Block
    if alike:
        bars = tuple(Bar(n["name"], Decimal(n["value"]), number_text(n["value"])) for n in numbers)
        told = Bars(_("Figures in kroner"), numbers[0]["unit"], bars)
    else:  # kroner and millions of them have no common scale
        told = Rows(tuple(row(n["name"], "", number_text(n["value"], n["unit"])) for n in numbers))
    return _("Economy"), "title", [*with_lead(slide), told], source


def own(slide, shown):
    blocks = [*([Statement(slide.sentence)] if slide.sentence else []), *lines_of(slide)]
    return _("Own text"), "title", blocks or [Missing(_("Nothing is written on this slide yet."))], ""


DRAWERS = {
    Role.PROBLEM: problem,
    Role.VOICES: voices,
    Role.GOALS: goals,
    Role.AFFECTED: affected,
    Role.ASK: ask,
    Role.SERVICE: service,
    Role.PILOT: pilot,
    Role.PLAN: plan,
    Role.ECONOMY: economy,
    Role.OWN: own,
}
