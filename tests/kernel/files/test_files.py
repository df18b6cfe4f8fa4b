import hashlib
import io
import zipfile
import zlib
from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image

from tongban.kernel.files import kinds, selectors, services
from tongban.kernel.files.errors import FileGoneError, UploadError
from tongban.kernel.files.models import Attachment, StoredFile
from tongban.kernel.files.serving import serve

NOW = datetime(2026, 5, 1, 2, tzinfo=UTC)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }


def store(content, name="x"):
    return services.store(content=content, name=name, at=NOW)


def refused(content, name="x"):
    with pytest.raises(UploadError) as caught:
        store(content, name)
    assert StoredFile.objects.count() == 0
    return caught.value


def picture(size=(60, 40), form="JPEG", mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, 128).save(out, form, **options)
    return out.getvalue()


def lying_photo():
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (29.0, 50.0, 0.0)
    return picture((60, 40), exif=exif, comment=b"hidden words")


def pdf(body=b"", *, end=b"startxref\n9\n%%EOF\n", stream=None, kind=b"/ObjStm"):
    packed = b"" if stream is None else zlib.compress(stream)
    part = (
        b""
        if stream is None
        else b"2 0 obj << /Type " + kind + b" >>\nstream\n" + packed + b"\nendstream\nendobj\n"
    )
    return b"%PDF-1.7\n1 0 obj << /Type /Catalog " + body + b" >>\nendobj\n" + part + end


def office(main="word/document.xml", extra=(), **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<document/>")
        for name, content in extra:
            archive.writestr(name, content)
    return out.getvalue()


def ole(*streams):
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 504
        + b"".join(name.encode("utf-16-le") for name in streams)
    )


@pytest.mark.django_db
class TestTakingIn:
    def test_a_photo_stands_upright_and_tells_nothing_but_the_picture(self):
        row = store(lying_photo())
        kept = selectors.content_of(row)
        with Image.open(io.BytesIO(kept)) as image:
            assert image.size == (40, 60)
            assert not dict(image.getexif())
        assert b"SecretCamera" not in kept
        assert b"hidden words" not in kept
        assert row.media_type == "image/jpeg"

    def test_it_lies_under_the_digest_of_what_is_kept(self):
        row = store(pdf())
        assert row.digest == hashlib.sha256(pdf()).hexdigest()
        assert row.size == len(pdf())
        assert default_storage.exists(f"{row.digest[:2]}/{row.digest[2:4]}/{row.digest}")

    def test_the_same_content_is_kept_once(self):
        first, second = store(pdf(), "a.pdf"), store(SimpleUploadedFile("b.pdf", pdf()), "b.pdf")
        assert first.pk == second.pk
        assert StoredFile.objects.count() == 1

    def test_half_a_file_of_a_crash_is_replaced(self):
        digest = hashlib.sha256(pdf()).hexdigest()
        path = f"{digest[:2]}/{digest[2:4]}/{digest}"
        default_storage.save(path, io.BytesIO(pdf()[:10]))
        assert selectors.content_of(store(pdf())) == pdf()

    def test_a_large_picture_is_made_smaller(self):
        row = store(picture((5000, 2500)))
        with Image.open(io.BytesIO(selectors.content_of(row))) as image:
            assert image.size == (4000, 2000)

    @pytest.mark.parametrize(
        ("content", "media_type"),
        [
            (picture(form="PNG"), "image/png"),
            (picture(form="PNG", mode="RGBA"), "image/png"),
            (picture(form="PNG", mode="LA"), "image/png"),
            (picture(form="PNG", mode="1"), "image/png"),
            (picture(form="PNG", mode="P"), "image/png"),
            (picture(form="WEBP"), "image/webp"),
            (picture(form="GIF", mode="P"), "image/png"),
            (picture(mode="CMYK"), "image/jpeg"),
            (picture(mode="L"), "image/jpeg"),
            (pdf(), "application/pdf"),
            (office(), kinds.DOCX.media_type),
            (ole("WordDocument"), "application/msword"),
            (ole("Workbook"), "application/vnd.ms-excel"),
            ("说明：材料齐全\n".encode(), "text/plain"),
            ("说明：材料齐全\r\n".encode("gb18030"), "text/plain"),
        ],
    )
    def test_the_type_is_told_by_the_content(self, content, media_type):
        assert store(content, "whatever.exe").media_type == media_type

    def test_a_real_workbook_is_taken(self):
        out = io.BytesIO()
        book = Workbook()
        for number in range(2000):
            book.active.append([number, "同一行" * 10])
        book.save(out)
        assert store(out.getvalue()).media_type == kinds.XLSX.media_type


