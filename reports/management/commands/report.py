"""Write a project's status report to a file."""

from datetime import date, timedelta
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports import documents, materials
from reports.pdf import FOR_ARCHIVE, FOR_PEOPLE
from roadmap.models import Project


class Command(BaseCommand):
    help = "Write a project's status report as PDF."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="the project's name in its address")
        parser.add_argument("--out", required=True, type=Path, help="the file to write")
        parser.add_argument("--archive", action="store_true", help="PDF/A-2a for the archive")
        parser.add_argument("--since", type=date.fromisoformat, help="tell changes from this day, YYYY-MM-DD")

    def handle(self, *args, slug, out, archive, since, **options):
        project = Project.objects.select_related("municipality").filter(slug=slug).first()
        if project is None:
            raise CommandError(f"There is no project {slug!r}. The slug is the last part of its address.")
        since = since or timezone.localdate() - timedelta(days=30)
        data = materials.report_of_today(project, since=since, now=timezone.now())
        content = documents.status_report(data, variant=FOR_ARCHIVE if archive else FOR_PEOPLE)
        try:
            out.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"{out}: {len(content):,} bytes")
