"""Keep tonight's key figures of every project. Run it each night from cron or a timer."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports.snapshots import freeze_figures


class Command(BaseCommand):
    help = "Keep today's key figures of every active project; running it again replaces today's."

    def handle(self, *args, **options):
        self.stdout.write(f"{freeze_figures(on=timezone.localdate())} projects")
