"""Forget named persons in projects closed long enough ago, and files nobody needs. Run it every night."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from roadmap.contributions import CONTRIBUTIONS
from roadmap.importing import forget_outlived
from stakeholders.retention import due_projects, forget_persons


class Command(BaseCommand):
    help = (
        "Remove what is written about named persons, the municipality's months after a project was closed, "
        "sheets that were brought in, or left half-way, more than a day ago, documents nobody has asked for "
        "in a week, and files that no row names any more. Can be run again."
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
            self.stdout.write(f"{CONTRIBUTIONS.forget_outlived(now)} documents and files forgotten")
