"""Forget named persons in projects that were closed long enough ago. Run it every night."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from roadmap.importing import forget_outlived
from stakeholders.retention import due_projects, forget_persons


class Command(BaseCommand):
    help = (
        "Remove what is written about named persons, the municipality's months after a project was closed, "
        "and sheets that were brought in, or left half-way, more than a day ago. Can be run again."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only say what would be forgotten")

    def handle(self, *args, dry_run, **options):
        today, now = timezone.localdate(), timezone.now()
        for project, count in due_projects(today):
            if not dry_run:
                count = forget_persons(project=project, now=now)
            self.stdout.write(f"{project.municipality.number} {project.slug}: {count} forgotten")
        if not dry_run:
            self.stdout.write(f"{forget_outlived(now)} imports forgotten")
