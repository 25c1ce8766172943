"""A deck as PowerPoint: real text boxes, native charts, slide titles, alt texts, notes and slide numbers.

Every measure is in points of a slide 720 points wide, as in the PDF; in the municipality's own template
they are scaled to its width. Nothing is in the file but what stands in the deck.
"""

import io
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from innovasjon import presentation_templates, shields
from reports.presentations import blocks as b
from reports.presentations.deck import Deck, DeckSlide
from reports.presentations.powerpoint_xml import (
    as_slide_number,
    colour,
    decorative,
    fill,
    no_tick,
    plain_table,
    set_theme,
    title_layout,
    under,
)
from roadmap import pictures

INK, QUIET, LINE, PLUM, GREEN, WHITE = "1F2C3D", "545E6B", "D9E0E7", "7A4B94", "0A7D5A", "FFFFFF"
WIDTH, HEIGHT, SIDE = 720, 405, 57
POINT = 12_700  # EMU
LETTER = 0.49  # an average letter's width in its size
FONT = "Arial"  # when the municipality has no template of its own
BIG = (138, 96, 64)
STATEMENT = (46, 34, 24)
SAID = (36, 26, 19)
FIGURE = (28, 24, 17)


def deck_pptx(deck: Deck) -> bytes:
    """Return the deck as a PowerPoint file, on the municipality's own template when there is one."""
    with translation.override(deck.language):
        file = Drawing(deck).draw()
    content = io.BytesIO()
    file.save(content)
    return content.getvalue()


def lines_for(text: str, size: float, width: float) -> int:
    """Return on how many lines a text will stand, by the width of Arial's letters and a little more."""
    lines, used = 1, 0.0
    for word in text.split():
        long = (len(word) + 1) * size * LETTER
        if used and used + long > width:
            lines, used = lines + 1, 0.0
        used += long
    return lines


