"""Packs are asked for with a purpose by those whose duty evidence is, built as waiting work, and handed over as they were made."""

import hashlib
import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from courses.evidence.building import PackRefused, ask_for_pack, build_pack, open_pack
from courses.models import EvidencePack, EvidencePackFile
from people import clock
from people.dates import long_date
from people.models import Look, WaitingWork
from tests.factories import person

pytestmark = pytest.mark.django_db

LIST, BUILD = "/evidence/packs/", "/evidence/packs/build/"


@pytest.fixture
def disclosure_officer():
    return person("Dee Demo", "disclosure-officer")


@pytest.fixture
def officer():
    return person("Olu Demo")


@pytest.fixture
def page(client, disclosure_officer):
    client.force_login(disclosure_officer)
    return client


def ask(officer, by, **more):
    asked = {"on": clock.today(), "known_at": None, "purpose": "Inquest", "at": clock.now(), **more}
    return ask_for_pack(officer, by=by, **asked)


def typed(officer, **more):
    return {
        "who": officer.email,
        "on": clock.today().isoformat(),
        "known_on": "",
        "purpose": "Inquest, case 12",
        **more,
    }


def test_asking_is_recorded_before_anything_is_built_and_the_officer_sees_it(page, officer, disclosure_officer):
    assert page.post(BUILD, typed(officer)).status_code == 302
    asked = EvidencePack.objects.get()
    assert (asked.officer, asked.asked_by, asked.purpose) == (officer, disclosure_officer, "Inquest, case 12")
    look = Look.objects.of(officer).get()
    assert (look.looker, look.where) == (disclosure_officer, "Evidence pack")
    assert not EvidencePackFile.objects.exists()
    assert "A pack is being built." in page.get(LIST).content.decode()


def test_the_work_builds_it_once_and_it_appears_in_the_list_with_its_digest(page, officer):
    page.post(BUILD, typed(officer))
    asked = EvidencePack.objects.get()
    assert WaitingWork.objects.filter(kind="evidence-pack", key=str(asked.pk)).exists()
    build_pack(str(asked.pk))
    build_pack(str(asked.pk))
    made = EvidencePackFile.objects.get()
    words = page.get(LIST).content.decode()
    assert made.sha256 in words
    assert "Inquest, case 12" in words
    assert "A pack is being built." not in words


def test_the_file_is_handed_over_as_it_was_made_and_that_is_a_look(page, officer):
    page.post(BUILD, typed(officer))
    build_pack(str(EvidencePack.objects.get().pk))
    answer = page.get(f"/evidence/packs/{EvidencePack.objects.get().pk}.zip")
    data = b"".join(answer.streaming_content)
    assert hashlib.sha256(data).hexdigest() == EvidencePackFile.objects.get().sha256
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert "evidence.pdf" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert Look.objects.of(officer).filter(saw__startswith="Took a pack").exists()


def test_the_answer_on_the_page_offers_the_pack_of_the_same_question(page, officer):
    day = clock.today() - timedelta(days=3)
    answer = page.get("/evidence/", {"who": officer.email, "on": f"{day:%d/%m/%Y}", "as_known": "then"})
    form = answer.context["pack_form"]
    assert form.initial == {
        "who": officer.service_number,
        "on": day.isoformat(),
        "known_on": day.isoformat(),
        "known_time": "",
    }
    page.post(BUILD, {**form.initial, "purpose": "Inquest"})
    asked = EvidencePack.objects.get()
    assert asked.on == day
    assert asked.known_at == answer.context["known_at"]


def test_a_pack_is_asked_for_as_recorded_by_a_time_of_a_day(page, officer):
    day = clock.today() - timedelta(days=3)
    page.post(BUILD, typed(officer, on=day.isoformat(), known_on=day.isoformat(), known_time="14:05:00"))
    asked = EvidencePack.objects.get()
    assert timezone.localtime(asked.known_at).strftime("%Y-%m-%d %H:%M:%S") == f"{day.isoformat()} 14:05:00"
    assert "14:05" in page.get(LIST).content.decode()
    refused = page.post(BUILD, typed(officer, known_on=day.isoformat(), known_time="14:05:00", purpose=""))
    assert f"as recorded by 14:05 on {long_date(day)}" in refused.content.decode()


