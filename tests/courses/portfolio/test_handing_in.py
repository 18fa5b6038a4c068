"""Handing in evidence: what it says, what is refused, what is kept, and what looks like a case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, transaction

from courses.models import ItemState, PortfolioFile, PortfolioItem, PortfolioVersion, Recruit
from courses.portfolio.case_details import digest_of
from courses.portfolio.files import MOST_FILES, forget_unsent, keep_files, open_file
from courses.portfolio.handing_in import hand_in, hand_in_anew
from courses.portfolio.refusals import LooksLikeACase, NotYours, RecruitRefused
from courses.programmes.moving import Kind, record_end
from courses.programmes.refusals import MovedMeanwhile
from people.models import User
from tests import factories
from tests.courses.portfolio.acts import DAY, THIN, evidence, handed_in, judged, photo, release
from tests.courses.programmes.acts import intake, noon, recruit, weeks

pytestmark = pytest.mark.django_db


def refused(who: Recruit, says: str, **more: Any) -> RecruitRefused:
    with pytest.raises(RecruitRefused, match=says) as refusal:
        handed_in(who, **more)
    return refusal.value


def test_evidence_is_handed_in_under_its_headings(rae: Recruit) -> None:
    witness = factories.person("Wes Demo")
    item = handed_in(rae, "property", "searching", reference="Notebook 7, page 12", witness=witness.service_number)
    version = item.current
    assert version is not None
    assert (item.state, version.number, version.title) == (ItemState.WAITING, 1, "A search in the street")
    assert [claim.heading for claim in version.claims.all()] == ["searching", "property"]
    assert (version.reference, version.witness, version.at) == ("Notebook 7, page 12", witness, noon(DAY))


def test_the_same_form_twice_is_one_item(rae: Recruit) -> None:
    token = uuid4()
    first = hand_in(rae, "tutor", evidence(), token=token, by=rae.officer, at=noon(DAY))
    again = hand_in(rae, "tutor", evidence(title="Another"), token=token, by=rae.officer, at=noon(DAY))
    assert first == again
    assert PortfolioVersion.objects.get().title == "A search in the street"


@pytest.mark.parametrize(
    ("more", "says", "field"),
    [
        ({"title": " "}, "Say in a few words what it is", "title"),
        ({"title": "T" * 121}, "121 characters long and 120 fit", "title"),
        ({"words": "…"}, "Say what you did and what it shows", ""),
        ({"words": "w " * 2001}, "4,001 characters long and 4,000 fit", "words"),
        ({"place": ""}, "Say where it was", "place"),
        ({"reference": "1" * 121}, "121 characters long", "reference"),
        ({"happened_on": DAY + timedelta(days=1)}, "is still to come", "happened_on"),
        ({"happened_on": date(2020, 1, 1)}, "more than three years ago", "happened_on"),
        ({"witness": "nobody-7"}, "Nobody here has that service number", "witness"),
        ({"files": (uuid4(),)}, "One of these files is no longer kept", "evidence"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(rae: Recruit, more: dict[str, Any], says: str, field: str) -> None:
    if more.get("words") == "…":
        more, field = {"words": " \n"}, "words"
    assert refused(rae, says, **more).field == field
    assert not PortfolioItem.objects.filter(current__isnull=False).exists()


@pytest.mark.parametrize(
    ("headings", "says"),
    [((), "Choose the headings"), (("ballet",), "Choose headings from the list")],
)
def test_evidence_is_for_headings_of_its_phase(rae: Recruit, headings: tuple[str, ...], says: str) -> None:
    said = evidence("searching")
    with pytest.raises(RecruitRefused, match=says):
        hand_in(
            rae,
            "tutor",
            type(said)(headings, said.title, said.words, said.happened_on, said.place),
            token=uuid4(),
            by=rae.officer,
            at=noon(DAY),
        )


def test_one_piece_stands_under_six_headings_at_most(ada: User) -> None:
    many = [{"slug": f"h{number}", "title": f"Heading {number}"} for number in range(7)]
    rae = recruit(intake("Many", by=ada, of=release("MANY", portfolio=many)), by=ada)
    refusal = refused_for(rae, *(one["slug"] for one in many))
    assert "6 headings at most" in str(refusal)


def refused_for(who: Recruit, *headings: str) -> RecruitRefused:
    with pytest.raises(RecruitRefused) as refusal:
        handed_in(who, *headings)
    return refusal.value


def test_a_phase_without_a_portfolio_takes_no_evidence(rae: Recruit) -> None:
    with pytest.raises(RecruitRefused, match="asks for no such portfolio"):
        hand_in(rae, "foundation", evidence(), token=uuid4(), by=rae.officer, at=noon(DAY))


def test_only_the_recruit_adds_to_their_portfolio(rae: Recruit, ada: User) -> None:
    for act in (
        lambda: hand_in(rae, "tutor", evidence(), token=uuid4(), by=ada, at=noon(DAY)),
        lambda: keep_files(rae, "tutor", uuid4(), [photo()], by=ada, at=noon(DAY)),
    ):
        with pytest.raises(NotYours, match="Only the recruit adds to their portfolio"):
            act()
    assert not PortfolioItem.objects.exists()


def test_after_the_training_the_portfolio_stays_as_it_is(rae: Recruit, ada: User) -> None:
    record_end(rae, Kind.LEFT, by=ada, at=noon(DAY), on=DAY, reason="Resigned")
    refused(rae, "Their training has ended, so their portfolio stays as it is")


def test_nobody_vouches_for_their_own_evidence(rae: Recruit) -> None:
    refusal = refused(rae, "You cannot vouch for your own evidence", witness=rae.officer.email)
    assert refusal.field == "witness"
    item = handed_in(rae)
    version = PortfolioVersion.objects.get(item=item)
    version.pk, version.number, version.witness = None, 2, rae.officer
    with pytest.raises(IntegrityError, match="nobody_vouches_for_themselves"), transaction.atomic():
        version.save(force_insert=True)


# --- What looks like a case --------------------------------------------------------------------------------------------


def test_what_looks_like_a_case_is_asked_about_and_nothing_is_written(rae: Recruit) -> None:
    with pytest.raises(LooksLikeACase) as asked:
        handed_in(rae, words="I searched Mr Shah after CAD 1234 came in.", place="Near AB12 CDE")
    assert [one.text for one in asked.value.found] == ["Mr Shah", "CAD 1234", "AB12 CDE"]
    assert not PortfolioVersion.objects.exists()


def test_what_is_confirmed_is_handed_in_and_says_so_without_the_words(rae: Recruit) -> None:
    said = evidence(words="The officer’s guide is by Anna Reed, page 12.")
    with pytest.raises(LooksLikeACase) as asked:
        hand_in(rae, "tutor", said, token=uuid4(), by=rae.officer, at=noon(DAY))
    item = hand_in(
        rae, "tutor", said, token=uuid4(), by=rae.officer, at=noon(DAY), confirmed=digest_of(asked.value.found)
    )
    assert item.current is not None
    assert item.current.confirmed == "name"


def test_a_confirmation_is_of_what_was_shown_only(rae: Recruit) -> None:
    with pytest.raises(LooksLikeACase) as asked:
        handed_in(rae, words="By Anna Reed.")
    said = evidence(words="By Anna Reed. Mr Shah was there.")
    with pytest.raises(LooksLikeACase):
        hand_in(rae, "tutor", said, token=uuid4(), by=rae.officer, at=noon(DAY), confirmed=digest_of(asked.value.found))


def test_a_number_is_expected_as_the_reference_and_a_name_is_not(rae: Recruit) -> None:
    assert handed_in(rae, reference="3012345/26").current is not None
    with pytest.raises(LooksLikeACase):
        handed_in(rae, reference="Statement of Mr Shah")


def test_the_name_of_a_file_is_looked_at_too(rae: Recruit) -> None:
    token = uuid4()
    (file,) = keep_files(rae, "tutor", token, [photo(name="Mr Shah.png")], by=rae.officer, at=noon(DAY))
    with pytest.raises(LooksLikeACase) as asked:
        hand_in(rae, "tutor", evidence(files=(file.pk,)), token=token, by=rae.officer, at=noon(DAY))
    assert [one.text for one in asked.value.found] == ["Mr Shah"]


# --- Files ---------------------------------------------------------------------------------------------------------------


def test_files_are_kept_before_the_rest_is_right_and_handed_in_with_it(rae: Recruit) -> None:
    token = uuid4()
    (file,) = keep_files(rae, "tutor", token, [photo()], by=rae.officer, at=noon(DAY))
    assert not PortfolioItem.objects.of(rae).exists()
    item = hand_in(rae, "tutor", evidence(files=(file.pk,)), token=token, by=rae.officer, at=noon(DAY))
    assert item.current is not None
    assert list(item.current.files.all()) == [file]
    with open_file(file) as content:
        assert content.read().startswith(b"\x89PNG")


def test_the_same_file_again_is_the_same_file_and_leaves_nothing_behind(rae: Recruit) -> None:
    token = uuid4()
    for _twice in range(2):
        keep_files(rae, "tutor", token, [photo()], by=rae.officer, at=noon(DAY))
    kept = PortfolioFile.objects.get()
    _folders, stored = storages["private"].listdir(f"portfolio/{rae.pk}")
    assert stored == [kept.path.rsplit("/", 1)[1]]


def test_ten_files_fit(rae: Recruit) -> None:
    token = uuid4()
    colours = [f"#{number:02x}0000" for number in range(MOST_FILES + 1)]
    with pytest.raises(RecruitRefused, match="10 files fit"):
        keep_files(rae, "tutor", token, [photo(colour) for colour in colours], by=rae.officer, at=noon(DAY))
    assert not PortfolioFile.objects.exists()
    assert storages["private"].listdir(f"portfolio/{rae.pk}")[1] == []


def test_a_file_of_another_item_cannot_be_taken_along(rae: Recruit) -> None:
    (file,) = keep_files(rae, "tutor", uuid4(), [photo()], by=rae.officer, at=noon(DAY))
    refused(rae, "One of these files is no longer kept", files=(file.pk,))


def test_files_that_were_never_handed_in_are_forgotten_a_day_later(
    rae: Recruit, django_capture_on_commit_callbacks: Any
) -> None:
    keep_files(rae, "tutor", uuid4(), [photo()], by=rae.officer, at=noon(DAY))
    forget_unsent(rae, at=noon(DAY) + timedelta(hours=23))
    assert PortfolioFile.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        forget_unsent(rae, at=noon(DAY) + timedelta(hours=25))
    assert not PortfolioItem.objects.exists()
    assert storages["private"].listdir(f"portfolio/{rae.pk}")[1] == []


# --- Anew ----------------------------------------------------------------------------------------------------------------


def test_a_returned_item_is_handed_in_anew_and_keeps_its_history(rae: Recruit, asha: User) -> None:
    item = handed_in(rae)
    judged(item, asha, THIN, reason="Say what you told them.")
    anew = hand_in_anew(item, evidence(words="I told them why."), seen=1, by=rae.officer, at=noon(weeks(3)))
    assert (anew.state, anew.decided_on) == (ItemState.WAITING, None)
    assert [version.number for version in item.versions.all()] == [1, 2]
    first, second = item.versions.all()
    assert first.words.startswith("I explained the grounds")
    assert [one.reason for one in first.judgements.all()] == ["Say what you told them."]
    assert not second.judgements.exists()


def test_only_what_was_returned_is_handed_in_anew(rae: Recruit, asha: User) -> None:
    item = handed_in(rae)
    with pytest.raises(RecruitRefused, match="Only what was returned is handed in anew"):
        hand_in_anew(item, evidence(), seen=1, by=rae.officer, at=noon(DAY))
    judged(item, asha)
    with pytest.raises(RecruitRefused, match="Only what was returned is handed in anew"):
        hand_in_anew(item, evidence(), seen=1, by=rae.officer, at=noon(DAY))
    with pytest.raises(NotYours, match="Only the recruit"):
        hand_in_anew(item, evidence(), seen=1, by=asha, at=noon(DAY))


def test_of_two_windows_the_second_is_told(rae: Recruit, asha: User) -> None:
    item = handed_in(rae)
    judged(item, asha, THIN, reason="More of it.")
    hand_in_anew(item, evidence(), seen=1, by=rae.officer, at=noon(DAY))
    with pytest.raises(MovedMeanwhile, match="in another window"):
        hand_in_anew(item, evidence(title="Mine"), seen=1, by=rae.officer, at=noon(DAY))
    assert item.versions.count() == 2
