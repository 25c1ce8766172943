"""The colour zones of the risk matrix: data, no threshold. Pure.

The zones do not follow from likelihood × consequence: (5, 1) = 5 is orange while (2, 3) = 6 is yellow.
Source: PP, see domain.md 3.14.
"""

RED, ORANGE, YELLOW, GREEN = "red", "orange", "yellow", "green"

# One line a likelihood, from 5 down to 1; one letter a consequence, from 1 up to 5.
TABLE = """
ooRRR
yooRR
gyooR
ggyoo
gggyo
"""

_NAMES = {"R": RED, "o": ORANGE, "y": YELLOW, "g": GREEN}

ZONES = {
    (likelihood, consequence): _NAMES[letter]
    for likelihood, line in zip(range(5, 0, -1), TABLE.split(), strict=True)
    for consequence, letter in enumerate(line, 1)
}


def zone(likelihood: int, consequence: int) -> str:
    """Return the zone of a likelihood and a consequence, both 1–5.

    >>> zone(5, 1), zone(2, 3)
    ('orange', 'yellow')
    """
    return ZONES[likelihood, consequence]


def in_zone(name: str) -> list[tuple[int, int]]:
    return [cell for cell, found in ZONES.items() if found == name]
