"""The 37 role requirements a force begins with, row by row as their source table has them (validity in months, refresher in hours, grace
in days, needs, how far it is sourced), and the two checks that some of them need."""

import pytest

from cpd_records.models import QualificationNeed, QualificationRule, Requirement
from people import clock

pytestmark = pytest.mark.django_db

TABLE = """
PPST      12  12   0  -                    sourced
FALP      12  6    0  -                    sourced
JRFT      12  1    30 -                    part
CED       12  6    0  PPST,FALP,JRFT,EYE   part
AFO       12  72   0  PPST,FALP,JRFT       illustrative
POPS3     24  6    60 PPST                 illustrative
POPS2     12  12   30 PPST,JRFT            illustrative
POPS1     12  48   0  POPS2                illustrative
POPSC     24  12   0  -                    illustrative
MOE       24  6    30 PPST                 illustrative
DRV-S     60  2    0  LIC                  illustrative
DRV-R     60  6    0  DRV-S                illustrative
DRV-P     24  6    0  DRV-R                illustrative
CUST      12  6    30 PPST,FALP            illustrative
CBRN      36  2    90 -                    illustrative
JESIP     24  1    90 -                    illustrative
DP        12  1    30 -                    illustrative
CCU       12  1    30 -                    illustrative
ETH       24  2    60 -                    illustrative
DEI       36  3    90 -                    illustrative
SS        24  3    60 -                    illustrative
UOF       12  -    0  PPST                 part
BWV       36  1    90 -                    illustrative
DA        36  2    90 -                    part
SAFE      36  3    90 -                    illustrative
MH        24  3    60 -                    illustrative
RCRP      24  1    60 -                    illustrative
MISP      36  2    90 -                    illustrative
PIP1      -   -    0  -                    sourced
PIP2      12  6    60 -                    part
PIP3      12  12   0  PIP2                 part
SCAI      24  6    60 PIP2                 part
TUTOR     36  6    90 PPST,FALP            part
ASSR/IQA  12  4    60 -                    part
PPSTI     12  12   0  PPST                 part
PLP2      -   40   180 -                   illustrative
PLP3      -   40   180 PLP2                illustrative
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
CHECKS = {"EYE", "LIC"}


def rules():
    """The rules in force today, by code."""
    return {row.qualification.code: row for row in QualificationRule.objects.in_force(clock.today())}


def test_there_are_37_and_the_two_checks_that_lapse():
    assert len(ROWS) == 37
    assert set(rules()) == {row[0] for row in ROWS} | CHECKS


@pytest.mark.parametrize(("code", "months", "hours", "grace", "needs", "status"), ROWS, ids=[row[0] for row in ROWS])
def test_a_row_says_what_its_source_says(code, months, hours, grace, needs, status):
    rule = rules()[code]
    needed = QualificationNeed.objects.in_force(clock.today()).filter(qualification__code=code)
    assert {
        "months": rule.validity_months,
        "minutes": rule.refresher_minutes,
        "grace": rule.grace_days,
        "needs": set(needed.values_list("needed__code", flat=True)),
        "status": rule.status,
        "warning": rule.warning_days,
    } == {
        "months": None if months == "-" else int(months),
        "minutes": None if hours == "-" else int(hours) * 60,
        "grace": int(grace),
        "needs": set() if needs == "-" else set(needs.split(",")),
        "status": status,
        "warning": 90,
    }
    assert rule.lapse
    assert rule.applies_to
    assert rule.source


def test_first_aid_and_taser_have_a_longer_first_training():
    found = rules()
    assert (found["FALP"].initial_minutes, found["CED"].initial_minutes) == (12 * 60, 18 * 60)


def test_a_risk_assessed_exception_makes_up_for_safety_training_and_first_aid_and_never_for_taser_or_firearms():
    found = rules()
    assert [found[code].exception_allowed for code in ("PPST", "FALP", "CED", "AFO")] == [True, True, False, False]


def test_what_each_is_required_of_is_data_too():
    required = set(Requirement.objects.in_force(clock.today()).values_list("qualification__code", flat=True))
    assert required == {row[0] for row in ROWS}
