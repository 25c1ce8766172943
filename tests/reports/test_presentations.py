"""Presentations: sources that go stale, rules per audience, and files that hold nothing but the deck."""

import io
import re
import zipfile
from datetime import timedelta
from decimal import Decimal

import pikepdf
import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from pptx import Presentation as PowerPoint
from pptx.enum.shapes import MSO_SHAPE_TYPE

from benefits.models import Benefit, Indicator, Measurement
from innovasjon import presentation_templates
from innovasjon.models import AuditEvent
from reports import jobs
from reports.models import Audience, DocumentJob, Role, Slide
from reports.names import without_names
from reports.presentations import actions, fit, frozen
from reports.presentations.audiences import RULES, rules_of
from reports.presentations.blocks import Bars, Missing, Points
from reports.presentations.deck import deck_of
from reports.presentations.documents import deck_pdf
from reports.presentations.powerpoint import deck_pptx
from reports.presentations.sources import Sources
from reports.presentations.stale import stale_slides
from roadmap import answers, pictures
from roadmap.models import Goal, KeyNumber, Picture, Quote, Story
from stakeholders import actions as stakeholders
from stakeholders.models import Measure, Stakeholder
from tests.conftest import TODAY
from tests.roadmap.test_story import photo
from tests.test_queries import MOST, cost

PERSON = "Petra Skeptikersen"


def now():
    return timezone.localtime()


@pytest.fixture
def told(project, leader):
    """A project with a story, a register, and secrets that must never leave the core team."""
    Story.objects.create(
        project=project,
        who="Brukere som får medisin hjemme",
        how_often="Hver dag",
        how_serious="Hver femte får den for sent",
        disagreement="UENIGHETEN om turnus",
    )
    goal = {"project": project, "baseline_on": TODAY, "latest_on": TODAY, "target_on": TODAY}
    Goal.objects.create(project=project, kind="main", text="Riktig medisin til rett tid", criterion="Målt")
    Goal.objects.create(text="Turer", unit="turer", baseline=412, latest=339, target=240, **goal)
    Goal.objects.create(text="Kostnad", unit="kr", baseline=900, latest=800, target=700, **goal)
    KeyNumber.objects.create(
        project=project, name="Turer", value=1480, unit="turer i uka", source="Fagsystemet", year=2026
    )
    KeyNumber.objects.create(
        project=project, name="Drift", value=1_150_000, unit="kr i året", source="Regnskapet", year=2026
    )
    for speaker, text, cleared in (
        ("user", f"Jeg venter på {PERSON.upper()} hver kveld", TODAY),
        ("employee", "ANSATTORDET: vi rekker det ikke", TODAY),
        ("relative", "HEMMELIGHETEN min", None),
    ):
        Quote.objects.create(project=project, speaker=speaker, text=text, cleared_on=cleared)
    for name, person in (("Tillitsvalgte", ""), ("Legekontoret", PERSON)):
        stakeholder = stakeholders.save_stakeholder(
            project=project,
            stakeholder=Stakeholder(
                name=name,
                person_name=person,
                main_group="employee",
                how_affected=f"Må snakke med {PERSON}",
                influence=3,
                strongly_affected=True,
                involvement="consulted",
            ),
            attitude="sceptical",
            source="said",
            wanted="positive",
            today=TODAY,
            by=leader,
        )
        stakeholders.note_conversation(
            stakeholder=stakeholder,
            on=TODAY,
            channel="meeting",
            said="SAMTALEORDET vi er imot",
            quote_cleared=True,
            attitude="sceptical",
            source="said",
            next_step="NESTESTEGET",
            by=leader,
        )
        stakeholders.save_measure(
            project=project,
            measure=Measure(
                stakeholder=stakeholder,
                what="INTERNMØTET",
                goal="OMVENDELSEN",
                message="BUDSKAPET",
                channel="meeting",
                on=timezone.localdate() + timedelta(days=3),
            ),
            by=leader,
        )
    drawn = pictures.draw(photo((200, 100)))
    pictures.store(drawn)
    Picture.objects.create(
        project=project,
        sha256=drawn.digest,
        width=drawn.width,
        height=drawn.height,
        alternative="En dispenser på et kjøkken",
        consent="SAMTYKKET fra Kari",
        added_by=leader,
    )
    return project


