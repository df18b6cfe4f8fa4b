"""The door of places: codes that hang somewhere, and the schematic map of divisions."""

from tongban.desks.hotline.places.contracts import PlacesRefused, PlaceView
from tongban.desks.hotline.places.selectors import any_place, place, places, reference_of, tiles_below
from tongban.desks.hotline.places.services import NewPlace, make, retire

__all__ = [
    "NewPlace",
    "PlaceView",
    "PlacesRefused",
    "any_place",
    "make",
    "place",
    "places",
    "reference_of",
    "retire",
    "tiles_below",
]
