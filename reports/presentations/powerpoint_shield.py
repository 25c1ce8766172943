"""The drawn shield as native shapes: it stays sharp, and can be coloured and moved in PowerPoint."""

from reports.presentations.powerpoint_xml import A, decorative, fill

WIDE, HIGH = 320, 370  # of the drawing
FIELD = "M 15 15 L 305 15 L 305 190 C 305 280 235 335 160 355 C 85 335 15 280 15 190 Z"  # as in shield.html
WAVES = (
    "M 70 150 C 100 115 130 115 160 150 C 190 185 220 185 250 150 "
    "M 70 220 C 100 185 130 185 160 220 C 190 255 220 255 250 220"
)
SUN, SUN_COLOUR = (160, 80, 22), "F2B134"  # middle and radius
STROKE = 24
COMMANDS = {"M": ("moveTo", 1), "L": ("lnTo", 1), "C": ("cubicBezTo", 3), "Z": ("close", 0)}


def draw_shield(slide, left: int, top: int, height: int, *, field: str, waves: str, words: str):
    """Draw the shield on a slide as one group, told in words."""
    from pptx.enum.shapes import MSO_SHAPE

    unit = height / HIGH
    group = slide.shapes.add_group_shape()
    group._element.nvGrpSpPr.cNvPr.set("descr", words)
    where = (left, top, round(WIDE * unit), height)
    shape = path(group, where, FIELD)
    fill(shape, field)
    shape = path(group, where, WAVES)
    fill(shape, waves, outline=waves)
    shape.fill.background()
    shape.line.width = round(STROKE * unit)
    x, y, radius = SUN
    corner = (round(left + (x - radius) * unit), round(top + (y - radius) * unit))
    sun = group.shapes.add_shape(MSO_SHAPE.OVAL, *corner, *(round(2 * radius * unit),) * 2)
    fill(sun, SUN_COLOUR)
    for part in group.shapes:
        decorative(part)


def path(group, where, drawn: str):
    """Add a shape with an outline of its own, written as an SVG path of absolute commands."""
    from lxml import etree
    from pptx.enum.shapes import MSO_SHAPE

    shape = group.shapes.add_shape(MSO_SHAPE.RECTANGLE, *where)
    geometry = etree.Element(f"{{{A}}}custGeom")
    for name in ("avLst", "gdLst", "ahLst", "cxnLst"):
        etree.SubElement(geometry, f"{{{A}}}{name}")
    etree.SubElement(geometry, f"{{{A}}}rect", l="0", t="0", r="r", b="b")
    outlines = etree.SubElement(geometry, f"{{{A}}}pathLst")
    outline = etree.SubElement(outlines, f"{{{A}}}path", w=str(WIDE), h=str(HIGH))
    words = iter(drawn.split())
    for command in words:
        name, points = COMMANDS[command]
        step = etree.SubElement(outline, f"{{{A}}}{name}")
        for _point in range(points):
            etree.SubElement(step, f"{{{A}}}pt", x=next(words), y=next(words))
    old = shape._element.spPr.find(f"{{{A}}}prstGeom")
    old.getparent().replace(old, geometry)
    return shape
