"""Ask for the measurements that are due. Run it every morning; running it twice sends nothing twice."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from benefits.reminders import remind


class Command(BaseCommand):
    help = "Put the day's reminders of measurements in the queue; `worker` sends them. Safe to run twice."

    def handle(self, *args, **options):
        count = remind(timezone.now())
        if options["verbosity"]:
            self.stdout.write(f"{count} reminders are in the queue.")
