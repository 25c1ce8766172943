"""What a person has chosen to see of the portfolio, as it stands in the address."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from roadmap.models import Condition
from roadmap.models.project import FIRST_PHASE, LAST_PHASE

COLUMNS = ("prosjekt", "fase", "tilstand", "rapport", "gevinster", "avvik", "port")  # to sort by


@dataclass(frozen=True)
class Choice:
    """The filters and the order. What cannot be read is not chosen."""

    area: str = ""
    phase: int = 0
    closed: bool = False
    condition: str = ""
    owner: int = 0
    text: str = ""
    late: bool = False  # the status report is overdue
    soon: bool = False  # a gate within 30 days
    sort: str = ""  # a column, «-» before it turns it round; "": by need

    @classmethod
    def read(cls, data) -> "Choice":
        def number(name):
            value = data.get(name, "")
            return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0

        phase = number("fase")
        condition = data.get("tilstand", "")
        sort = data.get("sorter", "")
        return cls(
            area=data.get("omrade", "")[:100],
            phase=phase if FIRST_PHASE <= phase <= LAST_PHASE else 0,
            closed=data.get("fase") == "avsluttet",
            condition=condition if condition in Condition.values else "",
            owner=number("eier"),
            text=" ".join(data.get("q", "").replace("\x00", "").split())[:100],
            late=data.get("rapport") == "overtid",
            soon=data.get("port") == "30",
            sort=sort if sort.removeprefix("-") in COLUMNS else "",
        )

    def pairs(self) -> dict[str, str]:
        """The choice as it stands in the address, without what is not chosen."""
        found = {
            "omrade": self.area,
            "fase": "avsluttet" if self.closed else str(self.phase or ""),
            "tilstand": self.condition,
            "eier": str(self.owner or ""),
            "q": self.text,
            "rapport": "overtid" if self.late else "",
            "port": "30" if self.soon else "",
            "sorter": self.sort,
        }
        return {name: value for name, value in found.items() if value}

    def address(self, **changes) -> str:
        """The query of this choice with some of it changed; "" when nothing is chosen."""
        pairs = replace(self, **changes).pairs()
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.pairs().keys() - {"sorter"})
