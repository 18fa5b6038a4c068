"""Whatever is typed, sent, repeated or forged: a clear message or a correct quiet result, and nothing lost.

What belongs to one page only is tried beside that page: attempts in ``tests/assessments``, CPD in ``tests/cpd_records``, lessons and
enrolments in ``tests/courses``, sign-in in ``tests/people``. Here every form and every address of the product bears the same things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import resolve

from courses.enrolments import enrol
from courses.models import Course
from courses.withdrawals import withdraw_course
from people import clock
from tests.courses import factories as learning
from tests.hostile import HOSTILE, TEN_MEGABYTES, runs_in, sendable
from tests.permissions.acts import act_for
from tests.permissions.asking import STRANGER, World, undone
from tests.permissions.forms import FoundForm, every_form, forms_of
from tests.permissions.matrix import Row, rows
from tests.permissions.routes import module_of, routes
from tests.permissions.world import png, world_made

# Wagtail's forms are its own, and slow: they bear the worst.
WORST = ("markup", "null")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with world_made(django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def forms(world: World) -> list[FoundForm]:
    return every_form(world)


def test_the_walk_finds_the_forms_there_are(forms: list[FoundForm]) -> None:
    actions = " ".join(found.form.action for found in forms)
    for part in (
        "/accounts/login/",
        "/cpd/log/",
        "/verify/",
        "/learn/",
        "/assess/",
        "/team/",
        "/admin/users/",
        "/admin/course-reviews/",
    ):
        assert part in actions
    assert sum(len(found.form.typed) for found in forms) > 80


@pytest.mark.parametrize("name", HOSTILE)
def test_every_form_bears_what_is_typed_into_it(world: World, forms: list[FoundForm], name: str) -> None:
    text, wrong = sendable(HOSTILE[name]), []
    for number, found in enumerate(forms):
        if not found.form.typed or (found.is_wagtails and name not in WORST):
            continue
        if found.act:  # Where we know what a page sends, one field is hostile and the others are as they should be.
            one = found.form.typed[(number + list(HOSTILE).index(name)) % len(found.form.typed)]
            wrong += troubles(world, found, {**found.act, one: text}, text)
        if not found.act or name in WORST:
            wrong += troubles(world, found, dict.fromkeys(found.form.typed, text), text)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["markup", "null", "number", "digits of others"])
def test_every_form_bears_what_is_forged_in_its_hidden_fields_and_buttons(
    world: World, forms: list[FoundForm], name: str
) -> None:
    text, wrong = sendable(HOSTILE[name]), []
    for found in forms:
        forged = [*found.form.hidden, *dict(found.form.buttons), *set(found.form.values) - set(found.form.typed)]
        if forged and not found.is_wagtails:
            wrong += troubles(world, found, {**found.act, **dict.fromkeys(forged, text)}, "")
    assert not wrong, "\n".join(wrong)


def troubles(world: World, found: FoundForm, typed: dict[str, Any], text: str) -> list[str]:
    """Send a form; return what is wrong with the answer: a crash, something that would run, something typed that is gone."""
    answer = world.ask(found.person, "POST", found.form.action, found.form.sent(**typed))
    status = answer.response.status_code
    if status >= 500:
        return [f"{found}: status {status} for {list(typed)}"]
    if "html" not in answer.response.headers.get("Content-Type", "") or answer.response.streaming:
        return []
    html = answer.response.content.decode()  # type: ignore[attr-defined]
    wrong = [f"{found}: {piece!r} would run" for piece in runs_in(html)]
    for form in forms_of(html, found.form.action):
        lost = [name for name, value in typed.items() if is_lost(name, value, form.values, found, text)]
        wrong += [f"{found}: status {status}, and {name} shows {form.values[name][:60]!r}" for name in lost]
    return wrong


def is_lost(name: str, value: Any, shown: dict[str, Any], found: FoundForm, text: str) -> bool:
    if value != text or not text.strip() or name not in shown or name in found.form.secret:
        return False
    if found.form.action == "/verify/":  # What is far too long for a code is shown by its beginning.
        return not plain(text).startswith(plain(shown[name]))
    return plain(shown[name]) != plain(text)


def plain(text: str) -> str:
    """Return text without what fields change on purpose: line ends, space around it, what no database takes."""
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()


# --- Ten megabytes ----------------------------------------------------------------------------------------------------


def test_every_form_of_ours_bears_ten_megabytes(world: World, forms: list[FoundForm]) -> None:
    """One field of ten megabytes is refused by a sentence and shown again; two are more than a request may have: 400."""
    wrong = []
    for found in forms:
        if found.form.typed and not found.form.action.startswith(("/admin/", "/style/")):
            field = found.form.typed[-1]
            answer = world.ask(found.person, "POST", found.form.action, found.form.sent(**{field: TEN_MEGABYTES}))
            if answer.response.status_code >= 500:
                wrong.append(f"{found}: status {answer.response.status_code}")
    assert not wrong


def test_more_than_a_request_may_have_is_refused_by_a_page_of_ours(world: World) -> None:
    answer = world.ask("Owner", "POST", "/cpd/log/", {"title": TEN_MEGABYTES, "learned": TEN_MEGABYTES})
    assert answer.response.status_code == 400
    assert "<h1" in answer.response.content.decode()  # type: ignore[attr-defined]
    assert not answer.written


# --- Addresses --------------------------------------------------------------------------------------------------------

NAMES = (
    *(
        "q",
        "page",
        "p",
        "show",
        "year",
        "all",
        "again",
        "next",
        "errors",
        "family",
        "for",
        "level",
        "mine",
        "id",
        "kind",
    ),
    *("ordering", "topic", "state", "type", "bank"),
)
QUERIES = (
    quote("\"><script>hostile()</script>' onfocus='hostile()"),
    "%00",
    "%ff%fe%c3%28",
    "9" * 400,
    "-1",
    quote("٣"),
    "NaN",
)


@pytest.mark.parametrize("turn", range(2))
def test_every_page_bears_what_stands_in_its_query(world: World, turn: int) -> None:
    wrong = []
    for row in rows():
        if row.method == "GET" and (is_ours(row, world) or row.what in SEARCHED):
            given = "&".join(
                f"{name}={QUERIES[(n + 3 * turn + row.number) % len(QUERIES)]}" for n, name in enumerate(NAMES)
            )
            address = world.address(row.address)
            answer = world.ask(row.reader, "GET", f"{address}?{given}")
            if answer.response.status_code >= 500:
                wrong.append(f"{row}: status {answer.response.status_code}")
            if not answer.response.streaming:
                html = answer.response.content.decode("utf-8", "replace")  # type: ignore[attr-defined]
                wrong += [f"{row}: {piece!r} would run" for piece in runs_in(html)]
    assert not wrong, "\n".join(wrong)


# Wagtail's lists that people search.
SEARCHED = ("search pages", "pictures", "documents", "people")


def is_ours(row: Row, world: World) -> bool:
    """Return whether a view of ours or of the sign-in answers at the row's address; Wagtail's own bear what they bear."""
    view = resolve(world.address(row.address).split("?")[0]).func
    return not module_of(view).startswith(("wagtail.", "rest_framework."))


@pytest.mark.parametrize(
    "query", ['"', 'a "b', "'", "\\", "%", "*", "a OR", "(", "\0", "a" * 5000, "-", "NEAR(a b)"], ids=range(12)
)
def test_a_search_in_the_admin_bears_every_sign(world: World, query: str) -> None:
    for address in ("/admin/pages/search/", "/admin/images/", "/admin/documents/", "/admin/users/"):
        assert world.ask("System admin", "GET", address, {"q": query}).response.status_code == 200


PLACES: dict[str, tuple[str, ...]] = {
    "int": ("0", "99999999999999999999999999"),
    "uuid": ("00000000-0000-0000-0000-000000000000",),
    "slug": ("no-such", "-", "x" * 5000),
    "str": ("%00", "%ff", "..", quote("<script>hostile()</script>"), "x" * 5000),
    "path": (
        "%00",
        "..%2f..%2f..%2fetc%2fpasswd",
        "../../../../etc/passwd",
        "%ff%fe",
        quote("<script>hostile()</script>"),
        "x" * 5000,
    ),
}


def test_every_address_bears_what_is_put_into_it(world: World) -> None:
    """Numbers too large, negative, empty; words that are too long, no UTF-8, or lead out of a folder: not found, never a crash."""
    wrong, tried = [], 0
    for route, view in routes():
        parts = re.findall(r"<(?:(\w+):)?\w+>", route)
        if parts and "^" not in route and not module_of(view).startswith(("rest_framework.", "wagtail.")):
            for number in range(max(len(PLACES.get(kind or "str", ())) for kind in parts)):
                address = "/" + re.sub(
                    r"<(?:(\w+):)?\w+>",
                    lambda found, number=number: (kinds := PLACES[found[1] or "str"])[number % len(kinds)],  # type: ignore[misc]
                    route,
                )
                for method in ("GET", "POST"):
                    person = "System admin" if address.startswith("/admin/") else "Owner"
                    answer = world.ask(person, method, address)
                    tried += 1
                    if answer.response.status_code >= 500:
                        wrong.append(f"{method} {address[:120]}: status {answer.response.status_code}")
    assert tried > 200
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "address",
    ["/%00", "/%ff/", "/catalogue/%00/", "//evil.example/", "/learn/..%2f/", "/-1/", "/" + "x" * 9000, "/;", "/?%00"],
)
def test_an_address_that_is_nothing_is_not_found(world: World, address: str) -> None:
    answer = world.ask("Owner", "GET", address)
    assert answer.response.status_code in (200, 301, 302, 404)
    assert "evil.example" not in answer.response.headers.get("Location", "")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_a_wrong_method_does_nothing(world: World, method: str) -> None:
    """Refused or led away; at allauth's a PUT and a DELETE are a POST, and need its token (``test_security``)."""
    wrong = []
    ours = {row.address: row for row in rows() if is_ours(row, world) and not row.address.startswith("/accounts/")}
    for row in ours.values():
        answer = world.ask(row.reader, method, world.address(row.address), "{}" if method == "PUT" else None)
        if answer.response.status_code >= 500 or answer.written:
            wrong.append(f"{row}: status {answer.response.status_code}, {answer.written[:1]}")
    assert not wrong, "\n".join(wrong)


