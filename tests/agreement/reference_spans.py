"""How the reference set's cases on spans, segmentations and machines map to our functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autocode.agreement.coefficients.boundaries import boundary_similarity, pk, window_diff
from autocode.agreement.coefficients.result import Coefficient
from autocode.agreement.machine.alt_test import alternative_test
from autocode.agreement.machine.comparison import compare_with_humans, non_inferiority
from autocode.agreement.machine.leave_one_out import leave_one_out
from autocode.agreement.resampling.draws import draw_transcripts
from autocode.agreement.spans.characters import character_alpha
from autocode.agreement.spans.gamma import gamma
from autocode.agreement.spans.gamma_alignments import Dissimilarity
from autocode.agreement.spans.runs import Spans, spans_from_rows
from autocode.agreement.spans.unitizing import alpha_u_2004, unitizing_alpha

Case = dict[str, Any]


def spans_of(data: Case) -> tuple[Spans, list[str]]:
    """The spans of a case on an offset-free text, and its codes in the order they are numbered."""
    codes = sorted({span["code"] for span in data["spans"]})
    begin = data.get("start", 0)
    rows = [
        (
            data["coders"].index(span["coder"]),
            span["start"] - begin,
            span["end"] - begin,
            codes.index(span["code"]),
        )
        for span in data["spans"]
    ]
    n_coders = len(data["coders"])
    spans = spans_from_rows(rows, data["length"], n_coders=n_coders, n_codes=len(codes))
    return spans, codes


def quantities(found: Coefficient, **more: Any) -> Case:
    given = {"value": found.value, **found.details, **more}
    if found.value is None:
        given |= {"status": found.status, "reason": found.reason}
    return given


def by_code(codes: Iterable[str], found: Iterable[Coefficient], of: str = "value") -> Case:
    return {code: getattr(one, of) for code, one in zip(codes, found, strict=True)}


def unitizing_2016(case: Case) -> Case:
    spans, codes = spans_of(case["data"])
    found = unitizing_alpha(spans)
    given = {
        "u_alpha": found.u_alpha.value,
        "bar_u_alpha": found.bar_u_alpha.value,
        "cu_alpha": found.cu_alpha.value,
        "k_alpha": by_code(codes, found.k_alpha),
        "cu_coverage": found.cu_alpha.details["cu_coverage"],
    }
    if found.u_alpha.value is None:
        given |= {"status": found.u_alpha.status, "reason": found.u_alpha.reason}
    return given


def unitizing_2004(case: Case) -> Case:
    spans, codes = spans_of(case["data"])
    overall, per_code = alpha_u_2004(spans)
    return quantities(
        overall,
        per_code=by_code(codes, per_code),
        observed_disagreement=by_code(codes, per_code, "observed"),
        expected_disagreement=by_code(codes, per_code, "expected"),
    )


def characters(case: Case) -> Case:
    found = character_alpha(spans_of(case["data"])[0], mode=case["params"]["mode"])
    return quantities(found, observed_disagreement=found.observed)


def segmentation(measure: Callable[..., Coefficient], setting: str, keyword: str) -> Any:
    def adapter(case: Case) -> Case:
        data = case["data"]
        chosen = {keyword: case["params"][setting]}
        return quantities(measure(data["reference"], data["hypothesis"], **chosen))

    return adapter


def gamma_case(case: Case) -> Case:
    params = case["params"]
    spans, _ = spans_of(case["data"])
    unlike = Dissimilarity(params["alpha"], params["beta"])
    sampler = params["sampler"] or "shuffle"
    found = gamma(spans, dissimilarity=unlike, sampler=sampler, n_samples=300)
    return quantities(found, gamma=found.value)


def alternative_test_case(case: Case) -> Case:
    data, params = case["data"], case["params"]
    names = list(data["humans"])
    found = alternative_test(
        numbered([data["humans"][name] for name in names]),
        numbered([data["machine"]])[0],
        transcripts=np.arange(len(data["machine"])),
        epsilon=params["epsilon"],
        q=params["q_fdr"],
        min_units=params["min_instances_per_human"],
    )
    return quantities(
        found.winning_rate,
        winning_rate=found.winning_rate.value,
        advantage_probability=found.advantage_probability,
        p_values=dict(zip(names, found.p_values, strict=True)),
        per_human_advantage=dict(zip(names, found.advantages, strict=True)),
        passed=found.passed,
    )


def machine_case(case: Case) -> Case:
    data, margin = case["data"], case["params"]["margin"]
    table = numbered(list(zip(*data["values"], strict=True)))
    transcripts = np.unique(data["documents"], return_inverse=True)[1]
    # The reference draws transcripts; the default leaves them out.
    draws = draw_transcripts(len(np.unique(transcripts)))
    found = compare_with_humans(table[:-1], table[-1], transcripts=transcripts, draws=draws)
    percent = compare_with_humans(table[:-1], table[-1], coefficient="percent")
    verdict = non_inferiority(found, margin)
    return quantities(
        found.difference,
        human_human=found.human_human.value,
        machine_human=found.machine_human.value,
        machine_h1=found.by_human[0].value,
        machine_h2=found.by_human[1].value,
        delta=found.difference.value,
        all_three=leave_one_out(table[:-1], table[-1]).everyone.value,
        bootstrap_p_delta_below_minus_margin=verdict.share_below,
        percent_hh=percent.human_human.value,
        percent_mh=percent.machine_human.value,
    )


def numbered(rows: list[Any]) -> np.ndarray:
    """Values as numbers, one row per coder; "." and None are missing."""
    known = {value: number for number, value in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
    return np.array([[known.get(value, np.nan) for value in row] for row in rows])


ADAPTERS: dict[str, Callable[[Case], Case]] = {
    "unitizing_alpha_2016": unitizing_2016,
    "unitizing_alpha_2004": unitizing_2004,
    "character_alpha": characters,
    "pk": segmentation(pk, "window_size", "window"),
    "window_diff": segmentation(window_diff, "window_size", "window"),
    "gamma": gamma_case,
    "alt_test": alternative_test_case,
    "machine_vs_humans": machine_case,
    "boundary_similarity": segmentation(boundary_similarity, "n_t", "n_t"),
}
