"""What is kept between runs, outside studies and in one, in words, and dropping it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.errors import NotFound, one_line
from ..encode.cache_folder import find_cache_folder, find_shared_folder, locate_exports
from ..encode.manifest import list_manifests
from ..serialise.plain import to_payload
from ..serialise.result import Result

if TYPE_CHECKING:
    from ..encode.shared_cache import SharedVectorCache
    from ..store.fits import KeptFits


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderVectors:
    """The shared vectors of one encoder; `last_day` is the last on which any were added."""

    name: str
    digest: str
    n_vectors: int
    n_bytes: int
    last_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheOverview(Result):
    """Exported models, and shared vectors where `is_shared`; sizes are in bytes.

    `fits` are those of the study that was asked about.
    """

    folder: str
    is_shared: bool
    n_models: int
    model_bytes: int
    vector_bytes: int
    encoders: tuple[EncoderVectors, ...]
    fits: tuple[KeptFits, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The overview as plain data."""
        return to_payload(
            "cache",
            {
                "folder": self.folder,
                "is_shared": self.is_shared,
                "n_models": self.n_models,
                "model_bytes": self.model_bytes,
                "vector_bytes": self.vector_bytes,
                "encoders": self.encoders,
                "fits": self.fits,
            },
        )

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """A row an encoder."""
        rows: list[dict[str, Any]] = self.to_dict()["encoders"]
        return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned(Result):
    """How much was dropped."""

    n_vectors: int
    n_models: int
    n_fits: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The numbers as plain data."""
        return to_payload("pruned", self.to_rows()[0])

    def to_rows(self) -> Sequence[Mapping[str, Any]]:
        """One row."""
        return [{"n_vectors": self.n_vectors, "n_models": self.n_models, "n_fits": self.n_fits}]


def describe_cache(study: Path | None = None) -> CacheOverview:
    """What is kept outside studies, and which fits in one.

    Raises:
        FileRefused: if the shared cache is damaged or of another version.
        StudyError: if there is no such study, or it cannot be read.
    """
    fits: list[KeptFits] = []
    if study is not None:
        from ..store.file import open_study
        from ..store.fits import list_fits

        with closing(open_study(study)) as file, file.reading() as connection:
            fits = list_fits(connection)
    folder = find_cache_folder()
    models = locate_exports(folder)
    shared = find_shared_folder()
    cache = None if shared is None else _open_shared(shared)
    names = {manifest.digest: manifest.name for manifest in list_manifests()}
    encoders = () if cache is None else cache.list_encoders()
    return CacheOverview(
        folder=str(folder),
        is_shared=shared is not None,
        n_models=len(models),
        model_bytes=sum(map(_measure, models)),
        vector_bytes=cache.path.stat().st_size if cache and cache.path.exists() else 0,
        encoders=tuple(
            EncoderVectors(
                name=names.get(one.encoder_digest, one.encoder_digest[:16]),
                digest=one.encoder_digest,
                n_vectors=one.n_vectors,
                n_bytes=one.n_bytes,
                last_day=one.last_day,
            )
            for one in encoders
        ),
        fits=tuple(fits),
    )


def prune_fits(study: Path) -> Pruned:
    """Drop all fits of a study, and write the file anew, smaller.

    Raises:
        StudyError: if there is no such study, or another program has it open.
    """
    from ..store.file import open_study
    from ..store.fits import drop_fits

    with closing(open_study(study)) as file:
        with file.keeping() as connection:
            n_fits = drop_fits(connection)
        file.compact()
    return Pruned(n_vectors=0, n_models=0, n_fits=n_fits)


def prune_cache(
    *, encoder_digest: str | None = None, days: int = 0, models: bool = False
) -> Pruned:
    """Drop shared vectors `days` old or older, of one encoder or all; exported models if asked.

    An encoder is named by its digest, or how that begins, or as `describe_cache` names it.

    Raises:
        FileRefused: if the shared cache is damaged or of another version, or cannot be written.
        NotFound: if no vectors of this encoder are shared.
    """
    shared = find_shared_folder()
    cache = None if shared is None else _open_shared(shared)
    digest = None if encoder_digest is None else _find_encoder(encoder_digest, cache)
    n_vectors = 0 if cache is None else cache.prune(encoder_digest=digest, days=days)
    folders = locate_exports(find_cache_folder()) if models else []
    for folder in folders:
        shutil.rmtree(folder)
    return Pruned(n_vectors=n_vectors, n_models=len(folders))


def _find_encoder(named: str, cache: SharedVectorCache | None) -> str:
    """The digest of a shared encoder, or how it begins."""
    if cache is None:
        raise NotFound(
            "Studies share no vectors: the variable AUTOCODE_CACHE is not set.",
            kind="encoder",
            name=named,
        )
    names = {manifest.digest: manifest.name for manifest in list_manifests()}
    held = [one.encoder_digest for one in cache.list_encoders()]
    by_name = {names[digest]: digest for digest in held if digest in names}
    digest = by_name.get(named, named)
    if not digest or not any(one.startswith(digest.lower()) for one in map(str.lower, held)):
        shown = ", ".join(names.get(one, one[:16]) for one in held) or "none"
        raise NotFound(
            f"No vectors of an encoder '{one_line(named, 80)}' are shared. There are those of: "
            f"{shown}.",
            kind="encoder",
            name=named,
        )
    return digest


def _open_shared(folder: Path) -> SharedVectorCache:
    from ..encode.shared_cache import SharedVectorCache

    return SharedVectorCache(folder)


def _measure(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
