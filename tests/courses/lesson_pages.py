"""What the tests of course and lesson pages share."""

import re

import pytest

from people import clock
from tests.courses.factories import (
    enrolled,
    release,
)


@pytest.fixture(name="learner")
def learner_fixture(person, signed_in):
    officer = person("Bo Reader")
    made = release()
    enrolment = enrolled(officer, made, at=clock.now())
    client = signed_in(officer)
    client.officer, client.enrolment, client.release = officer, enrolment, made
    return client


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


FIRST = "/learn/eth-900/first-word/"
SECOND = "/learn/eth-900/second-word/"
