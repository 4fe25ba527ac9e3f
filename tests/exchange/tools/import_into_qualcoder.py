"""QualCoder's own importer of REFI-QDA projects, without its windows; runs in QualCoder's Python.

Arguments: a checkout of QualCoder, the .qdpx, and a new folder NAME.qda to make the project in. The
tables are made with the very statements by which QualCoder makes a new project, read from its
source.
"""

import ast
import builtins
import sqlite3
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

from PyQt6 import QtWidgets

checkout, given, made = map(Path, sys.argv[1:])
sys.path.insert(0, str(checkout / "src"))
builtins._ = str
from qualcoder import refi  # noqa: E402 - found in the checkout only


class Shown:
    """Stands for a window that says something."""

    said: ClassVar = []

    def __init__(self, *arguments):
        self.said.append(" ".join(map(str, arguments[1:])))

    def exec(self):
        """Nobody is there to close it."""

    append = said.append


def statements(source):
    """The statements that make a new project's tables."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef) and function.name == "new_project":
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "execute":
                    first = call.args[0]
                    if isinstance(first, ast.Constant) and first.value.startswith("CREATE"):
                        yield first.value


application = QtWidgets.QApplication([])
QtWidgets.QFileDialog.getOpenFileName = lambda *_, **__: (str(given), True)
refi.Message = Shown
for folder in ("images", "audio", "video", "documents"):
    (made / folder).mkdir(parents=True)
connection = sqlite3.connect(made / "data.qda")
for statement in statements((checkout / "src/qualcoder/__main__.py").read_text("utf-8")):
    connection.execute(statement)
connection.execute(
    "INSERT INTO project (databaseversion, date, memo, about, codername) VALUES (?, ?, '', ?, ?)",
    ("v17", "2026-01-01 00:00:00", "QualCoder", "default"),
)
connection.commit()
settings = {"directory": str(given.parent), "codername": "default", "ai_enable": "False"}
window = SimpleNamespace(append=Shown.said.append)
refi.RefiImport(
    SimpleNamespace(
        conn=connection,
        settings=settings,
        project_path=str(made),
        write_config_ini=lambda *_: None,
        ai_models=[],
        project_events=None,
    ),
    window,
    "qdpx",
)
connection.commit()
sys.stdout.write("\n".join(Shown.said) + "\n")
