"""The same number everywhere, sums that never mix, and one query for a thousand benefits."""

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localtime
from docx import Document
from pptx import Presentation as PowerPoint

from benefits import asking, charts, drawings, wording
from benefits.actions import benefits as actions
from benefits.actions import measuring
from benefits.brief import read_brief, read_projects
from benefits.figures import State
from benefits.models import (
    Benefit,
    Calculation,
    Deviation,
    Handover,
    Indicator,
    MapLink,
    MapNode,
    Measurement,
    Reminder,
    SupplierAgreement,
)
from benefits.reading import project_benefits, read_figures
from benefits.sums import Sum, sums
from reports import case_papers, documents, materials
from reports.presentations import actions as presentations
from reports.presentations.audiences import rules_of
from reports.presentations.deck import deck_of
from reports.presentations.powerpoint import deck_pptx
from reports.presentations.sources import Sources
from reports.status_reports.data import as_data, today_words
from reports.summaries import project_summary
from roadmap import gates
from roadmap.models import Project
from tests.benefits.conftest import MEASURED_ON, make_benefit, make_indicator
from tests.conftest import TODAY, client_of, make_project
from tests.reports.test_documents import text_of

NOW = "2026-11-19T12:00:00+01:00"


@pytest.fixture
def measured(indicator, leader):
    measuring.record_measurement(indicator=indicator, on=MEASURED_ON, value=Decimal(348), by=leader)
    actions.calculate(
        benefit=indicator.benefit,
        calculation=Calculation(method="time_saved", times_per_year=Decimal(8944), minutes_each=Decimal(15)),
        today=TODAY,
        by=leader,
    )
    return indicator


def leaders_deck(project, leader):
    """Return a new presentation for the leaders as it is drawn."""
    made = presentations.start_presentation(
        project=project,
        title="Til ledergruppen",
        audience="leaders",
        meeting_on=None,
        by=leader,
        now=localtime(),
    )
    sources = Sources(project, rules_of("leaders"), TODAY)
    slides = list(made.slides.in_order())
    return deck_of(made, slides, names=sources.names, now=localtime(), with_notes=False)


