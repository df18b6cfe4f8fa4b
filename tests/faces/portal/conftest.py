from tests.faces.portal.city import demo_city, town

__all__ = ["demo_city", "town"]
