# ruff: noqa: E402, E501, S101
"""Measure our heaviest pages beside a bare Django page of the same rows, in the same process and run.

    make bench

The bare pages are what one writes in an afternoon: the same middleware, log-in and rows from the same
database, Django's own ModelForm with Django's own widgets, a plain template without our frame, icons and
links. Our checklist page reads the checkpoints of the whole phase, draws those of one step, and counts the
rest; so it is set beside two bare pages, one that draws the whole phase and one that draws the step alone
and counts nothing. Our portfolio with benefits is set beside a bare one without them and one that reads
them with their measurements and tells the latest of each. The database is a throw-away SQLite file; each
page is asked for through Django's own request handler, so what is measured is our code and Django's, not
the network. Ours and the bare ones take turns, so that other work on the machine slows them alike.
"""

import gc
import os
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = tempfile.TemporaryDirectory(prefix="innovasjon-bench-")
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "innovasjon.settings",
    "DEBUG": "0",
    "DEMO": "0",
    "SECRET_KEY": "only-for-measuring-on-a-throw-away-database-" * 2,
    "ALLOWED_HOSTS": "testserver",
    "DATA_DIR": FOLDER.name,
    "DATABASE_URL": "",
    "EMAIL_URL": "memorymail://",
    "HTTPS_REDIRECT": "0",
}

import django
from django.conf import settings

django.setup()

from django.contrib.staticfiles.management.commands.collectstatic import Command as CollectStatic
from django.core.management import call_command
from django.db import connection
from django.db.models import Prefetch
from django.forms import modelform_factory
from django.forms.renderers import DjangoTemplates
from django.http import HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from benefits.brief import brief
from benefits.models import Benefit, Calculation, Indicator, Measurement, PathPoint, YearAmount
from innovasjon.access import MunicipalityRole
from innovasjon.models import Membership, Municipality, User
from innovasjon.urls import urlpatterns as ours
from reports.models import ProjectSnapshot
from roadmap import actions, answers
from roadmap.models import ChecklistItem, PhaseRound, Project, ProjectMembership

PROJECTS = 400
MEASUREMENTS = 8  # of each benefit
WARM_UP, TURNS, TIMES = 15, 12, 10  # asked before the clock starts; turns; asked in each turn
TODAY = date.today()  # noqa: DTZ011  a measurement, on the machine's own clock

BARE_LIST = """<!doctype html><html lang="nb"><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1>
<table>{% for row in rows %}<tr><td><a href="{{ row.get_absolute_url }}">{{ row.name }}</a></td><td>{{ row.area }}</td>
<td>{{ row.phase }}</td><td>{{ row.get_condition_display }}</td><td>{{ row.next_gate_at|date:"j. F Y" }}</td>
<td>{{ row.owner_name }}</td>{% if benefits %}<td>{% for benefit in row.benefits.all %}{% for indicator in benefit.indicators.all %}
{% with latest=indicator.measurements.all|first %}{{ latest.value }} / {{ indicator.target }}{% endwith %}
{% endfor %}{% endfor %}</td>{% endif %}</tr>{% endfor %}</table></body></html>"""
BARE_CHECKLIST = """<!doctype html><html lang="nb"><head><title>{{ title }}</title></head><body><h1>{{ title }}</h1>
<table>{% for row in rows %}<tr><td>{{ row.key }}</td><td><a href="{% url 'bare_checklist' row.pk %}">{{ row.text }}</a></td>
<td>{{ row.get_status_display }}</td><td>{{ row.responsible.name }}</td><td>{{ row.due_on|date:"j. F Y" }}</td>
<td>{{ row.settled_by.name }}</td></tr>{% endfor %}</table>
<form method="post">{% csrf_token %}{{ form.as_p }}<button>Lagre</button></form></body></html>"""
BareForm = modelform_factory(ChecklistItem, fields=list(answers.FIELDS))
BareForm.default_renderer = DjangoTemplates()  # not our own templates of widgets


def cached(template):
    """Compile a template once, as Django does with those that lie in files."""
    compiled = engines["django"].from_string(template)
    return lambda request, **context: HttpResponse(compiled.render(context, request))


bare_list_page, bare_checklist_page = cached(BARE_LIST), cached(BARE_CHECKLIST)


def bare_portfolio(request, benefits=False):
    rows = Project.objects.filter(municipality__memberships__user=request.user).with_owner().order_by("name")
    if benefits:
        newest_first = Prefetch("measurements", Measurement.objects.current().newest_first())
        rows = rows.prefetch_related(
            Prefetch("benefits__indicators", Indicator.objects.prefetch_related(newest_first))
        )
    return bare_list_page(request, title="Prosjekter", rows=rows, benefits=benefits)


