"""Pictures of a project: drawn anew, so that place and camera and all else hidden in the file are gone."""

import hashlib
import io

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

LARGEST_FILE = 10_000_000  # bytes
LARGEST_PICTURE = 50_000_000  # pixels; more is refused before it is unpacked
SIDE = 1920  # pixels; enough for a slide on a large screen


def storage_name(digest: str) -> str:
    return f"pictures/{digest[:2]}/{digest}.jpg"


def store(upload) -> tuple[str, int, int]:
    """Store the uploaded picture as JPEG, at most 1920 pixels a side; return SHA-256, width and height.

    It is turned the way the camera was held. Raises ValidationError for anything but a PNG, JPEG or
    WebP picture of reasonable size.
    """
    if upload.size > LARGEST_FILE:
        raise ValidationError(_("The picture is larger than 10 MB."))
    try:
        picture = Image.open(upload, formats=["PNG", "JPEG", "WEBP"])
        if picture.width * picture.height > LARGEST_PICTURE:
            raise ValidationError(_("The picture has too many pixels. Make it smaller first."))
        picture = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise ValidationError(_("The file is not a picture. Use PNG, JPEG or WebP.")) from None
    picture.thumbnail((SIDE, SIDE))
    drawn = Image.new("RGB", picture.size, "white")
    drawn.paste(picture, mask=picture.getchannel("A"))
    content = io.BytesIO()
    drawn.save(content, "JPEG", quality=85, optimize=True)
    digest = hashlib.sha256(content.getvalue()).hexdigest()
    if not default_storage.exists(storage_name(digest)):
        default_storage.save(storage_name(digest), ContentFile(content.getvalue()))
    return digest, drawn.width, drawn.height


def read(digest: str) -> bytes:
    """Return the JPEG's bytes."""
    with default_storage.open(storage_name(digest)) as file:
        return file.read()
