"""Files of a report: whole, the same bytes twice, in both languages, whatever the systems are called."""

import hashlib
import re
from xml.etree import ElementTree

import pytest

from evaluation.reporting.archive import manifest, zipped
from evaluation.reporting.folder import Front, folder, pdf
from evaluation.reporting.looks import LOOKS, stylesheet
from evaluation.reporting.pdf import pdf_file
from evaluation.reporting.sections import report_sections
from evaluation.reporting.svg import svg_file, svg_page
from evaluation.reporting.words import LANGUAGES

FRONT = Front("Пилот / Pilot", ("one line",))


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("which", ["report", "nasty", "empty"])
def test_the_same_report_gives_the_same_bytes(which, language, request):
    report = request.getfixturevalue(which)
    files = [
        folder(report, front=FRONT, html="<p>", judgments="participant,query\n", language=language) for _ in range(2)
    ]
    assert files[0] == files[1]
    listed = dict(reversed(line.split("  ")) for line in files[0]["MANIFEST"].decode().splitlines())
    assert listed == {
        name: hashlib.sha256(content).hexdigest() for name, content in files[0].items() if name != "MANIFEST"
    }
    assert zipped(files[0], "x") == zipped(dict(reversed(files[1].items())), "x")
    assert manifest(files[0]) == manifest(dict(reversed(files[0].items())))


@pytest.mark.parametrize("which", ["report", "nasty"])
def test_plots_are_well_formed_and_name_every_role(which, request):
    sections = report_sections(request.getfixturevalue(which), "ru")
    plots = [section.plot for section in sections if section.plot]
    assert len(plots) >= 5
    for plot in plots:
        assert {shape.role for shape in plot.shapes} <= LOOKS.keys()
        root = ElementTree.fromstring(svg_file(plot))
        assert [child.tag.partition("}")[2] for child in root][:2] == ["title", "desc"]
        page = svg_page(plot, "x")
        ElementTree.fromstring(page)
        assert "style=" not in page and "#" not in re.sub(r"&#\d+;|#1", "", page)
        assert pdf_file(plot).startswith(b"%PDF") and pdf_file(plot) == pdf_file(plot)


def test_pages_of_the_pdf_hold_vectors_and_carry_no_time(report):
    content = pdf(report, front=FRONT, language="en")
    assert b"/Subtype /Image" not in content
    assert content.count(b"/Type /Page\n") >= 4
    assert b"/Lang (en)" in content
    assert set(re.findall(rb"/CreationDate \(D:(\d{4})", content)) == {b"2000"}


def test_many_systems_and_long_names_still_make_a_pdf(report):
    from tests.evaluation.reporting.conftest import drawn, reported

    names = [f"system {'x' * 90} {number}" for number in range(14)]
    big = reported(drawn(names, judgments=400), replicates=20)
    assert pdf(big, front=FRONT, language="ru").startswith(b"%PDF")


def test_the_stylesheet_of_pages_is_that_of_files():
    from pathlib import Path

    css = Path(__file__).resolve().parents[3] / "evaluation" / "static" / "evaluation" / "plots.css"
    assert css.read_text().endswith(stylesheet())


def test_every_sentence_is_there_in_both_languages():
    english, russian = LANGUAGES["en"], LANGUAGES["ru"]
    assert english.keys() == russian.keys()
    fields = re.compile(r"{(\w+)}")
    for key, sentence in english.items():
        assert sorted(fields.findall(sentence)) == sorted(fields.findall(russian[key])), key


def test_what_a_study_alone_knows_is_told(report):
    keys = [section.key for section in report_sections(report, "en")]
    before = ["ratings", "pairs", "matrix", "fit", "over_time", "kinds", "language", "tenure", "position"]
    assert keys == [*before, "participants", "waiting", "failures", "trials"]


def test_missing_keys_leave_their_sections_out(report):
    bare = {
        key: value for key, value in report.items() if key not in ("over_time", "by_language", "waiting", "by_side")
    }
    keys = {section.key for section in report_sections(bare, "en")}
    assert "over_time" not in keys and "waiting" not in keys and "position" in keys


def test_thin_data_are_told_in_a_sentence():
    from tests.evaluation.reporting.conftest import drawn, reported

    thin = reported(drawn(("a", "b"), judgments=8, people=2))
    sections = {section.key: section for section in report_sections(thin, "en")}
    assert "too few judgments for a course" in sections["over_time"].paragraphs[0]
    assert "Too few: no system was judged 20 times by 6 participants" in sections["tenure"].paragraphs[-1]
    assert sections["tenure"].tables == () and sections["over_time"].plot is None
