"""Pictures are drawn anew, so that nothing but the picture is kept: no place, no camera, nothing hidden."""

from __future__ import annotations

from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from tongban.kernel.files.errors import UploadError
from tongban.kernel.files.kinds import GIF, JPEG, PNG, WEBP, Kind

MAX_SIDE = 4000  # px: a paper A4 at 340 dpi
MAX_PIXELS = 80_000_000
_FORMATS = {JPEG.media_type: "JPEG", PNG.media_type: "PNG", WEBP.media_type: "WEBP", GIF.media_type: "GIF"}
_PLAIN_MODES = {"1", "L", "RGB"}


def redraw(content: bytes, *, kind: Kind) -> tuple[bytes, Kind]:
    """The picture upright, at most 4000 px wide and high, without metadata; a GIF becomes a PNG of its first frame.

    :raises UploadError: broken, or too many pixels
    """
    name = _FORMATS[kind.media_type]
    try:
        with Image.open(BytesIO(content), formats=[name]) as source:
            if source.width * source.height > MAX_PIXELS:
                raise _too_large()
            source.draft("RGB", (MAX_SIDE, MAX_SIDE))  # JPEG only: decodes at a fraction of the size
            picture = ImageOps.exif_transpose(source)
            picture.thumbnail((MAX_SIDE, MAX_SIDE))
            return _encode(picture, name), (PNG if kind is GIF else kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UploadError("broken", _("图片打不开，可能已损坏。请重新拍照或另存后再上传。")) from error


def _too_large() -> UploadError:
    limit = MAX_PIXELS // 1_000_000
    return UploadError("pixels", _("图片超过 %(limit)d 百万像素。请缩小后再上传。") % {"limit": limit})


def _encode(picture: Image.Image, name: str) -> bytes:
    see_through = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    if name == "JPEG" or not see_through:
        plain = picture if picture.mode in _PLAIN_MODES else picture.convert("RGB")
    else:
        plain = picture.convert("RGBA")
    plain.info.clear()  # Pillow would write EXIF, comments and colour profiles again
    out = BytesIO()
    if name == "JPEG":
        (plain.convert("L") if plain.mode == "1" else plain).save(out, "JPEG", quality=88, optimize=True)
    elif name == "WEBP":
        (plain if plain.mode in {"RGB", "RGBA"} else plain.convert("RGB")).save(out, "WEBP", quality=88)
    else:
        plain.save(out, "PNG", optimize=True)
    return out.getvalue()