def test_a_head_request_answers_as_a_get_without_a_body(world: World) -> None:
    wrong = []
    for row in rows():
        if row.method == "GET" and is_ours(row, world):
            answer = world.ask(row.reader, "HEAD", world.address(row.address))
            body = b"" if answer.response.streaming else answer.response.content  # type: ignore[attr-defined]
            if answer.word != dict(row.asked)[row.reader] or body:
                wrong.append(f"{row}: status {answer.response.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"--x\r\nContent-Disposition: form-data", "multipart/form-data; boundary=x"),
        (b"title=%ff%fe&title=%00", "application/x-www-form-urlencoded"),
        (b"\x00\x01", "application/octet-stream"),
    ],
    ids=[
        "half json",
        "no utf-8",
        "half multipart",
        "broken fields",
        "bytes",
    ],
)
def test_a_body_that_is_none_is_refused_and_changes_nothing(
    world: World, forms: list[FoundForm], body: bytes, kind: str
) -> None:
    wrong = []
    for found in forms:
        if not found.is_wagtails:
            answer = world.ask(found.person, "POST", found.form.action, body, content_type=kind)
            if answer.response.status_code >= 500:
                wrong.append(f"{found}: status {answer.response.status_code}")
    assert not wrong, "\n".join(wrong)


# --- Pictures and documents that are none -----------------------------------------------------------------------------

