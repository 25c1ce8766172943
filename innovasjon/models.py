"""Who we are and what we did: municipalities, people, their roles, the audit trail, frozen documents."""

import hashlib
import re
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from innovasjon.access import MunicipalityRole

DEFAULT_COLOUR = "#00558C"
A_SECOND = timedelta(seconds=1)
ORGANISATION_NUMBER_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)


def validate_organisation_number(value: str) -> None:
    """Check nine digits and the control digit.

    Raises ValidationError. Weights 3 2 7 6 5 4 3 2, modulus 11; remainder 0 gives control digit 0 and
    remainder 1 gives none at all.
    Source: Brønnøysundregistrene's rule for organisation numbers (domain.md, R-KN2).
    """
    if not re.fullmatch(r"\d{9}", value):
        raise ValidationError(_("An organisation number has nine digits."))
    remainder = sum(w * int(d) for w, d in zip(ORGANISATION_NUMBER_WEIGHTS, value, strict=False)) % 11
    control = 0 if remainder == 0 else 11 - remainder
    if control != int(value[8]):  # remainder 1 gives 10, which no digit equals
        raise ValidationError(_("This organisation number does not exist. Check the digits."))


class MunicipalityQuerySet(models.QuerySet):
    def of(self, user):
        """The municipalities in which the person has a role."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user)


class Municipality(models.Model):
    """One municipality: the owner of every project, and of how the pages look to its people."""

    number = models.CharField(
        _("municipality number"),
        max_length=4,
        unique=True,
        validators=[RegexValidator(r"^\d{4}\Z", _("A municipality number has four digits."))],
        help_text=_("Four digits from Statistics Norway, for example 0301."),
    )
    name = models.CharField(_("name"), max_length=100)
    organisation_number = models.CharField(
        _("organisation number"), max_length=9, blank=True, validators=[validate_organisation_number]
    )
    colour = models.CharField(
        _("colour"),
        max_length=7,
        default=DEFAULT_COLOUR,
        validators=[RegexValidator(r"^#[0-9A-Fa-f]{6}\Z", _("Write the colour as # and six hex digits."))],
        help_text=_("One colour; buttons, text and tints are derived from it with enough contrast."),
    )
    shield = models.CharField(
        _("shield"), max_length=64, blank=True
    )  # SHA-256 of a PNG, see innovasjon.shields
    access_contact = models.CharField(
        _("contact for access"),
        max_length=200,
        blank=True,
        help_text=_("Shown to people who lack access, for example «Kari in corporate governance»."),
    )
    accessibility_statement = models.URLField(_("accessibility statement"), blank=True)
    retention_months = models.PositiveSmallIntegerField(
        _("months until people are forgotten"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("So long after a project is closed, what is written about named persons is removed."),
    )
    report_working_day = models.PositiveSmallIntegerField(
        _("status reports are due on working day"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(15)],
        help_text=_("The number of the month's working day, Norwegian holidays counted."),
    )
    presentation_template = models.CharField(
        _("presentation template"), max_length=64, blank=True
    )  # SHA-256 of a PPTX in the storage

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        constraints = [
            models.CheckConstraint(
                name="municipality_number_four_digits", condition=Q(number__regex=r"^[0-9]{4}$")
            ),
            models.CheckConstraint(
                name="municipality_colour_hex", condition=Q(colour__regex=r"^#[0-9A-Fa-f]{6}$")
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def colour_code(self) -> str:
        """The colour without #, as it stands in the stylesheet's address."""
        return self.colour[1:].lower()

    @property
    def short_name(self) -> str:
        """«Lindvik» of «Lindvik kommune»."""
        return self.name.removesuffix(" kommune").removesuffix(" herad")

    @property
    def has_shield(self) -> bool:
        return bool(self.shield)


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username):
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What the person may see and do stands in memberships, never here."""

    class Landing(models.TextChoices):
        """The page that comes first after log-in. Empty: as the role has it."""

        MY_PAGE = "my_page", _("My page")
        PROJECTS = "projects", _("Projects")
        PROJECT = "project", _("A project")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    position = models.CharField(
        _("position"), max_length=150, blank=True, help_text=_("For example «Head of health and care».")
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("operates the site"), default=False)
    date_joined = models.DateTimeField(_("added"), default=timezone.now)
    wants_weekly_mail = models.BooleanField(_("gets the weekly e-mail"), default=True)
    landing = models.CharField(_("first page"), max_length=8, choices=Landing, blank=True)
    landing_project_id = models.PositiveBigIntegerField(null=True, editable=False)  # rooms above own projects

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
            models.CheckConstraint(
                name="user_landing_known",
                condition=Q(landing__in=["", "my_page", "projects"], landing_project_id=None)
                | Q(landing="project", landing_project_id__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def short_name(self) -> str:
        """First name and the initial of the last: «Ingrid N.»."""
        parts = self.name.split()
        return f"{parts[0]} {parts[-1][0]}." if len(parts) > 1 else self.name

    @property
    def initials(self) -> str:
        parts = self.name.split()
        return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper() if parts else "?"

    @property
    def position_or_name(self) -> str:
        return self.position or self.short_name

    def save(self, *args, **kwargs):
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)


class Membership(models.Model):
    """A person's role in a municipality. A person may have one in each of several municipalities."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=16, choices=MunicipalityRole)

    class Meta:
        verbose_name = _("role in the municipality")
        verbose_name_plural = _("roles in the municipality")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "user"], name="membership_once"),
            models.CheckConstraint(
                name="membership_role_known", condition=Q(role__in=MunicipalityRole.values)
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.get_role_display()}"


class WriteOnceError(TypeError):
    """Somebody tried to change or delete what is kept as it was."""


