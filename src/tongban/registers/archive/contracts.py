"""What crosses the door of the archive. No Django here: the verifier runs without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

FORMAT: Final = "tongban-archive-1"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "signature.json"
COVER: Final = "cover.pdf"
METADATA: Final = "metadata.json"

# What a verification may find wrong with a package.
UNREADABLE: Final = "unreadable"  # no package of this kind
TRUNCATED: Final = "truncated"  # it ends before its end; `where` is the last member that began
BROKEN: Final = "broken"  # the container itself was changed at `where`
MISSING: Final = "missing"  # a member of the manifest is not there
ADDED: Final = "added"  # a member that the manifest does not know
CHANGED: Final = "changed"  # a member is not what the manifest says
MANIFEST_CHANGED: Final = "manifest_changed"  # the manifest is not what was signed
SIGNATURE_BAD: Final = "signature"  # the signature of the manifest does not hold; `detail` says why
COVER_BAD: Final = "cover"  # the cover's seal does not hold; `detail` says why
LEDGER_BAD: Final = "ledger"  # the chain of `where` is broken; `detail` is the entry
ROOT_UNKNOWN: Final = "root"  # not certified by the root that was given


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a package. `path` has forward slashes."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a desk adds to the package of one of its dockets.

    `facts` are words for the cover (name, value); `metadata` JSON values beside the archive's own; `documents` the
    desk's own members; `retention_years` how long it is kept (0 = for ever).
    """

    facts: tuple[tuple[str, str], ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    documents: tuple[Member, ...] = ()
    retention_years: int = 30


@dataclass(frozen=True, slots=True)
class ArchiveInfo:
    """One package. Digests in hex, `size` in bytes."""

    number: str
    version: int
    unit: str
    made_at: datetime
    made_by: str
    members: int
    size: int
    digest: str
    manifest_digest: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a package: see the codes above. `where` is a member, `detail` in no language."""

    code: str
    where: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the verification of a package says: whole and signed when there is no fault.

    `pinned` tells whether the root was given from outside; when it was not, the package vouches for itself: it is
    whole, and who sealed it is only what it says.
    """

    faults: tuple[Fault, ...] = ()
    number: str = ""
    version: int = 0
    unit: str = ""
    unit_name: str = ""
    signed_at: datetime | None = None
    members: int = 0
    entries: int = 0
    pinned: bool = False

    @property
    def ok(self) -> bool:
        return not self.faults and self.members > 0


class ArchiveError(Exception):
    """A docket cannot be archived; says why and what is possible."""
