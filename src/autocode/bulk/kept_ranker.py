"""A fitted ranker of excerpts as a file, so that workers and later runs have the very same."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from ..core.errors import FileRefused
from ..io.url_path import AnyPath
from ..suggest.calibration.platt import Calibration
from ..suggest.calibration.thresholds import DecisionRule
from ..suggest.code_text import Phrase
from ..suggest.excerpt_ranker import ExcerptRanker
from ..suggest.excerpt_space import ExcerptSpace
from ..suggest.families import OffCodes
from ..suggest.features import FeatureConfig
from ..suggest.interpolate import Interpolation
from ..suggest.linear import LinearModel
from ..suggest.nearest_examples import NearestExamplesConfig
from ..suggest.zero_shot import ZeroShotConfig
from ..text.term_space import TermSpace
from .kept_files import reach, write_kept

Arrays = dict[str, npt.NDArray[Any]]
_WORDS = "words"
_SPACES = ("words", "spelling", "grams")


def write_ranker(path: AnyPath, ranker: ExcerptRanker) -> str:
    """Write a ranker; the same one gives the same bytes. Returns the file's digest.

    Raises:
        FileRefused: if the folder cannot be written or the disk is full.
    """
    arrays = _list_arrays(ranker)
    words = json.dumps(_list_words(ranker), ensure_ascii=False, sort_keys=True)
    arrays[_WORDS] = np.frombuffer(words.encode("utf-8", "surrogatepass"), dtype=np.uint8)

    def write(stream: IO[bytes]) -> None:
        np.savez_compressed(stream, allow_pickle=False, **arrays)

    return write_kept(path, write)


@lru_cache(maxsize=2)
def read_ranker(path: AnyPath, digest: str) -> ExcerptRanker:
    """The ranker of a file with this digest; kept in memory, as a worker asks for it often.

    Raises:
        FileRefused: if the file is damaged.
    """
    source = reach(path)
    try:
        with np.load(source, allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
        words = json.loads(arrays.pop(_WORDS).tobytes().decode("utf-8", "surrogatepass"))
        return _make_ranker(arrays, words)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise FileRefused.because(
            path,
            f"is damaged or cannot be read ({type(error).__name__}, {digest[:8]})",
            remedy="Start the same command again: it is made anew.",
        ) from None


def _list_arrays(ranker: ExcerptRanker) -> Arrays:
    space, calibration = ranker.space, ranker.calibration
    spaces = {name: getattr(space, name) for name in _SPACES}
    arrays: Arrays = {
        **{f"{name}_idf": held.idf for name, held in spaces.items()},
        **{f"{name}_axes": held.axes for name, held in spaces.items()},
        "of_nobody": space.of_nobody,
        "pair_mean": space.pair_mean,
        "pair_directions": space.pair_directions,
        "phrase_vectors": space.phrase_vectors,
        "weights": ranker.model.weights,
        "intercept": ranker.model.intercept,
        "slopes": ranker.model.slopes,
        "threshold": np.asarray(calibration.rule.threshold, dtype=np.float64),
        "auto_accept": np.asarray(calibration.auto_accept_threshold, dtype=np.float64),
        "is_off": ranker.off.is_off,
        "is_below": ranker.off.is_below,
        "examples": ranker.examples,
        "example_columns": np.concatenate([np.zeros(0, dtype=np.intp), *ranker.example_columns]),
        "example_counts": np.array([len(own) for own in ranker.example_columns], dtype=np.intp),
    }
    return arrays


def _list_words(ranker: ExcerptRanker) -> dict[str, Any]:
    space, calibration, interpolation = ranker.space, ranker.calibration, ranker.interpolation
    return {
        "codes": ranker.codes,
        "domains": ranker.domains,
        "asked_about": space.domains,
        "terms": {name: getattr(space, name).terms for name in _SPACES},
        "queries": space.queries,
        "usual_length": space.usual_length,
        "scale": space.scale,
        "phrases": [asdict(phrase) for phrase in space.phrases],
        "feature_config": asdict(space.feature_config),
        "zero_shot_config": asdict(space.zero_shot_config),
        "zero_shot": interpolation.zero_shot,
        "smoothing": interpolation.smoothing,
        "by_code": interpolation.by_code,
        "slope": calibration.slope,
        "intercept": calibration.intercept,
        "competition": calibration.competition,
        "always_first": calibration.rule.always_first,
        "set_threshold": calibration.set_threshold,
        "calibrated": calibration.calibrated,
        "remarks": calibration.remarks,
        # Infinity is no number in JSON.
        "floor": None if ranker.floor is None else str(ranker.floor),
        "off_names": ranker.off.names,
        "of_examples": ranker.of_examples.tolist(),
        "read": sorted(ranker.read),
        "transcripts": sorted(ranker.transcripts),
        "nearest_config": asdict(ranker.nearest_config),
    }


def _make_ranker(arrays: Arrays, words: Mapping[str, Any]) -> ExcerptRanker:
    ends = np.cumsum(arrays["example_counts"])[:-1]
    return ExcerptRanker(
        codes=tuple(words["codes"]),
        space=_make_space(arrays, words),
        model=LinearModel(arrays["weights"], arrays["intercept"], arrays["slopes"]),
        interpolation=Interpolation(
            words["zero_shot"], words["smoothing"], tuple(words["by_code"])
        ),
        calibration=Calibration(
            slope=words["slope"],
            intercept=words["intercept"],
            competition=words["competition"],
            rule=DecisionRule(arrays["threshold"], words["always_first"]),
            set_threshold=words["set_threshold"],
            auto_accept_threshold=arrays["auto_accept"],
            calibrated=words["calibrated"],
            remarks=tuple(words["remarks"]),
        ),
        domains=tuple(words["domains"]),
        floor=None if words["floor"] is None else float(words["floor"]),
        off=OffCodes(tuple(words["off_names"]), arrays["is_off"], arrays["is_below"]),
        examples=arrays["examples"],
        of_examples=np.array(words["of_examples"], dtype=str),
        example_columns=tuple(np.split(arrays["example_columns"], ends)),
        read=frozenset(words["read"]),
        transcripts=frozenset(words["transcripts"]),
        nearest_config=NearestExamplesConfig(**words["nearest_config"]),
    )


def _make_space(arrays: Arrays, words: Mapping[str, Any]) -> ExcerptSpace:
    kinds = {"words": "words", "spelling": "factor grams", "grams": "query grams"}
    spaces: dict[str, Any] = {
        name: TermSpace(
            kind=kind,  # type: ignore[arg-type]
            terms=tuple(words["terms"][name]),
            idf=arrays[f"{name}_idf"],
            axes=arrays[f"{name}_axes"],
        )
        for name, kind in kinds.items()
    }
    features: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in words["feature_config"].items()
    }
    return ExcerptSpace(
        **spaces,
        queries=tuple(words["queries"]),
        of_nobody=arrays["of_nobody"],
        domains=tuple(words["asked_about"]),
        usual_length=words["usual_length"],
        pair_mean=arrays["pair_mean"],
        pair_directions=arrays["pair_directions"],
        phrases=tuple(Phrase(**phrase) for phrase in words["phrases"]),
        phrase_vectors=arrays["phrase_vectors"],
        scale=words["scale"],
        feature_config=FeatureConfig(**features),
        zero_shot_config=ZeroShotConfig(**words["zero_shot_config"]),
    )
