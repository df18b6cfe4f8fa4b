"""Write to streams other than a docket's, seal the day, find what was changed."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db.models import Max, Q

from tongban.kernel import store
from tongban.kernel.bulk import text_of
from tongban.kernel.contracts import Actor, Happening
from tongban.kernel.docket.models import Docket
from tongban.kernel.ledger import personal as privacy
from tongban.kernel.ledger.models import Anchor, Entry, PersonalField, SubjectKey
from tongban.kernel.ledger.rules import START, canonical, entry_digest, instant, parts_digest

ANCHOR_FORMAT = "tongban-anchor-1"


def record(
    *,
    stream: str,
    act: str,
    actor: Actor,
    at: datetime,
    data: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
    subject: str = "",
    authority: str = "",
) -> str:
    """Append one entry to a register's stream (sign-ins, publishing, unmaskings, …).

    :param stream: ``account:12``, ``matter:0103100200`` …; dockets' own streams are written by moves
    :param data: public facts; `personal` ones are encrypted under `subject`'s key
    :return: the entry's place, ``stream#sequence``
    """
    with store.writing():
        sequence, previous = store.head_of(stream)
        sequence += 1
        entry: dict[str, Any] = {
            "stream": stream, "sequence": sequence, "actor": actor.id, "unit": actor.unit,
            "authority": authority, "act": act, "body": canonical(data or {}), "personal_digest": "",
            "at": at, "previous": previous,
        }  # fmt: skip
        sealed = None
        if personal:
            sealed = privacy.seal(personal, subject=subject or stream, bound_to=f"{stream}#{sequence}", at=at)
            entry["personal_digest"] = sealed.digest
        entry["digest"] = entry_digest(**entry)
        ids = store.insert_entries([entry], with_ids=bool(personal))
        if sealed:
            store.insert_personal([(ids[(stream, sequence)], sealed.subject, sealed.secret)])
    return f"{stream}#{sequence}"


class Beginning(NamedTuple):
    """The first entry of a new stream, with public facts only."""

    stream: str
    act: str
    body: dict[str, Any]


_FIRST = (
    "stream", "sequence", "actor", "unit", "authority", "act", "body", "personal_digest", "at", "previous", "digest",
)  # fmt: skip


def beginnings(entries: Sequence[Beginning], *, actor: Actor, at: datetime) -> list[tuple[Any, ...]]:
    """The first entries of many new streams, as rows for `begin_streams`. Asks no database."""
    recorded, covered = text_of(at), instant(at)
    rows = []
    for one in entries:
        body = canonical(one.body)
        digest = parts_digest(START, one.stream, "1", actor.id, actor.unit, "", one.act, covered, "", body)
        rows.append((one.stream, 1, actor.id, actor.unit, "", one.act, body, "", recorded, START, digest))
    return rows


def begin_streams(rows: Sequence[tuple[Any, ...]]) -> None:
    """Begin many new streams at once, inside `writing`: for registers that take over a stock.

    A stream that exists already is a fault of the caller, and an integrity error.
    """
    store.bulk_rows("kernel_entry", _FIRST, rows)


def history(stream: str, *, at: datetime, with_personal: bool = False) -> list[Happening]:
    """Every entry of a stream, oldest first.

    :param with_personal: also decrypt personal fields; an erased field is ``{"erased": place}``
    """
    entries = list(Entry.objects.filter(stream=stream).order_by("sequence"))
    sealed = (
        {row.entry_id: row for row in PersonalField.objects.filter(entry__in=entries)}
        if with_personal
        else {}
    )
    return [
        Happening(
            sequence=entry.sequence,
            at=entry.at,
            actor=entry.actor,
            unit=entry.unit,
            authority=entry.authority,
            act=entry.act,
            body=json.loads(entry.body),
            personal=_read(entry, sealed.get(entry.id), at=at),
            digest=entry.digest,
        )
        for entry in entries
    ]


def _read(entry: Entry, row: PersonalField | None, *, at: datetime) -> dict[str, Any] | None:
    if row is None:
        return None
    try:
        return privacy.unseal(
            bytes(row.sealed), subject=row.subject, bound_to=f"{entry.stream}#{entry.sequence}",
            digest=entry.personal_digest, at=at,
        )  # fmt: skip
    except privacy.Erased as gone:
        return {"erased": gone.by}


def erase_subject(subject: str, *, actor: Actor, at: datetime, reason: str) -> str:
    """Destroy a subject's key: lawful erasure (个人信息保护法 第四十七条).

    :return: the place of the entry that says so, which `verify` quotes for every erased field
    """
    with store.writing():
        place = record(stream=f"erasure:{subject}", act="erase", actor=actor, at=at, data={"reason": reason})
        lives = Q(subject=subject) | Q(subject__startswith=f"{subject}+")
        SubjectKey.objects.filter(lives, erased_by="").update(wrapped=b"", erased_by=place)
    return place


def anchor_key() -> Ed25519PrivateKey:
    """The signing key of anchors, kept in a file outside the database; made on first use."""
    path: Path = settings.ANCHOR_KEY_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = Ed25519PrivateKey.generate()
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        path.chmod(0o600)
        return key
    loaded = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(loaded, Ed25519PrivateKey):
        raise TypeError(f"{path.name} holds no Ed25519 key")
    return loaded


def public_key() -> str:
    """The key that anchors are checked with, in hex: publish it."""
    raw = anchor_key().public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return raw.hex()


def _heads(until: datetime) -> Iterator[tuple[str, int, str]]:
    latest = (
        Entry.objects.filter(recorded_at__lt=until)
        .values("stream")
        .annotate(last=Max("sequence"))
        .order_by("stream")
    )
    digests = {
        (stream, sequence): digest
        for stream, sequence, digest in Entry.objects.filter(
            recorded_at__lt=until, id__in=Entry.objects.filter(recorded_at__lt=until)
            .values("stream").annotate(last=Max("id")).values("last")
        ).values_list("stream", "sequence", "digest")
    }  # fmt: skip
    for row in latest.iterator():
        yield row["stream"], row["last"], digests[(row["stream"], row["last"])]


def seal(*, until: datetime, at: datetime, folder: Path) -> Path:
    """Seal everything recorded before `until`: list every stream's head, sign the list.

    The file (gzip, one JSON value a line: header, heads, signature) belongs outside this machine.

    :param until: an instant in the past that no open transaction can still write before
    :return: the anchor file
    """
    with store.writing():
        previous = Anchor.objects.order_by("-recorded_until").first()
        heads = list(_heads(until))
        entries = Entry.objects.filter(recorded_at__lt=until).count()
        header: dict[str, Any] = {
            "format": ANCHOR_FORMAT, "recorded_until": instant(until), "sealed_at": instant(at),
            "streams": len(heads), "entries": entries, "previous": previous.digest if previous else START,
        }  # fmt: skip
        digest = _anchor_digest(header, heads)
        signature = anchor_key().sign(bytes.fromhex(digest)).hex()
        path = folder / f"anchor-{until:%Y%m%dT%H%M%S}.jsonl.gz"
        folder.mkdir(parents=True, exist_ok=True)
        _write_anchor(path, header, heads, digest, signature)
        Anchor.objects.update_or_create(
            recorded_until=until,
            defaults={
                "streams": len(heads), "entries": entries, "digest": digest, "previous": header["previous"],
                "signature": signature, "sealed_at": at,
            },
        )  # fmt: skip
    return path


def newest_anchor() -> Path | None:
    """The anchor that was sealed last into this installation's folder; None where there is none."""
    return max((settings.DATA / "anchors").glob("anchor-*.jsonl.gz"), default=None)


