"""A mail that leaves once, whatever runs twice or is killed on the way.

A row stands for the mail. Who sends it takes the row for a quarter of an hour, hands the mail to the mail
server, and then says that it is sent:

- two at once: only one gets the row;
- killed before the mail server has the mail: nobody says it is sent, so it is taken again later;
- killed in the instant between mail server and row: it is sent again, under the same Message-ID, which
  mail systems show as one. Rather that than a mail that never comes;
- a mail server that says no: the row is given back at once, and the next run tries anew;
- a mail that cannot be written: the same, and the others are sent all the same (`each`).
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

log = logging.getLogger(__name__)

TAKEN_FOR = timedelta(minutes=15)  # far longer than a mail server may take: see EMAIL_TIMEOUT


class SentOnceQuerySet(models.QuerySet):
    def unsent(self, now: datetime):
        """Neither sent nor being sent."""
        free = Q(taken_at=None) | Q(taken_at__lte=now - TAKEN_FOR)
        return self.filter(free, sent_at=None)


class SentOnce(models.Model):
    """One mail: who is sending it since when, and when it was sent."""

    taken_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = SentOnceQuerySet.as_manager()

    class Meta:
        abstract = True

    def send(self, deliver: Callable[[], None], now: datetime) -> bool:
        """Carry out what delivers the mail, unless somebody has or is about to. Returns whether it was."""
        mine = type(self).objects.filter(pk=self.pk)
        if not mine.unsent(now).update(taken_at=now):
            return False
        try:
            deliver()
        except (OSError, SMTPException):
            mine.update(taken_at=None)
            log.exception("%s %s is not sent; the next run tries again", self._meta.model_name, self.pk)
            return False
        except Exception:
            mine.update(taken_at=None)
            raise
        mine.update(sent_at=timezone.now())
        return True


class SomeFailed(Exception):
    """Something unexpected happened to some of many; the log tells what. The others are done."""

    def __init__(self, done: int, failed: int):
        super().__init__(f"{failed} failed, and the log tells why; {done} done")
        self.done, self.failed = done, failed


def each(rows: Iterable[models.Model], act: Callable[[models.Model], bool]) -> int:
    """Do something for every row, whatever becomes of the others. Returns for how many it was done.

    Raises SomeFailed when all have had their turn and one or more failed.
    """
    done = failed = 0
    for row in rows:
        try:
            done += act(row)
        except Exception:
            failed += 1
            log.exception("%s %s failed; the others go on", row._meta.model_name, row.pk)
    if failed:
        raise SomeFailed(done, failed)
    return done


def message_id(*parts) -> str:
    """Return the same Message-ID for the same mail, however often it is sent."""
    return f"<{'.'.join(map(str, parts))}@{urlsplit(settings.BASE_URL).hostname}>"
