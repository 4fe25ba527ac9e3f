from __future__ import annotations

import numpy as np
import pytest

from autocode.core.errors import FileRefused
from autocode.evaluate.vector_cache import FolderShelf


def test_vectors_come_back_in_another_run(tmp_path):
    FolderShelf(tmp_path / "new").keep("enc", {"a": np.ones(3, np.float32)})
    FolderShelf(tmp_path / "new").keep("enc", {"b": np.zeros(3, np.float32)})
    found = FolderShelf(tmp_path / "new").fetch("enc", ["b", "a", "c"])
    assert set(found) == {"a", "b"}
    assert found["a"].tolist() == [1, 1, 1]
    assert FolderShelf(tmp_path / "new").fetch("other", ["a"]) == {}


def test_a_damaged_file_is_named(tmp_path):
    (tmp_path / "enc.npz").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(FileRefused, match=r"enc\.npz"):
        FolderShelf(tmp_path).fetch("enc", ["a"])
