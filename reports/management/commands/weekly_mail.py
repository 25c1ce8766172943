"""Send each person what waits this week. Run it on Monday at 07.00 from cron or a timer."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from innovasjon.sent_once import SomeFailed
from reports.mailings import send_weekly_mails


class Command(BaseCommand):
    help = "Send this week's e-mail to those who have not got it; running it again sends no second one."

    def handle(self, *args, **options):
        try:
            sent = send_weekly_mails(now=timezone.now())
        except SomeFailed as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{sent} sent")
