"""A move's input as a form, sent as it came."""

from pydantic import BaseModel, Field

from tongban.kernel.flow.forms import form_for, posted


class Asked(BaseModel):
    unit: str
    helpers: list[str] = Field(default_factory=list)
    parts: list[str] = Field(default_factory=lambda: ["one", "two"])


def test_a_list_that_nobody_filled_in_stays_empty_and_one_with_lines_keeps_them():
    form = form_for(Asked)
    sent = {name: form[name].value() or "" for name in form.fields} | {"unit": "a"}
    assert posted(Asked, sent | {name: [sent[name]] for name in ("helpers", "parts")}) == {
        "unit": "a", "parts": ["one", "two"],
    }  # fmt: skip
