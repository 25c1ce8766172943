"""Private addresses: made once, stored as a hash, limited in how often wrong ones may be tried."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache

from innovasjon.models import Token

BYTES = 32
TRIES, WINDOW = 20, 600  # wrong addresses from one place in so many seconds
REMEMBER = timedelta(hours=1)  # how exactly the last use is kept


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make(*, purpose, user, project_id=None, target_id=None, label="", expires_at=None) -> str:
    """Return a new secret and store its hash. It cannot be read again."""
    secret = secrets.token_urlsafe(BYTES)
    Token.objects.create(
        purpose=purpose,
        user=user,
        project_id=project_id,
        target_id=target_id,
        label=label,
        expires_at=expires_at,
        digest=digest(secret),
    )
    return secret


def find(secret: str, *, purpose, now: datetime, address: str) -> Token | None:
    """Return the token of a secret; None for a wrong, an expired and a revoked one alike.

    The look-up is by the hash of 256 random bits, so its time tells nothing. After too many guesses
    from an address even a right one gets None until the window is over; one that has run out is no guess,
    for a whole town hall may come from one address.
    """
    key = f"token-tries:{digest(address)[:16]}"
    if cache.get(key, 0) >= TRIES:
        return None
    token = (
        Token.objects.valid(now)
        .filter(purpose=purpose, digest=digest(secret), user__is_active=True)
        .select_related("user")
        .first()
    )
    if token is None:
        if not Token.objects.filter(digest=digest(secret)).exists():
            cache.set(key, cache.get(key, 0) + 1, WINDOW)
        return None
    if token.last_used_at is None or now - token.last_used_at > REMEMBER:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def current(*, purpose, user, project_id, now: datetime) -> Token | None:
    """Return a person's own open address for a purpose and a project."""
    return Token.objects.valid(now).filter(purpose=purpose, user=user, project_id=project_id).first()


def revoke(*, purpose, user, project_id, now: datetime) -> int:
    """Close every address of a person for a purpose and a project. Returns how many were open."""
    return Token.objects.filter(purpose=purpose, user=user, project_id=project_id, revoked_at=None).update(
        revoked_at=now
    )


def address_of(request) -> str:
    """Return where a request is from: what the nearest proxy of ours saw, else the other end itself."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies].strip()
    return request.META.get("REMOTE_ADDR", "")
