"""What Taguette itself makes of a project file; runs in Taguette's own Python, never in ours.

With a project file: opens it as Taguette opens one from elsewhere, imports it into an empty
database through Taguette's own checks, and prints the documents, and the words and tags of every
highlight there. With a JSON list of web pages: prints what Taguette keeps of each, and the words
in which it counts.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from bs4 import BeautifulSoup
from taguette import database, extract
from taguette.convert import get_html_body


def words(html):
    return BeautifulSoup(html, "html5lib").body.get_text()


def show(path):
    with tempfile.TemporaryDirectory() as folder:
        copied = shutil.copy(path, Path(folder) / "copied.sqlite3")
        theirs = database.connect(f"sqlite:///{copied}", external=True)()
        ours = database.connect(f"sqlite:///{folder}/fresh.sqlite3", create_tables=True)()
        ours.add(database.User(login="admin"))
        ours.commit()
        number = theirs.query(database.Project).one().id
        database.copy_project(theirs, ours, number, "admin")
        documents, highlights = [], []
        for document in ours.query(database.Document).order_by(database.Document.id):
            assert get_html_body(document.contents) is not None
            documents.append({"name": document.name, "words": words(document.contents)})
            for highlight in document.highlights:
                span = highlight.start_offset, highlight.end_offset
                highlights.append(
                    {
                        "document": document.name,
                        "shown": words(extract.extract(document.contents, *span)),
                        "snippet": words(highlight.snippet),
                        "tags": sorted(tag.path for tag in highlight.tags),
                    }
                )
        return {
            "project": ours.query(database.Project).one().name,
            "tags": {tag.path: tag.description for tag in ours.query(database.Tag)},
            "documents": documents,
            "highlights": highlights,
        }


def keep(pages):
    kept = [get_html_body(page) for page in pages]
    return [{"html": html, "words": words(html)} for html in kept]


given = Path(sys.argv[1])
is_list = given.suffix == ".json"
shown = keep(json.loads(given.read_text("utf-8"))) if is_list else show(given)
sys.stdout.write(json.dumps(shown) + "\n")
