"""Which files are taken, and what is left of them."""

import zlib
from io import BytesIO

import pikepdf
import pytest
from PIL import Image
from tests.web import files_made as made

from wayhome.web.files.apart import CANNOT, safe_file_apart
from wayhome.web.files.jpeg_notes import without_notes
from wayhome.web.files.kinds import DOCX, PDF, XLSX, Refused, safe_file
from wayhome.web.files.office import BOMB


def pictures(data):
    """The pictures of a PDF, page by page, as they are seen."""
    with pikepdf.Pdf.open(BytesIO(data)) as found:
        return [
            pikepdf.PdfImage(image).as_pil_image().convert("RGB")
            for page in found.pages
            for image in page.get_images().values()
        ]


def text_of(data):
    """Everything in a PDF, unpacked."""
    with pikepdf.Pdf.open(BytesIO(data)) as found:
        out = BytesIO()
        found.save(
            out,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_it_makes_a_photo_a_page_and_takes_out_where_it_was_taken(kind):
    photo = made.photo(kind=kind)
    assert b"SecretPhoneMaker" in photo
    safe = safe_file(photo)
    assert safe.content_type == PDF
    everything = text_of(safe.data)
    assert b"SecretPhoneMaker" not in everything
    assert b"Exif" not in everything
    (seen,) = pictures(safe.data)
    assert not seen.getexif()


def test_it_turns_a_photo_upright():
    (seen,) = pictures(safe_file(made.photo(size=(300, 200))).data)
    assert seen.size == (200, 300)
    red, white = seen.getpixel((100, 40)), seen.getpixel((100, 260))
    assert (red[1] < 100, white[1] > 200) == (True, True)


def test_it_keeps_every_page_of_a_fax():
    out = BytesIO()
    first, *more = [Image.new("1", (100, 140), n % 2) for n in range(3)]
    first.save(out, "TIFF", save_all=True, append_images=more)
    assert len(pictures(safe_file(out.getvalue()).data)) == 3


def test_it_puts_a_picture_with_holes_on_white():
    out = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    (seen,) = pictures(safe_file(out.getvalue()).data)
    assert seen.getpixel((5, 5)) == (255, 255, 255)


def test_it_makes_a_large_photo_no_larger_than_a_page_needs():
    (seen,) = pictures(safe_file(made.photo(size=(8000, 6000))).data)
    assert max(seen.size) <= 3300


def png_that_says(width, height):
    def chunk(name, data):
        check = zlib.crc32(name + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + name + data + check

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    body = chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body


@pytest.mark.parametrize("size", [(8000, 8000), (20_000, 20_000), (60_000, 60_000)])
def test_it_refuses_a_picture_that_swells(size):
    with pytest.raises(Refused, match="too many dots"):
        safe_file(png_that_says(*size))


def test_it_refuses_a_picture_that_was_cut_off():
    with pytest.raises(Refused, match="not sent to its end"):
        safe_file(made.photo()[:600])


def test_it_takes_programs_and_notes_out_of_a_pdf():
    data = made.pdf(change=made.with_script)
    assert b"app.alert" in text_of(data)
    everything = text_of(safe_file(data).data)
    for trace in (b"app.alert", b"JavaScript", b"Launch", b"calc.exe", b"javascript:", b"Author"):
        assert trace not in everything
    assert b"https://example.org/" in everything


def test_it_takes_files_within_a_pdf_out():
    data = made.pdf(change=made.with_attachment)
    everything = text_of(safe_file(data).data)
    assert b"harm" not in everything
    assert b"EmbeddedFile" not in everything


def test_it_takes_the_place_out_of_photos_in_a_pdf():
    data = made.pdf(change=made.with_photo)
    assert b"SecretPhoneMaker" in data
    safe = safe_file(data).data
    assert b"SecretPhoneMaker" not in text_of(safe)
    (seen,) = pictures(safe)
    assert seen.size == (300, 200)


def test_it_keeps_the_pages_and_the_filled_fields_of_a_pdf():
    def change(pdf):
        field = pikepdf.Dictionary(T="name", FT=pikepdf.Name.Tx, V="Invented ማርያም")
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[pdf.make_indirect(field)])

    with pikepdf.Pdf.open(BytesIO(safe_file(made.pdf(pages=3, change=change)).data)) as found:
        assert len(found.pages) == 3
        assert str(found.Root.AcroForm.Fields[0].V) == "Invented ማርያም"


def test_it_takes_a_pdf_that_is_locked_only_against_change():
    how = pikepdf.Encryption(owner="secret", user="")
    with pikepdf.Pdf.open(BytesIO(safe_file(made.pdf(encryption=how)).data)) as found:
        assert not found.is_encrypted


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"just a text", "Send a PDF"),
        (made.SVG, "SVG can hold programs"),
        (made.HTML, "web page can hold programs"),
        (b"\xef\xbb\xbf  <svg/>", "SVG"),
        (b"MZ\x90\0" + b"\0" * 100, "program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, r"\.docx"),
        (b"%PDF-1.7\n" + b"nothing" * 40, "damaged"),
        (b"junk %PDF-1.7", "before its beginning"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 100, "HEIC"),
        (made.pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "locked with a password"),
        (made.office(main="harmless.txt"), "packed"),
        (made.office(word__vbaProject_bin=b"1").replace(b"_bin", b".bin"), "macros"),
        (made.zip_bomb(), "unpacks to far more"),
        (made.zip_that_lies(), "damaged"),
        (made.office()[:-40], "damaged"),
        (made.photo() + made.office(), "two kinds"),
        (made.pdf() + made.office(), "two kinds"),
        (made.photo(comment=b"%PDF-1.4 <html>"), "two kinds"),
        (made.photo() + b"<script>harm()</script>", "two kinds"),
        (b"GIF89a/*<svg onload=harm()>*/=1;", "two kinds"),
    ],
)
def test_it_refuses_with_a_plain_sentence(data, said):
    with pytest.raises(Refused, match=said) as refusal:
        safe_file(data)
    assert str(refusal.value).endswith(".")


