"""Using the library changes nothing of the process that uses it.

What other libraries do when first imported is theirs; so they are imported before the first look.
"""

from __future__ import annotations

import csv
import logging
import os
import sys
import threading
import warnings
from importlib import import_module

import pytest

from autocode import Project, load_encoder, write_report
from autocode.io.transcripts.read import read_document

from .io.support import pdf
from .small_study import write_sources

HEAVY = (
    "torch",
    "sentence_transformers",
    "transformers",
    "huggingface_hub",
    "datasets",
    "spacy",
    "sklearn.cluster",
    "hdbscan",
    "pandas",
    "pypdf",
    "docx",
    "openpyxl",
    "webvtt",
    "pysubs2",
    "charset_normalizer",
    "sqlalchemy",
    "jinja2",
    "threadpoolctl",
)


def host_state():
    """Everything of the process that a library could change under its host."""
    import torch
    from threadpoolctl import threadpool_info
    from transformers.utils import logging as transformers_logging

    mask = os.umask(0o022)
    os.umask(mask)
    later = []
    thread = threading.Thread(target=lambda: later.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    loggers = dict(logging.root.manager.loggerDict)
    return {
        "environment": dict(os.environ),
        "working directory": os.getcwd(),
        "umask": mask,
        "path": list(sys.path),
        "warnings": list(warnings.filters),
        "csv limit": csv.field_size_limit(),
        "recursion limit": sys.getrecursionlimit(),
        "log threshold": logging.root.manager.disable,
        "logs": {
            name: (log.level, log.disabled, log.propagate, list(log.handlers), list(log.filters))
            for name, log in {"root": logging.root, **loggers}.items()
            if isinstance(log, logging.Logger)
        },
        "progress bars": transformers_logging.is_progress_bar_enabled(),
        "torch threads": (torch.get_num_threads(), later[0], torch.get_num_interop_threads()),
        "pools": {info["filepath"]: info["num_threads"] for info in threadpool_info()},
    }


def differences(before, after):
    """The entries that changed; a log that came to be since is its library's own."""
    logs = {name: after["logs"].get(name) for name in before["logs"]}
    return {
        name: (before[name], value)
        for name, value in {**after, "logs": logs}.items()
        if before[name] != value
    }


@pytest.fixture
def folder(tmp_path):
    import docx

    sources = write_sources(tmp_path / "sources")
    document = docx.Document()
    document.add_paragraph("Ann: The bus was late.")
    document.add_paragraph("Ben: And what did you do?")
    document.save(sources / "d.docx")
    (sources / "p.pdf").write_bytes(pdf([["Ann: I was late.", "Ben: Why so?"]]))
    (sources / "long.csv").write_text(f"code,memo\nx,{'y' * 200_000}\n")
    (sources / "latin.txt").write_bytes("Ann: déjà vu, señora.\n".encode("cp1252"))
    return sources


@pytest.mark.slow
@pytest.mark.model
def test_using_the_library_leaves_the_process_as_it_was(folder, tmp_path, monkeypatch):
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    for name in HEAVY:
        import_module(name)
    encoder = load_encoder()
    before = host_state()
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        report = project.import_paths([folder])
        assert report.refused == ()
        project.suggest(encoder)
        project.draft_themes(encoder)
        project.agree()
        project.export(tmp_path / "export")
        write_report(project, tmp_path / "report.html")
    assert differences(before, host_state()) == {}


def test_reading_a_pdf_leaves_its_log_alone(tmp_path):
    log = logging.getLogger("pypdf")
    before = log.level
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([["Ann: so"]]))
    read_document(path)
    assert log.level == before
