"""The door of the workbench: what a kind of docket adds to the one docket page, for faces that bring a kind."""

from tongban.faces.workbench.panels.base import (
    Asked,
    Choosing,
    Panel,
    register,
    register_choosing,
)

__all__ = ["Asked", "Choosing", "Panel", "register", "register_choosing"]
