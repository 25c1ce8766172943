"""Which mailings have gone to whom."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from innovasjon.sent_once import SentOnce


class WeeklyMail(SentOnce):
    """One person's e-mail of one week."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    week = models.DateField(_("week"))  # its Monday
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("weekly e-mail")
        verbose_name_plural = _("weekly e-mails")
        constraints = [
            models.UniqueConstraint(fields=["user", "week"], name="weekly_mail_once"),
            models.CheckConstraint(name="weekly_mail_on_a_monday", condition=models.Q(week__iso_week_day=1)),
        ]

    def __str__(self):
        return f"{self.user_id} {self.week}"
