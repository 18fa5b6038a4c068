"""Checking by code: five answers from our record, one answer for every code that leads nowhere, and nothing to be had by guessing."""

import logging
import re
from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest
from django.test import Client

from cpd_records.certificate_codes import ALPHABET, read_code
from cpd_records.certificates import tries
from cpd_records.certificates.checking import answer_for_code
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.certificates.tries import WRONG_CODES_A_MINUTE
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import PublicReason
from people import clock
from tests.cpd_records.certificate_acts import AT, award, issue, issued, stored_files
from tests.cpd_records.verifier_acts import VERIFIER

pytestmark = pytest.mark.django_db

WRONG = [
    "0000 0000 0000",
    "7KQ4M2XD9TRF",
    "7KQ4",
    "x" * 39,
    "x" * 3000,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "../../etc/passwd",
    "٧KQ4M2XD9TRF",
    "7KQ4M2XD9TR\u202e",
    "a\u0301" * 12,
    "🚓" * 12,
    "%00%00%00%00",
    "null\x00byte",
    "how-it-works2",
]


@pytest.fixture
def certificate(person):
    return issued(person("Alexandra Bell"))


@pytest.fixture
def held_clock():
    """Let no minute end between two answers that are compared."""
    with clock.sample_time(datetime(2026, 9, 30, 8, 15, tzinfo=UTC)):
        yield


def page(answer):
    return answer.content.decode()


def ask(code, client=None):
    return (client or Client()).get("/verify/" + code + "/")


def heading(answer):
    return re.sub(r"<[^>]+>", "", re.search(r"<h1.*?</h1>", page(answer), re.DOTALL)[0]).strip()


def test_a_valid_certificate_says_so_with_its_particulars_from_our_record(certificate):
    answer = ask(certificate.code)
    assert answer.status_code == 200
    assert heading(answer) == "This certificate is valid"
    text = page(answer)
    for words in (
        "We issued it, and it has not been changed.",
        "Alexandra Bell",
        "Stop and search: fair and effective",
        "4 hours",
        "1 September 2026",
        "1 September 2099",
        "Example Police Service",
        certificate.display_code,
        "The signature matches our published key.",
        "In the public ledger",
        "Not withdrawn",
    ):
        assert words in text, words


def test_strangers_are_not_shown_service_number_or_officer(certificate):
    text = page(ask(certificate.code))
    assert certificate.officer.service_number not in text
    assert str(certificate.officer.public_id) not in text
    assert certificate.officer.email not in text


def test_the_code_is_taken_as_people_write_it(certificate):
    assert heading(ask(certificate.display_code.lower().replace(" ", "%20"))) == "This certificate is valid"


def test_the_form_leads_to_the_answer(certificate):
    answer = Client().post("/verify/", {"code": f" {certificate.display_code.lower()} "})
    assert answer.status_code == 302
    assert answer["Location"] == f"/verify/{certificate.code}/"


def test_an_expired_one_says_that_the_training_took_place(person):
    certificate = issued(person("Bo"), awarded_on=date(2020, 1, 1), valid_until=date(2022, 1, 1))
    answer = ask(certificate.code)
    assert heading(answer) == "This certificate has expired"
    assert "It was valid from 1 January 2020 to 1 January 2022. The training took place" in page(answer)


def test_a_replaced_one_leads_to_the_newer(person):
    officer = person("Bo")
    old = issued(officer)
    new = issued(officer, at=datetime(2026, 9, 20, tzinfo=UTC))
    answer = ask(old.code)
    assert heading(answer) == "This certificate was replaced"
    assert "A newer one replaced it on 20 September 2026." in page(answer)
    assert f'href="/verify/{new.code}/"' in page(answer)


def test_a_replaced_one_does_not_lead_to_a_new_name(person):
    officer = person("Old Name")
    old = issued(officer)
    officer.name = "New Name"
    officer.save()
    new = issued(officer)
    text = page(ask(old.code))
    assert "New Name" not in text
    assert new.code not in text
    assert "The holder can show you that one." in text


def test_a_withdrawn_one_gives_the_day_and_a_plain_class_of_reason(person, certificate):
    revoke_certificate(
        certificate,
        by=person("Ann"),
        approved_by=person("Cy"),
        reason="Bo copied from Cy",
        at=datetime(2026, 9, 9, 12, tzinfo=UTC),
        public_reason=PublicReason.RESULT_CORRECTED,
    )
    answer = ask(certificate.code)
    assert heading(answer) == "This certificate has been withdrawn"
    assert "We withdrew it on 9 September 2026. Do not rely on it. The result it rested on was corrected." in page(
        answer
    )
    assert "copied" not in page(answer)
    assert "Ann" not in page(answer)


def test_one_whose_record_was_erased_is_no_longer_held_and_shows_nobody(certificate):
    erase_readable_part(certificate.entry, retention_class="leaver", authority="Data protection officer", at=AT)
    answer = ask(certificate.code)
    assert heading(answer) == "We no longer hold this record"
    assert "Alexandra" not in page(answer)
    assert "Stop and search" not in page(answer)