NO_PICTURES = {
    "text.png": b"This is a text, whatever its name says.",
    "half.png": png()[:60],
    "page.png": b"<html><script>hostile()</script></html>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>hostile()</script></svg>",
    "empty.png": b"",
    "broken.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    "large.png": png() + b"\0" * (11 * 1024 * 1024),
}


@pytest.mark.parametrize("name", NO_PICTURES)
@pytest.mark.parametrize(
    "address", ["/admin/images/add/", "/admin/images/chooser/create/", "/admin/images/multiple/add/"]
)
def test_a_picture_that_is_none_is_refused_by_a_sentence(world: World, address: str, name: str) -> None:
    upload = SimpleUploadedFile(name, NO_PICTURES[name], "image/png")
    collection = world.places["collection"]
    sent = {"title": "A landing", "file": upload, "files[]": upload, "collection": collection}
    chosen = {f"image-chooser-upload-{key}": value for key, value in sent.items()}
    answer = world.ask("Trainer", "POST", address, {**sent, **chosen})
    assert answer.response.status_code in (200, 400)
    assert not [sql for sql in answer.written if sql.startswith('INSERT INTO "wagtailimages_image"')]


@pytest.mark.parametrize("name", ["page.html", "run.exe", "drawing.svg", "no ending", "a.pdf.html", "macro.docm"])
def test_a_document_that_could_run_is_refused_by_its_ending(world: World, name: str) -> None:
    upload = SimpleUploadedFile(name, b"<script>hostile()</script>")
    sent = {"title": "A form", "file": upload, "collection": world.places["collection"], "tags": ""}
    answer = world.ask("Trainer", "POST", "/admin/documents/add/", sent)
    assert answer.response.status_code == 200
    assert not [sql for sql in answer.written if sql.startswith('INSERT INTO "wagtaildocs_document"')]


