"""The front of `autocode.agreement` names everything that answers with a result, and no more."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pathlib import Path

import autocode.agreement

PACKAGE = Path(autocode.agreement.__file__).parent
# Functions that answer with arrays or text and stand beside the coefficients: what makes their
# input, and distances.
TOOLS = {
    "agreement_weights",
    "arrange_codings",
    "attach_memos",
    "attach_resolutions",
    "bound_agreement",
    "bound_agreement_beta",
    "build_continua",
    "build_units",
    "coincidence_matrix",
    "compute_detectable",
    "compute_power",
    "confusion_table",
    "correct_for_noise",
    "counts_of_table",
    "draw_transcripts",
    "find_assumed_readings",
    "jaccard_distance",
    "krippendorff_limit",
    "landis_koch",
    "masi_distance",
    "masses_from_starts",
    "order_by_coding_time",
    "passonneau_2004_distance",
    "sample_size",
    "set_distances",
    "solve_recall",
    "spans_from_rows",
    "tree_distance",
    "unit_counts",
    "window_size",
    "write_methods",
}
RESULTS = (
    "Agreement",
    "Alignment",
    "AlternativeTest",
    "Benchmark",
    "Coefficient",
    "Comparison",
    "Interval",
    "LeaveOneOut",
    "LeftOut",
    "MachinePlan",
    "MachineReport",
    "NonInferiority",
    "Resampled",
    "SpanAgreement",
    "UnitizingAlpha",
    "Validity",
)
# Who makes results from parts, or adds errors to them, for the modules of the package.
MAKERS = ("build_", "report_")


def modules():
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name != "__init__.py":
            relative = path.relative_to(PACKAGE).with_suffix("")
            yield import_module("autocode.agreement." + ".".join(relative.parts))


def defined_functions():
    """Public functions whose answer holds a result, by name."""
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            own = inspect.isfunction(value) and value.__module__ == module.__name__
            if not own or name.startswith(("_", *MAKERS)):
                continue
            answer = str(inspect.signature(value).return_annotation)
            words = set(answer.replace("[", " ").replace("]", " ").replace(",", " ").split())
            if words & set(RESULTS):
                found[name] = value
    return found


def test_every_coefficient_and_interval_is_exported():
    public = {
        name
        for name in autocode.agreement.__all__
        if inspect.isfunction(getattr(autocode.agreement, name))
    }
    assert public == set(defined_functions()) | TOOLS


def test_every_type_of_a_result_is_exported():
    assert set(RESULTS) <= set(autocode.agreement.__all__)


def test_the_list_the_homes_and_the_imports_for_type_checkers_agree():
    tree = ast.parse(Path(autocode.agreement.__file__).read_text(encoding="utf-8"))
    for_checkers = {
        alias.name: "." + (node.module or "")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
    }
    assert for_checkers == autocode.agreement._HOMES
    assert sorted(for_checkers) == autocode.agreement.__all__ == dir(autocode.agreement)


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(autocode.agreement, "kappa_of_the_moon")