def _anchor_digest(header: dict[str, Any], heads: list[tuple[str, int, str]]) -> str:
    digest = hashlib.sha256(canonical(header).encode())
    for head in heads:
        digest.update(canonical(list(head)).encode() + b"\n")
    return digest.hexdigest()


def _write_anchor(
    path: Path, header: dict[str, Any], heads: list[tuple[str, int, str]], digest: str, signature: str
) -> None:
    part = path.with_suffix(".part")
    with gzip.open(part, "wt", encoding="utf-8") as file:
        file.write(canonical(header) + "\n")
        for head in heads:
            file.write(canonical(list(head)) + "\n")
        file.write(canonical({"digest": digest, "signature": signature, "key": public_key()}) + "\n")
    part.replace(path)


@dataclass(slots=True)
class Verdict:
    """What `verify` found. `faults` are changes; empty means the ledger is whole."""

    entries: int = 0
    streams: int = 0
    erased: int = 0
    not_anchored: int = 0
    anchored_until: str = ""
    faults: list[str] = field(default_factory=list)


def verify(*, anchor: Path | None, at: datetime, trusted_key: str = "") -> Verdict:
    """Recompute every chain; compare with an anchor and with the dockets' heads.

    :param anchor: an anchor file; anything changed before it is found even if the whole chain
        was rewritten. Without it only breaks inside the chains are found
    :param trusted_key: public key in hex that must have signed the anchor; by default this
        installation's own
    """
    verdict = Verdict()
    heads: dict[str, tuple[int, str]] = {}
    if anchor:
        heads = _read_anchor(anchor, verdict, trusted_key or public_key())
    last = _walk(verdict, heads, at)
    for stream, (sequence, _digest) in heads.items():
        found = last.get(stream, (0, ""))[0]
        if found < sequence:
            verdict.faults.append(f"{stream}: entries {found + 1} to {sequence} of the anchor are gone")
    _compare_dockets(verdict, last)
    return verdict