def test_one_whose_file_is_not_made_yet_is_not_known(person):
    certificate = award(person("Bo"))
    assert ask(certificate.code).status_code == 404
    issue(certificate)
    assert ask(certificate.code).status_code == 200


def test_a_stored_file_that_was_altered_puts_the_certificate_in_doubt(certificate):
    (stored,) = [path for path in stored_files() if path.stem == certificate.pk.hex]
    stored.write_bytes(stored.read_bytes() + b"\n")
    answer = ask(certificate.code)
    assert heading(answer) == "We cannot confirm this certificate"
    assert "Do not rely on it" in page(answer)


@pytest.mark.usefixtures("held_clock")
@pytest.mark.parametrize("typed", WRONG)
def test_every_code_that_leads_nowhere_is_answered_in_the_same_bytes(typed):
    answer = ask(quote(typed))
    plain = ask("111111111111")
    assert answer.status_code == plain.status_code == 404
    assert heading(answer) == "We cannot find a certificate with that code"
    assert without_typed(answer) == without_typed(plain)


def without_typed(answer):
    return re.sub(r'value="[^"]*"', "", page(answer))


@pytest.mark.usefixtures("held_clock")
@pytest.mark.parametrize("typed", [each for each in WRONG if "\x00" not in each])
def test_the_form_answers_a_wrong_code_in_the_same_words_as_the_address(typed):
    answer = Client().post("/verify/", {"code": typed}, follow=True)
    assert answer.status_code == 404
    assert heading(answer) == "We cannot find a certificate with that code"
    assert without_typed(answer) == without_typed(ask("111111111111"))


def test_what_was_typed_stays_in_the_form_and_is_only_text():
    text = page(Client().post("/verify/", {"code": '"><b>7KQ4'}))
    assert "<b>7KQ4" not in text
    assert "&quot;&gt;&lt;b&gt;7KQ4" in text


def test_a_wrong_code_costs_the_queries_of_another_wrong_code(django_assert_num_queries):
    ask("111111111111")
    for typed in ("7KQ4M2XD9TRF", "nonsense", "x" * 500):
        with django_assert_num_queries(2):
            ask(typed)


def rests_on(answer):
    return re.search(r"Answered on [^<]*", page(answer))[0].replace("\xa0", " ")


def test_the_answer_names_the_moment_it_was_given_and_the_tree_it_rests_on(certificate, person):
    with clock.sample_time(datetime(2026, 9, 30, 8, 15, tzinfo=UTC)):
        seal_now()
        size = last_checkpoint().size
        assert rests_on(ask(certificate.code)) == (
            f"Answered on 30 September 2026 at 09:15, from everything recorded until then: {size} sealed entries of the ledger."
        )
        revoke_certificate(certificate, by=person("Ann"), approved_by=person("Cy"), reason="By mistake", at=AT)
        assert f"{size} sealed entries of the ledger, and one not sealed yet." in rests_on(ask(certificate.code))
        seal_now()
        # The withdrawal, and the end of the completion it certified.
        assert f"{size + 2} sealed entries of the ledger." in rests_on(ask(certificate.code))


def test_one_who_finds_nothing_is_told_the_same_of_what_the_answer_rests_on(certificate):
    seal_now()
    with clock.sample_time(datetime(2026, 9, 30, 8, 15, tzinfo=UTC)):
        assert rests_on(ask("111111111111")) == rests_on(ask(certificate.code))


@pytest.mark.parametrize(
    "asked", ["on=2026-09-01", "known_at=2026-09-02T00:00:00Z", "known_on=01/09/2026", "as_known=then"]
)
def test_a_stranger_chooses_no_time_and_is_told_what_holds_now(certificate, person, asked):
    revoke_certificate(certificate, by=person("Ann"), approved_by=person("Cy"), reason="By mistake", at=AT)
    with clock.sample_time(datetime(2026, 9, 30, 8, 15, tzinfo=UTC)):
        answer = Client().get(f"/verify/{certificate.code}/?{asked}")
        assert heading(answer) == "This certificate has been withdrawn"
        assert rests_on(answer) == rests_on(ask(certificate.code))


def test_proving_it_against_the_tree_it_names_costs_no_query_more(certificate, django_assert_max_num_queries):
    ask(certificate.code)
    with django_assert_max_num_queries(7):
        ask(certificate.code)


CONFUSABLE = "0A10 BC1D 0E1F"


@pytest.fixture
def confusable(person, monkeypatch):
    """A certificate whose code has every character that people confuse."""
    monkeypatch.setattr("cpd_records.certificates.awarding.new_code", lambda: CONFUSABLE.replace(" ", ""))
    certificate = issued(person("Alexandra Bell"))
    assert certificate.code == "0A10BC1D0E1F"
    return certificate


