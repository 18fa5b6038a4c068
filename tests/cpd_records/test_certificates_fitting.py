"""Nothing on a certificate runs into anything else, measured on the finished page; a template that leaves no room is refused."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from django.test import Client

from cpd_records.certificates import fitting
from cpd_records.certificates.particulars import as_printed
from cpd_records.certificates.templates import TemplateRefused, Wording, change_template, longest, make_template
from cpd_records.models import CertificateTemplate, CertificateTemplateVersion, Sort
from people.models import User
from tests.courses.authoring import family
from tests.cpd_records.certificate_acts import AT, drawn

Person = Callable[..., User]
Word = tuple[str, float, float, float, float]
ORDINARY = "Skills are assessed in practice, by whoever saw them used, and written down on the same day. " * 3
LONG_NAME = "Oluwaseyifunmi Adebisi-Wolstenholme-Featherstonehaugh"
NAMES = ("Bo Li", LONG_NAME, ("Featherstonehaugh " * 12)[:200].strip(), "W" * 200)
TITLES = ("Stop and search", ("Responding to people in mental health crisis " * 6)[:255].strip(), "W" * 255)
LINE_OF_PARTICULARS = 122 * 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 297 * 72 / 25.4, 210 * 72 / 25.4


def filled_with(text: str) -> Wording:
    """A wording whose every part is as long as it may be."""
    parts = [name for name in Wording.__dataclass_fields__ if name != "design"]
    return Wording(**{name: text[: longest(name)].strip() for name in parts})


def words_on(pdf: bytes) -> list[Word]:
    """Return each word of the page with its left, upper, right and lower edge in points, as another programme finds them."""
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    found = re.findall(
        r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>', done.stdout.decode()
    )
    words = []
    for left, upper, right, lower, word in found:
        # Boxes are as high as the font, which lines set closely share; letters fill the middle of it.
        rim = (float(lower) - float(upper)) / 4
        words.append((word, float(left), float(upper) + rim, float(right), float(lower) - rim))
    return words


def run_together(pdf: bytes) -> list[str]:
    """Return which words of a page run into others, into the line above the particulars, or off the page."""
    words = words_on(pdf)
    assert len(words) > 20
    found = [
        f"{one[0]} and {other[0]}"
        for one, other in combinations(words, 2)
        if min(one[3], other[3]) - max(one[1], other[1]) > 0.5 and min(one[4], other[4]) > max(one[2], other[2])
    ]
    found += [
        f"{word} and the line" for word, _left, upper, _right, lower in words if upper < LINE_OF_PARTICULARS < lower
    ]
    found += [
        f"{word} is off the page"
        for word, left, upper, right, lower in words
        if left < 9 or upper < 9 or right > PAGE_WIDTH - 9 or lower > PAGE_HEIGHT - 9
    ]
    return found


@pytest.mark.parametrize("name", NAMES, ids=["short", "long", "longest", "widest"])
@pytest.mark.parametrize("title", TITLES, ids=["short", "longest", "widest"])
def test_nothing_runs_together_whatever_the_name_and_the_title(name: str, title: str) -> None:
    assert run_together(drawn(name=name, title=title)) == []


@pytest.mark.parametrize("name", NAMES, ids=["short", "long", "longest", "widest"])
@pytest.mark.parametrize("title", TITLES, ids=["short", "longest", "widest"])
@pytest.mark.parametrize("design", ["band", "plain"])
def test_nothing_runs_together_under_a_template_of_the_longest_words(name: str, title: str, design: str) -> None:
    form = replace(filled_with(ORDINARY), design=design).form("x" * 40 + "/99")
    page = drawn(
        name=name,
        title=title,
        printed=as_printed(form, assessed=True),
        signatory=form.signatory,
        signatory_title=form.signatory_title,
    )
    assert run_together(page) == []


def test_nothing_runs_together_where_force_and_signatory_have_the_longest_names_there_can_be() -> None:
    page = drawn(
        name=LONG_NAME,
        title=TITLES[1],
        issuer=ORDINARY[:120].strip(),
        signatory=ORDINARY[:120].strip(),
        signatory_title=ORDINARY[:160].strip(),
        service_number="W" * 20,
        check_at="learning-and-development.police-service.force.example/verify",
    )
    assert run_together(page) == []


def test_a_page_that_is_not_measured_runs_together_and_that_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "crossing", lambda anchors: [])
    form = filled_with(ORDINARY).form("passing-out/1")
    words = {"title": TITLES[1][:95], "printed": as_printed(form, assessed=True)}
    assert any("and the line" in told for told in run_together(drawn(name=LONG_NAME, **words)))


def test_a_long_name_beside_a_long_closing_line_is_as_large_as_fits() -> None:
    form = filled_with(ORDINARY).form("passing-out/1")
    page = words_on(drawn(name=LONG_NAME, title=TITLES[1][:110], printed=as_printed(form, assessed=True)))
    (name,) = [lower - upper for word, _left, upper, _right, lower in page if word == "Oluwaseyifunmi"]
    assert name > 10, "eighteen points or more"


# --- Refused when it is saved -----------------------------------------------------------------------------------------------


@pytest.fixture
def approver(person: Person) -> User:
    family("ethics")
    return person("Ash", "approver", family="ethics")


@pytest.mark.django_db
@pytest.mark.parametrize("sort", [Sort.COURSE, Sort.QUALIFICATION])
def test_ordinary_words_of_every_length_there_is_room_for_are_taken(approver: User, sort: Sort) -> None:
    make_template("A name of forty letters and signs, or so", filled_with(ORDINARY), by=approver, at=AT, sort=sort)
    assert CertificateTemplateVersion.objects.count() == 1


WIDE = {name: ("WWWWWWWW " * 20)[: longest(name)].strip() for name in ("opening", "passed", "closing")}


@pytest.mark.django_db
def test_words_that_leave_a_long_name_no_room_are_refused_in_a_sentence(approver: User) -> None:
    template = make_template("Passing out", Wording(), by=approver, at=AT)
    tried: dict[str, Any] = {"by": approver, "at": AT}
    with pytest.raises(TemplateRefused, match="no room on the page for a long name and a long title") as refused:
        change_template(template, Wording(**WIDE), reason="A try", **tried)
    assert refused.value.field == "closing"
    with pytest.raises(TemplateRefused, match="no room on the page"):
        make_template("Another", Wording(**WIDE), **tried)
    assert CertificateTemplateVersion.objects.count() == 1
    assert CertificateTemplate.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("block", "field", "sentence"),
    [
        (fitting.COLUMN, "opening", "Shorten this, or what stands above it"),
        ("signed", "signatory", "This name and its title take more lines"),
        ("countersigned", "second_signatory", "This name and its title take more lines"),
        ("check", "name", "Choose a shorter one"),
    ],
)
def test_each_block_without_room_has_its_sentence_beside_its_words(
    approver: User, monkeypatch: pytest.MonkeyPatch, block: str, field: str, sentence: str
) -> None:
    monkeypatch.setattr(fitting, "crossing", lambda anchors: [block])
    with pytest.raises(TemplateRefused, match=sentence) as refused:
        make_template(
            "Passing out", Wording(opening="This is to certify that, as everybody here saw,"), by=approver, at=AT
        )
    assert refused.value.field == field


@pytest.mark.django_db
def test_the_refusal_stands_beside_the_words_and_nothing_typed_is_lost(
    approver: User, signed_in: Callable[[User], Client]
) -> None:
    answer = signed_in(approver).post(
        "/admin/certificate-templates/new/", {**vars(Wording(**WIDE)), "name": "Passing out"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "there is no room on the page for a long name and a long title. Shorten this" in page
    assert WIDE["closing"] in page
    assert not CertificateTemplate.objects.exists()
