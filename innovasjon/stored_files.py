"""Files that are named by their content, in folders named by the first two digits."""

from datetime import datetime, timedelta

from django.core.files.storage import default_storage

BEING_WRITTEN = timedelta(hours=1)  # a file is there before the row that names it


def settled(folder: str, now: datetime) -> list[str]:
    """Return the names of the files in a folder's folders, but of those that may be on their way still."""
    found, before = [], now - BEING_WRITTEN
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
