"""Verify a package with nothing but the package: no database, no key, no network.

With root certificates from outside it also tells who sealed it; without, the package vouches for itself only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes

from tongban.kernel.ledger.rules import START, canonical, entry_digest, salted_digest
from tongban.registers.archive import container, contracts
from tongban.registers.archive.contracts import COVER, FORMAT, MANIFEST, SIGNATURE, Fault, Verdict
from tongban.registers.seals import api as seals

_KEPT = (MANIFEST, SIGNATURE, COVER)
_KEEP_MAX = 64 * 1024 * 1024
"""Members that are read whole (manifest, signature, cover, ledgers, certificates) are smaller than this."""


@dataclass(slots=True)
class _Found:
    """One member as it was read: digests always, the content of those that are looked into."""

    size: int = 0
    sha256: Any = field(default_factory=hashlib.sha256)
    sm3: Any = field(default_factory=lambda: hashes.Hash(hashes.SM3()))
    content: bytearray | None = None

    def take(self, block: bytes) -> None:
        self.size += len(block)
        self.sha256.update(block)
        self.sm3.update(block)
        if self.content is not None:
            self.content += block

    @property
    def digests(self) -> dict[str, Any]:
        return {"size": self.size, "sha256": self.sha256.hexdigest(), "sm3": self.sm3.copy().finalize().hex()}


def verify(path: Path, *, at: datetime, roots: Sequence[bytes] = ()) -> Verdict:
    """Verify a package.

    :param at: now: a signature later than this is told
    :param roots: trusted root certificates (DER); none means those that the package brings along
    :raises OSError: the file cannot be read
    """
    members, faults = _read(path)
    if not members:
        return Verdict(faults or (Fault(contracts.UNREADABLE),), pinned=bool(roots))
    manifest = _manifest(members)
    if manifest is None:
        return Verdict((*faults, Fault(contracts.UNREADABLE, MANIFEST)), pinned=bool(roots))
    trust = seals.Trust(tuple(roots) or tuple(_own_roots(members)))
    signature, signed = _signature(members, manifest, trust=trust, pinned=bool(roots), at=at)
    found = [
        *faults,
        *_members(members, manifest),
        *signature,
        *_cover(members, manifest, trust=trust, at=at),
    ]
    entries, chain = _ledger(members, manifest)
    altered = {one.where for one in found if one.code == contracts.CHANGED}
    told = [one for one in (*found, *chain) if one.code != contracts.BROKEN or one.where not in altered]
    return Verdict(
        tuple(dict.fromkeys(told)), number=manifest["number"], version=manifest["version"],
        unit=signed.unit, unit_name=signed.unit_name, signed_at=signed.signed_at, members=len(members),
        entries=entries, pinned=bool(roots),
    )  # fmt: skip


def _read(path: Path) -> tuple[dict[str, _Found], tuple[Fault, ...]]:
    members: dict[str, _Found] = {}
    faults: list[Fault] = []

    def into(name: str, size: int) -> Callable[[bytes], None]:
        looked_into = name in _KEPT or name.startswith(("ledger/", "certificates/"))
        one = _Found(content=bytearray() if looked_into and size <= _KEEP_MAX else None)
        if name in members:
            faults.append(Fault(contracts.ADDED, name))
        members[name] = one
        return one.take

    try:
        with path.open("rb") as file:
            for _name in container.read(file, into=into):
                pass
    except container.ContainerError as broken:
        if members:
            faults.append(Fault(contracts.TRUNCATED if broken.cut else contracts.BROKEN, broken.name))
    return members, tuple(faults)


def _manifest(members: dict[str, _Found]) -> dict[str, Any] | None:
    try:
        found = json.loads(bytes(members[MANIFEST].content or b""))
        shaped = (
            found["format"] == FORMAT
            and isinstance(found["number"], str)
            and isinstance(found["version"], int)
            and all(isinstance(one["path"], str) for one in found["members"])
            and all(isinstance(one["stream"], str) for one in found["ledger"])
        )
    except (KeyError, ValueError, TypeError, RecursionError):
        return None
    return found if shaped else None


def _members(members: dict[str, _Found], manifest: dict[str, Any]) -> Iterable[Fault]:
    listed = {
        one["path"]: {key: one.get(key) for key in ("size", "sha256", "sm3")} for one in manifest["members"]
    }
    for name, digests in listed.items():
        if name not in members:
            yield Fault(contracts.MISSING, name)
        elif members[name].digests != digests:
            yield Fault(contracts.CHANGED, name)
    for name in members:
        if name not in listed and name not in {MANIFEST, SIGNATURE}:
            yield Fault(contracts.ADDED, name)


def _own_roots(members: dict[str, _Found]) -> Iterable[bytes]:
    for name, one in members.items():
        if name.startswith("certificates/") and one.content:
            try:
                yield seals.der(bytes(one.content).decode("ascii"))
            except ValueError:
                continue


def _signature(
    members: dict[str, _Found], manifest: dict[str, Any], *, trust: seals.Trust, pinned: bool, at: datetime
) -> tuple[list[Fault], seals.Verdict]:
    """Whether the unit signed this manifest."""
    one = members.get(SIGNATURE)
    if one is None or one.content is None:
        return [Fault(contracts.MISSING, SIGNATURE)], seals.Verdict()
    text = bytes(one.content)
    verdict = seals.check_statement(text, trust=trust, at=at)
    faults = [
        Fault(
            contracts.ROOT_UNKNOWN if pinned and bad.code == "unknown_signer" else contracts.SIGNATURE_BAD,
            SIGNATURE, f"{bad.code} {bad.detail}".strip(),
        )
        for bad in verdict.findings
        if bad.grave
    ]  # fmt: skip
    try:
        statement = json.loads(text)
        claim = statement["payload"]
        plain = canonical(statement).encode() == text
    except (ValueError, KeyError, TypeError, RecursionError):
        return [*faults, Fault(contracts.SIGNATURE_BAD, SIGNATURE, "unreadable")], verdict
    if not plain:
        faults.append(Fault(contracts.CHANGED, SIGNATURE))
    digests = members[MANIFEST].digests
    wanted = {"sha256": digests["sha256"], "sm3": digests["sm3"]}
    same = (
        claim.get("manifest") == wanted
        and claim.get("number") == manifest["number"]
        and claim.get("version") == manifest["version"]
        and statement.get("unit") == manifest.get("unit")
    )
    return ([*faults] if same else [*faults, Fault(contracts.MANIFEST_CHANGED, MANIFEST)]), verdict


def _cover(
    members: dict[str, _Found], manifest: dict[str, Any], *, trust: seals.Trust, at: datetime
) -> Iterable[Fault]:
    one = members.get(COVER)
    if one is None or one.content is None:
        return  # its absence was told by the manifest
    verdict = seals.check_pdf(bytes(one.content), trust=trust, at=at)
    for bad in verdict.findings:
        if bad.grave:
            yield Fault(contracts.COVER_BAD, COVER, bad.code)
    if verdict.ok and verdict.unit != manifest.get("unit"):
        yield Fault(contracts.COVER_BAD, COVER, "unit")


# The ledger -------------------------------------------------------------------------------------------------


def _ledger(members: dict[str, _Found], manifest: dict[str, Any]) -> tuple[int, list[Fault]]:
    """Recompute every chain; gives the number of entries."""
    entries, faults = 0, []
    for head in manifest["ledger"]:
        path = f"ledger/{head['stream']}.jsonl"
        one = members.get(path)
        if one is None or one.content is None:
            continue  # its absence was told by the manifest
        count, last, broken = _chain(bytes(one.content), head["stream"])
        entries += count
        faults += [Fault(contracts.LEDGER_BAD, path, place) for place in broken]
        if (count, last) != (head.get("entries"), head.get("head")):
            faults.append(Fault(contracts.LEDGER_BAD, path, "head"))
    return entries, faults


def _chain(text: bytes, stream: str) -> tuple[int, str, list[str]]:
    """Number of entries, digest of the last one, and the entries that do not fit."""
    previous, count, broken = START, 0, []
    for line in text.splitlines():
        count += 1
        try:
            entry = json.loads(line)
            fits = (
                (entry["stream"], entry["sequence"], entry["previous"]) == (stream, count, previous)
                and _digest(entry) == entry["digest"]
                and _personal_fits(entry)
            )
            previous = str(entry["digest"])
        except (ValueError, KeyError, TypeError, RecursionError):
            fits = False
        if not fits:
            broken.append(str(count))
    return count, previous, broken


def _digest(entry: dict[str, Any]) -> str:
    return entry_digest(
        previous=entry["previous"], stream=entry["stream"], sequence=entry["sequence"], actor=entry["actor"],
        unit=entry["unit"], authority=entry["authority"], act=entry["act"],
        at=datetime.fromisoformat(entry["at"]), body=entry["body"], personal_digest=entry["personal_digest"],
    )  # fmt: skip


def _personal_fits(entry: dict[str, Any]) -> bool:
    """Personal fields stand beside the chain; what is there must be what the chain's salted digest covers."""
    personal = entry.get("personal")
    if not entry["personal_digest"]:
        return personal is None
    if personal is None or set(personal) == {"erased"}:
        return personal is not None
    found = salted_digest(bytes.fromhex(personal["salt"]), personal["text"].encode())
    return found == str(entry["personal_digest"])
