"""The people of a county, from the Census Bureau's table."""

from datetime import date

import pytest

from wayhome.sources.county_population.estimates import packaged_estimates, read_estimates
from wayhome.sources.eoir.release import ReleaseProblem

HEADER = "SUMLEV,STATE,COUNTY,STNAME,CTYNAME,POPESTIMATE2023,POPESTIMATE2024"
ROWS = (
    "40,01,000,Alabama,Alabama,500,510",
    "50,01,001,Alabama,Autauga County,50,51",
    "050,22,089,Louisiana,St. Charles Parish,60,61",
)


def table(tmp_path, *rows, header=HEADER, encoding="utf-8"):
    path = tmp_path / "co-est2024-alldata.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding=encoding)
    return path


def test_it_reads_the_newest_year_of_every_county_and_no_total(tmp_path):
    read = read_estimates(table(tmp_path, *ROWS))
    assert read.as_of == date(2024, 7, 1)
    assert {county.population for county in read.counties.values()} == {51, 61}
    assert read.of("AL", "AUTAUGA CO.").row == 3
    assert read.of("LA", "Saint Charles").fips == "22089"


def test_it_does_not_know_a_county_that_it_cannot_tell(tmp_path):
    read = read_estimates(table(tmp_path, *ROWS))
    assert read.of("AL", None) is None
    assert read.of("GA", "Autauga County") is None
    twice = read_estimates(table(tmp_path, *ROWS, "50,01,003,Alabama,Autauga Parish,9,9"))
    assert twice.of("AL", "Autauga County") is None


def test_it_reads_a_file_in_the_older_letters(tmp_path):
    row = "50,35,013,New Mexico,Doña Ana County,1,2"
    assert read_estimates(table(tmp_path, row, encoding="latin-1")).of("NM", "Dona Ana").row == 2


@pytest.mark.parametrize(
    ("header", "row", "says"),
    [
        ("SUMLEV,STATE,COUNTY,STNAME,CTYNAME,POP", "", "there is no column POPESTIMATE2024"),
        (HEADER.replace("CTYNAME", "NAME"), "", "there is no column CTYNAME"),
        (HEADER, "50,01,001,Alabama,Autauga County,50,N/A", "row 2: a county has .* 'N/A'"),
        (HEADER, "50,01,001,Alabma,Autauga County,50,51", "row 2: a county has .* 'Alabma'"),
    ],
)
def test_it_says_what_is_wrong_with_a_table(tmp_path, header, row, says):
    with pytest.raises(ReleaseProblem, match=says):
        read_estimates(table(tmp_path, row, header=header))


def test_the_packaged_table_comes_to_the_bureaus_own_total():
    counties = packaged_estimates().counties
    assert (len(counties), sum(c.population for c in counties.values())) == (3_142, 328_239_523)
    assert packaged_estimates().of("FL", "Collier County").population == 384_902
    baltimore = {
        packaged_estimates().of("MD", name).fips for name in ("Baltimore County", "Baltimore city")
    }
    assert baltimore == {"24005", "24510"}
