from tests.faces.portal.city import loaded_city, town

__all__ = ["loaded_city", "town"]