class WriteOnceQuerySet(models.QuerySet):
    """A QuerySet that adds and reads, and does nothing else."""

    def update(self, **kwargs):
        raise WriteOnceError(f"{self.model.__name__} is never changed.")

    def bulk_update(self, *args, **kwargs):
        raise WriteOnceError(f"{self.model.__name__} is never changed.")

    def update_or_create(self, *args, **kwargs):
        raise WriteOnceError(f"{self.model.__name__} is never changed.")

    def delete(self):
        raise WriteOnceError(f"{self.model.__name__} is never deleted.")

    delete.queryset_only = True


class WriteOnce(models.Model):
    """A row that is written once: saving it again or deleting it raises WriteOnceError."""

    objects = WriteOnceQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise WriteOnceError(f"{type(self).__name__} is never changed.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args, **kwargs):
        raise WriteOnceError(f"{type(self).__name__} is never deleted.")


class AuditEvent(WriteOnce):
    """One thing somebody did, chained by hash to the one before in the same municipality.

    No foreign keys: a trail must survive what it tells about. Ids and names stand as they were.
    `municipality_id` 0 is the installation itself (people and municipalities kept by the operator).
    `changes` is {field: [old, new]} as text; `details` whatever else the verb needs.
    """

    municipality_id = models.PositiveBigIntegerField()
    sequence = models.PositiveBigIntegerField()  # 1, 2, 3 … within the municipality
    at = models.DateTimeField(_("when"))
    verb = models.CharField(_("what"), max_length=60)
    project_id = models.PositiveBigIntegerField(null=True)
    project_name = models.CharField(max_length=300, blank=True)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=40)
    target_label = models.CharField(max_length=400, blank=True)
    actor_id = models.PositiveBigIntegerField(null=True)
    actor_name = models.CharField(_("who"), max_length=150, blank=True)
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        constraints = [
            models.UniqueConstraint(fields=["municipality_id", "sequence"], name="audit_event_sequence")
        ]
        indexes = [models.Index(fields=["project_id", "-id"], name="audit_event_project")]

    def __str__(self):
        return f"{self.verb} {self.target_label}"


class AuditHead(models.Model):
    """The end of one municipality's chain; locked while an event is added, so the chain never forks."""

    municipality_id = models.PositiveBigIntegerField(primary_key=True)
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("end of the audit trail")
        verbose_name_plural = _("ends of the audit trails")

    def __str__(self):
        return f"{self.municipality_id}: {self.sequence}"


class FrozenDocument(WriteOnce):
    """A document as it was on the day it was made: its bytes, and the data it was made from.

    The bytes lie in the storage under their SHA-256, so what is stored twice lies there once and a
    changed file no longer answers to its name.
    """

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    title = models.CharField(_("title"), max_length=400)
    language = models.CharField(max_length=5)
    data = models.JSONField(encoder=DjangoJSONEncoder)
    made_by_id = models.PositiveBigIntegerField()
    made_by_name = models.CharField(max_length=150)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("frozen document")
        verbose_name_plural = _("frozen documents")

    def __str__(self):
        return self.title

    @classmethod
    def freeze(cls, content: bytes, *, municipality, media_type, title, language, data, by, now):
        """Store the bytes and the row, and return the row."""
        digest = hashlib.sha256(content).hexdigest()
        name = cls.storage_name(digest)
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(content))
        return cls.objects.create(
            municipality=municipality,
            sha256=digest,
            size=len(content),
            media_type=media_type,
            title=title,
            language=language,
            data=data,
            made_by_id=by.pk,
            made_by_name=by.name,
            made_at=now,
        )

    @staticmethod
    def storage_name(digest: str) -> str:
        return f"frozen/{digest[:2]}/{digest}"

    @property
    def checksum(self) -> str:
        """The first twelve digits in groups of four, as printed for people."""
        return " ".join(self.sha256[i : i + 4] for i in (0, 4, 8))

    def content(self) -> bytes:
        """Return the bytes.

        Raises DamagedDocument when they no longer have the checksum they were stored with.
        """
        with default_storage.open(self.storage_name(self.sha256)) as file:
            content = file.read()
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise DamagedDocument(self.sha256)
        return content


class DamagedDocument(RuntimeError):
    """The stored bytes of a frozen document do not have its checksum."""


class TokenQuerySet(models.QuerySet):
    def valid(self, now):
        """Neither revoked nor expired."""
        return self.filter(revoked_at=None).filter(Q(expires_at=None) | Q(expires_at__gt=now))


class Token(models.Model):
    """A private address that works without log-in. Only the hash is stored; the address is shown once.

    What it opens is found from purpose, person and project each time it is used, so access that is
    withdrawn closes it too.
    """

    class Purpose(models.TextChoices):
        CALENDAR = "calendar", _("Calendar subscription")  # the plan of one project
        TASKS = "tasks", _("Calendar of what waits for me")
        MEASUREMENT = "measurement", _("One measurement")
        READ = "read", _("One frozen document")
        MAIL = "mail", _("Leaving a mailing")

    purpose = models.CharField(max_length=12, choices=Purpose)
    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    project_id = models.PositiveBigIntegerField(null=True)
    target_id = models.PositiveBigIntegerField(null=True)  # the one row it opens, of the purpose's kind
    label = models.CharField(_("name"), max_length=150, blank=True)  # for whom it was made
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("private address")
        verbose_name_plural = _("private addresses")
        indexes = [models.Index(fields=["user", "purpose"], name="token_of_user")]

    def __str__(self):
        return f"{self.purpose} {self.pk}"

    @property
    def last_day(self):
        """The last day it works: one that runs out at midnight does not work the day that begins then."""
        return timezone.localdate(self.expires_at - A_SECOND) if self.expires_at else None
