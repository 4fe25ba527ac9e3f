"""Names that an installed model of spaCy finds; none is carried, and none is downloaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

_KINDS = {"PERSON": "person", "PER": "person", "GPE": "place", "LOC": "place", "FAC": "place"}
_AT_ONCE = 50_000


def find_entities(texts: Iterable[str]) -> dict[str, str]:
    """Names with their kind (person or place) by the first NER model found; empty without one."""
    import spacy
    import spacy.util

    for model in sorted(spacy.util.get_installed_models()):
        pipeline = spacy.load(model)
        if "ner" in pipeline.pipe_names:
            break
    else:
        return {}
    counts: Counter[tuple[str, str]] = Counter()
    pieces = (t[at : at + _AT_ONCE] for t in texts for at in range(0, len(t), _AT_ONCE))
    for document in pipeline.pipe(pieces):
        for entity in document.ents:
            if kind := _KINDS.get(entity.label_):
                counts[" ".join(entity.text.split()), kind] += 1
    kinds: dict[str, str] = {}
    for (name, kind), _ in counts.most_common():
        kinds.setdefault(name, kind)
    return kinds
