"""Ask for the measurements that are due. Run it every morning; running it twice sends nothing twice."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from benefits.reminders import remind
from innovasjon.sent_once import SomeFailed


class Command(BaseCommand):
    help = "Put the day's reminders of measurements in the queue; `worker` sends them. Safe to run twice."

    def handle(self, *args, **options):
        try:
            count = remind(timezone.now())
        except SomeFailed as fault:
            raise CommandError(str(fault)) from fault
        if options["verbosity"]:
            self.stdout.write(f"{count} reminders are in the queue.")
