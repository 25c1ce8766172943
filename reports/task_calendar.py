"""What waits for a person as a calendar (iCalendar, RFC 5545)."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from roadmap.contributions import Task

A_DAY = timedelta(days=1)


def tasks_calendar(tasks: Iterable[Task], *, now: datetime) -> bytes:
    """Return the tasks as whole-day events, each with the address where it is done."""
    calendar = Calendar()
    calendar.add("prodid", "-//Innovasjon//NO")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("What waits for me"))
    for task in tasks:
        event = Event()
        known = hashlib.sha256(f"{task.url} {task.text}".encode()).hexdigest()[:24]
        event.add("uid", f"task-{known}@{settings.ALLOWED_HOSTS[0]}")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", task.on)
        event.add("dtend", task.on + A_DAY)
        event.add("summary", str(task.text))
        event.add("description", " – ".join(str(part) for part in (task.project_name, task.why) if part))
        event.add("url", f"{settings.BASE_URL}{task.url}")
        calendar.add_component(event)
    return calendar.to_ical()