@pytest.mark.django_db
class TestRefusals:
    def test_too_big_names_the_limit(self, settings):
        settings.UPLOAD_MAX_BYTES = 2 * 1024 * 1024
        for content in (b"x" * (2 * 1024 * 1024 + 1), io.BytesIO(b"x" * (3 * 1024 * 1024))):
            error = refused(content)
            assert error.code == "size"
            assert "2 MB" in error.message

    @pytest.mark.parametrize(
        "content",
        [
            b"MZ\x90\x00" + b"\0" * 100,
            b"\x7fELF\x02\x01\x01" + b"\0" * 60,
            b"<html><script>alert(1)</script></html>",
            b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
            office(main="nothing.xml"),
            b"PK\x03\x04 broken",
            ole("Something"),
            bytes(range(256)),
        ],
    )
    def test_another_kind_is_refused_naming_what_is_possible(self, content):
        error = refused(content, "照片.jpg")
        assert error.code == "kind"
        assert "JPG" in error.message
        assert "PDF" in error.message

    def test_an_iphone_photo_is_told_how(self):
        error = refused(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 50)
        assert error.code == "heic"
        assert "JPG" in error.message

    def test_an_empty_file(self):
        assert refused(b"", "表.pdf").code == "empty"

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (pdf(end=b""), "broken"),
            (pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "active"),
            (pdf(b"/OpenAction << /S /J#61vaScript >>"), "active"),
            (pdf(b"/A << /S /Launch >>"), "active"),
            (pdf(b"/Names << /EmbeddedFiles 3 0 R >>"), "active"),
            (pdf(stream=b"3 0 << /S /JavaScript >>"), "active"),
            (pdf(stream=b"\0" * (30 * 1024 * 1024)), "bomb"),
            (pdf(end=b"trailer << /Encrypt 5 0 R >>\nstartxref\n9\n%%EOF\n"), "encrypted"),
        ],
    )
    def test_a_pdf_that_is_broken_locked_or_alive(self, content, code):
        assert refused(content).code == code

    def test_chance_bytes_in_a_picture_stream_mean_nothing(self):
        content = pdf().replace(
            b"startxref",
            b"4 0 obj << /Subtype /Image >>\nstream\n..../JS ..../Launch ..\nendstream\nstartxref",
        )
        assert store(content).media_type == "application/pdf"

    @pytest.mark.parametrize(
        ("extra", "code"),
        [
            ([("word/media/a.bin", b"\0" * (60 * 1024 * 1024))], "bomb"),
            ([(f"word/{number}", b"x") for number in range(5001)], "bomb"),
            ([("word/vbaProject.bin", b"x")], "active"),
        ],
    )
    def test_an_office_file_that_bursts_or_carries_macros(self, extra, code):
        assert refused(office(extra=extra)).code == code

    def test_an_old_office_file_with_macros(self):
        assert refused(ole("WordDocument", "_VBA_PROJECT")).code == "active"

    def test_a_broken_picture(self):
        error = refused(picture((600, 400), form="PNG")[:300])
        assert error.code == "broken"
        assert "重新拍照" in error.message

    def test_a_picture_that_is_a_bomb(self):
        out = io.BytesIO()
        Image.new("1", (12_000, 8_000)).save(out, "PNG")
        assert refused(out.getvalue()).code == "pixels"

    def test_a_finding_of_the_scanner(self):
        assert refused(EICAR, "eicar.txt").code == "unsafe"

    def test_while_the_scanner_is_away_nothing_is_taken(self, settings):
        settings.FILE_SCANNERS = ["tongban.kernel.files.scanners.demo_away"]
        error = refused(pdf())
        assert error.code == "scanner_away"
        assert "稍后再试" in error.message


@pytest.mark.django_db
class TestAttaching:
    def attach(self, *, docket=1, slot="id-card", name="我的 身份证.JPEG", content=None):
        row = store(content or picture())
        return services.attach(docket_id=docket, slot=slot, file=row, name=name, by="person:7", at=NOW)

    def disposition(self, file, **options):
        response = serve(file=file, name="a", **options)
        response.close()
        return response["Content-Disposition"]

    def test_attachments_of_a_docket_in_order_without_those_taken_away(self, django_assert_num_queries):
        first, second, other = self.attach(), self.attach(slot="floor-plan"), self.attach(docket=2)
        with django_assert_num_queries(1):
            rows = selectors.attachments(1)
            assert [row.file.media_type for row in rows] == ["image/jpeg"] * 2
        assert rows == [first, second]
        assert selectors.attachments(1, slot="floor-plan") == [second]
        services.detach(attachment=first, at=NOW)
        assert selectors.attachments(1) == [second]
        assert selectors.attachments(1, removed=True) == [first, second]
        assert selectors.attachments_of([1, 2, 3]) == {1: [second], 2: [other]}
        assert Attachment.objects.count() == 3

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("我的 身份证.JPEG", "我的 身份证.jpg"),
            ("..\\..\\windows\\a.exe", "a.jpg"),
            ("/etc/passwd", "passwd.jpg"),
            ("photo\u202egpj.exe", "photogpj.jpg"),
            ("a\r\nb.jpg", "ab.jpg"),
            ('x<>:"|?*.jpg', "x_______.jpg"),
            ("", "文件.jpg"),
            ("长" * 300 + ".jpg", "长" * 120 + ".jpg"),
        ],
    )
    def test_a_name_is_made_safe_and_tells_the_true_type(self, given, kept):
        assert self.attach(name=given).name == kept

    def test_a_picture_is_shown_under_safe_headers(self):
        row = self.attach()
        response = serve(file=row.file, name=row.name)
        assert b"".join(response.streaming_content) == selectors.content_of(row.file)
        assert response["Content-Type"] == "image/jpeg"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"].startswith("default-src 'none'")
        assert response["Cache-Control"] == "private, no-store"
        assert response["Content-Disposition"].startswith("inline;")
        assert "filename*=utf-8''%E6%88%91%E7%9A%84%20" in response["Content-Disposition"]
        response.close()
        assert self.disposition(row.file, download=True).startswith("attachment")

    @pytest.mark.parametrize("content", [office(), ole("Workbook"), b"text"])
    def test_office_files_and_texts_are_for_download_only(self, content):
        row = store(content)
        assert self.disposition(row).startswith("attachment")

    def test_a_content_that_is_gone_is_told(self):
        row = store(pdf())
        default_storage.delete(row.path)
        with pytest.raises(FileGoneError):
            serve(file=row, name="a.pdf")
        with pytest.raises(FileGoneError):
            selectors.content_of(row)