def _read_anchor(path: Path, verdict: Verdict, trusted: str) -> dict[str, tuple[int, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    header, heads, tail = lines[0], [tuple(line) for line in lines[1:-1]], lines[-1]
    digest = _anchor_digest(header, heads)
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(trusted)).verify(
            bytes.fromhex(tail["signature"]), bytes.fromhex(digest)
        )
    except InvalidSignature:
        verdict.faults.append("the anchor's signature does not fit its content and the trusted key")
    verdict.anchored_until = header["recorded_until"]
    return {stream: (sequence, head) for stream, sequence, head in heads}


def _walk(verdict: Verdict, heads: dict[str, tuple[int, str]], at: datetime) -> dict[str, tuple[int, str]]:
    """Check every entry in order; gives sequence and digest of each stream's last one."""
    last: dict[str, tuple[int, str]] = {}
    sealed = set(PersonalField.objects.values_list("entry_id", flat=True))
    stream, previous, sequence = "", START, 0
    for entry in Entry.objects.order_by("stream", "sequence").iterator(chunk_size=5000):
        if entry.stream != stream:
            stream, previous, sequence = entry.stream, START, 0
            verdict.streams += 1
        verdict.entries += 1
        sequence += 1
        place = f"{entry.stream}#{entry.sequence}"
        if entry.sequence != sequence:
            verdict.faults.append(f"{place}: entry {sequence} is missing before it")
            sequence = entry.sequence
        if entry.previous != previous or _digest(entry) != entry.digest:
            verdict.faults.append(f"{place}: the entry or the one before it was altered")
        anchored = heads.get(entry.stream)
        if anchored is None or entry.sequence > anchored[0]:
            verdict.not_anchored += 1
        elif entry.sequence == anchored[0] and entry.digest != anchored[1]:
            verdict.faults.append(f"{place}: differs from the anchored head")
        if entry.personal_digest:
            _check_personal(verdict, entry, present=entry.id in sealed, at=at)
        previous = entry.digest
        last[stream] = (sequence, entry.digest)
    return last


def _digest(entry: Entry) -> str:
    return entry_digest(
        previous=entry.previous, stream=entry.stream, sequence=entry.sequence, actor=entry.actor,
        unit=entry.unit, authority=entry.authority, act=entry.act, at=entry.at, body=entry.body,
        personal_digest=entry.personal_digest,
    )  # fmt: skip


def _check_personal(verdict: Verdict, entry: Entry, *, present: bool, at: datetime) -> None:
    place = f"{entry.stream}#{entry.sequence}"
    if not present:
        verdict.faults.append(f"{place}: its personal fields are gone without an erasure")
        return
    try:
        read = _read(entry, PersonalField.objects.get(entry=entry), at=at)
    except ValueError as error:
        verdict.faults.append(f"{place}: {error}")
        return
    if read and set(read) == {"erased"}:
        verdict.erased += 1


def _compare_dockets(verdict: Verdict, last: dict[str, tuple[int, str]]) -> None:
    rows = Docket.objects.values_list("number", "revision", "ledger_head")
    for number, revision, head in rows.iterator(chunk_size=5000):
        if last.get(number) != (revision, head):
            verdict.faults.append(f"{number}: the docket does not stand where its ledger ends")
