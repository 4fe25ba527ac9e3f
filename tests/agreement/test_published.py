"""Published worked examples, from this repository alone.

`tests/data/published` has a file for each publication: what it prints, with page or table, or what
follows from its formula by hand, with the working. A number must agree to the decimals given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from autocode import agreement

FILES = sorted((Path(__file__).parents[1] / "data" / "published").glob("*.json"))
EXAMPLES = [
    pytest.param(example, id=f"{file.stem}: {example['where']}: {example['name']}")
    for file in FILES
    for example in json.loads(file.read_text(encoding="utf-8"))["examples"]
]
# What README and docs say is checked against published examples.
CLAIMED = {
    "alpha_bootstrap",
    "alpha_interval",
    "alpha_u_2004",
    "alternative_test",
    "benchmark",
    "best_alignment",
    "bias_index",
    "boundary_similarity",
    "brennan_prediger",
    "character_alpha",
    "clustering_agreement",
    "cohen_kappa_of_table",
    "cohen_kappa_per_category",
    "coincidence_matrix",
    "fleiss_kappa",
    "fleiss_kappa_per_category",
    "gamma",
    "gwet_ac1",
    "gwet_ac1_of_table",
    "gwet_ac2",
    "holsti",
    "holsti_of_sets",
    "jaccard_distance",
    "krippendorff_alpha",
    "krippendorff_alpha_sets",
    "masi_distance",
    "multi_valued_alpha",
    "nvivo_average",
    "nvivo_comparison",
    "pabak",
    "passonneau_2004_distance",
    "percent_agreement",
    "pk",
    "prevalence_index",
    "sample_size",
    "scott_pi",
    "shaffer_rho",
    "solve_recall",
    "specific_agreement",
    "unitizing_alpha",
    "weighted_kappa",
    "window_diff",
}
OF_COUNTS = {"brennan_prediger", "fleiss_kappa", "gwet_ac1", "gwet_ac2"}
OF_WEIGHTS = {"weighted_kappa", "gwet_ac2"}


@pytest.mark.parametrize("example", EXAMPLES)
def test_published_example(example):
    answer = compute(example)
    for path, expected in example["answer"].items():
        value = follow(answer, path)
        if "text" in expected:
            assert value == expected["text"], path
            continue
        tolerance = 0.5 * 10.0 ** -expected["decimals"]
        assert value == pytest.approx(expected["number"], rel=0, abs=1.001 * tolerance), path


def test_every_claimed_function_has_an_example():
    assert {param.values[0]["function"] for param in EXAMPLES} == CLAIMED


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_cites_its_source_and_says_where_numbers_come_from(file):
    content = json.loads(file.read_text(encoding="utf-8"))
    citation = content["citation"]
    assert all(citation[key] for key in ("authors", "year", "title", "source"))
    for example in content["examples"]:
        assert example["basis"] in ("printed", "worked by hand")
        assert example["where"]
        assert bool(example.get("working")) == (example["basis"] == "worked by hand")
        assert example["answer"]


def compute(example):
    """What our function of that name answers to the example's input."""
    name, given = example["function"], example["input"]
    arguments = [*arguments_of(name, given), *weights_of(name, given)]
    return getattr(agreement, name)(*arguments, **example.get("settings", {}))


def arguments_of(name, given):
    if "arguments" in given:
        return given["arguments"]
    if "spans" in given:
        spans = given["spans"]
        return [
            agreement.spans_from_rows(spans["rows"], spans["length"], n_coders=spans["n_coders"])
        ]
    if "masses" in given:
        return given["masses"]
    if "pair_of_sets" in given:
        return [frozenset(codes) for codes in given["pair_of_sets"]]
    if "sets" in given:
        coders = [
            [None if codes is None else frozenset(codes) for codes in row] for row in given["sets"]
        ]
        return coders if name == "holsti_of_sets" else [coders]
    return [numbers_of(name, given)]


def numbers_of(name, given):
    """A table of counts, or codings with NaN where one is missing."""
    if "counts" in given:
        return np.array(given["counts"], dtype=float)
    if "table" in given:
        table = np.array(given["table"], dtype=float)
        return agreement.counts_of_table(table) if name in OF_COUNTS else table
    codings = np.array(given["codings"], dtype=float)
    if name in OF_COUNTS:
        return agreement.unit_counts(codings, categories=given.get("categories"))
    return codings


def weights_of(name, given):
    if name not in OF_WEIGHTS:
        return []
    if "disagreement_weights" in given:
        weights = np.array(given["disagreement_weights"], dtype=float)
        return [1 - weights / weights.max()]
    return [agreement.agreement_weights(range(len(given["table"])), given["weights"])]


def follow(answer, path):
    """The part of an answer that a path such as "details.se" or "0.value" names."""
    for step in filter(None, path.split(".")):
        if isinstance(answer, Mapping):
            answer = answer[step]
        else:
            answer = answer[int(step)] if step.isdigit() else getattr(answer, step)
    return answer
