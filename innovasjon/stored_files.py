"""Files that are named by their content, in folders named by the first two digits."""

from datetime import datetime

from django.core.files.storage import default_storage


def written_before(folder: str, before: datetime) -> list[str]:
    """Return the names of the files in a folder's folders that were written before a moment."""
    found = []
    for part in subfolders(folder):
        names = (f"{folder}/{part}/{name}" for name in default_storage.listdir(f"{folder}/{part}")[1])
        found += [name for name in names if is_older(name, before)]
    return found


def subfolders(folder: str) -> list[str]:
    try:
        return default_storage.listdir(folder)[0]
    except FileNotFoundError:  # nothing was ever written
        return []


def is_older(name: str, before: datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < before
    except FileNotFoundError:  # removed in this instant
        return False