def bare_checklist(request, pk, only_step=False):
    item = ChecklistItem.objects.select_related("round").get(pk=pk)
    form = BareForm(request.POST or None, instance=item)
    if request.method == "POST" and form.is_valid():
        form.save()
    rows = item.round.items.select_related("step", "responsible", "settled_by").in_order()
    if only_step:
        rows = rows.filter(step=item.step_id)
    return bare_checklist_page(request, title="Sjekkliste", rows=rows, form=form)


def bare_save(request, pk):
    item = ChecklistItem.objects.get(pk=pk)
    form = BareForm(request.POST, instance=item)
    if form.is_valid():
        form.save()
    return HttpResponse("ok" if not form.errors else str(form.errors))


urlpatterns = [
    path("bare/sjekkliste/<int:pk>/", bare_checklist, name="bare_checklist"),
    path("bare/steg/<int:pk>/", bare_checklist, {"only_step": True}),
    path("bare/prosjekter/", bare_portfolio),
    path("bare/gevinster/", bare_portfolio, {"benefits": True}),
    path("bare/lagre/<int:pk>/", bare_save),
    *ours,
]


def furnish():
    """Fill the database: a whole project, four hundred in the portfolio, half a year of key figures."""
    place = Municipality.objects.create(number="9999", name="Målevik kommune")
    user = User.objects.create_user("maler@example.no", None, name="Mona Måler", position="Kommunedirektør")
    Membership.objects.create(municipality=place, user=user, role=MunicipalityRole.MANAGER)
    project = actions.start_project(
        municipality=place, name="Målt", problem="Det går for sakte.", owner=user, today=TODAY, by=user
    )
    items = list(ChecklistItem.objects.filter(round__project=project, round__phase=1).in_order())
    for n, item in enumerate(items[1:]):
        item.responsible, item.due_on = user, TODAY + timedelta(days=n)
        if n % 2:
            item.status, item.settled_by, item.settled_on = "done", user, TODAY
    ChecklistItem.objects.bulk_update(items, ["responsible", "due_on", "status", "settled_by", "settled_on"])
    projects = Project.objects.bulk_create(
        Project(
            municipality=place,
            slug=f"prosjekt-{n}",
            name=f"Prosjekt {n} i området",
            problem="Det tar for lang tid.",
            area=("Oppvekst", "Helse og mestring", "Plan og teknikk")[n % 3],
            phase=n % 6 + 1,
            condition=("on_track", "on_track", "watch", "needs_help", "not_assessed")[n % 5],
            condition_reason="Fordi det er slik.",
            next_gate_at=None,
            started_on=TODAY,
            content_version="1",
        )
        for n in range(PROJECTS - 1)
    )
    ProjectMembership.objects.bulk_create(
        ProjectMembership(project=p, user=user, role="owner") for p in projects
    )
    PhaseRound.objects.bulk_create(
        PhaseRound(project=p, phase=p.phase, started_on=TODAY - timedelta(days=n))
        for n, p in enumerate(projects)
    )
    ProjectSnapshot.objects.bulk_create(
        ProjectSnapshot(project=p, on=TODAY - timedelta(days=d), phase=p.phase, condition="watch")
        for p in projects
        for d in range(0, 180, 3)
    )
    return user, project, items[0]


def furnish_benefits(user):
    """Give each project of the portfolio three benefits, one of each type, measured eight months in a row."""
    benefits = Benefit.objects.bulk_create(
        Benefit(
            project=project,
            number=n,
            name=f"Gevinst {n} av {project.name}",
            type=kind,
            recipient="user",
            taken_out="lower_cost" if project.pk % 2 else "moved",
            created_by=user,
        )
        for project in Project.objects.all()
        for n, kind in enumerate(("avoided_cost", "time_saved", "quality"), 1)
    )
    start = TODAY - timedelta(days=30 * MEASUREMENTS)
    indicators = Indicator.objects.bulk_create(
        Indicator(
            benefit=benefit,
            name=benefit.name,
            key=benefit.name.lower(),
            baseline=412,
            baseline_on=start,
            target=240,
            target_on=TODAY + timedelta(days=200),
            tolerance=18,
            next_due_on=TODAY + timedelta(days=10),
        )
        for benefit in benefits
    )
    PathPoint.objects.bulk_create(
        PathPoint(indicator=i, on=TODAY - timedelta(days=30), value=330) for i in indicators
    )
    Measurement.objects.bulk_create(
        Measurement(
            indicator=i,
            value=400 - (8 + i.pk % 7) * n,
            on=start + timedelta(days=30 * n),
            period=f"p{n}",
            by=user,
            at=timezone.now(),
        )
        for i in indicators
        for n in range(1, MEASUREMENTS + 1)
    )
    priced = [benefit for benefit in benefits if benefit.type != "quality"]
    times, each = Decimal(8944), Decimal(15)
    Calculation.objects.bulk_create(
        Calculation(
            benefit=b, method="time_saved", times_per_year=times, minutes_each=each, on=start, by=user
        )
        if b.type == "time_saved"
        else Calculation(
            benefit=b, method="fewer_tasks", times_per_year=times, cost_each_nok=each, on=start, by=user
        )
        for b in priced
    )
    YearAmount.objects.bulk_create(
        YearAmount(benefit=b, year=TODAY.year + n, gross=40_000 + 9_000 * n) for b in priced for n in (0, 1)
    )


