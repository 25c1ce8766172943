"""A municipality's own PowerPoint file: emptied of slides and of who made it, and stored by its SHA-256."""

import hashlib
import io
import zipfile

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

LARGEST_FILE = 20_000_000  # bytes
LARGEST_UNPACKED = 200_000_000  # bytes, as the zip's directory tells before anything is unpacked
MOST_PARTS = 5_000
P14 = "http://schemas.microsoft.com/office/powerpoint/2010/main"


def storage_name(digest: str) -> str:
    return f"presentation-templates/{digest}.pptx"


def store(upload) -> str:
    """Store the uploaded file without its slides, and return the SHA-256 of what is stored.

    Raises ValidationError for anything but a PowerPoint file (.pptx) of reasonable size, without macros
    and without pictures fetched from elsewhere.
    """
    content = upload.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise ValidationError(_("The file is larger than 20 MB."))
    check(content)
    emptied = without_slides(content)
    digest = hashlib.sha256(emptied).hexdigest()
    if not default_storage.exists(storage_name(digest)):
        default_storage.save(storage_name(digest), ContentFile(emptied))
    return digest


def check(content: bytes) -> None:
    """Raises ValidationError for what is no harmless PowerPoint file; nothing is unpacked whole."""
    wrong = ValidationError(_("The file is not a PowerPoint file. Save the template as .pptx."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise ValidationError(_("The file is too large when it is unpacked."))
            names = [part.filename for part in parts]
            if "ppt/presentation.xml" not in names:
                raise wrong
            if any(
                name.lower().endswith((".bin", ".exe", ".dll")) and "vba" in name.lower() for name in names
            ):
                raise ValidationError(_("The file has macros. Save it as .pptx without macros."))
            kept = [name for name in names if name.endswith(".rels") and "/slides/" not in name]
            if any(fetches(archive.read(name)) for name in kept):
                raise ValidationError(
                    _("The template fetches pictures from elsewhere. Put them into the file.")
                )
    except (zipfile.BadZipFile, OSError, RuntimeError):
        raise wrong from None


def fetches(relationships: bytes) -> bool:
    """Return whether a part names something outside the file, other than a link to press."""
    return any(
        b'TargetMode="External"' in entry and b"/hyperlink" not in entry
        for entry in relationships.split(b"<Relationship ")
    )


def without_slides(content: bytes) -> bytes:
    """Return the file with masters and layouts alone: no slides, no sections, no author, no thumbnail.

    Raises ValidationError when it cannot be read.
    """
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    try:
        file = Presentation(io.BytesIO(content))
        slides = file.slides._sldIdLst
        for slide in list(slides):
            file.part.drop_rel(slide.rId)
            slides.remove(slide)
        for section in file.part._element.xpath("//*[local-name()='sectionLst']"):
            section.getparent().getparent().remove(section.getparent())
        package = file.part.package
        for key, relationship in list(package._rels.items()):
            if relationship.reltype.endswith(("/thumbnail", "/custom-properties")):
                package._rels.pop(key)
        core = file.core_properties
        for name in ("author", "last_modified_by", "comments", "keywords", "subject", "title", "category"):
            setattr(core, name, "")
        if not len(file.slide_layouts):
            raise ValidationError(_("The file is not a PowerPoint file. Save the template as .pptx."))
        emptied = io.BytesIO()
        file.save(emptied)
    except (PythonPptxError, KeyError, ValueError, AttributeError, SyntaxError):
        raise ValidationError(_("The file is not a PowerPoint file. Save the template as .pptx.")) from None
    return emptied.getvalue()


def read(digest: str) -> bytes:
    """Return the stored file's bytes."""
    with default_storage.open(storage_name(digest)) as file:
        return file.read()