@dataclass
class Place:
    """Where on a slide the next block begins, in points from the top, and how wide it may be."""

    top: float
    width: float = WIDTH - 2 * SIDE


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
        self.unit = self.file.slide_width / WIDTH
        self.scale = self.unit / POINT
        self.layout = title_layout(self.file)

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
        photo = next((block for block in slide.blocks if isinstance(block, b.Photo)), None)
        place = Place(self.heading(slide, photo), 330 if photo else WIDTH - 2 * SIDE)
        for block in slide.blocks:
            getattr(self, f"draw_{block.kind}")(block, place)
        self.foot(slide)
        if slide.notes:
            self.slide.notes_slide.notes_text_frame.text = slide.notes

    def heading(self, slide: DeckSlide, photo) -> float:
        """Write the slide's title where it belongs to the title placeholder, and return where it ends."""
        small = slide.style == "kicker"
        size = 13 if small else (21 if len(slide.heading) > b.SHORT else 26)
        tint = INK
        if small:
            tint = WHITE if slide.dark else (PLUM if slide.role == "voices" else INK)
        wide = 330 if photo else WIDTH - 2 * SIDE
        lines = lines_for(slide.heading, size, wide)
        high = lines * size * 1.25
        title = self.slide.shapes.title
        if title is None:
            title = self.slide.shapes.add_textbox(0, 0, 0, 0)
        title.left, title.top = self.emu(SIDE), self.emu(42)
        title.width, title.height = self.emu(wide), self.emu(high)
        self.write(title, [[(slide.heading, True, tint)]], size)
        return 42 + high + (14 if small else 20)

    # ------------------------------------------------------------ pieces

    def emu(self, points: float) -> int:
        return round(points * self.unit)

    def box(self, left, top, width, height, paragraphs, size, **how):
        shape = self.slide.shapes.add_textbox(*map(self.emu, (left, top, width, height)))
        self.write(shape, paragraphs, size, **how)
        return shape

    def write(self, shape, paragraphs, size, *, gap=0, middle=False, right=False):
        """Write paragraphs of (text, bold, colour) into a shape; sizes in points of the deck."""
        from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
        from pptx.util import Pt

        frame = shape.text_frame
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE if middle else MSO_ANCHOR.TOP
        for n, runs in enumerate(paragraphs):
            paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
            paragraph.space_before = Pt(gap * self.scale if n else 0)
            paragraph.line_spacing = 1.0
            for text, bold, tint, *own in runs:
                run = paragraph.add_run()
                run.text, run.font.bold = text, bold
                run.font.size = Pt(round((own[0] if own else size) * self.scale, 1))
                run.font.color.rgb = colour(tint)
                run._r.get_or_add_rPr().set("lang", "nb-NO" if self.deck.language == "nb" else "nn-NO")
        return shape

    def line(self, left, top, width, *, tint=LINE, height=0.8):
        """Draw a hairline that a screen reader passes by."""
        from pptx.enum.shapes import MSO_SHAPE

        shape = self.slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *map(self.emu, (left, top, width, height)))
        fill(shape, tint)
        decorative(shape)
        return shape

    def foot(self, slide: DeckSlide):
        tint = self.on_primary if slide.dark else QUIET
        if slide.source:
            self.box(SIDE, 344, 560, 16, [[(slide.source, False, tint)]], 9.5)
        left = SIDE
        if self.deck.shield:
            mark = self.slide.shapes.add_picture(
                io.BytesIO(shields.read(self.deck.shield)), self.emu(SIDE), self.emu(369), height=self.emu(13)
            )
            mark._element.nvPicPr.cNvPr.set(
                "descr", _("The shield of %(name)s") % {"name": self.deck.municipality}
            )
            left += 17
        self.box(left, 370, 480, 13, [[(self.deck.foot, False, tint)]], 9)
        number = self.box(WIDTH - SIDE - 60, 370, 60, 13, [[("", False, tint)]], 9, right=True)
        as_slide_number(number, slide.number)

    # ------------------------------------------------------------ blocks

    def draw_big_number(self, block: b.BigNumber, place: Place):
        tint = WHITE if self.dark else INK
        size = BIG[block.scale]
        self.box(SIDE - 4, place.top, WIDTH - 2 * SIDE, size * 1.15, [[(block.value, True, tint)]], size)
        long = len(block.sentence) > 130
        self.box(
            SIDE,
            place.top + size * 1.2,
            553,
            120,
            [[(block.sentence, True, tint)]],
            19 if long else 24,
        )
        place.top += size * 1.2 + 120

    def draw_statement(self, block: b.Statement, place: Place):
        size = STATEMENT[block.scale]
        lines = lines_for(block.text, size, min(place.width, 560))
        high = lines * size * 1.22
        tint = WHITE if self.dark else self.primary
        self.box(SIDE, place.top, min(place.width, 560), high, [[(block.text, True, tint)]], size)
        place.top += high + 22

    def draw_voices(self, block: b.Voices, place: Place):
        size = SAID[block.scale]
        main = [[(block.main.text, True, INK)], [(block.main.who, False, QUIET, 13)]]
        self.box(SIDE, place.top + 12, 340, 240, main, size, gap=12)
        if not block.others:
            return
        self.line(437, place.top + 12, 1.4, tint="C8B5D3", height=210)
        others = []
        for voice in block.others:
            others += [[(voice.text, False, INK)], [(voice.who, False, QUIET, 11)]]
        box = self.box(464, place.top + 12, 200, 210, others, 16, gap=5)
        from pptx.util import Pt

        for paragraph in box.text_frame.paragraphs[2::2]:
            paragraph.space_before = Pt(24 * self.scale)

    def draw_points(self, block: b.Points, place: Place):
        """Draw a real table: names, start, goal, now."""
        widths = (182, 116, 42, 110, 156)
        rows = len(block.rows) + 1
        frame = self.slide.shapes.add_table(
            rows, len(widths), *map(self.emu, (SIDE, place.top, sum(widths), 22 + 46 * (rows - 1)))
        )
        frame._element.nvGraphicFramePr.cNvPr.set("descr", _("Goals: before, goal and now"))
        table = frame.table
        plain_table(table)
        for n, width in enumerate(widths):
            table.columns[n].width = self.emu(width)
        table.rows[0].height = self.emu(22)
        for n, text in enumerate((_("Goal"), block.before, "", block.after, _("Now"))):
            tint = WHITE if n == 0 else QUIET
            self.cell(table.cell(0, n), [(text, False, tint)], 11)
        for r, point in enumerate(block.rows, start=1):
            table.rows[r].height = self.emu(46)
            for n, run in enumerate(
                (
                    (point.name, True, INK, 14),
                    (point.before, False, QUIET, FIGURE[block.scale]),
                    ("→", False, QUIET, 24),
                    (point.after, True, self.primary, FIGURE[block.scale]),
                    (point.now, False, INK, 12.5),
                )
            ):
                unit = [(f" ({point.unit})", False, QUIET, 11)] if n == 0 and point.unit else []
                self.cell(table.cell(r, n), [run, *unit], 14)
        place.top += 22 + 46 * (rows - 1) + 12

    def cell(self, cell, runs, size):
        from pptx.enum.text import MSO_ANCHOR
        from pptx.util import Pt

        cell.margin_left = cell.margin_top = cell.margin_bottom = 0
        cell.margin_right = self.emu(6)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        cell.fill.background()
        under(cell, LINE, self.emu(0.8))
        for text, bold, tint, *own in runs:
            run = cell.text_frame.paragraphs[0].add_run()
            run.text, run.font.bold = text, bold
            run.font.size = Pt(round((own[0] if own else size) * self.scale, 1))
            run.font.color.rgb = colour(tint)

    def draw_rows(self, block: b.Rows, place: Place):
        half = 360 if place.width > 400 else place.width * 0.55
        for row in block.rows:
            self.line(SIDE, place.top, place.width)
            main = [[(row.name, True, INK)]]
            high = 22.0
            if row.detail:
                main.append([(row.detail, False, QUIET, 11.5)])
                high += 15 * lines_for(row.detail, 11.5, half)
            aside = 12.5 * 1.25 * lines_for(row.aside, 12.5, place.width - half - 20)
            high = max(high, aside + 6)
            self.box(SIDE, place.top + 6, half, high, main, 15.5, gap=1)
            if row.aside:
                self.box(
                    SIDE + half + 20,
                    place.top + 6,
                    place.width - half - 20,
                    high,
                    [[(row.aside, False, INK)]],
                    12.5,
                    middle=True,
                )
            place.top += high + 12
        place.top += 8

    def draw_lines(self, block: b.Lines, place: Place):
        for line in block.rows:
            width = min(place.width, 560)
            self.line(SIDE, place.top, width)
            text = f"{line.lead} {line.rest}"
            high = 20 * lines_for(text, 16, width)
            runs = [(f"{line.lead} ", True, INK)] if line.lead else []
            self.box(SIDE, place.top + 8, width, high, [[*runs, (line.rest, False, INK)]], 16)
            place.top += high + 15
        place.top += 8

    def draw_road(self, block: b.Road, place: Place):
        from pptx.enum.shapes import MSO_SHAPE

        step = place.width / max(len(block.stops), 1)
        top = place.top + 24
        for n, stop in enumerate(block.stops[:-1]):
            tint = GREEN if stop.state == "done" else "B9C4CF"
            self.line(SIDE + n * step, top + 13, step, tint=tint, height=2.5)
        for n, stop in enumerate(block.stops):
            dot = self.slide.shapes.add_shape(MSO_SHAPE.OVAL, *map(self.emu, (SIDE + n * step, top, 28, 28)))
            tint = {"done": GREEN, "current": self.primary}.get(stop.state)
            fill(dot, tint or WHITE, outline=tint or "B9C4CF")
            self.write(dot, [[(str(stop.number), True, WHITE if tint else QUIET)]], 12, middle=True)
            from pptx.enum.text import PP_ALIGN

            dot.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
            text = [[(stop.name, True, INK)], [(stop.remark, False, QUIET, 11)]]
            self.box(SIDE + n * step, top + 36, step - 2, 60, text, 11.5, gap=2)
        place.top = top + 110

    def draw_bars(self, block: b.Bars, place: Place):
        """Draw a native chart, which people can edit in PowerPoint."""
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
        from pptx.oxml.ns import qn
        from pptx.util import Pt

        data = CategoryChartData()
        data.categories = [bar.name for bar in block.bars]
        data.add_series(block.title, [float(bar.value) for bar in block.bars])
        high = 40 + 44 * len(block.bars)
        frame = self.slide.shapes.add_chart(
            XL_CHART_TYPE.BAR_CLUSTERED, *map(self.emu, (SIDE, place.top, min(place.width, 560), high)), data
        )
        frame._element.nvGraphicFramePr.cNvPr.set("descr", block.text)
        chart = frame.chart
        chart.has_legend = False
        chart.has_title = True
        title = chart.chart_title.text_frame
        title.text = f"{block.title} ({block.unit})" if block.unit else block.title
        run = title.paragraphs[0].runs[0]
        run.font.size, run.font.bold, run.font.color.rgb = Pt(14 * self.scale), True, colour(INK)
        chart.font.size, chart.font.color.rgb = Pt(13 * self.scale), colour(INK)
        chart.value_axis.visible, chart.value_axis.has_major_gridlines = False, False
        chart.value_axis.minimum_scale = 0
        chart.category_axis.reverse_order = True
        chart.category_axis.format.line.fill.background()
        chart.category_axis.major_tick_mark = chart.category_axis.minor_tick_mark = no_tick()
        plot = chart.plots[0]
        plot.gap_width, plot.has_data_labels = 60, True
        labels = plot.data_labels
        labels.number_format, labels.number_format_is_linked = "#,##0.##;-#,##0.##", False
        if all(bar.value == bar.value.to_integral_value() for bar in block.bars):
            labels.number_format = "#,##0"
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        labels.font.bold, labels.font.size = True, Pt(13 * self.scale)
        labels._element.find(qn("c:txPr")).find(qn("a:bodyPr")).set("wrap", "none")
        now = max(len(block.bars) - 2, 0)
        for n in range(len(block.bars)):
            shape = plot.series[0].points[n].format.fill
            shape.solid()
            shape.fore_color.rgb = colour(self.primary if n == now else "9FB2C2")
        place.top += high + 8

    def draw_photo(self, block: b.Photo, place: Place):
        wide, high = 290, HEIGHT
        shape = self.slide.shapes.add_picture(
            io.BytesIO(pictures.read(block.digest)),
            *map(self.emu, (WIDTH - wide, 0)),
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
        self.box(SIDE, place.top + 10, 480, 60, [[(block.text, False, QUIET)]], 20)
        place.top += 80