def test_it_takes_word_and_excel_files_as_they_are():
    for main, kind in (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX)):
        data = made.office(main=main)
        assert (safe_file(data).content_type, safe_file(data).data) == (kind, data)


@pytest.mark.parametrize(
    ("target", "is_taken"),
    [
        (b'Type="x/attachedTemplate" Target="https://example.org/a.dotm"', False),
        (b'Type="x/image" Target="//server/a.png"', False),
        (b'Type="x/hyperlink" Target="https://example.org/"', True),
        (b'Type="x/attachedTemplate" Target="file:///C:\\Normal.dotm"', True),
    ],
)
def test_it_refuses_a_word_file_that_fetches_something(target, is_taken):
    rels = b'<Relationships><Relationship TargetMode="External" ' + target + b"/></Relationships>"
    data = made.office(**{"word___rels__document.xml.rels": rels})
    if is_taken:
        assert safe_file(data).content_type == DOCX
    else:
        with pytest.raises(Refused, match="fetches"):
            safe_file(data)


def test_it_takes_notes_out_of_a_jpeg_without_changing_a_dot():
    photo = made.photo(comment=b"secret comment")
    bare = without_notes(photo)
    assert b"secret" not in bare
    assert b"SecretPhoneMaker" not in bare
    one, other = (Image.open(BytesIO(d)).convert("RGB").tobytes() for d in (photo, bare))
    assert one == other
    assert without_notes(b"not a picture") == b"not a picture"


def test_it_is_the_same_file_when_it_is_sent_twice():
    for data in (made.photo(), made.pdf(change=made.with_script)):
        assert safe_file(data) == safe_file(data)


def test_it_opens_files_in_a_process_of_its_own():
    assert safe_file_apart(made.pdf()).content_type == PDF
    with pytest.raises(Refused, match="SVG"):
        safe_file_apart(made.SVG)


def test_it_outlives_a_file_that_swells(monkeypatch):
    monkeypatch.setattr("wayhome.web.files.apart.MOST_SECONDS", 0.01)
    with pytest.raises(Refused, match=CANNOT.split(".", maxsplit=1)[0]):
        safe_file_apart(made.pdf())
    assert BOMB.endswith(".")
