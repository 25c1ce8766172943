"""What the frame around every page needs: the person, the municipality, the way to switch."""

from django.utils.functional import SimpleLazyObject

from innovasjon.models import Membership

SESSION_KEY = "municipality"


def memberships(request) -> list[Membership]:
    """Return the person's roles with their municipalities, by name; asked for once a request."""
    if not hasattr(request, "_memberships"):
        user = getattr(request, "user", None)
        request._memberships = (
            list(
                Membership.objects.filter(user=user)
                .select_related("municipality")
                .order_by("municipality__name")
            )
            if user and user.is_authenticated
            else []
        )
    return request._memberships


def current_membership(request) -> Membership | None:
    """Return the role in the municipality the lists show: the one last chosen, else the first.

    The session only chooses what lists show. What a person may see never depends on it.
    """
    found = memberships(request)
    chosen = request.session.get(SESSION_KEY)
    return next((m for m in found if m.municipality_id == chosen), found[0] if found else None)


def frame(request):
    """Template context: `person`, `municipality`, `municipalities` (when there is a choice)."""
    user = getattr(request, "user", None)
    if not user or not user.is_authenticated:
        return {"person": None, "municipality": None, "municipalities": []}

    def municipality():
        if shown := getattr(request, "municipality", None):  # set by a page that belongs to one
            return shown
        membership = current_membership(request)
        return membership.municipality if membership else None

    def municipalities():
        if getattr(request, "has_one_municipality", False):
            return []
        found = memberships(request)
        return [m.municipality for m in found] if len(found) > 1 else []

    return {
        "person": user,
        "municipality": SimpleLazyObject(municipality),
        "municipalities": SimpleLazyObject(municipalities),
    }
