from __future__ import annotations

import numpy as np
import pytest

from autocode.core.errors import FileRefused
from autocode.encode.folder_cache import FolderVectorCache


def test_vectors_come_back_in_another_run(tmp_path):
    FolderVectorCache(tmp_path / "new").put("enc", {"a": np.ones(3, np.float32)})
    FolderVectorCache(tmp_path / "new").put("enc", {"b": np.zeros(3, np.float32)})
    found = FolderVectorCache(tmp_path / "new").get("enc", ["b", "a", "c"])
    assert set(found) == {"a", "b"}
    assert found["a"].tolist() == [1, 1, 1]
    assert FolderVectorCache(tmp_path / "new").get("other", ["a"]) == {}


def test_a_damaged_file_is_named(tmp_path):
    (tmp_path / "enc.npz").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(FileRefused, match=r"enc\.npz"):
        FolderVectorCache(tmp_path).get("enc", ["a"])


def test_a_file_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    FolderVectorCache(tmp_path).put("enc", {"a": np.ones(3, np.float32)})

    def refuse(*given, **more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(np, "load", refuse)
    with pytest.raises(FileRefused, match=r"enc\.npz: cannot be read \(permission denied\)"):
        FolderVectorCache(tmp_path).get("enc", ["a"])
