"""The door of actors."""
from tongban.kernel.contracts import Actor
def actor(*, actor_id: str, at, unit: str = "") -> Actor:
    return Actor(id=actor_id)
