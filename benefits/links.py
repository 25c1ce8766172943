"""The private address of one measurement: one indicator, one period, one person, no log-in.

What it opens is found each time: it is dead when it is expired or revoked, and when the person is no
longer active, has no role in the municipality, may not see the project, or neither measures nor owns the
benefit any more. Source: ux 4.14.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from benefits import asking
from benefits.actions.measuring import measured_in
from benefits.due import first_due, measured_on, with_postponements
from benefits.models import Benefit, Indicator, Measurement
from innovasjon import tokens
from innovasjon.models import Token, User
from roadmap.models import Project

VALID = timedelta(days=17)  # two weeks, and the weekend after them
A_DAY = timedelta(days=1)
WAIT = 3600  # seconds before a new address is sent again


@dataclass(frozen=True)
class Link:
    """An address that opens: who answers, what, and for which period."""

    token: Token
    indicator: Indicator
    due_on: date

    @property
    def person(self) -> User:
        return self.token.user

    @property
    def project(self) -> Project:
        return self.indicator.benefit.project

    @property
    def period(self) -> str:
        return self.indicator.period_of(self.due_on)

    @property
    def until_on(self) -> date:
        """The last day the address works."""
        return self.token.last_day

    def measured_on(self, today: date) -> date:
        return measured_on(self.indicator, self.due_on, today)

    @property
    def measurement(self) -> Measurement | None:
        """What the period has, whoever measured it."""
        if self.indicator.measured_by_number:
            return measured_in(self.indicator, self.period)
        found = self.indicator.measurements.current().filter(
            period=self.period, source=Measurement.Source.LINK
        )
        return found.newest_first().first()


def indicators():
    """Indicators in use, with what an address needs of them."""
    return with_postponements(
        Indicator.objects.active().select_related(
            "benefit__project__municipality", "benefit__owner", "measurer"
        )
    )


def is_open(indicator: Indicator, today: date) -> bool:
    """Whether the measurement that waits can be done: it is due, or its period has begun."""
    if indicator.next_due_on is None:
        return False
    due_on = first_due(indicator)
    return due_on <= today or indicator.period_of(due_on) == indicator.period_of(today)


def entitled(person: User, indicator: Indicator) -> bool:
    """Whether the person measures the indicator or owns its benefit, and may still see the project."""
    return (
        person.is_active
        and person.pk in (indicator.measurer_id, indicator.benefit.owner_id)
        and Project.objects.visible_to(person).filter(pk=indicator.benefit.project_id).exists()
    )


def make(*, indicator: Indicator, due_on: date, person: User, now: datetime) -> str:
    """Return a new address for one period. It is shown once, in the mail."""
    last = max(timezone.localdate(now), due_on) + VALID
    secret = tokens.make(
        purpose=Token.Purpose.MEASUREMENT,
        user=person,
        project_id=indicator.benefit.project_id,
        target_id=indicator.pk,
        label=due_on.isoformat(),
        expires_at=timezone.make_aware(datetime.combine(last + A_DAY, time())),
    )
    return f"{settings.BASE_URL}{reverse('benefits:link', args=[secret])}"


def opened(token: Token) -> Link | None:
    """Return what a token opens today; None when the person's access is withdrawn."""
    indicator = indicators().filter(pk=token.target_id).first()
    if indicator is None or not entitled(token.user, indicator):
        return None
    return Link(token, indicator, date.fromisoformat(token.label))


def find(secret: str, *, now: datetime, address: str) -> Link | None:
    """Return what an address opens; None for a wrong, an expired, a revoked and a withdrawn one."""
    token = tokens.find(secret, purpose=Token.Purpose.MEASUREMENT, now=now, address=address)
    return token and opened(token)


def worn_out(secret: str, now: datetime) -> Link | None:
    """Return what an address would open had it not run out; None for a revoked and a withdrawn one."""
    token = (
        Token.objects.filter(purpose=Token.Purpose.MEASUREMENT, digest=tokens.digest(secret))
        .filter(revoked_at=None, expires_at__lte=now)
        .select_related("user")
        .first()
    )
    return token and opened(token)


def to_renew(secret: str, now: datetime) -> Link | None:
    """Return what a new address is made for, at most once an hour; None when the period is measured."""
    link = worn_out(secret, now)
    if link is None or link.measurement is not None:
        return None
    return link if cache.add(f"measurement-renewed:{link.token.pk}", 1, WAIT) else None


def tokens_of(benefit: Benefit, now: datetime):
    """The open addresses of a benefit's indicators, the newest first."""
    return (
        Token.objects.valid(now)
        .filter(purpose=Token.Purpose.MEASUREMENT, target_id__in=benefit.indicators.values("pk"))
        .select_related("user")
        .order_by("-pk")
    )


def rows(benefit: Benefit, now: datetime) -> list[dict]:
    """Return each indicator in use with its open addresses. One query for all of them."""
    found: dict[int, list[dict]] = {}
    for token in tokens_of(benefit, now):
        found.setdefault(token.target_id, []).append(
            {"token": token, "due_on": date.fromisoformat(token.label), "until_on": token.last_day}
        )
    return [
        {
            "indicator": indicator,
            "asked": indicator.measurer or benefit.owner,
            "is_open": is_open(indicator, timezone.localdate(now)),
            "links": [
                link | {"period": asking.period_in_words(indicator.frequency, link["due_on"])}
                for link in found.get(indicator.pk, [])
            ],
        }
        for indicator in benefit.own_indicators
    ]
