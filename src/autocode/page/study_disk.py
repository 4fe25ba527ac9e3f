"""Whether a study lies on a disk of this machine: on a share or in a synced folder it is damaged.

SQLite's locks do not hold across a network (see "How To Corrupt An SQLite Database File", 2.1),
and a program that syncs copies the file and its log at different moments.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..core.errors import InputError, one_line

_MOUNTS = Path("/proc/mounts")
_SHARES = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "gpfs", "davfs"}
    | {"beegfs", "orangefs", "ncpfs", "vboxsf", "vmhgfs", "prl_fs", "drvfs", "9p"}
    | {"fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.glusterfs", "fuse.davfs2", "fuse.juicefs"}
    | {"fuse.gcsfuse", "fuse.smbnetfs", "fuse.ceph", "fuse.vmhgfs-fuse"}
)
_SYNCED = re.compile(
    r"onedrive.*|dropbox.*|google ?drive|googledrive.*|my drive|icloud.*|mobile documents|"
    r"nextcloud.*|owncloud.*|seafile.*|syncthing|box( sync)?|pcloud.*|megasync",
    re.IGNORECASE,
)
_OCTAL = re.compile(r"\\([0-7]{3})")


def refuse_share(study: Path, *, mounts: Path = _MOUNTS) -> None:
    """Raise InputError for a study on a file system of the network, where that can be seen."""
    kind = "a share" if str(study).startswith(("\\\\", "//")) else find_share(study, mounts=mounts)
    if kind:
        raise InputError(
            f"{study} lies on {kind}, where a study that several write to is damaged. Copy it to "
            "a disk of this machine, and serve that."
        )


def find_share(study: Path, *, mounts: Path = _MOUNTS) -> str | None:
    """The kind of network file system that a path is on; None for a disk, or where none can say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    place = study.resolve()
    on, kind = Path(), ""
    for line in lines:
        _, point, name, *_ = [*line.split(" "), "", "", ""]
        where = Path(_OCTAL.sub(lambda match: chr(int(match[1], 8)), point))
        # A later line is mounted over an earlier one at the same place.
        if place.is_relative_to(where) and len(where.parts) >= len(on.parts):
            on, kind = where, name
    return f"a network file system ({kind})" if kind in _SHARES else None


def warn_of_syncing(study: Path) -> str | None:
    """One line where a folder's name says that a program copies it to a cloud, else None."""
    for part in study.resolve().parts[:-1]:
        if _SYNCED.fullmatch(part):
            return (
                f"The folder '{one_line(part, 60)}' looks like one that is copied to a cloud while "
                "you work, which can damage a study. Move the study to another folder."
            )
    return None
