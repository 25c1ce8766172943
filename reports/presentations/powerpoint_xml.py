"""What python-pptx has no words for: themes, decoration, slide numbers, hairlines under cells."""

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"


def colour(text: str):
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(text.upper())


def paint(font, tint: str):
    """Give a font a colour; "" is the text colour of the theme."""
    from pptx.enum.dml import MSO_THEME_COLOR

    if tint:
        font.color.rgb = colour(tint)
    else:
        font.color.theme_color = MSO_THEME_COLOR.TEXT_1


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


def place_of(layout, unit: float, width: float, height: float) -> tuple[float, float] | None:
    """Return (left, top) of a layout's title in points of the deck; None where our slides have no room."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    titles = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
    title = next((p for p in layout.placeholders if p.placeholder_format.type in titles), None)
    if title is None or title.left is None:
        return None
    left, top = title.left / unit, title.top / unit
    if not (18 <= left <= width - 606 - 18 and 18 <= top <= height * 0.2):
        return None
    return left, top


def small_placeholder(slide, layout, kind: str):
    """Return a copy on the slide of a layout's footer or slide number, or None when it has none."""
    from pptx.enum.shapes import PP_PLACEHOLDER

    wanted = getattr(PP_PLACEHOLDER, kind)
    found = next((p for p in layout.placeholders if p.placeholder_format.type == wanted), None)
    if found is None:
        return None
    slide.shapes.clone_placeholder(found)
    return slide.shapes[-1]


def with_light_text(file) -> bool:
    """Return whether a template writes light on dark, by the colour its theme has for text."""
    from lxml import etree
    from pptx.opc.constants import RELATIONSHIP_TYPE

    master = file.slide_masters[0]
    space = {"a": A, "p": P}
    mapped = master._element.find("p:clrMap", space)
    name = mapped.get("tx1", "dk1") if mapped is not None else "dk1"
    theme = etree.fromstring(master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
    found = theme.find(f".//a:clrScheme/a:{name}/*", space)
    value = (found.get("lastClr") or found.get("val") or "") if found is not None else ""
    if len(value) != 6:
        return False
    red, green, blue = (int(value[n : n + 2], 16) for n in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue > 128


def set_theme(file, font: str, primary: str):
    """Give the plain file our font and the municipality's colour, so that what people add fits in."""
    from lxml import etree
    from pptx.opc.constants import RELATIONSHIP_TYPE

    master = file.slide_masters[0].part
    part = master.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    space = {"a": A}
    for latin in theme.iterfind(".//a:fontScheme/*/a:latin", space):
        latin.set("typeface", font)
    accent = theme.find(".//a:clrScheme/a:accent1/a:srgbClr", space)
    if accent is not None:
        accent.set("val", primary.upper())
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def decorative(shape):
    """Mark a shape as decoration: it has nothing to tell."""
    from lxml import etree

    properties = shape._element.nvSpPr.cNvPr
    properties.set("descr", "")
    extensions = etree.SubElement(properties, f"{{{A}}}extLst")
    extension = etree.SubElement(extensions, f"{{{A}}}ext", uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}")
    etree.SubElement(extension, f"{{{DECORATIVE}}}decorative", nsmap={"adec": DECORATIVE}, val="1")


def as_slide_number(shape, number: int):
    """Make the shape's text the slide's own number, right also when slides are moved."""
    from lxml import etree

    first = shape.text_frame.paragraphs[0]
    paragraph = first._p
    run = paragraph.find(f"{{{A}}}r")
    if run is None:
        run = first.add_run()._r
        run.get_or_add_rPr()
    field = etree.Element(f"{{{A}}}fld", id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", type="slidenum")
    field.append(run.find(f"{{{A}}}rPr"))
    etree.SubElement(field, f"{{{A}}}t").text = str(number)
    paragraph.replace(run, field)


def plain_table(table):
    """Take the style off a table but for its first row being headings."""
    properties = table._tbl.tblPr
    properties.set("bandRow", "0")
    properties.set("firstRow", "1")
    for style in properties.findall(f"{{{A}}}tableStyleId"):
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid


def under(cell, tint: str, width: int):
    """Draw a hairline under a cell."""
    from lxml import etree

    properties = cell._tc.get_or_add_tcPr()
    line = etree.Element(f"{{{A}}}lnB", w=str(width))
    etree.SubElement(etree.SubElement(line, f"{{{A}}}solidFill"), f"{{{A}}}srgbClr", val=tint)
    properties.insert(0, line)
