"""What a person typed before the session ran out, kept until it can be saved."""

KEY = "kept_form"
LIMIT = 200_000  # characters; a longer form is not kept
LEFT_OUT = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword"}


def keep_for_later(request) -> bool:
    """Keep the posted fields in the anonymous session. False when there is nothing to keep."""
    fields = [
        [name, value] for name in request.POST for value in request.POST.getlist(name) if name not in LEFT_OUT
    ]
    if not fields or sum(len(name) + len(value) for name, value in fields) > LIMIT:
        return False
    request.session[KEY] = {"path": request.get_full_path(), "fields": fields}
    return True


def kept(request) -> dict | None:
    """Return {"path": …, "fields": [[name, value], …]} of the kept form, or None."""
    return request.session.get(KEY)


def forget(request) -> None:
    request.session.pop(KEY, None)