def start(project, by, audience=Audience.LEADERS):
    return actions.start_presentation(
        project=project, title="Til møtet", audience=audience, meeting_on=None, by=by, now=now()
    )


def with_every_slide(project, by, audience):
    """A presentation with each role, its texts filled in, and a person's name slipped into them."""
    presentation = start(project, by, audience)
    for role in Role.values:
        if not rules_of(audience).leaves_out(role):
            actions.add_slide(presentation=presentation, role=role, by=by, now=now())
    presentation.slides.filter(role="ask").update(sentence=f"Gi oss {PERSON}", points="I dag: si ja")
    presentation.slides.filter(role="own").update(
        heading="Vårt eget", points=f"Ring  {PERSON.lower()}", picture=project.pictures.get()
    )
    presentation.slides.update(notes=f"Hils {PERSON}. NOTATET")
    return presentation


def slides_of(presentation):
    slides = list(presentation.slides.select_related("picture").in_order())
    for slide in slides:
        slide.presentation = presentation
    return slides


def deck(presentation, *, with_notes=True, with_missing=False):
    sources = Sources(presentation.project, rules_of(presentation.audience), timezone.localdate())
    return deck_of(
        presentation,
        slides_of(presentation),
        names=sources.names,
        now=now(),
        with_notes=with_notes,
        with_missing=with_missing,
    )


def block(found, role, kind):
    slide = next(s for s in found.slides if s.role == role)
    return next((b for b in slide.blocks if isinstance(b, kind)), None)


def stale(presentation):
    sources = Sources(presentation.project, rules_of(presentation.audience), timezone.localdate())
    return stale_slides(slides_of(presentation), sources)


# ------------------------------------------------------------------ sources


def test_first_five_slides_come_from_work_already_done(told, leader):
    found = deck(start(told, leader), with_missing=True)
    assert [s.role for s in found.slides] == ["problem", "voices", "goals", "affected", "ask"]
    assert found.slides[0].source == "Kilde: Fagsystemet, 2026"
    assert [(p.before, p.after) for p in block(found, "goals", Points).rows] == [
        ("412", "240"),
        ("900", "700"),
    ]
    assert not stale(start(told, leader))


def test_benefit_is_shown_instead_of_the_goals_and_makes_the_slide_stale(told, leader):
    benefit = Benefit.objects.create(
        project=told, number=1, name="Færre turer", type="avoided_cost", recipient="user", created_by=leader
    )
    told_of = {"baseline_on": TODAY - timedelta(days=200), "target_on": TODAY + timedelta(days=200)}
    indicator = Indicator.objects.create(
        benefit=benefit, name="Turer", unit="count", unit_label="turer", baseline=412, target=200, **told_of
    )
    presentation = start(told, leader)
    rows = block(deck(presentation), "goals", Points).rows
    assert [(r.name, r.after, r.now) for r in rows] == [("Turer", "200", "Ikke målt")]
    Measurement.objects.create(
        indicator=indicator, on=TODAY, period="2026-11", value=348, by=leader, at=now()
    )
    told = type(told).objects.get(pk=told.pk)
    presentation.project = told
    slide = presentation.slides.get(role="goals")
    assert stale(presentation)[slide.pk].text == "Siste måling er 348, lysbildet viser ingen."


def test_empty_project_gives_slides_that_say_what_is_missing(project, leader):
    presentation = start(project, leader)
    found = deck(presentation, with_missing=True)
    assert [s.role for s in found.slides if s.is_missing] == ["voices", "goals", "affected", "ask"]
    assert block(found, "voices", Missing).text == "Ingen sitater er klarert for deling."
    assert [(s.number, s.role) for s in deck(presentation).slides] == [(1, "problem")]  # the hall sees this


