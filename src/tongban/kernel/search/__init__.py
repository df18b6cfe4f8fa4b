"""One search engine for every context: disposable indexes over Chinese text.

index = Index(name="catalogue", fields=(Field("name", 4.0, sound=True), Field("guide", 0.5)), folder=…)
index.rebuild(documents)
index.search("开饭馆", filters={"region": ["421202000000"]}, top=3)
index.suggest("kfg")
"""

from tongban.kernel.search.contracts import Document, Field, Hit
from tongban.kernel.search.index import Index
from tongban.kernel.search.vocabulary import Vocabulary, VocabularyError

__all__ = ["Document", "Field", "Hit", "Index", "Vocabulary", "VocabularyError"]
