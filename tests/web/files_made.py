"""Invented files for the tests: ordinary ones and those that somebody made to do harm."""

import zipfile
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image


def photo(size=(300, 200), kind="JPEG", exif=True, colour=(200, 30, 30), **more):
    """A picture, its left half of one colour, turned by its notes and telling where it was taken."""
    image = Image.new("RGB", size, (255, 255, 255))
    image.paste(colour, (0, 0, size[0] // 2, size[1]))
    notes = Image.Exif()
    if exif:
        notes[0x0112] = 6  # turn right to see upright
        notes[0x010F] = "SecretPhoneMaker"
        notes.get_ifd(0x8825)[2] = (18.0, 32.0, 24.0)
        more["exif"] = notes
    out = BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def pdf(pages=1, change=None, **how):
    made = Pdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(200, 200))
    made.docinfo["/Author"] = "Secret Author"
    if change:
        change(made)
    out = BytesIO()
    made.save(out, **how)
    return out.getvalue()


def with_script(made):
    script = Dictionary(S=Name.JavaScript, JS="app.alert('harm')")
    made.Root.OpenAction = script
    made.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array(["harm", made.make_indirect(script)]))
    )
    made.pages[0].AA = Dictionary(O=Dictionary(S=Name.Launch, F="calc.exe"))
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=[0, 0, 10, 10],
        A=Dictionary(S=Name.URI, URI="javascript:harm()"),
    )
    good = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=[0, 0, 10, 10],
        A=Dictionary(S=Name.URI, URI="https://example.org/"),
    )
    made.pages[0].Annots = made.make_indirect(Array([link, made.make_indirect(good)]))


def with_attachment(made):
    made.attachments["harm.exe"] = b"MZ harm harm harm"


def with_photo(made):
    image = pikepdf.Stream(made, photo())
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height, image.BitsPerComponent = 300, 200, 8
    image.ColorSpace, image.Filter = Name.DeviceRGB, Name.DCTDecode
    made.pages[0].Resources = Dictionary(XObject=Dictionary(Im0=made.make_indirect(image)))


TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def office(main="word/document.xml", **parts):
    """A Word file as far as its list of parts goes; `parts` as name with __ for / and its bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        if main not in (name.replace("__", "/") for name in parts):
            archive.writestr(main, b"<document/>")
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def zip_bomb():
    return office(word__media=b"\0" * 60_000_000)


def zip_that_lies():
    """Says that a part is small; it is not."""
    made = bytearray(office(word__media=b"\0" * 5_000_000))
    real, small = (5_000_000).to_bytes(4, "little"), (500).to_bytes(4, "little")
    return bytes(made).replace(real, small)


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>harm()</script></svg>'
HTML = b"<!DOCTYPE html><html><script>harm()</script></html>"