def test_what_was_typed_comes_back_where_no_purpose_was_given(page, officer):
    answer = page.post(BUILD, typed(officer, purpose=""))
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "Say what the pack is for." in words
    assert f'value="{officer.email}"' in words
    assert f"About <bdi>{officer.email}</bdi> on {long_date(clock.today())}, as recorded when it is built." in words
    assert not EvidencePack.objects.exists()


def test_a_purpose_too_long_is_refused_with_what_was_typed(page, officer):
    answer = page.post(BUILD, typed(officer, purpose="x" * 501))
    assert answer.status_code == 422
    assert "x" * 501 in answer.content.decode()


@pytest.mark.parametrize(
    "changed",
    [
        {"on": "yesterday"},
        {"on": "0001-01-01"},
        {"known_on": "9999-12-31"},
        {"known_time": "noon"},
        {"who": ""},
        {"on": ""},
    ],
)
def test_a_question_that_cannot_be_read_is_asked_again_and_the_purpose_kept(page, officer, changed):
    answer = page.post(BUILD, typed(officer, **changed))
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "That question cannot be read." in words
    assert "Inquest, case 12" in words


def test_nobody_known_by_that_is_answered_as_on_the_page_before(page, officer):
    answer = page.post(BUILD, typed(officer, who="nobody@force.example"))
    assert answer.status_code == 422
    assert "Nobody is known by that." in answer.content.decode()


def test_nobody_asks_for_a_pack_about_themselves_or_sees_one(page, disclosure_officer):
    answer = page.post(BUILD, typed(disclosure_officer))
    assert answer.status_code == 422
    assert "Ask a colleague" in answer.content.decode()
    theirs = ask(disclosure_officer, person("Kit Demo", "auditor"))
    build_pack(str(theirs.pk))
    assert "Dee Demo on" not in page.get(LIST).content.decode()
    assert page.get(f"/evidence/packs/{theirs.pk}.zip").status_code == 404
    itself = page.get(
        "/evidence/", {"who": disclosure_officer.email, "on": f"{clock.today():%d/%m/%Y}", "as_known": "now"}
    )
    assert itself.context["pack_form"] is None


def test_somebody_without_the_duty_is_refused_by_the_rule_too(officer):
    with pytest.raises(PackRefused, match="You hold neither role"):
        ask(officer, person("Sam Demo", "training-admin"))


def test_a_file_that_is_gone_or_altered_is_not_handed_out(page, officer, disclosure_officer):
    asked = ask(officer, disclosure_officer)
    with pytest.raises(PackRefused, match="has no file here"):
        open_pack(asked, by=disclosure_officer, at=clock.now())
    build_pack(str(asked.pk))
    asked = EvidencePack.objects.get()
    path = storages["private"].path(asked.file.path)
    with open(path, "ab") as file:
        file.write(b"x")
    with pytest.raises(PackRefused, match="not the one we made"):
        open_pack(asked, by=disclosure_officer, at=clock.now())
    storages["private"].delete(asked.file.path)
    with pytest.raises(PackRefused, match="is gone"):
        open_pack(asked, by=disclosure_officer, at=clock.now())
    assert "is gone" in page.get(f"/evidence/packs/{asked.pk}.zip", follow=True).content.decode()


def test_of_two_workers_one_file_stays(officer, disclosure_officer, monkeypatch):
    asked = ask(officer, disclosure_officer)
    held = storages["private"]

    def faster(*_args):
        """The other worker is done while this one builds."""
        EvidencePackFile.objects.create(
            pack=asked, path="theirs", sha256="0" * 64, size=1, tree_size=0, made_at=clock.now()
        )
        return 0

    monkeypatch.setattr("courses.evidence.building._build", faster)
    build_pack(str(asked.pk))
    assert EvidencePackFile.objects.get().path == "theirs"
    assert not held.exists(f"evidence-packs/{str(asked.pk)[:2]}/{asked.pk}.zip")
