import pytest

from tests.desks.hotline.sorting import pieces
from tests.desks.hotline.sorting.test_rules import MATTERS
from tongban.desks.hotline.sorting import current, matching, suggesting
from tongban.registers.catalogue import api as catalogue


@pytest.fixture
def room(settings, tmp_path, monkeypatch):
    """A folder of its own, three categories, three matters."""
    settings.DATA = tmp_path
    monkeypatch.setattr(current, "lexicon", lambda: pieces.LEXICON)
    monkeypatch.setattr(suggesting, "lexicon", lambda: pieces.LEXICON)
    monkeypatch.setattr(current, "examples", lambda: tuple(pieces.lessons()))
    monkeypatch.setattr(catalogue, "regulated_matters", lambda _region: MATTERS)
    matching._matchers.clear()
    suggesting._names = None
    current.forget()
    yield
    matching._matchers.clear()
    suggesting._names = None
    current.forget()
