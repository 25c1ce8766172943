"""A municipality's shield: any picture is drawn anew as a small PNG, so nothing else gets stored."""

import hashlib
import io

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image

LARGEST_FILE = 5_000_000  # bytes
LARGEST_PICTURE = 40_000_000  # pixels; more is refused before it is unpacked
SIDE = 512  # pixels


def storage_name(digest: str) -> str:
    return f"shields/{digest}.png"


def store(upload) -> str:
    """Store the uploaded picture as PNG, at most 512 pixels a side, and return its SHA-256.

    Raises ValidationError for anything but a PNG, JPEG or WebP picture of reasonable size.
    """
    if upload.size > LARGEST_FILE:
        raise ValidationError(_("The picture is larger than 5 MB."))
    try:
        picture = Image.open(upload, formats=["PNG", "JPEG", "WEBP"])
        if picture.width * picture.height > LARGEST_PICTURE:
            raise ValidationError(_("The picture has too many pixels. Make it smaller first."))
        picture = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise ValidationError(_("The file is not a picture. Use PNG, JPEG or WebP.")) from None
    picture.thumbnail((SIDE, SIDE))
    content = io.BytesIO()
    picture.save(content, "PNG", optimize=True)
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    if not default_storage.exists(storage_name(digest)):
        default_storage.save(storage_name(digest), ContentFile(content.getvalue()))
    return digest


def read(digest: str) -> bytes:
    """Return the PNG's bytes."""
    with default_storage.open(storage_name(digest)) as file:
        return file.read()
