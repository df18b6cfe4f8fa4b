"""What is made from the code is as the code would make it now."""

from tongban.web import documents, translations


def test_every_text_has_its_english_and_the_catalogue_is_built():
    assert translations.check().lines == []


def test_drawings_and_the_description_of_the_api_are_fresh():
    assert documents.stale(documents.docs_folder()) == []


def test_extraction_finds_what_code_and_templates_say():
    texts = {message.text for message in translations.in_code()}
    assert "没有这个案卷，或者您无权查看。" in texts  # Python
    assert "长辈版" in texts  # a template
    assert not any("%(" in text and "\n" in text for text in texts)


def test_a_new_text_without_english_is_found(monkeypatch):
    known = translations.in_code()
    new = translations.Message("一句没有英文的话")
    monkeypatch.setattr(translations, "in_code", lambda: {**known, new: "somewhere.py"})
    assert (new, "somewhere.py") in translations.check().missing
