"""A deck as PowerPoint: real text boxes, native charts, slide titles, alt texts, notes and slide numbers.

Every measure is in points of a slide 720 points wide, as in the PDF; in the municipality's own template
they are scaled to its size, and title, footer and slide number stand where the template has them. Nothing
is in the file but what stands in the deck.
"""

import io
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from innovasjon import presentation_templates, shields
from reports.presentations import blocks as b
from reports.presentations import fit
from reports.presentations.deck import Deck, DeckSlide
from reports.presentations.powerpoint_chart import draw_chart
from reports.presentations.powerpoint_shield import draw_shield
from reports.presentations.powerpoint_xml import (
    as_slide_number,
    colour,
    decorative,
    fill,
    paint,
    place_of,
    plain_table,
    set_theme,
    small_placeholder,
    title_layout,
    under,
    with_light_text,
)
from roadmap import pictures

INK, QUIET, LINE, PLUM, GREEN, WHITE = "1F2C3D", "545E6B", "D9E0E7", "7A4B94", "0A7D5A", "FFFFFF"
WIDTH, HEIGHT = 720, 405
POINT = 12_700  # EMU
FONT = "Arial"  # when the municipality has no template of its own
PHOTO = 290  # points
WIDER = 1.2  # so much wider than ours a template's letters may be


def deck_pptx(deck: Deck) -> bytes:
    """Return the deck as a PowerPoint file, on the municipality's own template when there is one."""
    with translation.override(deck.language):
        file = Drawing(deck).draw()
    content = io.BytesIO()
    file.save(content)
    return content.getvalue()


@dataclass
class Place:
    """Where on a slide the next block begins, how wide it may be, and how large its texts are drawn."""

    top: float
    width: float
    t: float


