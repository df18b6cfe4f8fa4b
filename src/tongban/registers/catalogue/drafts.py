"""What a pack, a file or the generator wants the catalogue to say of one matter in one region."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Draft:
    """One implementation as it should be. `data` is in the canonical form of `elements`."""

    basic_code: str
    public_code: str
    code: str
    profile: str
    region: str
    level: str
    unit: str
    unit_name: str
    data: dict[str, Any]
    unit_code: str = ""
    department: str = ""
    main_item: str = ""
    partner: bool = False
    generated: bool = False

    @property
    def place(self) -> dict[str, Any]:
        """The columns that say where and by whom, which a change of units may alter without a new version."""
        return {
            "public_code": self.public_code,
            "profile": self.profile,
            "level": self.level,
            "unit": self.unit,
            "unit_name": self.unit_name,
            "unit_code": self.unit_code,
            "department": self.department,
            "main_item": self.main_item,
            "partner": self.partner,
            "generated": self.generated,
        }