@time_machine.travel(NOW)
def test_same_figure_on_page_pdf_word_powerpoint_spreadsheet_and_api(
    project, measured, leader, leader_client
):
    fresh = Project.objects.select_related("municipality").get(pk=project.pk)
    figure = project_benefits(fresh, TODAY).benefits[0]
    assert figure.main.attainment == Decimal(64) / Decimal(172)
    assert round(figure.main.attainment * 100) == 37
    hours = figure.in_year(2026).realised

    page = leader_client.get(measured.benefit.get_absolute_url()).content.decode()
    assert "37 %" in page
    assert "(412 − 348) / (412 − 240) = 64 / 172 = 37 %. Forventet nå: 53 %." in page
    assert "Tallet går ned, men ikke fort nok" in page
    assert "27 over forventet 321" in page

    from_moment = documents.timezone.now()
    summary = project_summary(fresh, since=TODAY, now=from_moment)
    data = as_data(summary, today_words(summary))
    pdf = text_of(documents.status_report(data))
    assert "37 %" in pdf
    assert "348" in pdf
    assert "Tallet går ned, men ikke fort nok" in pdf

    saved = next(row["sentence"] for row in data["benefits"]["sums"] if row["label"].startswith("Spart tid"))
    assert saved.replace("\N{NARROW NO-BREAK SPACE}", " ") in pdf.replace("\N{NARROW NO-BREAK SPACE}", " ")
    case = materials.case_of_gate(fresh, gates.gate(fresh, fresh.phase), now=from_moment)
    word = " ".join(p.text for p in Document(io.BytesIO(case_papers.case_paper(case))).paragraphs)
    assert f"Spart tid 2026: {saved}." in word

    deck = PowerPoint(io.BytesIO(deck_pptx(leaders_deck(fresh, leader))))
    told = " ".join(text for slide in deck.slides for text in slide.element.itertext())
    assert [number for number in ("412", "348", "240") if number not in told] == []
    assert f"{summary.count.settled} av {summary.count.total}" in pdf

    answer = leader_client.get(reverse("benefits:sheet", args=[project.slug, "csv"]))
    row = next(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    share = round(figure.main.attainment, 4)
    assert (row["Siste verdi"], row["Forventet da"], row["Så langt (andel)"]) == (
        "348",
        "321",
        f"{share}".replace(".", ","),
    )

    address = reverse("api:benefits", args=[project.slug])
    found = leader_client.get(address).json()[0]
    assert leader_client.get(address, {"after": found["number"]}).json() == []
    assert (found["latest"], found["expected"], found["difference"]) == (348, 321, 27)
    assert found["attainment"] == float(share)
    assert found["this_year"]["realised"] == float(round(hours, 4))

    budget = leader_client.get(reverse("benefits:budget_sheet", args=[2026, "csv"]))
    row = next(csv.DictReader(io.StringIO(budget.content.decode("utf-8-sig")), delimiter=";"))
    assert int(row["Hentet ut"]) == round(hours)
    for year in (0, 9999, 99999):
        for form in ("csv", "xlsx"):
            url = reverse("benefits:budget_sheet", args=[year, form])
            assert leader_client.get(url).status_code == 404


def amount(project, by, benefit_name, type, taken_out, nok, **fields):
    benefit = make_benefit(project, by=by, name=benefit_name, type=type, taken_out=taken_out)
    make_indicator(project, by=by, benefit=benefit, points=[], **fields)
    actions.set_year(benefit=benefit, year=2026, gross=Decimal(nok), by=by)
    return benefit


def test_texts_of_a_drawing_stand_clear_and_what_is_counted_is_never_less_than_nothing(measured, project):
    Indicator.objects.update(baseline=Decimal(365), target=Decimal(5))
    (figure,) = project_benefits(project, TODAY).benefits
    for size in (drawings.PHONE, drawings.PAPER, drawings.PAGE):
        drawn = charts.chart(figure.main, size)
        texts = re.findall(
            r'<text x="([\d.]+)" y="([\d.]+)" font-size="(\d+)".*?anchor="(\w+)">(.*?)<', drawn
        )
        boxes = [
            drawings.box_of(float(x), float(y), content, int(font), anchor)
            for x, y, font, anchor, content in texts
            if re.match("Nullpunkt|348|Mål", content)
        ]
        assert not [1 for one, other in combinations(boxes, 2) if one.meets(other)]
        assert ">\N{MINUS SIGN}" not in drawn


def test_kroner_hours_quality_and_cash_are_never_added(project, leader):
    amount(project, leader, "a", "avoided_cost", "lower_cost", 100, name="a")
    amount(project, leader, "b", "avoided_cost", "moved", 10, name="b")
    amount(project, leader, "c", "time_saved", "lower_cost", 7, name="c")
    amount(project, leader, "d", "quality", "better_quality", 1, name="d", target_on=date(2026, 12, 1))
    found = sums(read_figures(Benefit.objects.filter(project=project), TODAY), 2026, TODAY)
    assert [(s.type, s.is_cash, s.planned) for s in found] == [
        ("avoided_cost", True, 100),
        ("avoided_cost", False, 10),
        ("time_saved", None, 7),
        ("quality", None, 1),
    ]


@time_machine.travel(NOW)
def test_two_projects_that_claim_the_same_count_once(project, municipality, owner, leader, leader_client):
    other = make_project(municipality, owner=owner, leader=leader, name="Heltid på sykehjemmet")
    amount(project, leader, "Færre vaktbytter", "time_saved", "moved", 300, name="Timer til vaktbytter")
    amount(other, leader, "Bedre turnus", "time_saved", "moved", 200, name="timer til  vaktbytter")
    found = sums(read_figures(Benefit.objects.of(municipality), TODAY), 2026, TODAY)[0]
    assert (found.planned, found.overlap, found.net_planned) == (500, 200, 300)
    page = leader_client.get(reverse("benefits:benefits", args=[project.slug])).content.decode()
    assert "Samme timer er ført i «Heltid på sykehjemmet». Summen teller dem én gang." in page
    across = leader_client.get(reverse("benefits:across")).content.decode()
    assert "Brutto 500 timer, ført to ganger 200 timer, netto 300 timer." in across


def test_claim_of_a_restricted_project_is_not_named(
    project, restricted_project, leader, reader_client, leader_client
):
    for place in (project, restricted_project):
        amount(place, leader, "Færre vaktbytter", "time_saved", "moved", 300, name="Timer til vaktbytter")
    url = reverse("benefits:benefits", args=[project.slug])
    assert "Hemmelig omstilling" in leader_client.get(url).content.decode()
    assert "Hemmelig omstilling" not in reader_client.get(url).content.decode()


def fill(project, leader, benefits, measurements):
    """Put benefits with measurements behind the actions' back."""
    first = project.benefits.count()
    rows = Benefit.objects.bulk_create(
        Benefit(
            project=project,
            number=first + n + 1,
            name=f"Gevinst {first + n}",
            type="time_saved",
            recipient="user",
            created_by=leader,
        )
        for n in range(benefits)
    )
    indicators = Indicator.objects.bulk_create(
        Indicator(
            benefit=b,
            name=b.name,
            key=b.name.lower(),
            baseline=412,
            baseline_on=date(2025, 1, 1),
            target=240,
            target_on=date(2027, 6, 30),
            tolerance=18,
        )
        for b in rows
    )
    Measurement.objects.bulk_create(
        Measurement(
            indicator=i,
            value=400 - n,
            on=date(2025, 1, 15) + timedelta(days=28 * n),
            period=f"p{n}",
            by=leader,
            at="2026-01-01T00:00Z",
        )
        for i in indicators
        for n in range(measurements)
    )


def same_twice(project, today):
    """Return what counts and sums are told of each benefit, read briefly and read in full."""
    names = ["kind", "claim", "goal_on", "is_reached", "is_measured", "is_on_plan"]
    briefly = read_projects([project.pk], municipality=project.municipality, status="active", today=today)
    assert briefly == read_brief(Benefit.objects.filter(project=project), today)
    return [
        [(*(getattr(f, name) for name in names), f.in_year(today.year)) for f in found]
        for found in (briefly, read_figures(Benefit.objects.filter(project=project), today))
    ]


def test_brief_figures_are_the_full_ones_after_every_change(project, leader):
    """Of each type and state, with old values and with the year's, on days of two years."""
    told = []

    def check():
        for today in (date(2026, 3, 1), TODAY, date(2027, 1, 4), date(2027, 12, 31)):
            briefly, in_full = same_twice(project, today)
            assert briefly == in_full
            told.append(briefly)
        assert told[-4:] != told[-8:-4]

    saved = make_benefit(project, by=leader, type="avoided_cost")
    trips = make_indicator(project, by=leader, benefit=saved, baseline_on=date(2025, 6, 1))
    check()
    for on, value in ((date(2025, 10, 3), "400.5"), (date(2025, 12, 5), 390), (date(2026, 1, 2), "380.125")):
        measuring.record_measurement(indicator=trips, on=on, value=Decimal(value), by=leader)
    check()
    costs = {"method": "fewer_tasks", "times_per_year": Decimal("8944.5"), "cost_each_nok": Decimal(350)}
    actions.calculate(benefit=trips.benefit, calculation=Calculation(**costs), today=TODAY, by=leader)
    check()
    actions.set_year(benefit=trips.benefit, year=2026, gross=Decimal(90_000), by=leader)
    check()
    last = measuring.record_measurement(indicator=trips, on=MEASURED_ON, value=Decimal(348), by=leader)
    check()
    measuring.correct_measurement(measurement=last.measurement, value=Decimal(239), by=leader)
    check()
    hours = {"method": "time_saved", "times_per_year": Decimal(8944), "minutes_each": Decimal(15)}
    unknown = {"baseline": None, "baseline_on": None, "points": []}
    second = make_indicator(project, by=leader, benefit=trips.benefit, name="Timer", **unknown)
    calculation = Calculation(**hours, indicator=second)
    actions.calculate(benefit=trips.benefit, calculation=calculation, today=TODAY, by=leader)
    check()
    Indicator.objects.filter(pk=trips.pk).update(is_active=False)
    check()
    quality = make_benefit(project, by=leader, name="Trygghet", type="quality")
    safe = make_indicator(project, by=leader, benefit=quality, name="Trygge", target_on=date(2027, 1, 3))
    check()
    measuring.record_measurement(indicator=safe, on=date(2026, 12, 30), value=Decimal(240), by=leader)
    check()
    same = make_benefit(project, by=leader, name="Like trygt", type="quality")
    level = {"target": Decimal(412), "target_on": date(2026, 11, 1), "points": []}
    kept = make_indicator(project, by=leader, benefit=same, name="Like trygge", **level)
    measuring.record_measurement(indicator=kept, on=MEASURED_ON, value=Decimal(420), by=leader)
    check()
    spoken = make_benefit(project, by=leader, name="Ro", type="avoided_cost", taken_out="lower_cost")
    talk = make_indicator(project, by=leader, benefit=spoken, name="Samtale", method="conversation")
    measuring.record_measurement(indicator=talk, on=TODAY, value=None, said="Bedre", by=leader)
    check()


@pytest.mark.parametrize(
    ("on", "value", "state", "reached"),
    [
        (date(2026, 10, 30), 412, State.ON_PLAN, 0),  # the day has not come
        (date(2026, 11, 6), 425, State.REACHED, 1),
        (date(2026, 11, 6), 399, State.REACHED, 1),
        (date(2026, 11, 6), 431, State.BEHIND, 0),
    ],
)
def test_goal_that_is_to_stay_is_reached_when_it_has_stayed(project, leader, on, value, state, reached):
    benefit = make_benefit(project, by=leader, type="quality")
    level = {"target": Decimal(412), "target_on": date(2026, 11, 1), "points": []}
    indicator = make_indicator(project, by=leader, benefit=benefit, **level)
    measuring.record_measurement(indicator=indicator, on=on, value=Decimal(value), by=leader)
    found = project_benefits(project, date(2026, 11, 8))
    assert found.benefits[0].state == state
    assert (found.sums[0].planned, found.sums[0].realised) == (1, reached)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by the number of rows")
def test_measurements_of_a_year_are_looked_up_in_the_index(indicator):
    since = Measurement.objects.current().filter(indicator=indicator, on__gte=date(2026, 1, 1))
    assert "(indicator_id=? AND is_current=? AND on>?)" in since.newest_first().explain()


def cost(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_a_thousand_benefits_cost_the_same_queries_as_one(project, leader):
    client = client_of(leader)
    pages = [reverse("benefits:benefits", args=[project.slug]), reverse("benefits:across")]
    fill(project, leader, 1, 24)
    before = [cost(client, url) for url in pages]
    fill(project, leader, 999, 24)
    with CaptureQueriesContext(connection) as captured:
        found = read_figures(Benefit.objects.filter(project=project), TODAY)
        assert len(sums(found, 2026, TODAY)[0].benefits) == 1000
    assert len(captured) == 1
    assert len(found[-1].main.values) == 24
    assert [cost(client, url) for url in pages] == before
    for url in pages:
        page = client.get(url)
        assert len(page.context["pages"].rows) == 50
        assert "Neste side" in page.content.decode()
        assert len(page.content) < 250_000


@pytest.mark.parametrize(
    "broken",
    [
        {"baseline": None},
        {"target_on": None},
        {"tolerance": -1},
        {"target_on": date(2020, 1, 1)},
        {"frequency": "daily"},
    ],
)
def test_database_refuses_a_broken_indicator(indicator, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.filter(pk=indicator.pk).update(**broken)


def test_database_holds_the_rules_of_measuring(indicator, leader):
    record = {"indicator": indicator, "by": leader, "at": "2026-11-19T10:00Z", "on": TODAY, "period": "x"}
    first = Measurement.objects.create(value=1, **record)
    refused = [
        lambda: Measurement.objects.create(value=2, **record),
        lambda: Measurement.objects.create(value=None, **record),
        lambda: Deviation.objects.create(
            indicator=indicator,
            opened_by=first,
            opened_on=TODAY,
            measured=1,
            expected=1,
            tolerance=0,
            state="closed",
        ),
        lambda: Handover.objects.create(
            benefit=indicator.benefit, to=leader, asked_by=leader, asked_at="2026-11-19T10:00Z", accepted=True
        ),
        lambda: Reminder.objects.bulk_create(
            Reminder(
                indicator=indicator, due_on=TODAY, stage="first", to=leader, claimed_at="2026-11-19T10:00Z"
            )
            for _n in "12"
        ),
        lambda: Calculation.objects.create(
            benefit=indicator.benefit, method="time_saved", times_per_year=3, on=TODAY, by=leader
        ),
        lambda: SupplierAgreement.objects.create(
            project=indicator.benefit.project,
            supplier="x",
            subject="y",
            starts_on=TODAY,
            ends_on=TODAY - timedelta(days=1),
        ),
    ]
    for act in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    node = MapNode.objects.create(project=indicator.benefit.project, column=1, text="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        MapLink.objects.create(cause=node, effect=node)


def test_standing_leaves_out_what_is_claimed_twice():
    claimed = {"overlap": Decimal(100), "realised_overlap": Decimal(60)}
    once = Sum("avoided_cost", True, 2026, 2, Decimal(200), Decimal(100), Decimal(120), **claimed)
    assert (once.net_planned, once.net_realised, once.standing) == (100, 60, "behind")


def test_kroner_that_stand_together_have_one_unit(project, leader, owner, leader_client):
    def told(realised, planned):
        amounts = {"planned": Decimal(planned), "planned_to_date": Decimal(1), "realised": Decimal(realised)}
        found = wording.sum_sentence(Sum("avoided_cost", True, 2026, 1, **amounts))
        return found.replace("\N{NARROW NO-BREAK SPACE}", " ")

    assert told(2_140_000, 3_380_000) == "2,1 mill. kr av 3,4 mill. kr"
    assert told(676_000, 1_500_000) == "0,7 mill. kr av 1,5 mill. kr"
    assert told(40_000, 2_100_000) == "40 000 kr av 2 100 000 kr"
    assert told(531_873, 690_000) == "531 873 kr av 690 000 kr"
    assert told(0, 2_100_000) == "0 mill. kr av 2,1 mill. kr"
    other = make_project(project.municipality, owner=owner, leader=leader, name="Skolen", area="Oppvekst")
    Project.objects.filter(pk=project.pk).update(area="Helse")
    amount(project, leader, "a", "avoided_cost", "lower_cost", 200_000, name="a")
    amount(other, leader, "b", "avoided_cost", "lower_cost", 1_400_000, name="b")
    page = leader_client.get(reverse("benefits:across"), {"ar": 2026}).content.decode()
    areas = page.split('id="areas"')[1].split("</section>")[0]
    assert re.findall(r"av (\S+ \S+ kr)", areas) == ["0,2 mill. kr", "1,4 mill. kr"]


def test_difference_of_percentages_is_told_in_percentage_points(
    project, leader, member, leader_client, mailoutbox, django_capture_on_commit_callbacks
):
    percent = {"unit": "percent", "unit_label": "", "baseline": Decimal(70), "target": Decimal(95)}
    rate = make_indicator(project, by=leader, **percent, points=[(MEASURED_ON, 92)], tolerance=Decimal(1))
    with django_capture_on_commit_callbacks(execute=True):
        measuring.record_measurement(indicator=rate, on=MEASURED_ON, value=Decimal(89), by=member)
    assert "89 % målt, 92 % forventet. Tillatt avvik er 1 prosentpoeng." in mailoutbox[0].body
    page = leader_client.get(rate.get_absolute_url()).content.decode()
    assert "3 prosentpoeng under forventet 92 %" in page
    assert "3 prosentpoeng for lite" in page
    assert "89 % målt, 92 % forventet. Tillatt avvik er 1 prosentpoeng." in page
    assert "−3 prosentpoeng</td>" in page
    doubt = asking.doubt(
        Decimal(95), indicator=rate, last=Decimal(90), expected=Decimal(92), tolerance=Decimal(1)
    )
    assert (doubt.heading, "92 %" in doubt.text) == ("3 prosentpoeng mer enn forventet", True)


def test_a_plan_that_begins_later_in_the_year_is_not_called_unplanned():
    later = Sum("avoided_cost", True, 2026, 1, Decimal(200), Decimal(0), Decimal(0))
    nothing = Sum("avoided_cost", True, 2026, 1, Decimal(0), Decimal(0), Decimal(0))
    assert wording.sum_standing(later).label == "Ikke ventet ennå"
    assert wording.sum_standing(nothing).label == "Ikke planlagt"


def test_benefits_nobody_can_judge_are_told_beside_those_on_plan(project, indicator, leader):
    assert wording.on_plan(project_benefits(project, TODAY)) == "Ingen gevinster kan vurderes ennå"
    measuring.record_measurement(indicator=indicator, on=MEASURED_ON, value=Decimal(321), by=leader)
    make_benefit(project, by=leader, name="Uten måling")
    told = wording.on_plan(project_benefits(Project.objects.get(pk=project.pk), TODAY))
    assert told == "1 av 1 gevinster på plan, 1 kan ikke vurderes"