@pytest.mark.parametrize(
    "typed",
    [
        CONFUSABLE,
        "OA1O BC1D OE1F",
        "oa1o bc1d oe1f",
        "0AI0 BCID 0EIF",
        "0al0-bcld-0elf",
        "OAIO–BCLD–oeiF",
        "Oa1o\u00a0bCiD\u00a00ElF",
    ],
)
def test_codes_with_confusable_characters_are_accepted_o_and_0_i_and_1(confusable, typed):
    assert read_code(typed) == confusable.code
    answer = Client().post("/verify/", {"code": typed})
    assert (answer.status_code, answer["Location"]) == (302, f"/verify/{confusable.code}/")
    assert heading(ask(quote(typed))) == "This certificate is valid"
    assert answer_for_code(typed, on=date(2026, 9, 30)).standing == "valid"


def test_a_code_is_printed_without_any_character_that_people_confuse(confusable):
    assert not set("OIL") & set(ALPHABET)
    assert not set("OIL") & set(confusable.display_code)


def test_confusable_characters_tell_nothing_to_one_who_guesses_codes(certificate, person):
    """Every spelling of a wrong code is one wrong code: the same bytes, the same cost, and it counts as a try."""
    unmade = award(person("Bo"))
    with clock.sample_time(datetime(2026, 9, 30, 8, 15, tzinfo=UTC)):
        plain = ask("111111111111")
        guesses = ["IIII LLLL iiii", "OOOO oooo OOOO", "0000 OOOO IIII", unmade.code, certificate.code[:-1] + "U"]
        for guess in guesses:
            answer = ask(quote(guess))
            assert answer.status_code == 404
            assert without_typed(answer) == without_typed(plain), guess
            assert answer.headers.keys() == plain.headers.keys()
        for _ in range(WRONG_CODES_A_MINUTE - len(guesses) - 1):
            ask("IIIIIIIIIIII")
        assert ask(certificate.code).status_code == 429


def test_an_empty_form_is_told_what_to_enter():
    answer = Client().post("/verify/", {"code": "  "})
    assert answer.status_code == 422
    assert "Enter the code that stands under the square pattern" in page(answer)


def test_after_several_wrong_codes_one_has_to_wait_even_with_a_right_one(certificate):
    for _ in range(WRONG_CODES_A_MINUTE):
        assert ask("111111111111").status_code == 404
    answer = ask(certificate.code)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert "Wait a minute" in page(answer)
    assert "Alexandra" not in page(answer)


def test_others_do_not_wait_for_one_who_guesses(certificate):
    for _ in range(WRONG_CODES_A_MINUTE + 1):
        ask("111111111111")
    assert ask(certificate.code, Client(REMOTE_ADDR="192.0.2.7")).status_code == 200


def test_the_wait_ends_with_the_minute(certificate, monkeypatch):
    for _ in range(WRONG_CODES_A_MINUTE):
        ask("111111111111")
    now = tries.time.time()
    monkeypatch.setattr(tries.time, "time", lambda: now + 61)
    assert ask(certificate.code).status_code == 200


def test_right_codes_do_not_count_as_tries(certificate):
    for _ in range(WRONG_CODES_A_MINUTE + 2):
        assert ask(certificate.code).status_code == 200


def test_no_page_is_indexed_or_kept(certificate):
    client = Client()
    for address in ("/verify/", f"/verify/{certificate.code}/", "/verify/111111111111/", "/verify/how-it-works/"):
        answer = client.get(address)
        assert answer["X-Robots-Tag"] == "noindex, nofollow", address
        assert answer["Cache-Control"] == "no-store", address


def test_no_code_and_no_name_reaches_the_log(certificate, caplog):
    with caplog.at_level(logging.DEBUG):
        for code in (certificate.code, "7KQ4M2XD9TRF", *["1" * 12] * WRONG_CODES_A_MINUTE):
            ask(code)
    written = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    for secret in (certificate.code, "7KQ4M2XD9TRF", "Alexandra", "127.0.0.1"):
        assert secret not in written


def test_checking_needs_no_account_sets_no_cookie_and_offers_no_navigation(certificate):
    answer = ask(certificate.code)
    assert not answer.cookies
    assert 'class="navigation' not in page(answer)


def test_how_it_works_names_the_keys_that_are_served():
    client = Client()
    text = page(client.get("/verify/how-it-works/"))
    (line, *_) = client.get("/ledger/key").content.decode().splitlines()
    assert line.replace("+", "&#x2B;") in text or line in text
    pem = client.get("/verify/signing-key.pem").content.decode()
    assert pem.startswith("-----BEGIN CERTIFICATE-----")
    assert "PRIVATE" not in pem
    assert client.get("/verify/signing-keys.pem").content.decode() == pem, "no other key has signed here"
    assert "signs no more" not in text


def test_the_programme_that_checks_without_us_is_handed_to_anybody_as_it_is_kept():
    answer = Client().get("/verify/verify_ledger.py")
    assert answer.content == VERIFIER.read_bytes()
    assert answer["Content-Disposition"] == 'attachment; filename="verify_ledger.py"'
    assert not answer.cookies
    assert "/verify/verify_ledger.py" in page(Client().get("/verify/how-it-works/"))
