"""Send each person what waits this week. Run it on Monday at 07.00 from cron or a timer."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports.mailings import send_weekly_mails


class Command(BaseCommand):
    help = "Send this week's e-mail to those who have not got it; running it again sends no second one."

    def handle(self, *args, **options):
        self.stdout.write(f"{send_weekly_mails(now=timezone.now())} sent")
