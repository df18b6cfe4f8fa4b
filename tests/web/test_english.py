"""The English catalogue of the shell is complete: every Chinese sentence has its entry."""

import re
from functools import cache
from pathlib import Path

import polib

import tongban
import tongban.web

SOURCE = Path(tongban.__file__).parent
WEB = Path(tongban.web.__file__).parent
CATALOGUE = SOURCE / "locale/en/LC_MESSAGES/django.po"


@cache
def known() -> dict[str, str]:
    entries = polib.pofile(str(CATALOGUE))
    return {entry.msgid: entry.msgstr or entry.msgstr_plural.get(0, "") for entry in entries}


def wanted() -> set[str]:
    found: set[str] = set()
    for path in WEB.glob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        for double, single in re.findall(r"""(?:translate |\b_\()(?:"([^"]+)"|'([^']+)')""", text):
            found.add(double or single)
        for words in re.findall(r"{% blocktranslate[^%]*%}([^{]*(?:{{[^}]*}}[^{]*)*){%", text):
            found.add(re.sub(r"{{ (\w+) }}", r"%(\1)s", words))
    for path in WEB.glob("*.py"):
        calls = re.findall(r'\b(?:_|gettext|ngettext)\(\s*"([^"]+)"', path.read_text(encoding="utf-8"))
        found.update(word for word in calls if word != "我的办件")  # an example in a docstring
    return {word for word in found if re.search(r"[\u3400-\u9fff]", word)}


def test_no_template_writes_chinese_that_nobody_translates():
    """Marks too: “：（）、，；” stand in {% translate %}, or an English page has them full-width (a law's 《》 is its name's own)."""
    tags = re.compile(
        r"{%\s*blocktranslate.*?endblocktranslate\s*%}|<\w+[^>]* lang=\"zh-Hans\">[^<]*|{%.*?%}|{{.*?}}|{#.*?#}",
        re.DOTALL,
    )
    left = {
        f"{path.relative_to(SOURCE)}: {found.group()}"
        for path in SOURCE.glob("**/templates/**/*.html")
        for found in re.finditer(
            r"[\u3400-\u9fff\u3001-\u3009\u3010-\u303f\uff01-\uffee]+",
            tags.sub("", path.read_text(encoding="utf-8")),
        )
    }
    assert left == set()


def test_every_sentence_has_an_english_one():
    missing = {word for word in wanted() if not known().get(word)}
    assert missing == set()
    assert len(wanted()) > 150


def test_english_fills_the_same_gaps():
    for chinese, english in known().items():
        assert set(re.findall(r"%\(\w+\)s", chinese)) == set(re.findall(r"%\(\w+\)s", english)), chinese
