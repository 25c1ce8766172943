"""How dear a document is: CPU seconds, memory, and documents a second with two workers.

The report is made long on purpose: checkpoints, stakeholders and conditions are repeated in the data
until it has as many pages as asked for. Nothing is written to the database.
"""

import multiprocessing
import resource
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.template.loader import render_to_string
from django.utils import timezone, translation

from reports import documents, materials
from reports.pdf import FOR_PEOPLE, PREFIX, own_files
from roadmap.models import Project

MOST_SECONDS, MOST_RATIO, MOST_MEGABYTES = 1.0, 1.3, 120


class Command(BaseCommand):
    help = "Measure the status report beside a bare WeasyPrint render of the same HTML."

    def add_arguments(self, parser):
        parser.add_argument("slug", nargs="?", default="medisin-til-rett-tid-hjemme")
        parser.add_argument("--pages", type=int, default=12)
        parser.add_argument("--times", type=int, default=5)

    def handle(self, *args, slug, pages, times, **options):
        project = Project.objects.select_related("municipality").filter(slug=slug).first()
        if project is None:
            raise CommandError(f"There is no project {slug!r}. Load the demo first.")
        now = timezone.now()
        data = materials.report_of_today(project, since=now.date() - materials.A_MONTH, now=now)
        connections.close_all()
        with multiprocessing.get_context("fork").Pool(1) as apart:  # so that its memory is not counted
            data, found = apart.apply(lengthened, (data, pages))
        ours = [cpu(lambda: documents.status_report(data)) for _ in range(times + 1)][1:]
        held = memory()
        html = html_of(data)
        bare_runs = [cpu(lambda: bare(html)) for _ in range(times + 1)][1:]
        ratio = median(ours) / median(bare_runs)
        self.stdout.write(f"pages                     {found}")
        self.stdout.write(
            f"CPU seconds, ours         {median(ours):.2f}, at best {min(ours):.2f} (goal {MOST_SECONDS})"
        )
        self.stdout.write(f"CPU seconds, bare         {median(bare_runs):.2f}, at best {min(bare_runs):.2f}")
        self.stdout.write(f"ratio                     {ratio:.2f} (goal {MOST_RATIO})")
        self.stdout.write(f"memory, the whole process {held:.0f} MB (goal {MOST_MEGABYTES})")
        count, seconds = two_workers(data, times)
        self.stdout.write(f"two workers               {count / seconds:.2f} documents a second")


def lengthened(data: dict, pages: int) -> tuple[dict, int]:
    """Return the data with its own rows repeated until the report is long enough, and its pages."""
    times = 1
    while (found := page_count(repeated(data, times))) < pages:
        times += 1
    return repeated(data, times), found


def repeated(data: dict, times: int) -> dict:
    register = {**data["register"], "rows": data["register"]["rows"] * times} if data["register"] else {}
    return {
        **data,
        "open_items": data["open_items"] * times,
        "changes": data["changes"] * times,
        "planned": data["planned"] * times,
        "register": register,
    }


def page_count(data: dict) -> int:
    from weasyprint import HTML

    return len(HTML(string=html_of(data), base_url=PREFIX, url_fetcher=own_files()).render().pages)


def html_of(data: dict) -> str:
    with translation.override(data["language"]):
        return render_to_string("reports/pdf/status_report.html", documents.status_report_context(data))


def cpu(make) -> float:
    start = time.process_time()
    make()
    return time.process_time() - start


def bare(html: str) -> bytes:
    """The same HTML through WeasyPrint with nothing of ours around it but the files it names."""
    from weasyprint import HTML

    return HTML(string=html, base_url=PREFIX, url_fetcher=own_files()).write_pdf(pdf_variant=FOR_PEOPLE)


def median(found: list[float]) -> float:
    return sorted(found)[len(found) // 2]


def memory() -> float:
    """The most memory the process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def work(data: dict, times: int, ready, go) -> None:
    documents.status_report(data)
    ready.release()
    go.wait()
    for _number in range(times):
        documents.status_report(data)


def two_workers(data: dict, times: int) -> tuple[int, float]:
    """Return (documents, seconds) of two processes that have made one document each before."""
    context = multiprocessing.get_context("fork")
    ready, go = context.Semaphore(0), context.Event()
    workers = [context.Process(target=work, args=(data, times, ready, go)) for _number in range(2)]
    for worker in workers:
        worker.start()
    for _worker in workers:
        ready.acquire()
    start = time.monotonic()
    go.set()
    for worker in workers:
        worker.join()
    return 2 * times, time.monotonic() - start