def test_heading_counts_what_is_shown_and_says_what_waits(project, leader, leader_client):
    url = reverse("reports:presentation", args=[project.slug, start(project, leader).pk])
    page = " ".join(leader_client.get(url).content.decode().split())
    assert "1 lysbilde, omtrent 2 minutter. Fire lysbilder venter på innhold og vises ikke før da." in page


def test_changed_source_makes_the_slide_stale_until_it_is_updated_or_kept(told, leader):
    presentation = start(told, leader)
    slide = presentation.slides.get(role="goals")
    slide.presentation = presentation
    goal = Goal.objects.get(text="Turer")
    Goal.objects.filter(pk=goal.pk).update(latest=348)
    told.refresh_from_db()
    found = stale(presentation)
    assert found[slide.pk].text == "Siste måling er 348, lysbildet viser 339."
    assert "339" in block(deck(presentation), "goals", Points).rows[0].now
    actions.keep_slide(slide=slide, by=leader, now=now())
    assert not stale(presentation)
    Goal.objects.filter(pk=goal.pk).update(latest=Decimal("351.50"))
    assert "351,5" in stale(presentation)[slide.pk].text
    actions.update_slide(slide=slide, by=leader, now=now())
    assert not stale(presentation)
    assert block(deck(presentation), "goals", Points).rows[0].now.startswith("351,5")


def test_sentence_follows_the_source_until_somebody_writes_another(told, leader, leader_client):
    presentation = start(told, leader)
    slide = presentation.slides.get(role="problem")
    url = reverse("reports:slide", args=[told.slug, presentation.pk, slide.pk])
    assert leader_client.post(url, {"sentence": "turer i uka Turer", "notes": "Si det"}).status_code == 302
    slide.refresh_from_db()
    assert (slide.sentence, slide.notes) == ("", "Si det")
    other = KeyNumber.objects.get(name="Drift")
    leader_client.post(url, {"sentence": "er for mye", "number": other.pk})
    slide.refresh_from_db()
    assert (slide.sentence, slide.shown["number"]["name"]) == ("er for mye", "Drift")


def test_name_of_a_person_in_the_register_is_refused_in_every_text(told, leader, leader_client):
    presentation = start(told, leader)
    slide = presentation.slides.get(role="ask")
    url = reverse("reports:slide", args=[told.slug, presentation.pk, slide.pk])
    answer = leader_client.post(url, {"sentence": "Gi oss tid", "notes": f"Spør {PERSON}"})
    assert answer.status_code == 422
    assert "er en person i interessentoversikten" in answer.content.decode()
    assert not Slide.objects.exclude(notes="").exists()


@pytest.mark.parametrize(
    "text",
    [
        "Petra  Skeptikersen",
        "petra\nskeptikersen",
        "PETRA SKEPTIKERSEN,",
        "Petra Skeptikersens",
        "Skeptikersen, Petra",
    ],
)
def test_names_are_left_out_in_whatever_spacing_and_case(text):
    assert "keptik" not in without_names(text, [PERSON]).lower()
    assert without_names("Petras bok", [PERSON]) == "Petras bok"