# --- A session that ended ---------------------------------------------------------------------------------------------


def test_what_was_typed_before_a_session_ended_is_there_after_signing_in_again(
    world: World, forms: list[FoundForm]
) -> None:
    """Every form of the learners' and supervisors' pages is sent by somebody whose session is gone, from a page of ours."""
    tried, wrong = 0, []
    for found in forms:
        if found.form.action.startswith(("/admin/", "/accounts/", "/verify/", "/style/")) or not found.form.typed:
            continue
        tried += 1
        with undone():
            browser = world.client(STRANGER)
            sent = found.form.sent(**dict.fromkeys(found.form.typed, "What I had typed, all of it"))
            answer = browser.post(found.form.action, sent, HTTP_ORIGIN="http://testserver")
            back = parse_qs(urlsplit(answer.headers["Location"]).query)["next"][0]
            browser.force_login(world.people[found.person], backend="people.sign_in.SignInBackend")
            kept = browser.get(back)
            shown = [form for form in forms_of(kept.content.decode(), back) if form.action == found.form.action]
            if not shown or any(shown[0].values.get(name) != sent[name] for name in found.form.typed):
                wrong.append(f"{found}: {kept.status_code}")
        cache.clear()
    assert tried >= 6
    assert not wrong, "\n".join(wrong)


# --- A course that changes while somebody is in it ---------------------------------------------------------------------


def test_a_course_withdrawn_while_somebody_is_in_it_goes_on_for_them(world: World) -> None:
    with undone():
        course = Course.objects.get(slug=world.places["course"])
        withdraw_course(course, by=world.people["Trainer"], at=clock.now(), reason="The law changed.")
        lesson = f"/learn/{course.slug}/the-shortcut/"
        assert world.ask("Officer", "GET", lesson).word == "yes"
        assert world.ask("Officer", "POST", lesson, {"do": "next"}).written
        refused = world.ask("Learner", "POST", f"/catalogue/{course.slug}/enrol/")
        assert refused.word == "no"
        assert "withdrawn" in refused.complaints[0]
    cache.clear()


def test_a_step_that_the_next_release_leaves_out_stays_for_whoever_is_in_the_one_before(world: World) -> None:
    with undone():
        course = Course.objects.get(slug=world.places["new course"])
        enrol(world.people["Learner"], course, by=world.people["Learner"], at=clock.now())
        learning.release(course, steps=[learning.lesson("second-word"), learning.lesson("third-word")])
        gone, new = f"/learn/{course.slug}/first-word/", f"/learn/{course.slug}/third-word/"
        assert world.ask("Learner", "GET", gone).word == "yes"
        assert world.ask("Learner", "POST", gone, {"do": "next"}).written
        assert world.ask("Learner", "GET", new).word == "away"
        assert world.ask("Learner", "POST", new, {"do": "next"}).word == "away"
    cache.clear()


def test_a_course_whose_pages_are_deleted_goes_on_for_those_in_it(world: World) -> None:
    with undone():
        course = Course.objects.get(slug=world.places["course"])
        assert course.page is not None
        course.page.delete()
        assert world.ask("Officer", "GET", f"/learn/{course.slug}/the-shortcut/").word == "yes"
        assert world.ask(STRANGER, "GET", f"/catalogue/{course.slug}/").word == "yes"
        assert world.ask("Trainer", "GET", f"/admin/class-lists/{course.pk}/").word == "yes"
    cache.clear()


# --- Sent twice -------------------------------------------------------------------------------------------------------


def test_every_act_sent_twice_is_done_once_or_refused_by_a_sentence(world: World) -> None:
    """The second press of every button of the matrix, with the very same data, and what is sent after it is out of date."""
    wrong = []
    for row in rows():
        if row.method == "POST" and is_ours(row, world) and not row.address.startswith("/accounts/"):
            act, address = act_for(row.what), world.address(row.address)
            with undone():
                if act.before is not None:
                    act.before(world)
                data = act.data(world)
                browser = world.client(row.reader)
                browser.post(address, data, **act.more)
                second = browser.post(address, data, **act.more)
            cache.clear()
            if second.status_code >= 500:
                wrong.append(f"{row}: status {second.status_code}")
    assert not wrong, "\n".join(wrong)