def measure(*asks, times: int) -> list[tuple[float, float, int]]:
    """Return (p50 in ms, CPU in ms, bytes) of asking each of them many times, in turns."""
    for ask in asks:
        for _ in range(WARM_UP):
            ask()
    sizes = [len(ask().content) for ask in asks]
    walls, cpu = [[] for _ in asks], [0.0 for _ in asks]
    gc.collect()
    for _turn in range(TURNS):
        for n, ask in enumerate(asks):
            before = time.process_time()
            for _ in range(times):
                start = time.perf_counter()
                ask()
                walls[n].append(time.perf_counter() - start)
            cpu[n] += time.process_time() - before
    return [
        (statistics.median(walls[n]) * 1000, cpu[n] / (TURNS * times) * 1000, sizes[n])
        for n in range(len(asks))
    ]


def getter(client, url):
    def ask():
        response = client.get(url)
        assert response.status_code == 200, (url, response.status_code)
        return response

    return ask


def saver(client, url, item, *, ours):
    """Ask to change a checkpoint's status, to and fro."""
    turn = {"n": 0}

    def ask():
        turn["n"] += 1
        status = ("open", "done")[turn["n"] % 2]
        item.status = ("done", "open")[turn["n"] % 2]
        data = {"status": status}
        if ours:
            data |= {f"base_{name}": digest for name, digest in answers.digests(item).items()}
            response = client.post(url, data, headers={"HX-Request": "true"})
        else:
            response = client.post(
                url, {"status": status, "note": "", "reason": "", "responsible": "", "due_on": ""}
            )
        assert response.status_code == 200, response.content
        return response

    return ask


def main():
    settings.ROOT_URLCONF = "__main__"
    call_command("migrate", verbosity=0)
    collect = CollectStatic()
    call_command(collect, interactive=False, verbosity=0)
    user, project, item = furnish()
    client = Client()
    client.force_login(user, backend="innovasjon.accounts.AuthenticationBackend")
    portfolio = getter(client, reverse("reports:portfolio"))
    print(f"{'':<24} {'p50 ms':>8} {'CPU ms':>8} {'KB':>7}   our CPU / the bare page's")
    race(
        {
            "checklist page": getter(client, item.get_absolute_url()),
            "  bare, the phase": getter(client, f"/bare/sjekkliste/{item.pk}/"),
            "  bare, the step": getter(client, f"/bare/steg/{item.pk}/"),
        }
    )
    race(
        {
            "status change": saver(
                client, reverse("roadmap:save_item", args=[project.slug, item.pk]), item, ours=True
            ),
            "  bare": saver(client, f"/bare/lagre/{item.pk}/", item, ours=False),
        }
    )
    bare = getter(client, "/bare/prosjekter/")
    race({f"portfolio of {PROJECTS}": portfolio, "  bare": bare})
    furnish_benefits(user)
    race({"portfolio with benefits": portfolio, "  bare, without them": bare})
    race(
        {
            "  first of the day": forgetful(portfolio),
            "  bare, with them": getter(client, "/bare/gevinster/"),
        },
        times=2,
    )


def forgetful(ask):
    """Ask as if no benefit had been reckoned today."""

    def anew():
        brief.cache_clear()
        return ask()

    return anew


def race(asks, times: int = TIMES):
    """Print one line for each; the first is ours."""
    found = measure(*asks.values(), times=times)
    for n, (label, (p50, cpu, size)) in enumerate(zip(asks, found, strict=True)):
        ratio = f"   {found[0][1] / cpu:.2f}" if n else ""
        print(f"{label:<24} {p50:8.1f} {cpu:8.1f} {size / 1024:7.1f}{ratio}", flush=True)


if __name__ == "__main__":
    main()
    connection.close()
    FOLDER.cleanup()
