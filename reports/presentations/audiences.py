"""What each audience gets and does not get. Attitudes and names of persons are in for nobody."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.models import Audience, Role
from roadmap.models import Quote

Speaker = Quote.Speaker
OUTSIDE = (Speaker.USER, Speaker.RELATIVE)
EVERYBODY = (*OUTSIDE, Speaker.EMPLOYEE)


@dataclass(frozen=True)
class Rules:
    """The rules of one audience; `text` is how they are printed beside the slides."""

    text: str | Promise
    money: bool  # figures in kroner
    speakers: tuple[Speaker, ...]  # whose quotes
    plans: bool  # what is planned with each group, or only the day

    def leaves_out(self, role: str) -> bool:
        return role == Role.ECONOMY and not self.money


RULES = {
    Audience.LEADERS: Rules(
        _("For the management group we take in kroner, goals and plan, and leave out attitudes and names."),
        money=True,
        speakers=EVERYBODY,
        plans=True,
    ),
    Audience.STAFF: Rules(
        _("For employees we take in the working day and the training, and leave out attitudes and kroner."),
        money=False,
        speakers=EVERYBODY,
        plans=True,
    ),
    Audience.POLITICIANS: Rules(
        _(
            "For politicians we take in the voice of the citizens, kroner and plan, "
            "and leave out attitudes, employees' quotes and internal meetings."
        ),
        money=True,
        speakers=OUTSIDE,
        plans=False,
    ),
    Audience.USERS: Rules(
        _(
            "For users and relatives we take in what changes for them, "
            "and leave out attitudes, kroner, employees' quotes and internal meetings."
        ),
        money=False,
        speakers=OUTSIDE,
        plans=False,
    ),
    Audience.UNIONS: Rules(
        _(
            "For employee representatives we take in the working day, kroner and plan, "
            "and leave out attitudes and names."
        ),
        money=True,
        speakers=EVERYBODY,
        plans=True,
    ),
}


def rules_of(audience: str) -> Rules:
    return RULES[Audience(audience)]
