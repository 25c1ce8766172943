"""What a cell may hold, both ways: `clean` reads what a person wrote, `render` writes it again.

Every `clean` takes text (see `reading`: numbers and dates have become text as people write them) and
raises ValueError with a sentence that says what to write instead.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import get_text_list
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from innovasjon.forms import read_date
from innovasjon.spreadsheets.exporting import neutralised

# A formula to some spreadsheet: = in front, or + − @ in front of a function, a program or another sign.
FORMULA = re.compile(r"^\s*([=＝]|[-+@＋－＠]\s*([=＝]|[^\W\d][\w.]*\s*[(|!]))")
SHORT = 200  # signs of a text that is remembered as it is compared


class Formula(str):
    """A cell that is computed; the text is the value it showed last, as far as the file says."""

    __slots__ = ()


def is_formula(text: str) -> bool:
    """Return whether the text would be carried out. Numbers (−1, +47 …) and prose with a dash pass."""
    return isinstance(text, Formula) or bool(FORMULA.match(text))


def fold(text) -> str:
    """Return the text as it is compared: without case, brackets, spaces, hyphens and other marks."""
    text = str(text)
    return _folded(text) if len(text) <= SHORT else _folded.__wrapped__(text)


@lru_cache(maxsize=4096)  # headings and choices are compared with every cell; long texts are never kept
def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().replace("−", "-").strip()
    if number := re.fullmatch(r"([-+]?\d+)([.,]0+)?", text):
        return str(int(number[1]))  # −1 and 1 are two answers
    without_brackets = re.sub(r"[(\[{<].*?([)\]}>]|$)", "", text, flags=re.DOTALL)
    return re.sub(r"[\W_]+", "", without_brackets) or re.sub(r"\s+", "", text)


class Words(Widget):
    """Text of at most so many characters."""

    def __init__(self, longest: int = 10_000):
        super().__init__()
        self.longest = longest

    def clean(self, value, row=None, **kwargs):
        if len(value) > self.longest:
            raise ValueError(_("The text is longer than %(longest)s characters.") % {"longest": self.longest})
        return value

    def read_ahead(self, texts: Iterable[str]) -> None:
        """Look up at once what these cells need from the database, before each of them is read."""

    def render(self, value, obj=None, **kwargs):
        """Numbers, dates and yes/no as they are; everything else as text that is no formula."""
        if value is None:
            return ""
        if isinstance(value, (bool, int, float, Decimal)) or hasattr(value, "isoformat"):
            return value
        return neutralised(str(value))


class Choice(Words):
    """One of a few answers, by its label, its code, or a word that is known to mean it.

    choices: Django choices or (value, label) pairs. words: what others write → value. Both may be functions,
    which are asked when an answer is needed first. in_prose: take the answer from a longer text when its
    words point to one answer only.
    """

    def __init__(self, choices, *, words=None, in_prose: bool = False):
        super().__init__()
        self._choices, self._words = getattr(choices, "choices", choices), words or {}
        self.in_prose = in_prose
        self._known: dict[str, dict[str, object]] = {}

    @cached_property
    def pairs(self) -> list[tuple[object, object]]:
        return list(self._choices() if callable(self._choices) else self._choices)

    @cached_property
    def words(self) -> Mapping[str, object]:
        return self._words() if callable(self._words) else self._words

    def known(self) -> dict[str, object]:
        """Return folded text → answer, in the language of the moment."""
        if (language := get_language()) not in self._known:
            known = {fold(word): answer for word, answer in self.words.items()}
            known |= {fold(answer): answer for answer, _label in self.pairs}
            self._known[language] = known | {fold(label): answer for answer, label in self.pairs}
        return self._known[language]

    def clean(self, value, row=None, **kwargs):
        if not value:
            return ""
        known = self.known()
        if (found := fold(value)) in known:
            return known[found]
        if self.in_prose:
            told = {known[word] for word in map(fold, re.findall(r"\w+", value)) if word in known}
            if len(told) == 1:
                return told.pop()
        raise ValueError(
            _("«%(text)s» is not a choice. Choose %(choices)s.")
            % {
                "text": value[:60],
                "choices": get_text_list([str(label) for _answer, label in self.pairs], _("or")),
            }
        )

    def render(self, value, obj=None, **kwargs):
        return neutralised(str(dict(self.pairs).get(value, value if value is not None else "")))


class Day(Words):
    """A date in any of the ways people write one; `past`: not a day that has not come."""

    def __init__(self, *, past: bool = False):
        super().__init__()
        self.past = past

    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        today = timezone.localdate()
        try:
            found = read_date(value, today=today)
        except ValueError as error:
            if str(error) == "missing":
                raise ValueError(_("The date %(text)s does not exist.") % {"text": value[:30]}) from None
            found = None
        if found is None or not 1990 <= found.year <= 2100:
            raise ValueError(_("Write the date as day.month.year, for example 18.12.2026"))
        if self.past and found > today:
            raise ValueError(_("The day has not come yet."))
        return found


TOO_LARGE = 10**13  # for any amount the program keeps


class Amount(Words):
    """A number as people write it: 1 234,5 and 1234.5 alike. A Decimal."""

    def __init__(self, least=None, most=None):
        super().__init__()
        self.least, self.most = least, most

    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        text = re.sub(r"\s|kr\.?|%$", "", value.casefold().replace("−", "-")).replace(",", ".")
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise ValueError(_("«%(text)s» is not a number.") % {"text": value[:60]})
        if abs(number) >= TOO_LARGE:
            raise ValueError(_("The number is too large."))
        if (self.least is not None and number < self.least) or (self.most is not None and number > self.most):
            raise ValueError(self.outside())
        return number

    def outside(self) -> str:
        if self.most is None:
            return _("Write a number from %(least)s up.") % {"least": self.least}
        return _("Write a number from %(least)s to %(most)s.") % {"least": self.least or 0, "most": self.most}


class Whole(Amount):
    """A whole number."""

    def clean(self, value, row=None, **kwargs):
        number = super().clean(value)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise ValueError(_("Write a whole number."))
        return int(number)


class YesNo(Words):
    """Yes or no; an empty cell is no."""

    YES = ("ja", "yes", "x", "1", "true", "sann")
    NO = ("", "nei", "no", "0", "false", "usann")

    def clean(self, value, row=None, **kwargs):
        if (text := value.strip().casefold()) in self.YES:
            return True
        if text in self.NO:
            return False
        raise ValueError(_("Write yes or no."))

    def render(self, value, obj=None, **kwargs):
        return str(pgettext("answer", "Yes") if value else pgettext("answer", "No"))
