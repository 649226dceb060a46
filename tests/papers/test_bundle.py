import io

import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader

from wayhome.papers.bundle import CannotBundle, Enclosure, bundle, exhibits_of
from wayhome.papers.drafting import letter_of


def pdf(pages=1, rotation=0, size=(612, 792), script=False):
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=size)
        if rotation:
            made.pages[-1].rotate(rotation, relative=False)
    if script:
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        made.Root.OpenAction = action
        made.pages[0].AA = pikepdf.Dictionary(O=action)
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=pikepdf.Array([0, 0, 9, 9]),
            A=action,
        )
        made.pages[0].Annots = pikepdf.Array([made.make_indirect(note)])
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def picture(kind):
    file = io.BytesIO()
    Image.new("RGB", (60, 90), "white").save(file, kind)
    return file.getvalue()


def texts(content):
    return [page.extract_text().strip() for page in PdfReader(io.BytesIO(content)).pages]


def test_it_stamps_every_page_of_every_exhibit():
    enclosures = [
        Enclosure("The order", pdf(3)),
        Enclosure("A photo", picture("JPEG")),
        Enclosure("A scan", picture("PNG")),
        Enclosure("On its side", pdf(2, rotation=90)),
        Enclosure("A tiny card", pdf(size=(90, 60))),
    ]
    made = bundle(pdf(1), "List of exhibits", enclosures)
    assert texts(made) == [
        "",
        "Exhibit A, page 1 of 3",
        "Exhibit A, page 2 of 3",
        "Exhibit A, page 3 of 3",
        "Exhibit B, page 1 of 1",
        "Exhibit C, page 1 of 1",
        "Exhibit D, page 1 of 2",
        "Exhibit D, page 2 of 2",
        "Exhibit E, page 1 of 1",
    ]
    reader = PdfReader(io.BytesIO(made))
    marks = [(mark.title, reader.get_destination_page_number(mark)) for mark in reader.outline]
    assert marks == [
        ("List of exhibits", 0),
        ("Exhibit A: The order", 1),
        ("Exhibit B: A photo", 4),
        ("Exhibit C: A scan", 5),
        ("Exhibit D: On its side", 6),
        ("Exhibit E: A tiny card", 8),
    ]
    pages = [(exhibit.letter, exhibit.pages) for exhibit in exhibits_of(enclosures)]
    assert pages == [("A", 3), ("B", 1), ("C", 1), ("D", 2), ("E", 1)]


def test_it_takes_no_script_along():
    made = bundle(pdf(1), "List", [Enclosure("x", pdf(1, script=True))])
    assert b"JavaScript" not in made
    assert b"app.alert" not in made


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7 broken", b"<svg/>"])
def test_it_names_the_exhibit_that_cannot_be_opened(content):
    with pytest.raises(CannotBundle, match="Exhibit B cannot be put"):
        bundle(pdf(1), "List", [Enclosure("fine", pdf(1)), Enclosure("bad", content)])


def test_it_names_an_exhibit_with_a_password():
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(1))) as made:
        made.save(file, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(CannotBundle, match="without a password"):
        exhibits_of([Enclosure("locked", file.getvalue())])


def test_it_letters_beyond_z():
    assert [letter_of(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip
