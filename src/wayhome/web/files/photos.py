"""A photo, made into a page of a PDF: upright, and with nothing in it but what is seen."""

from __future__ import annotations

import warnings
from io import BytesIO

import img2pdf
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from wayhome.web.files.what_is_taken import Refused, Why

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF")
_WITH_PAGES = "TIFF"
_LOSSLESS = ("PNG", "GIF", "TIFF")
# A phone's largest photos are JPEGs, which are opened at half or a quarter of their size.
MOST_PIXELS_OF_JPEG, MOST_PIXELS = 220_000_000, 40_000_000
MOST_PAGES = 60
# A page of letter paper at 300 dots an inch.
LONGEST_SIDE = 3300
_QUALITY = 85
_LETTER = (img2pdf.in_to_pt(8.5), img2pdf.in_to_pt(11))

TOO_LARGE = "This picture has too many dots to be opened safely. Send a smaller one."
DAMAGED = "This picture is damaged, or was not sent to its end. Take it again and send that."


def photo_as_pdf(data: bytes) -> bytes:
    """The picture's pages as a PDF. Everything beside the dots (place, time, owner) is gone.

    Raises Refused.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            Image.MAX_IMAGE_PIXELS = MOST_PIXELS_OF_JPEG
            pages = _pages(data)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused(TOO_LARGE, Why.DOTS) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, TypeError):
        raise Refused(DAMAGED, Why.DAMAGED) from None
    layout = img2pdf.get_layout_fun(pagesize=_LETTER, auto_orient=True, fit=img2pdf.FitMode.into)
    # Its own engine: another writes the second into the file, and a photo that is sent twice is
    # then two.
    engine = img2pdf.Engine.internal
    made = img2pdf.convert(pages, layout_fun=layout, nodate=True, producer="", engine=engine)
    return bytes(made)


def _pages(data: bytes) -> list[bytes]:
    with Image.open(BytesIO(data), formats=_FORMATS) as image:
        is_jpeg = image.format in ("JPEG", "MPO")
        if image.width * image.height > (MOST_PIXELS_OF_JPEG if is_jpeg else MOST_PIXELS):
            raise Refused(TOO_LARGE, Why.DOTS)
        if is_jpeg:
            image.draft("RGB", _drafted(image.size))
        is_lossless = image.format in _LOSSLESS
        if image.format != _WITH_PAGES:
            return [_page(image, is_lossless)]
        if getattr(image, "n_frames", 1) > MOST_PAGES:
            raise Refused(
                f"This file has more than {MOST_PAGES} pages. Send it in parts.", Why.PAGES
            )
        return [_page(frame, is_lossless) for frame in ImageSequence.Iterator(image)]


def _drafted(size: tuple[int, int]) -> tuple[int, int]:
    """The size below which a JPEG is not to be opened: it keeps its shape."""
    scale = min(1.0, LONGEST_SIDE / max(size))
    return round(size[0] * scale), round(size[1] * scale)


def _page(image: Image.Image, is_lossless: bool) -> bytes:
    """One picture: turned upright, on white, no larger than a page needs, its dots only."""
    if image.width * image.height > MOST_PIXELS:
        raise Refused(TOO_LARGE, Why.DOTS)
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = _on_white(upright)
    # A new picture takes over no notes of the old one.
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    out = BytesIO()
    if is_lossless:
        bare.save(out, "PNG")
    else:
        bare.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("L", "RGB"):
        return image
    if image.mode == "1":
        return image.convert("L")
    if "A" in image.getbands() or "transparency" in image.info:
        whole = image.convert("RGBA")
        white = Image.new("RGB", whole.size, "white")
        white.paste(whole, mask=whole.getchannel("A"))
        return white
    return image.convert("RGB")
