# ruff: noqa: S101
"""Measure what a document costs: processor time, memory, and documents a second with two workers.

    make bench-pdf

The status report of the demo's project is made long on purpose: everything that a larger project has more
of is repeated, equally often, until it has twelve pages: open checkpoints, benefits and the charts of those
that are off plan, deviations with their actions, gates with their conditions, gaps, stakeholders and planned
involvement. What has the same length in every report stands once: cover, road, steps, the matrix, the plan
(eight rows at most) and the changes (five at most).

It is made again and again in two processes that do nothing else: ours as the worker is (`manage.py worker`:
settings, models, texts, templates, and the job that ends in bytes), and a bare one that knows WeasyPrint
alone and is given the finished HTML. The memory is the most that the process held at any moment, shared
libraries counted in. The database is a throw-away SQLite file.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SLUG = "medisin-til-rett-tid-hjemme"
PAGES, TIMES = 12, 7
MOST_SECONDS, MOST_RATIO, MOST_MEGABYTES = 1.0, 1.3, 120


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="innovasjon-bench-") as folder:
        env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "innovasjon.settings",
            "DEBUG": "0",
            "DEMO": "1",
            "SECRET_KEY": "only-for-measuring-on-a-throw-away-database-" * 2,
            "ALLOWED_HOSTS": "testserver",
            "DATA_DIR": folder,
            "DATABASE_URL": "",
            "EMAIL_URL": "memorymail://",
            "LOG_JSON": "0",
        }
        pages = int(run(env, "furnish", folder))
        ours, bare = (json.loads(run(env, kind, folder)) for kind in ("ours", "bare"))
        rate = two_workers(env, folder)
    ratio = median(ours["seconds"]) / median(bare["seconds"])
    print(f"Python               {sys.version.split()[0]}, {Path(sys.executable).resolve()}")
    print(f"pages                {pages}")
    print(f"CPU seconds, ours    {told(ours)} (goal {MOST_SECONDS})")
    print(f"CPU seconds, bare    {told(bare)}")
    print(f"ratio                {ratio:.2f} (goal {MOST_RATIO})")
    print(f"memory, our worker   {held(ours)} (goal {MOST_MEGABYTES})")
    print(f"memory, bare         {held(bare)}")
    print(f"two workers          {rate:.2f} documents a second")


def run(env: dict, part: str, folder: str) -> str:
    command = [sys.executable, __file__, part, folder]
    return subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


def told(found: dict) -> str:
    return f"{median(found['seconds']):.2f}, at best {min(found['seconds']):.2f}"


def held(found: dict) -> str:
    return f"{found['megabytes']:.0f} MB, of it {found['start']:.0f} before the first document"


def median(found: list[float]) -> float:
    return sorted(found)[len(found) // 2]


def two_workers(env: dict, folder: str) -> float:
    """Return documents a second of two processes that have made one document each before."""
    workers = [
        subprocess.Popen(
            [sys.executable, __file__, "ready", folder],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _number in range(2)
    ]
    for worker in workers:
        worker.stdout.readline()
    start = time.monotonic()
    for worker in workers:
        worker.stdin.close()
    for worker in workers:
        assert worker.wait() == 0
    return 2 * TIMES / (time.monotonic() - start)


# ------------------------------------------------------------------ in a process of its own


def furnish(folder: Path) -> None:
    """Fill the database, and leave the long report as data and as HTML. Prints how many pages it has."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from reports import materials
    from roadmap.models import Project

    quiet = {"stdout": sys.stderr, "verbosity": 0}
    call_command("migrate", **quiet)
    call_command("demo", **quiet)
    now = timezone.now()
    project = Project.objects.select_related("municipality").get(slug=SLUG)
    data = materials.report_of_today(project, since=now.date() - materials.A_MONTH, now=now)
    times = 1
    while (pages := page_count(repeated(data, times))) < PAGES:
        times += 1
    long = repeated(data, times)
    (folder / "report.json").write_text(json.dumps(long))
    (folder / "report.html").write_text(html_of(long))
    print(pages)


def repeated(data: dict, times: int) -> dict:
    """Return the data of a project that is so many times as large."""
    longer = {
        "register": {name: data["register"][name] * times for name in ("rows", "gaps")},
        "benefits": {name: data["benefits"][name] * times for name in ("rows", "charts")},
    }
    return {
        **data,
        **{name: data[name] * times for name in ("open_items", "planned", "deviations", "decisions")},
        **{room: {**data[room], **rows} for room, rows in longer.items()},
    }


def html_of(data: dict) -> str:
    from django.template.loader import render_to_string
    from django.utils import translation

    from reports import documents

    with translation.override(data["language"]):
        return render_to_string("reports/pdf/status_report.html", documents.status_report_context(data))


def page_count(data: dict) -> int:
    from weasyprint import HTML

    from reports.pdf import PREFIX, own_files

    return len(HTML(string=html_of(data), base_url=PREFIX, url_fetcher=own_files()).render().pages)


def as_worker(folder: Path):
    """Return what the worker does with a waiting report, in a process that has started as the worker does."""
    import django

    django.setup()
    from reports import jobs
    from reports.pdf import warm_up

    warm_up()
    data = json.loads((folder / "report.json").read_text())
    return lambda: jobs.MAKERS["status_report"][1](data, jobs.PEOPLE)


def as_bare(folder: Path):
    """Return a render of the same HTML with nothing of ours around it but the files it names."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Files(URLFetcher):
        def fetch(self, url, headers=None):
            if not url.startswith("static:"):
                return super().fetch(url, headers)
            path = ROOT / "static" / url.removeprefix("static:")
            kind = "text/css" if path.suffix == ".css" else "font/ttf"
            return URLFetcherResponse(url, body=path.read_bytes(), headers={"Content-Type": kind})

    html = (folder / "report.html").read_text()
    return lambda: HTML(string=html, base_url="static:", url_fetcher=Files()).write_pdf(
        pdf_variant="pdf/ua-1"
    )


def measured(make) -> None:
    start, seconds = most_megabytes(), []
    for _number in range(TIMES + 1):
        before = time.process_time()
        assert make().startswith(b"%PDF")
        seconds.append(time.process_time() - before)
    print(json.dumps({"start": start, "seconds": seconds[1:], "megabytes": most_megabytes()}))


def most_megabytes() -> float:
    """The most memory this process has held (Linux; `getrusage` would count the parent's in)."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def ready(make) -> None:
    """Make one document, say so, and make the others when the other one is ready too."""
    make()
    print("ready", flush=True)
    sys.stdin.read()
    for _number in range(TIMES):
        make()


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        part, folder = sys.argv[1], Path(sys.argv[2])
        {
            "furnish": lambda: furnish(folder),
            "ours": lambda: measured(as_worker(folder)),
            "bare": lambda: measured(as_bare(folder)),
            "ready": lambda: ready(as_worker(folder)),
        }[part]()
