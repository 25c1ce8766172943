"""How large a slide's texts are drawn so that all of them stay on it.

Measured once, with the letters of Inter, for page, PDF and PowerPoint; Arial's are narrower. Measures are
in points of a slide of 720 × 405, as in deck.css.
"""

from functools import cache, lru_cache

from reports.pdf import static_file
from reports.presentations import blocks as b

STEPS = (1.0, 0.9, 0.8, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45, 0.4)  # of the size a text has when there is room
FULL = 0.75  # drawn smaller than this, the slide says too much for those in the back of the hall
TOP, BOTTOM, FOOT, SIDE, WIDE, BESIDE_PHOTO = 42, 338, 356, 57, 606, 340
STATEMENT_WIDE, SAID_WIDE, OTHERS_WIDE = 560, 340, 200
HALF, GAP = 360, 20  # the left part of a row, and the room before its right part
BIG = (138, 96, 64)
STATEMENT = (46, 34, 24)
SAID = (40, 28, 20)
FIGURE = (32, 25, 17, 12, 9)
NAMES_WIDE = 153  # the first column of the points
SENTENCE, LONG_SENTENCE, LONG = 24, 19, 130  # LONG: characters
BETWEEN = 22  # blocks
ROAD_HIGH = 128
TITLES = ((b.SHORT, 26), (b.MIDDLE, 21), (10_000, 17))  # up to so many characters, so large


@cache
def letters(bold: bool):
    from PIL import ImageFont  # most processes never measure

    return ImageFont.truetype(static_file(f"fonts/pdf/Inter-{700 if bold else 400}.ttf"), 100)


@lru_cache(maxsize=20_000)
def long(text: str, size: float, bold: bool = False) -> float:
    """Return how wide a text is on one line."""
    return letters(bold).getlength(text) * size / 100


def lines(text: str, size: float, width: float, bold: bool = False) -> int:
    """Return on how many lines a text stands; a word longer than the line takes several."""
    count, used, space = 1, 0.0, long(" ", size, bold)
    for word in text.replace("-", "- ").split():
        needs = long(word, size, bold)
        if used and used + needs > width:
            count, used = count + 1, 0.0
        count += int(needs // width)
        used += needs % width + space
    return count


def cut(text: str, size: float, width: float, most: int = 1) -> str:
    """Return the text, with its end cut off at a word when it takes more lines than `most`."""
    if lines(text, size, width) <= most:
        return text
    words = text.split()
    while words and lines(" ".join(words) + " …", size, width) > most:
        words.pop()
    return " ".join(words) + " …"


def title_size(slide) -> float:
    if slide.style == "kicker":
        return 13
    return next(size for most, size in TITLES if len(slide.heading) <= most)


def wide(slide) -> float:
    return BESIDE_PHOTO if slide.has_photo else WIDE


def title_high(slide, width: float) -> float:
    """Return the height of the heading with the room under it."""
    size = title_size(slide)
    return lines(slide.heading, size, width, bold=True) * size * 1.25 + 20


def room(slide) -> float:
    """Return how high the blocks of a slide may be together."""
    return (BOTTOM if slide.source else FOOT) - TOP - title_high(slide, wide(slide))


def scale(slide, space: float | None = None) -> float:
    """Return the largest step at which the blocks have room; the smallest when none has."""
    space = room(slide) if space is None else space
    return next((t for t in STEPS if high(slide, t) <= space), STEPS[-1])


def high(slide, t: float) -> float:
    found = [HIGH[block.kind](block, wide(slide), t) for block in slide.blocks if block.kind in HIGH]
    return sum(found) + BETWEEN * t * max(len(found) - 1, 0)


# ------------------------------------------------------------------ the blocks


def sentence_size(block) -> float:
    return LONG_SENTENCE if len(block.sentence) > LONG else SENTENCE


def big_number(block, width, t):
    size = sentence_size(block) * t
    return BIG[block.scale] * t * 1.15 + 6 + lines(block.sentence, size, 553, bold=True) * size * 1.25


def statement(block, width, t):
    size = STATEMENT[block.scale] * t
    return lines(block.text, size, min(width, STATEMENT_WIDE), bold=True) * size * 1.22


def said(voice, size, width, small, bold=False):
    return lines(voice.text, size, width, bold) * size * 1.32 + lines(voice.who, small, width) * small * 1.35


def voices(block, width, t):
    main = said(block.main, SAID[block.scale] * t, SAID_WIDE, 13 * t, bold=True) + 14 * t
    others = sum(said(v, 16 * t, OTHERS_WIDE, 11 * t) + 6 * t for v in block.others)
    return 12 * t + max(main, others + 26 * t * max(len(block.others) - 1, 0))


def point_high(row, block, t):
    name = lines(row.name, 14 * t, NAMES_WIDE, bold=True) * 14 * t * 1.25
    unit = lines(row.unit, 11.5 * t, NAMES_WIDE) * 11.5 * t * 1.3 if row.unit else 0
    return max(name + unit, FIGURE[block.scale] * t * 1.2) + 20 * t


def points(block, width, t):
    return 22 * t + sum(point_high(row, block, t) for row in block.rows)


def half(width: float) -> float:
    return HALF if width > 400 else width * 0.55


def row_high(row, width, t):
    main = lines(row.name, 15.5 * t, half(width), bold=True) * 15.5 * t * 1.2
    if row.detail:
        main += lines(row.detail, 11.5 * t, half(width)) * 11.5 * t * 1.3
    aside = lines(row.aside, 12.5 * t, width - half(width) - GAP) * 12.5 * t * 1.3 if row.aside else 0
    return max(main, aside) + 15 * t


def rows(block, width, t):
    return sum(row_high(row, width, t) for row in block.rows)


def line_high(line, width, t):
    text = f"{line.lead} {line.rest}".strip()
    bold = len(line.lead) > len(line.rest)
    return lines(text, 16 * t, min(width, STATEMENT_WIDE), bold) * 16 * t * 1.35 + 16 * t


def some_lines(block, width, t):
    return sum(line_high(line, width, t) for line in block.rows)


def bars(block, width, t):
    return 26 * t + 44 * t * len(block.bars)


HIGH = {
    "big_number": big_number,
    "statement": statement,
    "voices": voices,
    "points": points,
    "rows": rows,
    "lines": some_lines,
    "bars": bars,
    "road": lambda block, width, t: ROAD_HIGH * t,
    "missing": lambda block, width, t: (lines(block.text, 20 * t, 428) * 20 * 1.35 + 44) * t,
}
