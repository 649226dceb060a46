import pytest

from wayhome.papers.templates import FaultyTemplates, read_templates
from wayhome.programs import rulebook


@pytest.fixture
def faults_of(tmp_path):
    def found(text):
        folder = tmp_path / "return_home" / "papers"
        folder.mkdir(parents=True)
        (folder / "x.md").write_text(text)
        with pytest.raises(FaultyTemplates) as error:
            read_templates(tmp_path, rulebook())
        return str(error.value)

    return found


def test_it_says_every_fault_with_the_nearest_spelling(faults_of):
    said = faults_of(
        "---\ntitle: X\nfor_rules: [return_home.joint_moton]\n---\n"
        "{{ facts.order_dat }} {{ person.nam }} {{ law('return_home.bar_5_yeers') }}\n"
    )
    assert "return_home/papers/x.md, line 1: return_home.joint_moton: No such rule." in said
    assert "Did you mean return_home.joint_motion?" in said
    assert (
        "return_home/papers/x.md, line 5: There is no fact 'order_dat'. Did you mean order_date?"
        in said
    )
    assert "A person has no 'nam'. Did you mean name?" in said
    assert "Did you mean return_home.bar_5_years?" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# No head\n", "It must begin with ---"),
        ("---\ntitle: [\n---\nx\n", "It must begin with ---"),
        ("---\ntitle: X\n---\n", "It must begin with ---"),
        ("---\ntitle: X\nfor_rule: []\n---\nx\n", "Did you mean for_rules?"),
        ("---\ntitle: X\n---\n{% if %}\n", "Jinja2 cannot read this"),
        ("---\ntitle: X\n---\na \ue000 b\n", "marks filled places"),
    ],
)
def test_it_refuses_a_template_that_cannot_be_used(faults_of, text, said):
    assert said in faults_of(text)
