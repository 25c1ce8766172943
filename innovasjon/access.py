"""Who may do what: one table from role to permissions, and nothing else decides.

What a person may do in a project is the union of what the role in the municipality gives there and
what the role in the project gives. The loaders (`roadmap.access.project_for`) ask this table; templates
are handed the answers as `can.edit`, `can.decide` … and never see a role.
"""

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _


class MunicipalityRole(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    MANAGER = "manager", _("Manager")
    PROJECT_LEADER = "project_leader", _("Project leader")
    READER = "reader", _("Reader")


class ProjectRole(models.TextChoices):
    OWNER = "owner", _("Project owner")
    LEADER = "leader", _("Project leader")
    MEMBER = "member", _("Team member")
    OBSERVER = "observer", _("Observer")


class Permission(models.TextChoices):
    VIEW = "view"  # read an open project
    VIEW_RESTRICTED = "view_restricted"  # read a project that is closed to others than its people
    CREATE = "create"  # start a project
    EDIT = "edit"  # answer checkpoints, keep the team's work
    MANAGE = "manage"  # the project's facts, people and condition
    ASK = "ask"  # ask for a gate decision
    DECIDE = "decide"  # decide a gate
    APPOINT = "appoint"  # choose another project owner
    CONFIDE = "confide"  # read what is written about named persons, and what people have said


ALLOWS = {
    MunicipalityRole.ADMINISTRATOR: {Permission.VIEW, Permission.VIEW_RESTRICTED},
    MunicipalityRole.MANAGER: {
        Permission.VIEW,
        Permission.VIEW_RESTRICTED,
        Permission.CREATE,
        Permission.DECIDE,
        Permission.APPOINT,
    },
    MunicipalityRole.PROJECT_LEADER: {Permission.VIEW, Permission.CREATE},
    MunicipalityRole.READER: {Permission.VIEW},
    ProjectRole.OWNER: {
        Permission.VIEW,
        Permission.VIEW_RESTRICTED,
        Permission.EDIT,
        Permission.MANAGE,
        Permission.ASK,
        Permission.DECIDE,
        Permission.APPOINT,
        Permission.CONFIDE,
    },
    ProjectRole.LEADER: {
        Permission.VIEW,
        Permission.VIEW_RESTRICTED,
        Permission.EDIT,
        Permission.MANAGE,
        Permission.ASK,
        Permission.CONFIDE,
    },
    ProjectRole.MEMBER: {
        Permission.VIEW,
        Permission.VIEW_RESTRICTED,
        Permission.EDIT,
        Permission.ASK,
        Permission.CONFIDE,
    },
    ProjectRole.OBSERVER: {Permission.VIEW, Permission.VIEW_RESTRICTED},
}

# The people who do the project's work; what is written about named persons stays with them.
CORE_TEAM = (ProjectRole.OWNER, ProjectRole.LEADER, ProjectRole.MEMBER)

SEES_RESTRICTED = tuple(role for role in MunicipalityRole if Permission.VIEW_RESTRICTED in ALLOWS[role])


class Can:
    """The permissions a person holds in one place, for views (`require`) and templates (`can.edit`)."""

    def __init__(self, permissions=frozenset()):
        self.permissions = frozenset(permissions)

    def __contains__(self, permission):
        return permission in self.permissions

    def __getattr__(self, name):
        if name.startswith("_") or name not in Permission.values:
            raise AttributeError(name)
        return Permission(name) in self.permissions


def permissions_of(*roles) -> Can:
    """Return what the given roles allow together; empty roles allow nothing."""
    allowed = set()
    for role in roles:
        if role:
            allowed |= ALLOWS[role]
    return Can(allowed)


class LacksPermission(PermissionDenied):
    """The person's role does not allow it, or nobody's does while the project is closed."""


def require(can: Can, permission: Permission) -> None:
    """Raise LacksPermission unless the person holds the permission."""
    if permission not in can:
        raise LacksPermission(f"needs {permission}")