class Drawing:
    """Draws one deck into one file."""

    def __init__(self, deck: Deck):
        from pptx import Presentation

        self.deck = deck
        self.primary = deck.colours["base_default"].lstrip("#")
        self.on_primary = deck.colours["base_contrast_subtle"].lstrip("#")
        if deck.template:
            self.file = Presentation(io.BytesIO(presentation_templates.read(deck.template)))
        else:
            self.file = Presentation()
            self.file.slide_width, self.file.slide_height = WIDTH * POINT, HEIGHT * POINT
            set_theme(self.file, FONT, self.primary)
        self.unit = min(self.file.slide_width / WIDTH, self.file.slide_height / HEIGHT)
        self.scale = self.unit / POINT
        self.width, self.height = self.file.slide_width / self.unit, self.file.slide_height / self.unit
        self.layout = title_layout(self.file)
        self.side, self.top = fit.SIDE, fit.TOP
        if deck.template and (place := place_of(self.layout, self.unit, self.width, self.height)):
            self.side, self.top = place
        self.plain = bool(deck.template) and with_light_text(self.file)

    def draw(self):
        self.describe()
        for slide in self.deck.slides:
            self.draw_slide(slide)
        return self.file

    def describe(self):
        """Say what the file is; who made it is the municipality."""
        core = self.file.core_properties
        core.title, core.author = self.deck.title, self.deck.municipality
        core.last_modified_by, core.language = self.deck.municipality, self.deck.language
        core.subject, core.comments, core.keywords, core.category = self.deck.project_name, "", "", ""
        core.created = core.modified = self.deck.made_at.replace(tzinfo=None)
        core.revision = 1

    def draw_slide(self, slide: DeckSlide):
        self.slide = self.file.slides.add_slide(self.layout)
        self.dark = slide.dark
        for shape in list(self.slide.placeholders):
            if shape.placeholder_format.idx:
                shape._element.getparent().remove(shape._element)
        if slide.dark:
            self.slide.background.fill.solid()
            self.slide.background.fill.fore_color.rgb = colour(self.primary)
        top = self.heading(slide)
        bottom = self.height - HEIGHT + (fit.BOTTOM if slide.source else fit.FOOT)
        space = (bottom - top) / (WIDER if self.deck.template else 1)
        place = Place(top, fit.wide(slide), fit.scale(slide, space))
        for block in slide.blocks:
            getattr(self, f"draw_{block.kind}")(block, place)
            if block.kind in fit.HIGH:
                place.top += fit.HIGH[block.kind](block, place.width, place.t) + fit.BETWEEN * place.t
        self.foot(slide)
        if slide.notes:
            self.slide.notes_slide.notes_text_frame.text = slide.notes

    def heading(self, slide: DeckSlide) -> float:
        """Write the slide's title where it belongs to the title placeholder, and return where it ends."""
        tint = PLUM if slide.role == "voices" and slide.style == "kicker" else INK
        high = fit.title_high(slide, fit.wide(slide) / (WIDER if self.deck.template else 1))
        title = self.slide.shapes.title
        if title is None:
            title = self.slide.shapes.add_textbox(0, 0, 0, 0)
        title.left, title.top = self.emu(self.side), self.emu(self.top)
        title.width, title.height = self.emu(fit.wide(slide)), self.emu(high - 12)
        self.write(title, [[(slide.heading, True, WHITE if slide.dark else tint)]], fit.title_size(slide))
        return self.top + high

    # ------------------------------------------------------------ pieces

    def emu(self, points: float) -> int:
        return round(points * self.unit)

    def box(self, left, top, width, height, paragraphs, size, **how):
        shape = self.slide.shapes.add_textbox(*map(self.emu, (left, top, width, height)))
        self.write(shape, paragraphs, size, **how)
        return shape

    def write(self, shape, paragraphs, size, *, gap=0, anchor="TOP", right=False):
        """Write paragraphs of (text, bold, colour) into a shape; sizes in points of the deck."""
        from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
        from pptx.util import Pt

        frame = shape.text_frame
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.vertical_anchor = getattr(MSO_ANCHOR, anchor)
        for n, runs in enumerate(paragraphs):
            paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
            paragraph.space_before = Pt(gap * self.scale if n else 0)
            paragraph.line_spacing = 1.0
            for text, bold, tint, *own in runs:
                run = paragraph.add_run()
                run.text, run.font.bold = text, bold
                run.font.size = Pt(round((own[0] if own else size) * self.scale, 1))
                self.paint(run.font, tint)
                run._r.get_or_add_rPr().set("lang", "nb-NO" if self.deck.language == "nb" else "nn-NO")
        return shape

    def paint(self, font, tint: str):
        """Give a text its colour: the template's own where that is light on dark."""
        paint(font, "" if self.plain and not self.dark else tint)

    def line(self, left, top, width, *, tint=LINE, height=0.8):
        """Draw a hairline that a screen reader passes by."""
        from pptx.enum.shapes import MSO_SHAPE

        shape = self.slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *map(self.emu, (left, top, width, height)))
        fill(shape, tint)
        decorative(shape)
        return shape

    def foot(self, slide: DeckSlide):
        """Write source, footer and slide number; the last two where the template has them, if it has."""
        tint = self.on_primary if slide.dark else QUIET
        down = self.height - HEIGHT
        right = self.width - self.side if not slide.has_photo else self.width - PHOTO - 20
        if slide.source:
            width = 340 if slide.has_photo else 560
            self.box(self.side, 332 + down, width, 28, [[(slide.source, False, tint)]], 9.5, anchor="BOTTOM")
        text = self.deck.short_foot if slide.has_photo else self.deck.foot
        footer = self.of_template("FOOTER", slide)
        if footer is not None:
            self.write(footer, [[(fit.cut(text, 9, footer.width / self.unit), False, tint)]], 9)
        else:
            self.mark(slide, 369 + down)
            self.box(
                self.side + 17, 370 + down, 300 if slide.has_photo else 520, 13, [[(text, False, tint)]], 9
            )
        number = self.of_template("SLIDE_NUMBER", slide)
        if number is None:
            number = self.box(right - 40, 370 + down, 40, 13, [[("", False, tint)]], 9, right=True)
        as_slide_number(number, slide.number)

    def of_template(self, kind: str, slide: DeckSlide):
        """Return the template's own footer or slide number on this slide, or None."""
        if not self.deck.template or slide.has_photo or slide.dark:
            return None
        return small_placeholder(self.slide, self.layout, kind)

    def mark(self, slide: DeckSlide, top: float):
        """Draw the municipality's shield, with its name for those who do not see it."""
        words = _("The shield of %(name)s") % {"name": self.deck.municipality}
        left, top, high = self.emu(self.side), self.emu(top), self.emu(13)
        if self.deck.shield:
            mark = self.slide.shapes.add_picture(
                io.BytesIO(shields.read(self.deck.shield)), left, top, height=high
            )
            mark._element.nvPicPr.cNvPr.set("descr", words)
        else:
            field, waves = (WHITE, self.primary) if slide.dark else (self.primary, WHITE)
            draw_shield(self.slide, left, top, high, field=field, waves=waves, words=words)

    # ------------------------------------------------------------ blocks

    def draw_big_number(self, block: b.BigNumber, place: Place):
        tint = WHITE if self.dark else INK
        size = fit.BIG[block.scale] * place.t
        self.box(self.side - 4, place.top, 613, size * 1.15, [[(block.value, True, tint)]], size)
        self.box(
            self.side,
            place.top + size * 1.15 + 6,
            553,
            100 * place.t,
            [[(block.sentence, True, tint)]],
            fit.sentence_size(block) * place.t,
        )

    def draw_statement(self, block: b.Statement, place: Place):
        tint = WHITE if self.dark else self.primary
        width = min(place.width, fit.STATEMENT_WIDE)
        high = fit.statement(block, place.width, place.t)
        size = fit.STATEMENT[block.scale] * place.t
        self.box(self.side, place.top, width, high, [[(block.text, True, tint)]], size)

    def draw_voices(self, block: b.Voices, place: Place):
        from pptx.util import Pt

        t, top = place.t, place.top + 12 * place.t
        high = fit.voices(block, place.width, t) - 12 * t
        main = [[(block.main.text, True, INK)], [(block.main.who, False, QUIET, 13 * t)]]
        self.box(self.side, top, fit.SAID_WIDE, high, main, fit.SAID[block.scale] * t * 0.94, gap=12 * t)
        if not block.others:
            return
        self.line(self.side + 380, top, 1.4, tint="C8B5D3", height=high)
        others = []
        for voice in block.others:
            others += [[(voice.text, False, INK)], [(voice.who, False, QUIET, 11 * t)]]
        box = self.box(self.side + 406, top, fit.OTHERS_WIDE, high, others, 16 * t, gap=5 * t)
        for paragraph in box.text_frame.paragraphs[2::2]:
            paragraph.space_before = Pt(24 * t * self.scale)

    def draw_points(self, block: b.Points, place: Place):
        """Draw a real table: names, start, goal, now."""
        widths = (170, 110, 42, 116, 168)
        t, figures = place.t, fit.FIGURE[block.scale] * place.t * 0.88
        highs = [22 * t, *(fit.point_high(row, block, t) for row in block.rows)]
        frame = self.slide.shapes.add_table(
            len(highs), len(widths), *map(self.emu, (self.side, place.top, sum(widths), sum(highs)))
        )
        frame._element.nvGraphicFramePr.cNvPr.set("descr", _("Goals: before, goal and now"))
        table = frame.table
        plain_table(table)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = self.emu(width)
        for line, high in zip(table.rows, highs, strict=True):
            line.height = self.emu(high)
        for n, text in enumerate((_("What changes"), block.before, "", block.after, _("Now"))):
            self.cell(table.cell(0, n), [(text, False, QUIET, 11 * t)])
        for r, point in enumerate(block.rows, start=1):
            unit = [(f" ({point.unit})", False, QUIET, 11 * t)] if point.unit else []
            self.cell(table.cell(r, 0), [(point.name, True, INK, 14 * t), *unit])
            self.cell(table.cell(r, 1), [(point.before, False, QUIET, figures)])
            self.cell(table.cell(r, 2), [("→", False, QUIET, 22 * t)])
            self.cell(table.cell(r, 3), [(point.after, True, self.primary, figures)])
            self.cell(table.cell(r, 4), [(point.now, False, INK, 12.5 * t)])

    def cell(self, cell, runs):
        from pptx.enum.text import MSO_ANCHOR
        from pptx.util import Pt

        cell.margin_left = cell.margin_top = cell.margin_bottom = 0
        cell.margin_right = self.emu(6)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        cell.fill.background()
        under(cell, LINE, self.emu(0.8))
        for text, bold, tint, size in runs:
            run = cell.text_frame.paragraphs[0].add_run()
            run.text, run.font.bold = text, bold
            run.font.size = Pt(round(size * self.scale, 1))
            self.paint(run.font, tint)

    def draw_rows(self, block: b.Rows, place: Place):
        t, half, top = place.t, fit.half(place.width), place.top
        for row in block.rows:
            high = fit.row_high(row, place.width, t)
            self.line(self.side, top, place.width)
            main = [[(row.name, True, INK)]]
            if row.detail:
                main.append([(row.detail, False, QUIET, 11.5 * t)])
            self.box(self.side, top + 1, half, high - 2, main, 15.5 * t, anchor="MIDDLE")
            if row.aside:
                left, width = self.side + half + fit.GAP, place.width - half - fit.GAP
                aside = [[(row.aside, False, INK)]]
                self.box(left, top + 1, width, high - 2, aside, 12.5 * t, anchor="MIDDLE")
            top += high

    def draw_lines(self, block: b.Lines, place: Place):
        top, width = place.top, min(place.width, fit.STATEMENT_WIDE)
        for line in block.rows:
            high = fit.line_high(line, place.width, place.t)
            self.line(self.side, top, width)
            runs = [(f"{line.lead} ", True, INK)] if line.lead else []
            runs += [(line.rest, False, INK)] if line.rest else []
            self.box(self.side, top + 1, width, high - 2, [runs], 16 * place.t, anchor="MIDDLE")
            top += high

    def draw_road(self, block: b.Road, place: Place):
        """Draw the six stations on their line; every other name above it, so that long ones have room."""
        from pptx.enum.shapes import MSO_SHAPE
        from pptx.enum.text import PP_ALIGN

        t, step, top = place.t, place.width / max(len(block.stops), 1), place.top + 50 * place.t
        for n, stop in enumerate(block.stops[:-1]):
            tint = GREEN if stop.state == "done" else "B9C4CF"
            self.line(self.side + n * step, top + 13 * t, step, tint=tint, height=2.5 * t)
        for n, stop in enumerate(block.stops):
            left, last = self.side + n * step, n == len(block.stops) - 1
            dot = self.slide.shapes.add_shape(MSO_SHAPE.OVAL, *map(self.emu, (left, top, 28 * t, 28 * t)))
            tint = {"done": GREEN, "current": self.primary}.get(stop.state)
            fill(dot, tint or WHITE, outline=tint or "B9C4CF")
            self.write(dot, [[(str(stop.number), True, QUIET)]], 12 * t, anchor="MIDDLE")
            paint(dot.text_frame.paragraphs[0].runs[0].font, WHITE if tint else QUIET)
            dot.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
            text = [[(stop.name, True, INK)], [(stop.remark, False, QUIET, 12 * t)]]
            wide = step if last else 2 * step - 12
            above = n % 2 == 1
            y = top - 50 * t if above else top + 34 * t
            self.box(left, y, wide, 44 * t, text, 15 * t, anchor="BOTTOM" if above else "TOP")

    def draw_bars(self, block: b.Bars, place: Place):
        width = min(place.width, fit.STATEMENT_WIDE)
        high = fit.bars(block, place.width, place.t)
        where = map(self.emu, (self.side, place.top, width, high))
        draw_chart(
            self.slide,
            block,
            where,
            size=13 * place.t * self.scale,
            ink="" if self.plain else INK,
            primary=self.primary,
        )

    def draw_photo(self, block: b.Photo, place: Place):
        wide, high = PHOTO, self.height
        shape = self.slide.shapes.add_picture(
            io.BytesIO(pictures.read(block.digest)),
            *map(self.emu, (self.width - wide, 0)),
            self.emu(wide),
            self.file.slide_height,
        )
        shape._element.nvPicPr.cNvPr.set("descr", block.alternative)
        frame, picture = wide / high, block.width / block.height
        if picture > frame:
            shape.crop_left = shape.crop_right = (1 - frame / picture) / 2
        else:
            shape.crop_top = shape.crop_bottom = (1 - picture / frame) / 2

    def draw_missing(self, block: b.Missing, place: Place):
        high = fit.HIGH["missing"](block, place.width, place.t)
        self.box(self.side, place.top + 10, 480, high, [[(block.text, False, QUIET)]], 20 * place.t)
