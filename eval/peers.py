"""Other people's methods, compared with ours on the same splits and the same vectors.

Suggesters: each is a `Scorer` (its scores are calibrated like ours, on held-out transcripts) or a
`Suggester`; name one with `autocode evaluate FOLDER --method eval.peers:TfidfLogistic`. Settings
are the libraries' defaults unless stated; none was searched. SetFit and BERTopic are optional:
where they are not installed, asking for one says so.

Groupers put excerpts into groups by their vectors; name one with `autocode evaluate FOLDER --task
themes --method eval.peers:KMeans`.

Two settings of suggesters were changed once, after a look at ci-evidence-claims, where the first
ones made weak rivals: C of the logistic regressions from 1 to 10, and the neighbours' weights from
cosine to exp(cosine / .1). Both help the rivals, not us.
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autocode.core.errors import NothingToDo
from autocode.encode.manifest import find_carried_folder, read_manifest
from autocode.encode.protocol import Vectors
from autocode.encode.sentence_transformers import DEFAULT_MODEL
from autocode.evaluate.group_excerpts import UNASSIGNED, AutocodeGrouper, Grouper, Ids
from autocode.linalg import fix_signs, main_directions, one_thread
from autocode.suggest.code_text import clean_name
from autocode.suggest.protocol import Ranking, Task
from autocode.themes.hdbscan import leaves
from autocode.themes.ward import ward_tree

UNKNOWN = -20.0
"""The score of a code without examples: below every code that has some."""


def _excerpts(task: Task, rows) -> list[str]:
    return [task.corpus.segments[int(row)].excerpt for row in rows]


def _one_vs_rest(features, task: Task) -> np.ndarray:
    """scikit-learn's logistic regression for each code that was and was not given somewhere.

    C is 10: rows have length 1, for which the default of 1 leaves little but the codes' frequency.
    """
    from sklearn.linear_model import LogisticRegression

    read, n_codes = task.read_rows, task.corpus.n_codes
    scores = np.full((len(task.targets), n_codes), UNKNOWN)
    for code in range(n_codes):
        given = task.known.applied[read, code]
        if given.all() and given.any():
            scores[:, code] = -UNKNOWN
        elif given.any():
            model = LogisticRegression(C=10.0, max_iter=1000).fit(features[read], given)
            scores[:, code] = model.decision_function(features[task.targets])
    return scores


@dataclass(frozen=True)
class TfidfLogistic:
    """TF-IDF of words and pairs of words, one-vs-rest logistic regression."""

    name: str = "TF-IDF + logistic regression"

    def logits(self, task: Task) -> np.ndarray:
        from sklearn.feature_extraction.text import TfidfVectorizer

        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
        try:
            features = words.fit_transform([s.excerpt for s in task.corpus.segments])
        except ValueError:  # no words at all
            return np.zeros((len(task.targets), task.corpus.n_codes))
        return _one_vs_rest(features.tocsr(), task)


@dataclass(frozen=True)
class EmbeddingLogistic:
    """The encoder's vectors, one-vs-rest logistic regression."""

    name: str = "embedding + logistic regression"

    def logits(self, task: Task) -> np.ndarray:
        return _one_vs_rest(task.corpus.vectors.astype(np.float64), task)


@dataclass(frozen=True)
class NameCosine:
    """Cosine of the segment's vector to that of the code's name."""

    name: str = "cosine to the code name"

    def logits(self, task: Task) -> np.ndarray:
        scores = np.zeros((len(task.targets), task.corpus.n_codes))
        for row, phrase in enumerate(task.corpus.phrases):
            if phrase.part == "name":
                near = task.corpus.vectors[task.targets] @ task.corpus.phrase_vectors[row]
                scores[:, phrase.code] = near
        return scores


@dataclass(frozen=True)
class Neighbours:
    """The 15 nearest coded segments by cosine vote, each with weight exp(cosine / .1)."""

    k: int = 15
    name: str = "kNN (15, cosine)"

    def logits(self, task: Task) -> np.ndarray:
        read = task.read_rows
        if not len(read):
            return np.zeros((len(task.targets), task.corpus.n_codes))
        near = task.corpus.vectors[task.targets] @ task.corpus.vectors[read].T
        k = min(self.k, len(read))
        nearest = np.argsort(-near, axis=1, kind="stable")[:, :k]
        weight = np.exp(np.take_along_axis(near, nearest, axis=1) / 0.1)
        given = task.known.applied[read][nearest]
        return (given * weight[:, :, None]).sum(axis=1) / weight.sum(axis=1)[:, None]


def _need(package: str) -> None:
    if importlib.util.find_spec(package) is None:
        raise NothingToDo(f"{package} is not installed here. pip install {package} to race it.")


def _carried() -> str:
    return str(find_carried_folder(read_manifest(DEFAULT_MODEL)))


