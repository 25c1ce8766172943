"""The saksframlegg: a Word file for the municipality's case system, with plain headings and no names.

Made from the basis of a gate or from a status report, as data; no row is read. People are told by
their part («prosjekteier»); those whose names are known to the project are replaced in free texts too.
"""

import io
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from innovasjon.templatetags.innovasjon import day
from reports.names import replaced
from reports.status_reports.data import revive
from roadmap.models import Condition


def case_paper(data: dict) -> bytes:
    """Return the saksframlegg from its data (`reports.materials.case_of_gate`, `case_of_report`)."""
    with translation.override(data["language"]):
        paper = Paper(data)
        paper.write()
        return paper.content()


class Paper:
    """Writes the five headings one after the other."""

    def __init__(self, data: dict):
        from docx import Document

        self.data = data
        self.source = revive(data["source"])
        self.document = Document()
        self.clean()

    def clean(self):
        """Set language, look and properties; nothing tells who or what made the file."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt, RGBColor

        language = {"nb": "nb-NO", "nn": "nn-NO"}.get(self.data["language"], "nb-NO")
        styles = self.document.styles
        defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
        for old in defaults.findall(qn("w:lang")):
            defaults.remove(old)
        lang = OxmlElement("w:lang")
        lang.set(qn("w:val"), language)
        defaults.append(lang)
        for name, size in (("Normal", 11), ("Title", 20), ("Heading 1", 14), ("List Bullet", 11)):
            style = styles[name]
            style.font.name = "Calibri"
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for slot in list(fonts.attrib):
                del fonts.attrib[slot]
            for slot in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
                fonts.set(qn(slot), "Calibri")
            style.font.size = Pt(size)
            style.font.color.rgb = RGBColor(0, 0, 0)
        for section in self.document.sections:
            section.page_width, section.page_height = Cm(21), Cm(29.7)
            section.left_margin = section.right_margin = Cm(2.5)
        about = self.document.core_properties
        when = datetime.fromisoformat(self.data["made_at"]).replace(tzinfo=None, microsecond=0)
        about.title = self.title
        about.author = about.last_modified_by = self.source_municipality
        about.subject = about.keywords = about.comments = about.category = ""
        about.language = language
        about.created = about.modified = when
        about.revision = 1

    @property
    def source_municipality(self) -> str:
        found = self.source["municipality"]
        return found["name"] if isinstance(found, dict) else found

    @property
    def title(self) -> str:
        return _("Case: %(project)s") % {"project": self.source["project"]["name"]}

    def write(self):
        project = self.source["project"]
        self.document.add_heading(self.hide(self.title), level=0)
        if project["case_reference"]:
            self.say(_("Case reference: %(reference)s") % {"reference": project["case_reference"]})
        self.heading(_("Background"))
        self.say(project["problem"])
        self.say(self.standing())
        self.heading(_("Assessment"))
        self.assessment()
        self.heading(_("Finances"))
        self.lines(self.data["finances"], _("The project has not registered any amounts."))
        self.heading(_("Consequences"))
        self.lines(self.data["consequences"], _("The project has not registered who is affected."))
        self.heading(_("Proposed resolution"))
        self.lines(self.resolution(), "")

    def standing(self) -> str:
        """Where the project stands, in two sentences."""
        count = self.source["count"]
        return _(
            "The project is in phase %(number)s of 6, %(phase)s. "
            "%(settled)s of %(total)s checkpoints are settled."
        ) % {
            "number": self.data["phase_number"],
            "phase": self.data["phase_name"],
            "settled": count["settled"],
            "total": count["total"],
        }

    def assessment(self):
        source = self.source
        if self.data["of"] == "report":
            for text in (source["headline"], source["happened"], source["condition_reason"]):
                self.say(text)
            self.bullets(
                " – ".join(filter(None, [n["label"], n["text"], n["detail"]])) for n in source["news"]
            )
            self.conditions(source["open_conditions"])
            return
        self.say(source["gate"]["question"])
        self.say(
            _("Condition: %(condition)s. %(reason)s")
            % {
                "condition": Condition(source["project"]["condition"]).label,
                "reason": source["project"]["condition_reason"],
            }
        )
        self.conditions([c for c in source["conditions"] if not c["met_on"]])

    def conditions(self, rows):
        if rows:
            self.say(ngettext("One condition is open:", "These conditions are open:", len(rows)))
            self.bullets(
                _("%(text)s, due %(day)s") % {"text": row["text"], "day": day(row["due_on"])} for row in rows
            )

    def resolution(self) -> list[str]:
        if self.data["of"] == "report":
            found = [_("The status of the project is taken note of.")]
            return [*found, self.source["ask"]] if self.source["ask"] else found
        if proposal := self.data["proposal"]:
            return [line for line in proposal.splitlines() if line.strip()]
        if self.data.get("hindered"):
            return [
                _(
                    "The project goes on from gate %(number)s, %(phase)s, with conditions. "
                    "Each condition has somebody responsible and a date."
                )
                % {"number": self.source["gate"]["number"], "phase": self.source["gate"]["phase"]}
            ]
        return [
            _("The project goes on from gate %(number)s, %(phase)s.")
            % {"number": self.source["gate"]["number"], "phase": self.source["gate"]["phase"]}
        ]

    def heading(self, text: str):
        self.document.add_heading(text, level=1)

    def say(self, text: str):
        for part in filter(None, (line.strip() for line in (text or "").splitlines())):
            self.document.add_paragraph(self.hide(part))

    def lines(self, found: list[str], otherwise: str):
        if len(found) > 1:
            self.bullets(found)
        else:
            self.say(found[0] if found else otherwise)

    def bullets(self, found):
        for text in found:
            self.document.add_paragraph(self.hide(" ".join(text.split())), style="List Bullet")

    def hide(self, text: str) -> str:
        """Replace every name the project knows by the person's part."""
        for name, part in sorted(self.data["names"].items(), key=lambda pair: -len(pair[0])):
            text = replaced(text, name, part)
        return text

    def content(self) -> bytes:
        stream = io.BytesIO()
        self.document.save(stream)
        return stream.getvalue()
