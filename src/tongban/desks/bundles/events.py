"""What bundles announce. Moves of their dockets are announced by the kernel as ``<kind>.<move>``."""

from typing import Final

ASKED: Final = "service_order.opened"
CONFIRMED: Final = "service_order.confirm"
PRESUMED: Final = "service_order.presume"
DISPUTED: Final = "service_order.dispute"
ADMITTED: Final = "provider.admit"
SUSPENDED: Final = "provider.suspend"
REMOVED: Final = "provider.remove"