@dataclass(frozen=True)
class SetFit:
    """SetFit (Tunstall et al. 2022): the encoder tuned on pairs, a logistic head per code.

    Multi-label by its own one-vs-rest strategy; at most `max_steps` steps of 16 pairs. Decisions
    are its probabilities of a half and more; it makes no prediction sets and accepts nothing.
    """

    max_steps: int = 200
    name: str = "SetFit"

    def rank(self, task: Task) -> Ranking:
        _need("setfit")
        shape = (len(task.targets), task.corpus.n_codes)
        read = task.read_rows
        given = task.known.applied[read]
        kept = np.flatnonzero(given.any(axis=0) & ~given.all(axis=0))
        probabilities = np.zeros(shape)
        probabilities[:, given.all(axis=0) & bool(len(read))] = 1.0
        if len(kept) > 1:
            probabilities[:, kept] = self._tuned(task, read, given[:, kept])
        return Ranking.from_probabilities(probabilities)

    def _tuned(self, task: Task, read, given) -> np.ndarray:
        from datasets import Dataset
        from setfit import SetFitModel, Trainer, TrainingArguments

        model = SetFitModel.from_pretrained(_carried(), multi_target_strategy="one-vs-rest")
        rows = {"text": _excerpts(task, read), "label": given.astype(int).tolist()}
        with tempfile.TemporaryDirectory() as folder:
            options = TrainingArguments(
                output_dir=folder, batch_size=16, max_steps=self.max_steps, seed=0,
                report_to="none", save_strategy="no", show_progress_bar=False,
            )  # fmt: skip
            Trainer(model=model, args=options, train_dataset=Dataset.from_dict(rows)).train()
        return np.asarray(model.predict_proba(_excerpts(task, task.targets)), dtype=np.float64)


@dataclass(frozen=True)
class BertopicZeroShot:
    """BERTopic's zero-shot step: the nearest code name, where its cosine reaches .7 (its default).

    It gives one code and learns from no coding; the order beyond the first is by cosine. Its own
    assignment is asked for, so a segment that it clusters instead has no decision.
    """

    least: float = 0.7
    name: str = "BERTopic zero-shot"

    def rank(self, task: Task) -> Ranking:
        _need("bertopic")
        from bertopic import BERTopic
        from umap import UMAP

        near = NameCosine().logits(task)
        names = [clean_name(code.name) for code in task.corpus.codes]
        if len(set(names)) < len(names):
            names = [f"{name} ({code.id})" for name, code in zip(names, task.corpus.codes)]  # noqa: B905 - as many
        model = BERTopic(
            embedding_model=_carried(), zeroshot_topic_list=names,
            zeroshot_min_similarity=self.least, umap_model=UMAP(random_state=0),
        )  # fmt: skip
        vectors = task.corpus.vectors[task.targets]
        try:
            found, _ = model.fit_transform(_excerpts(task, task.targets), embeddings=vectors)
        except (ValueError, TypeError):  # too little is left to cluster
            found = [-1] * len(task.targets)
        labels = {topic: label for topic, label in model.topic_labels_.items()} if found else {}
        column = {name: at for at, name in enumerate(names)}
        probabilities = np.clip(near, 0, 1) * 0.49
        for at, topic in enumerate(found):
            if labels.get(topic) in column:
                probabilities[at, column[labels[topic]]] = 1.0
        return Ranking.from_probabilities(probabilities)


SCORERS = (TfidfLogistic, NameCosine, Neighbours, EmbeddingLogistic)
OPTIONAL = (SetFit, BertopicZeroShot)


# --- Groups of excerpts

_DIRECTIONS = 50
_SEED = 0


@dataclass(frozen=True)
class PlainWard:
    """Ward's tree on 50 principal components of the vectors as they are, cut at √(n/2) groups."""

    name: str = "Ward on PCA-50"

    def groups(self, vectors: Vectors, excerpts: Sequence[str]) -> Ids:
        with one_thread():
            return ward_tree(_components(vectors)).cut(_usual_number(vectors))


@dataclass(frozen=True)
class KMeans:
    """k-means++ on 50 principal components of the vectors as they are, √(n/2) groups, seed 0."""

    name: str = "k-means on PCA-50"

    def groups(self, vectors: Vectors, excerpts: Sequence[str]) -> Ids:
        from scipy.cluster.vq import kmeans2

        with one_thread():
            points = _components(vectors)
            labels = kmeans2(points, _usual_number(vectors), minit="++", seed=_SEED, missing="warn")
        return np.asarray(labels[1], dtype=np.intp)


@dataclass(frozen=True)
class PlainHdbscan:
    """hdbscan's leaves on 20 principal components of the vectors as they are."""

    name: str = "hdbscan on PCA-20"

    def groups(self, vectors: Vectors, excerpts: Sequence[str]) -> Ids:
        with one_thread():
            return leaves(_components(vectors, 20)).group


@dataclass(frozen=True)
class BertopicDefaults:
    """BERTopic (Grootendorst 2022) with its defaults, on the same vectors, unseeded."""

    name: str = "BERTopic defaults"

    def groups(self, vectors: Vectors, excerpts: Sequence[str]) -> Ids:
        _need("bertopic")
        from bertopic import BERTopic

        try:
            topics = BERTopic(embedding_model=None).fit_transform(list(excerpts), vectors)[0]
        except (TypeError, ValueError):
            # UMAP's spectral layout cannot take a handful of rows.
            return np.full(len(vectors), UNASSIGNED, dtype=np.intp)
        return np.asarray(topics, dtype=np.intp)


def groupers() -> list[Grouper]:
    """What ours is compared with; BERTopic where it is installed."""
    rivals: list[Grouper] = [
        AutocodeGrouper("ward"), AutocodeGrouper("hdbscan"), PlainWard(), KMeans(), PlainHdbscan(),
    ]  # fmt: skip
    return [*rivals, BertopicDefaults()] if importlib.util.find_spec("bertopic") else rivals


def _components(vectors: Vectors, most: int = _DIRECTIONS) -> np.ndarray:
    rows = vectors.astype(np.float64)
    points = (rows - rows.mean(axis=0)) @ fix_signs(main_directions(rows, most))
    return np.round(points, 6)


def _usual_number(vectors: Vectors) -> int:
    return max(2, round(float(np.sqrt(len(vectors) / 2))))
