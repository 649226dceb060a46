"""Which files are taken, and what is left of them."""

import time
import zlib
from io import BytesIO

import pikepdf
import pytest
from docx import Document
from openpyxl import Workbook
from PIL import Image
from tests.web import files_made as made

from wayhome.web.files.apart import CANNOT, safe_file_apart
from wayhome.web.files.jpeg_notes import without_notes
from wayhome.web.files.kinds import safe_file
from wayhome.web.files.office import BOMB
from wayhome.web.files.what_is_taken import DOCX, PDF, XLSX, Refused


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


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FAR = 'Target="http://example.org/t.dotm" TargetMode="External"'


def relations(attributes, kind="attachedTemplate"):
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    one = f'<Relationship Id="r9" Type="{OFFICE}{kind}" {attributes}/>'
    return f'<Relationships xmlns="{package}">{one}</Relationships>'


def with_relations(text, name="word___rels__document.xml.rels"):
    return made.office(**{name: text if isinstance(text, bytes) else text.encode()})


def field(*runs):
    said = "".join(f"<w:r><w:instrText>{run}</w:instrText></w:r>" for run in runs)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{k}"/></w:r>' for k in ("begin", "end"))
    return begin + said + end


def with_text(body):
    text = f"<w:document {WORD}><w:body><w:p>{body}</w:p></w:body></w:document>"
    return made.office(**{"word__document.xml": text.encode()})


@pytest.mark.parametrize(
    "data",
    [
        with_relations(relations(FAR)),
        with_relations(relations(FAR.replace('"', "'"))),
        with_relations(relations(FAR.replace("=", " = "))),
        with_relations(relations(FAR.replace("External", "Ext&#101;rnal"))),
        with_relations(relations(FAR.replace("External", "external"))),
        with_relations(relations(FAR.replace("t.dotm", "hyperlink/t.dotm"))),
        with_relations(relations(FAR, kind="image/hyperlink")),
        with_relations(relations('Target="http://example.org/t.dotm"')),
        with_relations(relations('Target="\\\\host\\t.dotm"')),
        with_relations(relations('Target="file:///\\\\host\\t.dotm" TargetMode="External"')),
        with_relations(relations('Target="file://host/t.dotm" TargetMode="External"')),
        with_relations(relations('Target="file:///c:/x" TargetMode="External"', kind="image")),
        with_relations(relations(FAR.replace("http:", "file:"), kind="hyperlink")),
        with_relations(relations(FAR.replace("http:", "ms-word:"), kind="hyperlink")),
        with_relations(relations('Target="a.html"', kind="aFChunk")),
        with_relations(
            ('<?xml version="1.0" encoding="UTF-16"?>' + relations(FAR)).encode("utf-16")
        ),
        with_relations(relations(FAR), name="word___rels__document.xml.RELS"),
        with_relations(relations(FAR), name="word___rels__other.bin"),
        with_relations(
            relations(FAR).replace("<Relationship ", '<p:Relationship xmlns:p="urn:x" ')
        ),
        with_relations("<!DOCTYPE a>" + relations("Target='a.xml'", kind="styles")),
        with_relations(
            '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///x">]>'
            "<a>&x;</a>".encode("utf-16"),
            name="word__more.xml",
        ),
        with_text('<w:fldSimple w:instr=" DDEAUTO c:\\cmd.exe &quot;/k x&quot;"/>'),
        with_text('<w:fldSimple w:instr="INCLUDEPICTURE &quot;http://example.org/x.png&quot;"/>'),
        with_text(field("DDE", "AUTO cmd")),
        with_text(field(" i", "nclude", "text x")),
        with_text(
            field(
                "IF 1 = "
                + "</w:instrText></w:r>"
                + field("LINK Excel.Sheet")
                + "<w:r><w:instrText>"
            )
        ),
        with_text('<w:altChunk r:id="r9" xmlns:r="urn:r"/>'),
        with_text(
            '<v:imagedata src="http://example.org/x" xmlns:v="urn:schemas-microsoft-com:vml"/>'
        ),
        made.office("xl/workbook.xml", **{"xl__externalLinks__one.xml": b"<e><ddeLink/></e>"}),
        made.office("xl/workbook.xml", **{"xl__one.xml": b"<c><f>WEBSERVICE(A1)</f></c>"}),
    ],
)
def test_it_refuses_a_file_that_fetches_something_however_it_is_written(data):
    with pytest.raises(Refused, match="fetches"):
        safe_file(data)


@pytest.mark.parametrize(
    "data",
    [
        with_relations(
            relations('Target="https://example.org/" TargetMode="External"', "hyperlink")
        ),
        with_relations(
            relations('Target="mailto:a@example.org" TargetMode="External"', "hyperlink")
        ),
        with_relations(relations('Target="media/image1.png"', "image")),
        with_relations(relations('Target="/word/styles.xml" TargetMode="Internal"', "styles")),
        with_relations(relations('Target="file:///C:\\Normal.dotm" TargetMode="External"')),
        with_text(field(" PAGE ") + field("HYPERLINK &quot;https://example.org&quot;")),
        with_text("<w:r><w:t>DDEAUTO and INCLUDEPICTURE are fields</w:t></w:r>"),
        made.office(**{"word__fonts__one.odttf": b"<\0\x01 no xml"}),
    ],
)
def test_it_takes_a_file_that_fetches_nothing(data):
    assert safe_file(data).content_type in (DOCX, XLSX)


def test_it_takes_what_word_and_excel_libraries_write():
    word = Document()
    paragraph = word.add_paragraph("Dear clerk,")
    paragraph.part.relate_to("https://example.org/", OFFICE + "hyperlink", is_external=True)
    word.add_picture(BytesIO(made.photo(kind="PNG")))
    out = BytesIO()
    word.save(out)
    assert safe_file(out.getvalue()).content_type == DOCX
    sheet, out = Workbook(), BytesIO()
    sheet.active.append(["Marie", "=SUM(1,2)"])
    sheet.active["A1"].hyperlink = "https://example.org/"
    sheet.save(out)
    assert safe_file(out.getvalue()).content_type == XLSX


def test_it_refuses_a_word_file_of_which_a_part_is_no_xml():
    with pytest.raises(Refused, match="damaged"):
        safe_file(made.office(**{"word__styles.xml": b"<a><b></a>"}))


def test_it_takes_notes_out_of_a_jpeg_without_changing_a_dot():
    photo = made.photo(comment=b"secret comment")
    bare = without_notes(photo)
    assert b"secret" not in bare
    assert b"SecretPhoneMaker" not in bare
    one, other = (Image.open(BytesIO(d)).convert("RGB").tobytes() for d in (photo, bare))
    assert one == other
    assert without_notes(b"not a picture") == b"not a picture"


def test_it_is_the_same_file_when_it_is_sent_twice():
    sent = (made.photo(), made.pdf(change=made.with_script))
    first = [safe_file(data) for data in sent]
    time.sleep(1.1)  # some write the second into a file
    assert [safe_file(data) for data in sent] == first


def test_it_opens_files_in_a_process_of_its_own():
    assert safe_file_apart(made.pdf()).content_type == PDF
    with pytest.raises(Refused, match="SVG"):
        safe_file_apart(made.SVG)


def test_it_outlives_a_file_that_swells(monkeypatch):
    monkeypatch.setattr("wayhome.web.files.apart.MOST_SECONDS", 0.01)
    with pytest.raises(Refused, match=CANNOT.split(".", maxsplit=1)[0]):
        safe_file_apart(made.pdf())
    assert BOMB.endswith(".")
