"""Adapters from the reference set's cases to our coefficients (see its README for the format)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from autocode.agreement.coefficients import (
    alpha,
    clusterings,
    gwet,
    holsti,
    indices,
    kappa,
    observed,
    rho,
    sets,
)
from autocode.agreement.coefficients.result import Coefficient
from autocode.agreement.reporting.bands import Band, benchmark
from autocode.agreement.resampling import precision

NAN = float("nan")

Case = dict
Quantities = dict


def _quantities(found: Coefficient, *, disagreement: bool = False) -> Quantities:
    """Everything a coefficient holds, by the names the reference set uses."""
    word = "disagreement" if disagreement else "agreement"
    given = {
        "value": found.value,
        f"observed_{word}": found.observed,
        f"expected_{word}": found.expected,
        **found.details,
    }
    if found.interval is not None:
        given |= {"ci95_low": found.interval.low, "ci95_high": found.interval.high}
    if found.value is None:
        given |= {"status": found.status, "reason": found.reason}
    return given


def _names(data: dict) -> list:
    """The categories: the declared ones in order, or those used."""
    if "categories" in data:
        return data["categories"]
    return sorted({value for row in data["values"] for value in row if value is not None})


def _is_numeric(names: list) -> bool:
    return all(isinstance(name, int | float) for name in names)


def _codings(data: dict) -> np.ndarray:
    """Shape (n_coders, n_units): numbers as they are, names numbered in their order."""
    names = _names(data)
    number = {name: name if _is_numeric(names) else k for k, name in enumerate(names)}
    rows = [[NAN if v is None else float(number[v]) for v in row] for row in data["values"]]
    return np.array(rows, dtype=float).T if rows else np.zeros((2, 0))


def _scale(data: dict) -> np.ndarray:
    names = _names(data)
    return np.array(names, dtype=float) if _is_numeric(names) else np.arange(float(len(names)))


def _counts(data: dict) -> np.ndarray:
    if data["type"] == "counts":
        return np.array(data["counts"], dtype=float)
    if data["type"] == "contingency":
        return observed.counts_of_table(data["table"])
    return observed.unit_counts(_codings(data), categories=_scale(data))


def _sets(data: dict) -> list:
    """Shape (n_coders, n_units) of sets, None where missing."""
    columns = zip(*data["values"], strict=True)
    return [[None if one is None else frozenset(one) for one in column] for column in columns]


def _by_category(found: tuple[Coefficient, ...], data: dict) -> dict:
    return {str(k): c.value for k, c in zip(data["categories"], found, strict=True)}


def _percent_agreement(case: Case) -> Quantities:
    codings = _codings(case["data"])
    return _quantities(observed.percent_agreement(codings, missing=case["params"]["missing"]))


def _holsti(case: Case) -> Quantities:
    data = case["data"]
    if data["type"] == "set_matrix":
        return _quantities(holsti.holsti_of_sets(*_sets(data)))
    return _quantities(
        holsti.holsti(
            data["agreements"], decisions_a=data["decisions_a"], decisions_b=data["decisions_b"]
        )
    )


def _specific_agreement(case: Case) -> Quantities:
    data = case["data"]
    return {
        "per_category": _by_category(observed.specific_agreement(data["table"]), data),
        "prevalence_index": indices.prevalence_index(data["table"]).value,
        "bias_index": indices.bias_index(data["table"]).value,
    }


def _cohen_kappa(case: Case) -> Quantities:
    data = case["data"]
    if data["type"] == "contingency":
        return _quantities(kappa.cohen_kappa_of_table(data["table"]))
    return _quantities(kappa.cohen_kappa(*_codings(data)))


def _weighted_kappa(case: Case) -> Quantities:
    data, params = case["data"], case["params"]
    weights = params.get("agreement_weights")
    if weights is None or params["weights"] in ("linear", "quadratic"):
        weights = observed.agreement_weights(_scale(data), params["weights"])
    table = data.get("table")
    if table is None:
        table = observed.confusion_table(*_codings(data), categories=_scale(data))
    return _quantities(kappa.weighted_kappa(table, weights))


def _fleiss_kappa(case: Case) -> Quantities:
    data, counts = case["data"], _counts(case["data"])
    given = _quantities(kappa.fleiss_kappa(counts))
    if "categories" in data:
        given["per_category"] = _by_category(kappa.fleiss_kappa_per_category(counts), data)
    return given


def _gwet_ac1(case: Case) -> Quantities:
    data = case["data"]
    if data["type"] == "contingency":
        return _quantities(gwet.gwet_ac1_of_table(data["table"]))
    return _quantities(gwet.gwet_ac1(_counts(data)))


def _gwet_ac2(case: Case) -> Quantities:
    data = case["data"]
    weights = observed.agreement_weights(_scale(data), case["params"]["weights"])
    return _quantities(gwet.gwet_ac2(_counts(data), weights))


def _per_category(coefficient: Callable[[list], tuple[Coefficient, ...]], case: Case) -> Quantities:
    return {"per_category": _by_category(coefficient(case["data"]["table"]), case["data"])}


def _multilabel_per_code(case: Case) -> Quantities:
    a, b = _sets(case["data"])
    codes = sorted(set().union(*a, *b))
    return {"per_code": {code: _one_code(code, a, b) for code in codes}}


def _one_code(code: str, a: list, b: list) -> Quantities:
    first, second = ([float(code in one) for one in coder] for coder in (a, b))
    table = observed.confusion_table(first, second, categories=[1, 0])
    positive, negative = observed.specific_agreement(table)
    return {
        "kappa": kappa.cohen_kappa(first, second).value,
        "percent": observed.percent(first, second).value,
        "positive_agreement": positive.value,
        "negative_agreement": negative.value,
        "prevalence": float(np.mean(first + second)),
        "both": table[0, 0],
        "only_a": table[0, 1],
        "only_b": table[1, 0],
        "neither": table[1, 1],
        "alpha": alpha.krippendorff_alpha([first, second]).value,
    }


def _nvivo(case: Case) -> Quantities:
    data = case["data"]
    table = [[data["coded_by_both"], data["only_a"]], [data["only_b"], data["neither"]]]
    return _quantities(kappa.nvivo_comparison(table))


def _nvivo_average(case: Case) -> Quantities:
    return _quantities(kappa.nvivo_average(case["data"]["kappas"], case["data"]["lengths"]))


def _krippendorff_alpha(case: Case) -> Quantities:
    found = alpha.krippendorff_alpha(_codings(case["data"]), level=case["params"]["level"])
    return _quantities(found, disagreement=True)


def _coincidence_matrix(case: Case) -> Quantities:
    found = alpha.coincidence_matrix(_codings(case["data"]))
    return {
        "matrix": found.matrix.tolist(),
        "marginals": found.marginals.tolist(),
        "total": found.total,
    }


def _alpha_interval(case: Case) -> Quantities:
    found = alpha.alpha_interval(_codings(case["data"]), level=case["params"]["level"])
    return _quantities(found, disagreement=True)


def _alpha_bootstrap(case: Case) -> Quantities:
    params = case["params"]
    found = precision.alpha_bootstrap(
        _codings(case["data"]), level=params["level"], n_resamples=params.get("resamples", 0)
    )
    return _quantities(found, disagreement=True)


def _sample_size(case: Case) -> Quantities:
    d = case["data"]
    n = precision.sample_size(
        (d["rate_a"], d["rate_b"]),
        (d["kappa_null"], d["kappa_alt"]),
        alpha=d["alpha"],
        power=d["power"],
        sides=d["sides"],
    )
    return {"n": n}


def _benchmark(case: Case) -> Quantities:
    data, bands = case["data"], [Band(*band) for band in case["params"]["scale"]]
    found = benchmark(data["coefficient"], data["se"], bands=bands)
    return {
        "cumulative_probability": [p for _, p in found.cumulative],
        "label_95": found.label,
    }


def _set_distance(distance: Callable[..., float], case: Case) -> Quantities:
    return {"value": distance(frozenset(case["data"]["a"]), frozenset(case["data"]["b"]))}


def _alpha_sets(case: Case) -> Quantities:
    distance = case["params"]["distance"].split()[0]
    found = sets.krippendorff_alpha_sets(_sets(case["data"]), distance=distance)
    return _quantities(found, disagreement=True)


def _shaffer_rho(case: Case) -> Quantities:
    p = case["params"]
    null = rho.NullCoders(
        threshold=p["kappa_threshold"],
        kappa_min=p["kappa_min"],
        precision_min=p["precision_min"],
        precision_max=p["precision_max"],
        length=p["simulated_length"],
        inflation=p["base_rate_inflation"],
    )
    table = case["data"]["table"]
    return _quantities(rho.shaffer_rho(table, null=null, n_replicates=p["replicates"]))


def _recall(case: Case) -> Quantities:
    d = case["data"]
    found = rho.solve_recall(d["kappa"], base_rate=d["base_rate"], precision=d["precision"])
    return {"recall": found}


def _clustering(case: Case) -> Quantities:
    found = clusterings.clustering_agreement(case["data"]["a"], case["data"]["b"])
    return {name: one.value for name, one in found.items()}


ADAPTERS: dict[str, Callable[[Case], Quantities]] = {
    "percent_agreement": _percent_agreement,
    "holsti": _holsti,
    "specific_agreement": _specific_agreement,
    "cohen_kappa": _cohen_kappa,
    "weighted_kappa": _weighted_kappa,
    "scott_pi": lambda case: _quantities(kappa.scott_pi(case["data"]["table"])),
    "fleiss_kappa": _fleiss_kappa,
    "brennan_prediger": lambda case: _quantities(kappa.brennan_prediger(_counts(case["data"]))),
    "pabak": lambda case: _quantities(kappa.pabak(case["data"]["table"])),
    "cohen_kappa_per_category": partial(_per_category, kappa.cohen_kappa_per_category),
    "scott_pi_per_category": partial(_per_category, kappa.scott_pi_per_category),
    "multilabel_per_code": _multilabel_per_code,
    "nvivo_coding_comparison": _nvivo,
    "nvivo_coding_comparison_average": _nvivo_average,
    "gwet_ac1": _gwet_ac1,
    "gwet_ac2": _gwet_ac2,
    "krippendorff_alpha": _krippendorff_alpha,
    "coincidence_matrix": _coincidence_matrix,
    "alpha_analytic_ci": _alpha_interval,
    "alpha_bootstrap_units": _alpha_bootstrap,
    "sample_size_kappa": _sample_size,
    "benchmark_membership": _benchmark,
    "masi_distance": partial(_set_distance, sets.masi_distance),
    "jaccard_distance": partial(_set_distance, sets.jaccard_distance),
    "krippendorff_alpha_sets": _alpha_sets,
    "multi_valued_alpha": lambda case: _quantities(
        sets.multi_valued_alpha(_sets(case["data"])), disagreement=True
    ),
    "shaffer_rho": _shaffer_rho,
    "shaffer_rho_recall": _recall,
    "clustering_agreement": _clustering,
}
