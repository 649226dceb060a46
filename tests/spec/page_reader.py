"""Reads a page of HTML as far as the tests of the reports need it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "link", "img", "input", "hr"}


@dataclass
class Element:
    tag: str
    attributes: dict
    parent: "Element | None"
    children: list = field(default_factory=list)
    own_text: str = ""

    @property
    def text(self):
        return self.own_text + "".join(child.text for child in self.children)

    def find_all(self, *tags):
        for child in self.children:
            if child.tag in tags:
                yield child
            yield from child.find_all(*tags)

    def find(self, tag):
        return next(self.find_all(tag), None)

    def inside(self, tag):
        return self.parent is not None and (self.parent.tag == tag or self.parent.inside(tag))


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = self.open = Element("root", {}, None)

    def handle_starttag(self, tag, attrs):
        made = Element(tag, dict(attrs), self.open)
        self.open.children.append(made)
        if tag not in VOID:
            self.open = made

    def handle_startendtag(self, tag, attrs):
        self.open.children.append(Element(tag, dict(attrs), self.open))

    def handle_endtag(self, tag):
        assert self.open.tag == tag, f"</{tag}> closes <{self.open.tag}>"
        self.open = self.open.parent

    def handle_data(self, data):
        self.open.own_text += data


def read_page(text):
    """The page as a tree. Raises AssertionError where a tag is not closed in its place."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.open is reader.root
    return reader.root
