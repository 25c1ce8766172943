"""HTML to PDF, in two variants: tagged for people (PDF/UA-1) and for the archive (PDF/A-2a).

Nothing but our own static files and data: addresses can be fetched while a document is made. The same
HTML gives the same bytes.
"""

import atexit
import gc
import hashlib
import re
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Event

from defusedxml import ElementTree
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

from reports.pdf_drawings import lay_out_whole_texts

FOR_PEOPLE = "pdf/ua-1"
FOR_ARCHIVE = "pdf/a-2a"
ARCHIVE_COLOURS = "srgb"  # what PDF/A must say of its colours
PREFIX = "static:"  # how a template names one of our files: static:css/print.css
BASE = "static:css/print-base.css"  # what a browser knows by itself of tags
SVG = "{http://www.w3.org/2000/svg}"
NOT_TEXT = re.compile(r"<style.*?</style>|<[^>]*>", re.DOTALL)  # tags, with the pictures that stand in them
LONG_WORD = re.compile(r"[^\W\d_]{22,}")  # too long for a narrow column
WARM = Event()  # this process makes documents and nothing else
HYPHENS = "static:css/print-hyphens.css"


class ForbiddenAddress(ValueError):
    """A document named an address that is not one of our own static files."""


def static_file(name: str) -> Path:
    """Return the path of one of our static files.

    Raises ForbiddenAddress for anything else.
    """
    found = finders.find(name)
    if found is None and staticfiles_storage.exists(name):
        found = staticfiles_storage.path(name)
    if found is None:
        raise ForbiddenAddress(name)
    return Path(found)


def own_files():
    """Return a fetcher that gives our own static files and data: addresses, and nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):
        def fetch(self, url, headers=None):
            if url.startswith("data:"):
                return super().fetch(url, headers)
            if url.startswith(PREFIX):
                path = static_file(url.removeprefix(PREFIX))
                types = {".css": "text/css", ".ttf": "font/ttf"}
                return URLFetcherResponse(
                    url,
                    body=path.read_bytes(),
                    headers={"Content-Type": types.get(path.suffix, "application/octet-stream")},
                )
            raise ForbiddenAddress(url)

    return OwnFiles()


def render(html: str, *, variant: str = FOR_PEOPLE) -> bytes:
    """Return the HTML as PDF. The title, language and author are taken from the HTML itself."""
    with less_collecting():
        return written(laid_out(html, variant), html, variant)


def render_both(html: str) -> tuple[bytes, bytes]:
    """Return the HTML as PDF for people and for the archive: the bytes `render` gives, laid out once."""
    with less_collecting():
        document = laid_out(html, FOR_PEOPLE)
        people = written(document, html, FOR_PEOPLE)
        archive = document.copy()
        archive.output_intent = ARCHIVE_COLOURS
        return people, written(archive, html, FOR_ARCHIVE)


def laid_out(html: str, variant: str):
    """Return the pages of the HTML.

    Words are divided only where one is too long for a column: the list of syllables takes 7 MB.
    """
    lay_out_whole_texts()
    design = kept_design() if WARM.is_set() else Design()
    return read(html, design).render(font_config=design.fonts, pdf_variant=variant)


def written(document, html: str, variant: str) -> bytes:
    """The archive's variant must have an identifier, for which every object is written out twice."""
    identifier = None
    if variant == FOR_ARCHIVE:
        identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
    return document.write_pdf(pdf_variant=variant, pdf_identifier=identifier)


class Design:
    """The style sheets that documents name, each read once, and the fonts they bring."""

    def __init__(self):
        from weasyprint.text.fonts import FontConfiguration

        self.fonts = FontConfiguration()
        self.sheets = {}

    def sheet(self, address: str):
        from weasyprint import CSS

        if address not in self.sheets:
            self.sheets[address] = CSS(url=address, url_fetcher=own_files(), font_config=self.fonts)
        return self.sheets[address]


@cache
def kept_design() -> Design:
    """Return the design that one document after another uses. Not for threads: they must not share fonts."""
    atexit.register(kept_design.cache_clear)  # fonts take their leave while there are modules
    return Design()


def read(html: str, design: Design):
    """Return the HTML as WeasyPrint's document.

    Our templates are well-formed, and the parser of XML takes a tenth of the time that the one of HTML
    does. A person's text can hold a character that XML does not allow; then the slow one reads it. The
    style sheets it names take the place of a browser's own: what stands in the page itself goes before them.
    """
    from cssselect2 import ElementWrapper
    from weasyprint import HTML

    class Document(HTML):
        def __init__(self):
            try:
                root = ElementTree.fromstring(html)
            except ElementTree.ParseError:
                super().__init__(string=html, base_url=PREFIX, url_fetcher=own_files())
            else:
                for drawing in root.iter("svg"):
                    for shape in drawing.iter():
                        shape.tag = SVG + shape.tag
                self.base_url, self.url_fetcher, self.media_type = PREFIX, own_files(), "print"
                self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
                self.etree_element = self.wrapper_element.etree_element
            sheets = [link for link in self.etree_element.iter("link") if link.get("rel") == "stylesheet"]
            self.named = [link.attrib.pop("href") for link in sheets]

        def _ua_stylesheets(self, forms=False):
            hyphens = [HYPHENS] if has_long_word(html) else []
            return [design.sheet(address) for address in (BASE, *hyphens, *self.named)]

    return Document()


def has_long_word(html: str) -> bool:
    """Whether a word is too long for a column. In one pass: a picture is a megabyte of letters in its tag."""
    return LONG_WORD.search(NOT_TEXT.sub(" ", html)) is not None


@contextmanager
def less_collecting():
    """Let the garbage collector rest while boxes are laid out; it costs a sixth of the time.

    A process that has warmed up clears away at once, so that one document's boxes never lie beside the
    next one's: 15 MB for a few hundredths of a second.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        if WARM.is_set():
            gc.collect()


def warm_up() -> None:
    """Load what documents need, for a process that makes nothing else; clearing away passes it by later."""
    import weasyprint  # noqa: F401

    WARM.set()
    kept_design().sheet(BASE)
    gc.collect()
    gc.freeze()
