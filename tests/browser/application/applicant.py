"""Somebody with an old phone who asks for help: what she taps, in her own language."""

from urllib.parse import urlsplit

from wayhome.web.portal.wording import say

# What she knows; everything else she does not know, and says so.
KNOWN = {
    "removed": "yes",
    "in_us_now": "no",
    "ordered_in_absentia": "yes",
    "notice_received": "no",
    "detained": "no",
    "represented": "no",
    "case_pending": "no",
    "born_in_us": "no",
    "proceeding_type": "removal",
    "country_of_citizenship": "HT",
    "order_date": ("2", "5", "2019"),
    "removal_date": ("", "8", "2019"),
}


class Applicant:
    """Walks the portal by taps and typing alone; `page` is her browser."""

    def __init__(self, page, language):
        self.page, self.language = page, language
        self.asked = []

    def words(self, key, **blanks):
        return say(self.language, key, **blanks)

    def tap(self, key, **blanks):
        """Taps a button or link by the words on it."""
        name = self.words(key, **blanks)
        wanted = self.page.get_by_role("button", name=name, exact=True)
        self.press(wanted.or_(self.page.get_by_role("link", name=name, exact=True)).first)

    def press(self, button):
        """Taps, and waits until the page has sent its form and shows what came of it."""
        button.click()
        self.page.wait_for_function("() => !document.querySelector('[aria-busy]')")

    def choose(self, key):
        self.page.get_by_label(self.words(key), exact=True).first.check()

    def type(self, key, text):
        self.page.get_by_label(self.words(key), exact=True).fill(text)

    @property
    def where(self):
        return urlsplit(self.page.url).path

    def sees(self, key, **blanks):
        self.page.get_by_text(self.words(key, **blanks)).first.wait_for()

    def begin(self, own_name, *, relation):
        """From the start to the first question, for somebody abroad; the code and the words."""
        self.page.goto("/")
        self.press(self.page.get_by_role("button", name=own_name).last)
        self.tap("start.begin")
        self.sees("consent.kept_heading")
        self.tap("consent.agree")
        self.choose("who.relative")
        self.type("who.relation", relation)
        self.choose("who.yes_by_phone")
        self.tap("page.next")
        self.tap("key.show")
        code = self.page.locator(".code").inner_text().strip()
        words = " ".join(self.page.locator(".words li").all_inner_texts())
        self.tap("key.kept")
        return code, words

    def say_who(self, name, where):
        self.type("person.name", name)
        self.type("person.where", where)
        self.tap("page.next")

    def say_how_to_reach(self, number, city, first, last, code_word):
        self.choose("reach.whatsapp")
        self.type("reach.address", number)
        self.page.get_by_label(self.words("reach.zone")).select_option(label=city)
        self.page.get_by_label(self.words("reach.from"), exact=True).select_option(str(first))
        self.page.get_by_label(self.words("reach.to"), exact=True).select_option(str(last))
        self.choose("reach.message_no")
        self.type("reach.code_word", code_word)
        self.tap("page.next")

    @property
    def fact(self):
        field = self.page.locator("input[name=fact]")
        return field.get_attribute("value") if field.count() else None

    def answer(self):
        """Answers the question on the page as KNOWN has it, or with "I don't know"."""
        fact, form = self.fact, self.page.locator("#page")
        self.asked.append(fact)
        said = KNOWN.get(fact)
        if said is None:
            return self.tap("question.unknown")
        if isinstance(said, tuple):
            form.locator("[name=day]").select_option(said[0])
            form.locator("[name=month]").select_option(said[1])
            form.locator("[name=year]").fill(said[2])
        elif form.locator("select[name=value]").count():
            form.locator("[name=value]").select_option(said)
        elif form.locator("input[type=radio]").count():
            form.locator(f"[name=value][value={said}]").check()
        else:
            return self.tap(f"question.{said}")
        return self.tap("page.next")

    def answer_until(self, count):
        while self.fact and len(self.asked) < count:
            self.answer()

    def come_back(self, code, words):
        self.page.goto("/p/back/")
        self.type("door.code", code)
        self.type("door.words", words)
        self.tap("door.open")

    def send_paper(self, name, content, title):
        self.tap("status.papers")
        self.page.get_by_label(self.words("papers.file")).set_input_files(
            {"name": name, "mimeType": "image/jpeg", "buffer": content}
        )
        self.type("papers.what", title)
        self.tap("papers.send")

    def stands(self, state):
        """The status page says where it stands and what comes next."""
        self.page.goto("/p/")
        text = self.page.locator(".standing").inner_text()
        assert self.words(f"state.{state}") in text
        assert self.words(f"next.{state}") in text
