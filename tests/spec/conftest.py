import pytest

from wayhome.law.loading import load_rulebook

RULE = """
- id: {id}
  title: A rule for a test
  kind: {kind}
  authority: statute
  in_force: {{effective: 2000-01-01}}
  condition: {condition}
  cites: [INA 1]
  confidence: seen
  checked: 2026-11-21
  source: written for this test
{more}"""
ROUTE = {
    "ground": "  route: undo_order\n",
    "bar": "  stands_before: [undo_order]\n",
    "deadline": "  date: order_date + 90 days\n",
}


@pytest.fixture
def rule_text():
    def text(id="stay.one", condition="removed", kind="ground", more=None):
        more = ROUTE.get(kind, "") if more is None else more
        return RULE.format(id=id, condition=condition, kind=kind, more=more)

    return text


@pytest.fixture
def programs(tmp_path):
    """Writes a folder of programs: {'stay': rules text} and maybe {'stay': tables text}."""

    def write(rules, tables=None):
        for program, text in rules.items():
            folder = tmp_path / "programs" / program
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "rules.yaml").write_text(text, encoding="utf-8")
            if tables and program in tables:
                (folder / "tables.yaml").write_text(tables[program], encoding="utf-8")
        return tmp_path / "programs"

    return write


@pytest.fixture
def book_of(programs):
    def book(rules, tables=None):
        return load_rulebook(programs(rules, tables))

    return book
