"""A municipality's look from its one colour: every token has the contrast WCAG asks for, whatever the colour.

A step of the scale is the colour mixed with white or black until it has a fixed relative luminance, so
its contrast to white and to the tints is the same for every municipality. Pure functions, no Django.

Source: relative luminance and contrast as defined in WCAG 2.2; the steps are those of Designsystemet.
"""

import re

WHITE = (255, 255, 255)
BLACK = (0, 0, 0)

# Token → relative luminance.
STEPS = {
    "background-tinted": 0.90,
    "surface-tinted": 0.81,
    "surface-hover": 0.70,
    "surface-active": 0.59,
    "border-subtle": 0.50,
    "border-default": 0.19,  # 4.4:1 on white
    "border-strong": 0.11,
    "text-subtle": 0.11,  # 6.6:1 on white, 5.4:1 on surface-tinted
    "text-default": 0.0245,  # 14:1 on white
}
LIGHTEST_BASE = 0.175  # white text on it has 4.6:1
DARK = 0.03  # a base darker than this is lightened, not darkened, under the pointer

Colour = tuple[float, float, float]


def parse(colour: str) -> Colour:
    """Return the three channels, 0–255, of a colour such as #00558C.

    Raises ValueError for anything but # and six hex digits.
    """
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", colour):
        raise ValueError(f"{colour!r} is not a colour such as #00558C")
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def text(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*map(round, colour))


def luminance(colour: Colour) -> float:
    """Return the relative luminance, 0 for black to 1 for white."""

    def linear(channel):
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """Return the colour with a share, 0–1, of the other in it; not rounded."""
    return tuple(a + (b - a) * share for a, b in zip(colour, other, strict=True))


def at_luminance(colour: Colour, target: float) -> Colour:
    """Return the colour mixed with white or black until it has the luminance, 0–1."""
    other = WHITE if luminance(colour) < target else BLACK
    low, high = 0.0, 1.0
    for _ in range(24):
        middle = (low + high) / 2
        if (luminance(mix(colour, other, middle)) < target) == (other == WHITE):
            low = middle
        else:
            high = middle
    return mix(colour, other, high)


def palette(colour: str) -> dict[str, str]:
    """Return the scale of a colour: token name → hex.

    `base-default` is the colour itself when white text can stand on it, else a darker one.

    Raises ValueError for what is no colour.
    """
    chosen = parse(colour)
    base = chosen if luminance(chosen) <= LIGHTEST_BASE else at_luminance(chosen, LIGHTEST_BASE)
    towards, first, second = (WHITE, 0.09, 0.17) if luminance(base) < DARK else (BLACK, 0.225, 0.43)
    found = {
        "background-default": WHITE,
        "surface-default": WHITE,
        **{name: at_luminance(chosen, target) for name, target in STEPS.items()},
        "base-default": base,
        "base-hover": mix(base, towards, first),
        "base-active": mix(base, towards, second),
        "base-contrast-default": WHITE,
        "base-contrast-subtle": at_luminance(base, 0.86) if contrast(base, WHITE) > 6 else WHITE,
    }
    return {name: text(value) for name, value in found.items()}


def theme_css(colour: str) -> str:
    """Return the stylesheet that gives the pages a municipality's colour.

    Raises ValueError for what is no colour.
    """
    lines = "".join(f"--ds-color-primary-{name}:{value};" for name, value in palette(colour).items())
    return f'@layer ds.theme.color-scheme.light{{:root,[data-color-scheme="light"]{{{lines}}}}}\n'
