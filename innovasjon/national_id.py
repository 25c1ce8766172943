"""Find Norwegian national identity numbers in text, so that they are never stored."""

import re

CANDIDATE = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})[ .]?(\d{5})(?!\d)")
FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def has_national_id(text: str) -> bool:
    """Return whether a national identity number or D-number stands in the text.

    Eleven digits that begin with a day and a month (40 or 80 may be added, as D-numbers and test
    numbers do) and whose two control digits fit, so that an account number passes as a rule.
    Source: Skatteetaten's rule for the control digits, weights as above, modulus 11.
    """
    for day, month, year, rest in CANDIDATE.findall(text):
        if not 1 <= int(day) % 40 <= 31 or not 1 <= int(month) % 40 <= 12:
            continue
        digits = [int(d) for d in day + month + year + rest]
        if _fits(digits, FIRST_WEIGHTS) and _fits(digits, SECOND_WEIGHTS):
            return True
    return False


def _fits(digits, weights) -> bool:
    return sum(w * d for w, d in zip(weights, digits, strict=False)) % 11 == 0
