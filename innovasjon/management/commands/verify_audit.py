"""Check that the audit trail is as it was written."""

from django.core.management.base import BaseCommand, CommandError

from innovasjon.audit import INSTALLATION, first_broken_event
from innovasjon.models import AuditEvent, AuditHead, Municipality


class Command(BaseCommand):
    help = "Check every municipality's audit trail; exits with 1 and names the first broken event."

    def add_arguments(self, parser):
        parser.add_argument("number", nargs="*", help="municipality numbers; all when left out")

    def handle(self, *args, number, **options):
        names = {m.pk: f"{m.number} {m.name}" for m in Municipality.objects.all()}
        if number:
            places = list(Municipality.objects.filter(number__in=number).values_list("pk", flat=True))
            if len(places) != len(set(number)):
                raise CommandError("There is no municipality with that number.")
        else:
            places = {INSTALLATION, *names, *AuditHead.objects.values_list("pk", flat=True)}
            places |= set(AuditEvent.objects.order_by().values_list("municipality_id", flat=True).distinct())
        broken = 0
        for place in sorted(places):
            name = names.get(place, "the installation" if place == INSTALLATION else f"id {place}")
            if fault := first_broken_event(place):
                broken += 1
                self.stderr.write(f"{name}: event {fault[0]} is broken ({fault[1]}).")
            else:
                count = AuditEvent.objects.filter(municipality_id=place).count()
                self.stdout.write(f"{name}: {count} events, whole.")
        if broken:
            raise CommandError(f"{broken} of {len(places)} audit trails are broken.")
