"""Write a project's archive package: frozen documents, PDF/A, metadata, trail and checksums in one zip."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports import actions, archive
from roadmap.models import Project


class Command(BaseCommand):
    help = "Write a project's archive package to a zip."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="the project's name in its address")
        parser.add_argument("--out", required=True, type=Path, help="the file or the folder to write to")

    def handle(self, *args, slug, out, **options):
        project = Project.objects.select_related("municipality").filter(slug=slug).first()
        if project is None:
            raise CommandError(f"There is no project {slug!r}. The slug is the last part of its address.")
        now = timezone.now()
        path = out / archive.package_name(project, now) if out.is_dir() else out
        try:
            with path.open("wb") as file:
                count = archive.write_package(archive.contents(project, made_at=now), file)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
        actions.note_package(project=project, now=now, by=None)
        self.stdout.write(f"{path}: {count} files, {path.stat().st_size:,} bytes")
