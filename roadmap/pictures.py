"""Pictures of a project: drawn anew, so that place and camera and all else hidden in the file are gone."""

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from innovasjon.stored_files import settled

LARGEST_FILE = 10_000_000  # bytes
LARGEST_PICTURE = 50_000_000  # pixels of a JPEG, half of it for others; more is refused before it is unpacked
SIDE = 1920  # pixels; enough for a slide on a large screen


def storage_name(digest: str) -> str:
    return f"pictures/{digest[:2]}/{digest}.jpg"


@dataclass(frozen=True)
class Drawn:
    """A picture as it is kept: JPEG without anything hidden."""

    content: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def draw(upload) -> Drawn:
    """Draw the uploaded picture anew as JPEG, at most 1920 pixels a side, turned the way the camera was held.

    Raises ValidationError for anything but a PNG, JPEG or WebP picture of reasonable size.
    """
    if upload.size > LARGEST_FILE:
        raise ValidationError(_("The picture is larger than 10 MB."))
    if is_heic(upload.read(12)):
        raise ValidationError(
            _("The picture is in the telephone's own format (HEIC). Save it as JPEG, and choose it again.")
        )
    upload.seek(0)
    try:
        picture = Image.open(upload, formats=["PNG", "JPEG", "WEBP"])
        most = LARGEST_PICTURE if picture.format == "JPEG" else LARGEST_PICTURE // 2
        if picture.width * picture.height > most:
            raise Image.DecompressionBombError
        picture.draft("RGB", (SIDE, SIDE))  # a large JPEG is unpacked at a part of its size
        if picture.mode == "P":
            picture = picture.convert("RGBA")
        picture.thumbnail((SIDE, SIDE))
        picture = ImageOps.exif_transpose(picture).convert("RGBA")
    except Image.DecompressionBombError:
        raise ValidationError(_("The picture has too many pixels. Make it smaller first.")) from None
    except (OSError, ValueError, SyntaxError):
        raise ValidationError(_("The file is not a picture. Use PNG, JPEG or WebP.")) from None
    drawn = Image.new("RGB", picture.size, "white")
    drawn.paste(picture, mask=picture.getchannel("A"))
    content = io.BytesIO()
    drawn.save(content, "JPEG", quality=85, optimize=True)
    return Drawn(content.getvalue(), drawn.width, drawn.height)


def is_heic(start: bytes) -> bool:
    """Return whether a file begins as HEIC, HEIF or AVIF do."""
    return start[4:8] == b"ftyp" and start[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")


def hold(digest: str) -> None:
    """Let nobody else store or forget a picture's file until the transaction ends.

    Two projects may show the same picture, and the file is named by its content: what one takes away
    another may be putting in. SQLite lets one transaction write at a time as it is.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(digest[:15], 16)])


def store(drawn: Drawn) -> None:
    if not default_storage.exists(storage_name(drawn.digest)):
        default_storage.save(storage_name(drawn.digest), ContentFile(drawn.content))


def forget(digest: str) -> None:
    default_storage.delete(storage_name(digest))


def stored(now: datetime) -> list[str]:
    """Return the digests of the pictures that are stored, but of those that may be on their way still."""
    return [Path(name).stem for name in settled("pictures", now) if name.endswith(".jpg")]


def read(digest: str) -> bytes:
    """Return the JPEG's bytes."""
    with default_storage.open(storage_name(digest)) as file:
        return file.read()
