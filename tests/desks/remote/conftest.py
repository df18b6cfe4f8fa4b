from tests.desks.cases.conftest import city

__all__ = ["city"]
