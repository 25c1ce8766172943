"""The involvement plan as a calendar (iCalendar, RFC 5545)."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from icalendar import Calendar, Event

A_DAY = timedelta(days=1)


def plan_calendar(project, measures, *, now: datetime) -> bytes:
    """Return the dated, pending measures as whole-day events.

    Only what is planned and with which group: no attitude, no words, no names of persons.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Innovasjon//NO")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", project.name)
    for measure in measures:
        if measure.on is None or measure.is_done:
            continue
        event = Event()
        event.add("uid", f"measure-{measure.pk}@{settings.ALLOWED_HOSTS[0]}")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", measure.on)
        event.add("dtend", measure.on + A_DAY)
        event.add("summary", f"{measure.what} – {measure.stakeholder.name}")
        event.add("description", f"{project.name}: {measure.get_channel_display()}")
        event.add("url", f"{settings.BASE_URL}{reverse('stakeholders:plan', args=[project.slug])}")
        calendar.add_component(event)
    return calendar.to_ical()