def test_slide_is_saved_as_it_is_written_and_two_at_once_keep_both_texts(told, leader, leader_client):
    presentation = start(told, leader)
    slide = presentation.slides.get(role="ask")
    url = reverse("reports:slide", args=[told.slug, presentation.pk, slide.pk])
    empty = {f"base_{name}": answers.digest("") for name in ("sentence", "points", "notes")}
    answer = leader_client.post(url, {"sentence": "Gi oss tid", **empty}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "Lagret kl." in page
    assert f'id="base_sentence" value="{answers.digest("Gi oss tid")}"' in page
    assert 'id="canvas" hx-swap-oob="true"' in page
    assert "Gi oss tid" in page
    late = {"sentence": "Gi oss penger", **empty}
    answer = leader_client.post(url, late, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#conflicts")
    assert "Liv Leder endret setningen" in page
    assert "Gi oss penger" in page
    assert leader_client.post(url, late).status_code == 409  # without JavaScript
    slide.refresh_from_db()
    assert slide.sentence == "Gi oss tid"
    leader_client.post(url, {"notes": "Mine", **empty})
    joined = leader_client.post(url, {"notes": "Dine", "merge": "1", **empty}).content.decode()
    assert "Mine\n\nDine" in joined
    leader_client.post(url, {"notes": "Mer", "base_notes": answers.digest("Mine")})
    events = AuditEvent.objects.filter(verb="slide.changed").order_by("id")
    fields = [e.details["fields"] for e in events]  # not one for every pause
    assert fields == [["sentence"], ["notes", "sentence"]]
    secret = {"notes": "Ring 13097248022.", "sentence": "Gi oss ro"}
    answer = leader_client.post(url, secret, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert 'href="#id_notes"' in answer.content.decode()
    slide.refresh_from_db()
    assert (slide.sentence, slide.notes) == ("Gi oss ro", "Mer")


# ------------------------------------------------------------------ order


def test_slides_are_moved_taken_out_and_put_in_again(told, leader):
    presentation = start(told, leader)
    ask = presentation.slides.get(role="ask")
    ask.presentation = presentation
    for _time in range(9):
        actions.move_slide(slide=ask, up=True, by=leader, now=now())
    assert deck(presentation, with_missing=True).slides[0].role == "ask"
    Slide.objects.filter(pk=ask.pk).update(sentence="Gi oss tid")
    actions.take_out_slide(slide=ask, by=leader, now=now())
    assert "ask" not in [s.role for s in deck(presentation).slides]
    back = actions.add_slide(presentation=presentation, role="ask", by=leader, now=now())
    assert (back.pk, back.sentence) == (ask.pk, "Gi oss tid")
    assert [s.role for s in deck(presentation).slides][-1] == "ask"
    with pytest.raises(IntegrityError), transaction.atomic():
        Slide.objects.create(presentation=presentation, role="ask", position=9, shown_at=now())


def test_trail_tells_that_a_slide_was_changed_and_never_its_words(told, leader, reader_client):
    presentation = with_every_slide(told, leader, Audience.STAFF)
    slide = presentation.slides.get(role="ask")
    slide.presentation = presentation
    actions.write_slide(slide=slide, values={"notes": "HVISKET"}, by=leader, now=now())
    events = AuditEvent.objects.filter(verb__startswith="slide.")
    assert events.exists()
    assert not [e for e in events if "HVISKET" in str(e.changes) + str(e.details)]
    page = reader_client.get(reverse("roadmap:trail", args=[told.slug])).content.decode()
    assert "Endret lysbildet «Dette trenger vi» i «Til møtet»" in page


# ------------------------------------------------------------------ audiences


def test_another_audience_has_every_slide_fetched_anew_by_its_rules(told, leader):
    presentation = start(told, leader)
    values = {"title": "Til møtet", "audience": Audience.STAFF, "meeting_on": None}
    staff = actions.edit_presentation(presentation=presentation, values=values, by=leader, now=now())
    assert [p.name for p in block(deck(staff), "goals", Points).rows] == ["Turer"]


def everything_shown(found, pdf, pptx, page):
    """All text of all outputs: page, PDF with its metadata, PowerPoint with notes, charts and properties."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    texts = [page, "\n".join(p.extract_text() for p in reader.pages), str(reader.metadata)]
    with pikepdf.open(io.BytesIO(pdf)) as file, file.open_metadata() as metadata:
        texts.append(str(metadata))
    texts += unzipped(pptx)
    return "\n".join(texts)


def unzipped(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            inner = archive.read(name)
            yield name
            if name.endswith((".xlsx", ".pptx")):
                yield from unzipped(inner)
            else:
                text = inner.decode("utf-8", "ignore")
                yield text
                yield " ".join(re.findall(r"<a:t>(.*?)</a:t>", text))  # a word split over several runs


SECRETS = [
    "skeptik",  # the person, and the word of the attitude
    "samtaleordet",
    "nestesteget",
    "uenigheten",
    "hemmeligheten",
    "samtykket",
    "omvendelsen",
    "budskapet",
]


@pytest.mark.parametrize("audience", Audience.values)
def test_attitudes_and_names_are_in_no_output_for_any_audience(told, leader, leader_client, audience):
    told.next_gate_at = now() + timedelta(days=20)
    presentation = with_every_slide(told, leader, audience)
    found = deck(presentation)
    url = reverse("reports:show_presentation", args=[told.slug, presentation.pk])
    page = leader_client.get(url).content.decode()
    text = everything_shown(found, deck_pdf(found), deck_pptx(found), page).lower()
    assert "notatet" in text  # what could leak is there
    assert "[navn utelatt]" in text
    assert "hver dag" in text
    assert not [secret for secret in SECRETS if secret in text]
    rules = RULES[audience]
    assert ("ansattordet" in text) is ("employee" in rules.speakers)
    assert ("internmøtet" in text) is rules.plans
    assert ("neste portmøte" in text) is rules.plans
    assert ("regnskapet" in text) is rules.money
    assert ("kr i året" in text) is rules.money


def file_of(client, url):
    """Ask for a file and return it as the page that waits gives it."""
    page = client.get(url, follow=True)
    return client.get(page["Refresh"].partition("url=")[2])


def test_notes_are_for_the_core_team_alone(told, leader, leader_client, reader_client, monkeypatch):
    monkeypatch.setattr(jobs, "PATIENCE", timedelta(0))
    presentation = with_every_slide(told, leader, Audience.STAFF)
    for name in ("show_presentation", "presentation"):
        url = reverse(f"reports:{name}", args=[told.slug, presentation.pk])
        assert "NOTATET" in leader_client.get(url).content.decode()
        assert "NOTATET" not in reader_client.get(url).content.decode()
    url = reverse("reports:presentation_pptx", args=[told.slug, presentation.pk])
    with_notes = leader_client.get(url, follow=True).redirect_chain[0][0]
    assert reader_client.get(with_notes).status_code == 403
    assert "NOTATET" in "".join(unzipped(file_of(leader_client, url).content))
    assert "NOTATET" not in "".join(unzipped(file_of(reader_client, url).content))
    url = reverse("reports:presentation_pdf", args=[told.slug, presentation.pk])
    pdf = pypdf.PdfReader(io.BytesIO(file_of(leader_client, url).content))
    assert not [p for p in pdf.pages if "NOTATET" in p.extract_text()]


def test_presentation_is_made_off_the_request_and_found_again(told, leader, leader_client, monkeypatch):
    presentation = with_every_slide(told, leader, Audience.STAFF)
    url = reverse("reports:presentation_pptx", args=[told.slug, presentation.pk])
    page = leader_client.get(url, follow=True)
    assert "Lager PowerPoint-filen. Det tar noen sekunder." in page.content.decode()
    job = DocumentJob.objects.get()
    found = deck(presentation)
    assert frozen.revive(job.data).slides == found.slides == frozen.revive(frozen.as_data(found)).slides
    assert "base64" not in str(job.data)
    assert jobs.make(job.pk, now=timezone.now())
    monkeypatch.setattr(jobs, "deck_pptx", lambda deck: pytest.fail("made twice"))
    file = file_of(leader_client, url)
    assert (file["Content-Type"], file.content[:2]) == (jobs.PPTX, b"PK")
    assert DocumentJob.objects.count() == 1


def test_rules_are_printed_beside_the_slides(told, leader, leader_client):
    for audience, rules in RULES.items():
        page = leader_client.get(start(told, leader, audience).get_absolute_url()).content.decode()
        assert str(rules.text) in page


# ------------------------------------------------------------------ PDF


@pytest.mark.parametrize("variant", ["pdf/ua-1", "pdf/a-2a"])
def test_pdf_is_tagged_wide_and_has_words_for_pictures(told, leader, variant):
    found = deck(with_every_slide(told, leader, Audience.LEADERS))
    with pikepdf.open(io.BytesIO(deck_pdf(found, variant=variant))) as file:
        assert len(file.pages) == len(found.slides)
        wide, high = (float(n) * 25.4 / 72 for n in file.pages[0].MediaBox[2:])
        assert (round(wide, 1), round(high, 1)) == (254.0, 142.9)
        assert file.Root.MarkInfo.Marked
        assert str(file.Root.Lang) == "nb"
        tags = list(walk(file.Root.StructTreeRoot))
        kinds = [str(tag.S) for tag in tags]
        assert kinds.count("/H1") == len(found.slides)
        assert {"/Figure", "/Table", "/TH", "/L"} <= set(kinds)
        assert all(str(tag.get("/Alt", "")) for tag in tags if tag.S == "/Figure")
        with file.open_metadata() as metadata:
            assert metadata.pdfa_status == ("2A" if variant == "pdf/a-2a" else "")
            assert "Til møtet" in metadata["dc:title"]


def walk(node):
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from walk(kid)


def test_same_deck_gives_the_same_pdf(told, leader):
    found = deck(start(told, leader))
    assert deck_pdf(found) == deck_pdf(found)


# ------------------------------------------------------------------ PowerPoint


def test_powerpoint_has_titles_text_boxes_charts_notes_and_numbers(told, leader):
    found = deck(with_every_slide(told, leader, Audience.LEADERS))
    file = PowerPoint(io.BytesIO(deck_pptx(found)))
    assert len(file.slides) == len(found.slides)
    for slide, drawn in zip(file.slides, found.slides, strict=True):
        assert slide.shapes[0] == slide.shapes.title  # read first
        assert slide.shapes.title.text == drawn.heading
        assert slide.notes_slide.notes_text_frame.text == drawn.notes
        assert 'type="slidenum"' in slide.shapes[-1]._element.xml
        for shape in slide.shapes:
            if shape.shape_type in (MSO_SHAPE_TYPE.PICTURE, MSO_SHAPE_TYPE.CHART, MSO_SHAPE_TYPE.TABLE):
                assert shape._element.xpath(".//p:cNvPr/@descr")[0]
            right, bottom = shape.left + shape.width, shape.top + shape.height
            assert right <= file.slide_width + 1, (drawn.role, shape.name)
            assert bottom <= file.slide_height + 1, (drawn.role, shape.name)
    charts = [s.chart for slide in file.slides for s in slide.shapes if s.has_chart]
    assert len(charts) == 2
    assert list(charts[0].plots[0].series[0].values) == [
        float(bar.value) for bar in block(found, "pilot", Bars).bars
    ]
    core = file.core_properties
    assert (core.author, core.last_modified_by, core.title) == (
        "Prøvevik kommune",
        "Prøvevik kommune",
        "Til møtet",
    )


LONG = "Sámi girjjálašvuohta čáhppes đŋšŧž og rekkeviddeavklaringer som går over flere linjer "


def test_long_texts_stay_on_their_slide_in_pdf_and_powerpoint(told, leader):
    Quote.objects.filter(project=told).update(text=(LONG * 4)[:300], description=LONG[:80], cleared_on=TODAY)
    presentation = with_every_slide(told, leader, Audience.LEADERS)
    points = "\n".join(["Kort: " + LONG] * 6)[:600]
    presentation.slides.update(heading=(LONG * 2)[:120], sentence=(LONG * 3)[:220], points=points)
    found = deck(presentation)
    assert all(fit.high(slide, slide.percent / 100) <= fit.room(slide) for slide in found.slides)
    assert [slide for slide in found.slides if slide.is_full]
    assert len(pypdf.PdfReader(io.BytesIO(deck_pdf(found))).pages) == len(found.slides)
    file = PowerPoint(io.BytesIO(deck_pptx(found)))
    for slide, drawn in zip(file.slides, found.slides, strict=True):
        foot = slide.shapes[-2]
        blocks = [s for s in slide.shapes if s.has_text_frame and "Kort:" in s.text_frame.text]
        assert all(s.top + s.height <= foot.top for s in blocks), drawn.role


def test_municipality_without_a_shield_of_its_own_has_the_drawn_one_told_in_words(told, leader):
    file = PowerPoint(io.BytesIO(deck_pptx(deck(start(told, leader)))))
    for slide in file.slides:
        mark = next(s for s in slide.shapes if s.shape_type == MSO_SHAPE_TYPE.GROUP)
        assert mark._element.nvGrpSpPr.cNvPr.get("descr") == "Kommunevåpenet til Prøvevik kommune"


@pytest.mark.parametrize("wide", [9_144_000, 16_000_000])
def test_template_of_another_shape_has_all_within_its_edges(told, leader, wide):
    upload = own_template(width=wide, height=6_858_000)
    told.municipality.presentation_template = presentation_templates.store(upload)
    file = PowerPoint(io.BytesIO(deck_pptx(deck(with_every_slide(told, leader, Audience.LEADERS)))))
    for slide in file.slides:
        for shape in slide.shapes:
            assert shape.left + shape.width <= file.slide_width + 1, shape.name
            assert shape.top + shape.height <= file.slide_height + 1, shape.name
        assert 'type="slidenum"' in slide.shapes[-1]._element.xml


def own_template(*, slides=True, width=12_192_000, height=6_858_000):
    file = PowerPoint()
    file.slide_width, file.slide_height = width, height
    file.core_properties.author = "Kari Designer"
    if slides:
        file.slides.add_slide(file.slide_layouts[0]).shapes.title.text = "Slik bruker du malen"
    content = io.BytesIO()
    file.save(content)
    return SimpleUploadedFile("mal.pptx", content.getvalue())


def test_municipality_has_its_own_template_emptied_of_slides_and_author(told, leader):
    told.municipality.presentation_template = presentation_templates.store(own_template())
    content = deck_pptx(deck(start(told, leader), with_missing=True))
    file = PowerPoint(io.BytesIO(content))
    assert file.slide_width == 12_192_000
    assert len(file.slides) == 5
    text = "".join(unzipped(content))
    assert "Slik bruker du malen" not in text
    assert "Kari Designer" not in text


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_what_is_no_powerpoint_file_is_refused(db, content):
    with pytest.raises(ValidationError):
        presentation_templates.store(SimpleUploadedFile("mal.pptx", content))


def test_template_with_macros_links_or_a_bomb_is_refused(db, monkeypatch):
    def with_part(name, inner):
        upload = own_template()
        content = io.BytesIO(upload.read())
        with zipfile.ZipFile(content, "a") as archive:
            archive.writestr(name, inner)
        return SimpleUploadedFile("mal.pptx", content.getvalue())

    link = b'<Relationship Id="r" Type="x/image" Target="http://e.no" TargetMode="External"/>'
    for upload in (with_part("ppt/vbaProject.bin", b"x"), with_part("ppt/x/_rels/y.xml.rels", link)):
        with pytest.raises(ValidationError):
            presentation_templates.store(upload)
    monkeypatch.setattr(presentation_templates, "LARGEST_UNPACKED", 1000)
    with pytest.raises(ValidationError, match="for stor"):
        presentation_templates.store(own_template())


# ------------------------------------------------------------------ pages


def test_builder_with_every_slide_asks_at_most_twelve_times(told, leader, leader_client):
    presentation = with_every_slide(told, leader, Audience.LEADERS)
    assert cost(leader_client, presentation.get_absolute_url()) <= MOST


def test_list_costs_the_same(told, leader, leader_client):
    url = reverse("reports:presentations", args=[told.slug])
    start(told, leader)
    before = cost(leader_client, url)
    for audience in ("staff", "users"):
        start(told, leader, audience)
    assert cost(leader_client, url) == before


def test_slide_of_another_presentation_is_not_found(told, leader, leader_client):
    one, other = start(told, leader), start(told, leader, Audience.STAFF)
    url = reverse("reports:slide", args=[told.slug, one.pk, other.slides.first().pk])
    assert leader_client.get(url).status_code == 404


def test_checkpoint_knows_for_whom_presentations_are_made(told, leader, leader_client):
    url = reverse("roadmap:item", args=[told.slug, 1, "1.1", "1.1g"])
    assert "Ingen presentasjon er laget ennå" in leader_client.get(url).content.decode()
    for audience in (Audience.LEADERS, Audience.STAFF):
        start(told, leader, audience)
    assert "Laget for: Ledergruppen, Ansatte" in leader_client.get(url).content.decode()
