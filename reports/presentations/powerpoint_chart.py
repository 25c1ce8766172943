"""The bars of a deck as a native chart, which people can edit in PowerPoint."""

from reports.presentations.drawings import short
from reports.presentations.powerpoint_xml import colour, paint

QUIET = "9FB2C2"
SPACE = "\\ "  # as a number format writes one


def draw_chart(slide, block, where, *, size: float, ink: str, primary: str):
    """Draw bars from zero, the one before the last in the municipality's colour: it is where things stand.

    where: left, top, width and height. size: of the texts, in points.
    """
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_MARK
    from pptx.oxml.ns import qn
    from pptx.util import Pt

    data = CategoryChartData()
    data.categories = [short(bar.name) for bar in block.bars]
    data.add_series(block.title, [float(bar.value) for bar in block.bars])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *where, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", block.text)
    chart = frame.chart
    chart.has_legend = False
    chart.has_title = True
    title = chart.chart_title.text_frame
    title.text = f"{block.title} ({block.unit})" if block.unit else block.title
    run = title.paragraphs[0].runs[0]
    run.font.size, run.font.bold = Pt(round(size * 1.05, 1)), True
    chart.font.size = Pt(round(size, 1))
    for font in (run.font, chart.font):
        paint(font, ink)
    chart.value_axis.visible, chart.value_axis.has_major_gridlines = False, False
    if all(bar.value >= 0 for bar in block.bars):
        chart.value_axis.minimum_scale = 0
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.fill.background()
    chart.category_axis.major_tick_mark = chart.category_axis.minor_tick_mark = XL_TICK_MARK.NONE
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 60, True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = number_format(block.bars), False
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.font.bold, labels.font.size = True, Pt(round(size, 1))
    labels._element.find(qn("c:txPr")).find(qn("a:bodyPr")).set("wrap", "none")
    now = max(len(block.bars) - 2, 0)
    for n in range(len(block.bars)):
        shape = plot.series[0].points[n].format.fill
        shape.solid()
        shape.fore_color.rgb = colour(primary if n == now else QUIET)


def number_format(bars) -> str:
    """Return a format with a space between thousands, whatever language PowerPoint runs in."""
    most = max((max(-bar.value.normalize().as_tuple().exponent, 0) for bar in bars), default=0)
    rest = "." + "0" * most if most else ""
    sign = f"{SPACE}%" if bars and all(bar.label.endswith("%") for bar in bars) else ""
    largest = max((abs(bar.value) for bar in bars), default=0)
    steps = (("[>=1000000]", "# ### ##0"), ("[>=1000]", "# ##0"), ("", "0"))
    if largest >= 1_000_000_000:
        steps = (("[>=1000000000]", "# ### ### ##0"), ("[>=1000000]", "# ### ##0"), ("", "# ##0"))
    return ";".join(f"{when}{digits.replace(' ', SPACE)}{rest}{sign}" for when, digits in steps)
