"""A person's own profile: the name, and which page comes first after log-in."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from innovasjon.access import MunicipalityRole
from innovasjon.audit import differences, record
from innovasjon.models import User
from roadmap.models import Project

PROJECT = "project-"  # in front of a project's id, among the choices


def landing_of(user: User, role: str) -> str:
    """Return the address a person comes to after log-in.

    What the person has chosen, while it may be seen; else a manager to the portfolio, all others to
    «Min side».
    """
    if user.landing == User.Landing.PROJECT and (project := chosen_project(user)):
        return project.get_absolute_url()
    chosen = user.landing if user.landing in (User.Landing.MY_PAGE, User.Landing.PROJECTS) else by_role(role)
    return reverse("reports:portfolio" if chosen == User.Landing.PROJECTS else "reports:my_page")


def chosen_project(user: User) -> Project | None:
    """Return the project that comes first for a person, while it may be seen."""
    return Project.objects.visible_to(user).filter(pk=user.landing_project_id).first()


def by_role(role: str) -> str:
    return User.Landing.PROJECTS if role == MunicipalityRole.MANAGER else User.Landing.MY_PAGE


def landing_choices(user: User, role: str, projects) -> list[tuple]:
    """Return the choices of first page: by role, «Min side», the portfolio, and the person's projects.

    What is chosen already stays a choice, also when it is closed or of another municipality.
    """
    pages = {User.Landing.MY_PAGE: _("My page"), User.Landing.PROJECTS: _("Projects")}
    choices = [("", _("Not chosen, then it is %(page)s") % {"page": pages[by_role(role)]})]
    choices += [(page.value, label) for page, label in pages.items()]
    is_other = user.landing_project_id not in {None, *(p.pk for p in projects)}
    if is_other and (chosen := chosen_project(user)):
        projects = [*projects, chosen]
    if projects:
        choices.append((_("One of your projects"), [(f"{PROJECT}{p.pk}", p.name) for p in projects]))
    return choices


def landing_as_choice(user: User) -> str:
    return f"{PROJECT}{user.landing_project_id}" if user.landing == User.Landing.PROJECT else user.landing


@transaction.atomic
def change_profile(*, name: str, landing: str, by: User) -> None:
    """Change the person's own name and first page; `landing` as in the choices."""
    before = {"name": by.name, "landing": landing_as_choice(by)}
    changes = differences(before, {"name": name, "landing": landing})
    if not changes:
        return
    by.name = name
    by.landing_project_id = int(landing.removeprefix(PROJECT)) if landing.startswith(PROJECT) else None
    by.landing = User.Landing.PROJECT if by.landing_project_id else landing
    by.save(update_fields=["name", "landing", "landing_project_id"])
    record("profile.changed", by, by=by, changes=changes)
