"""Somebody with an old phone: walks the portal as a browser without JavaScript does."""

import re
from html import unescape

from django.test import Client

from wayhome.law.vocabulary import load_vocabulary


class Visitor:
    """Follows links and sends forms; `page` is the last page as text."""

    def __init__(self, language="en", **client):
        self.browser = Client(headers={"accept-language": language}, **client)
        self.path, self.page, self.response = "", "", None

    def go(self, path):
        self.response = self.browser.get(path, follow=True)
        return self._seen()

    def send(self, fields=None, path=None, **more):
        sent = {**(fields or {}), **more}
        self.response = self.browser.post(path or self.path, sent, follow=True)
        return self._seen()

    def _seen(self):
        chain = self.response.redirect_chain
        self.path = chain[-1][0] if chain else self.response.request["PATH_INFO"]
        self.page = self.response.content.decode()
        return self.page

    @property
    def status(self):
        return self.response.status_code

    @property
    def fact(self):
        found = re.search(r'name="fact" value="(\w+)"', self.page)
        return found[1] if found else None

    def begin(self, **who):
        """From the start to the words; returns the code and the words."""
        self.go("/")
        self.go("/p/1/")
        self.send(consent="agree")
        self.send({"who": "self", **who})
        self.send(key="show")
        code = re.search(r'class="code"[^>]*><bdi[^>]*>([^<]+)<', self.page)[1]
        words = " ".join(re.findall(r"<li>([^<]+)</li>", self.page))
        self.send(key="kept")
        return code, unescape(words)

    def to_the_questions(self, name="", **reach):
        self.send({"name": name}, path="/p/4/")
        safe = {"channel": "none", "from_hour": "9", "to_hour": "20", **reach}
        return self.send(safe, path="/p/5/")

    def answer(self, said=None, **fields):
        """Answers the question of the page: `said`, or what its widget takes."""
        kind = str(load_vocabulary()[self.fact].type)
        usual = {
            "bool": {"said": "no"},
            "date": {"year": "2015", "month": "3", "day": "9", "sure": "2015-3-9"},
            "int": {"value": "0"},
        }.get(kind, {"said": "unknown"})
        chosen = {"said": said} if said else fields or usual
        return self.send({"fact": self.fact, **chosen})
