"""Everything of a closed docket as members of a package."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.utils.dateparse import parse_datetime

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.files.selectors import attachments_of, content_of
from tongban.kernel.files.services import clean_name
from tongban.kernel.ledger.proofs import anchored, proofs
from tongban.kernel.ledger.rules import canonical, instant
from tongban.registers.archive.contracts import FORMAT, METADATA, Contribution, Member

README = """这是一件电子档案：一个办结的案卷和它的全部文件。
manifest.json 列出每个文件的大小和 SHA-256、SM3 摘要；signature.json 是归档单位对它的签名（SM2 和 P-256）。
验证：tongban archive verify 文件 --root 根证书。不需要数据库和密钥。
ledger/ 是台账：每行一条，digest 覆盖前一条的 digest 和本条的全部内容，改动、删除、插入都能查出。

An electronic archive: one closed docket with all its files. manifest.json lists size, SHA-256 and SM3 of every
member; signature.json is the signature of the archiving unit over it (SM2 and P-256). To verify:
tongban archive verify FILE --root ROOT.pem. Neither database nor key is needed. ledger/ holds the ledger's
chain: each line's digest covers the previous digest and everything that the entry says.
"""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The members without cover, manifest and signature, and the heads of the ledger's streams."""

    members: list[Member]
    heads: list[dict[str, Any]]


def gather(
    row: kernel.DocketRow, family: Sequence[kernel.DocketRow], part: Contribution, *, at: datetime
) -> Gathered:
    """Collect a docket with everything it owns.

    :param family: the docket first, then what it owns
    """
    members = [Member("README.txt", README.encode()), _metadata(row, part, at=at)]
    members += [_json(f"dockets/{one.number}.json", _docket(one)) for one in family]
    members += part.documents
    members += _files(family)
    heads: list[dict[str, Any]] = []
    for one in family:
        lines = proofs(one.number, at=at)
        text = "".join(canonical(line) + "\n" for line in lines)
        members.append(Member(f"ledger/{one.number}.jsonl", text.encode()))
        last = lines[-1]
        recorded = parse_datetime(last["recorded_at"])
        heads.append(
            {
                "stream": one.number, "entries": len(lines), "head": last["digest"],
                "anchor": anchored(recorded) if recorded else None,
            }
        )  # fmt: skip
    return Gathered(members, heads)


def _json(path: str, value: Any) -> Member:
    """Readable JSON, the same text for the same value."""
    plain = json.loads(canonical(value))
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=1)
    return Member(path, text.encode() + b"\n")


def _metadata(row: kernel.DocketRow, part: Contribution, *, at: datetime) -> Member:
    """Who, what, when: the elements that 档案法 第三十七条 asks of an electronic record."""
    unit = actors.live_unit(row.unit) or actors.unit(row.unit)
    region = actors.region(row.region)
    return _json(METADATA, {
        "format": FORMAT, "number": row.number, "kind": row.kind, "title": row.title, "subject": row.subject,
        "state": row.state, "outcome": row.outcome, "channel": row.channel,
        "unit": {"id": unit.id, "name": unit.name, "uscc": unit.uscc},
        "region": {"code": region.code, "name": region.name},
        "applicant": actors.party_name(row.applicant), "agent": actors.party_name(row.agent) if row.agent else "",
        "opened_at": row.opened_at, "closed_at": row.closed_at, "archived_at": instant(at),
        "retention_years": part.retention_years, "more": part.metadata,
    })  # fmt: skip


def _docket(row: kernel.DocketRow) -> dict[str, Any]:
    kept = (
        "number", "kind", "state", "title", "unit", "officer", "applicant", "agent", "region", "channel", "subject",
        "opened_at", "due_at", "closed_at", "outcome", "revision", "flow_version", "ledger_head",
    )  # fmt: skip
    return {name: getattr(row, name) for name in kept}


def _files(family: Sequence[kernel.DocketRow]) -> list[Member]:
    """Every file ever attached, also those taken away, numbered in the order in which they came."""
    found = attachments_of([one.id for one in family], removed=True)
    members, listed = [], []
    for one in family:
        for place, row in enumerate(found.get(one.id, ()), start=1):
            path = f"files/{one.number}/{place:03}-{_plain(row.name)}"
            members.append(Member(path, content_of(row.file)))
            listed.append({
                "path": path, "slot": row.slot, "name": row.name, "type": row.file.media_type,
                "added_by": row.added_by, "added_at": row.added_at, "removed_at": row.removed_at,
            })  # fmt: skip
    return [*members, _json("files/index.json", listed)] if listed else []


def _plain(name: str) -> str:
    """A name that every system can unpack: no folder, no sign with a meaning, at most 80 characters."""
    tidy = clean_name(name).replace("\\", "_").replace("/", "_")
    stem, dot, suffix = tidy.rpartition(".")
    return f"{stem[:70]}.{suffix[:9]}" if dot else tidy[:80]


def digests(content: bytes) -> dict[str, Any]:
    """Size, SHA-256 and SM3 of a member as the manifest has them."""
    national = hashes.Hash(hashes.SM3())
    national.update(content)
    return {
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "sm3": national.finalize().hex(),
    }
