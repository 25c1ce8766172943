"""What python-pptx has no words for: themes, decoration, slide numbers, hairlines under cells."""

from lxml import etree

DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"


def colour(text: str):
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(text.upper())


def no_tick():
    from pptx.enum.chart import XL_TICK_MARK

    return XL_TICK_MARK.NONE


def fill(shape, tint: str, outline: str = ""):
    from pptx.oxml.ns import qn

    shape.fill.solid()
    shape.fill.fore_color.rgb = colour(tint)
    style = shape._element.find(qn("p:style"))
    if style is not None:  # it brings the theme's shadows
        shape._element.remove(style)
    if outline:
        shape.line.color.rgb = colour(outline)
    else:
        shape.line.fill.background()


def title_layout(file):
    """Return the layout with a title and the least else; slides need a title for those who listen."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    titles = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
    small = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)

    def others(layout):
        types = [p.placeholder_format.type for p in layout.placeholders]
        return (not any(t in titles for t in types), sum(t not in titles + small for t in types))

    return min(file.slide_layouts, key=others)


def set_theme(file, font: str, primary: str):
    """Give the plain file our font and the municipality's colour, so that what people add fits in."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    master = file.slide_masters[0].part
    part = master.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    space = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    for latin in theme.iterfind(".//a:fontScheme/*/a:latin", space):
        latin.set("typeface", font)
    accent = theme.find(".//a:clrScheme/a:accent1/a:srgbClr", space)
    if accent is not None:
        accent.set("val", primary.upper())
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def decorative(shape):
    """Mark a shape as decoration: it has nothing to tell."""

    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    properties = shape._element.nvSpPr.cNvPr
    properties.set("descr", "")
    extensions = etree.SubElement(properties, f"{{{a}}}extLst")
    extension = etree.SubElement(extensions, f"{{{a}}}ext", uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}")
    etree.SubElement(extension, f"{{{DECORATIVE}}}decorative", nsmap={"adec": DECORATIVE}, val="1")


def as_slide_number(shape, number: int):
    """Make the shape's text the slide's own number, right also when slides are moved."""

    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    paragraph = shape.text_frame.paragraphs[0]._p
    run = paragraph.find(f"{{{a}}}r")
    field = etree.Element(f"{{{a}}}fld", id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", type="slidenum")
    field.append(run.find(f"{{{a}}}rPr"))
    etree.SubElement(field, f"{{{a}}}t").text = str(number)
    paragraph.replace(run, field)


def plain_table(table):
    """Take the style off a table but for its first row being headings."""
    properties = table._tbl.tblPr
    properties.set("bandRow", "0")
    properties.set("firstRow", "1")
    for style in properties.findall("{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId"):
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid


def under(cell, tint: str, width: int):
    """Draw a hairline under a cell."""

    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    properties = cell._tc.get_or_add_tcPr()
    line = etree.Element(f"{{{a}}}lnB", w=str(width))
    etree.SubElement(etree.SubElement(line, f"{{{a}}}solidFill"), f"{{{a}}}srgbClr", val=tint)
    properties.insert(0, line)
