"""The pictures of CPD whole, currency, awards, readiness, who looked, portfolios, imports and what an auditor asks."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.screen_shots import PHONE, WIDE, Shot


def open_filters(page: Page, _states: dict[str, str]) -> None:
    page.get_by_text("Change day, unit or order").click()


def type_no_day(page: Page, states: dict[str, str]) -> None:
    open_filters(page, states)
    page.locator("[name=on]").fill("31/02/2026")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("There is a problem").first).to_be_visible()


def grant_without_reason(page: Page, _states: dict[str, str]) -> None:
    page.get_by_role("button", name="Grant the exception").click()
    expect(page.get_by_text("There is a problem").first).to_be_visible()


def ask_of_nobody(page: Page, _states: dict[str, str]) -> None:
    page.get_by_label("Who?").fill("999999")
    page.get_by_label("On which day?").fill("3/3/2026")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("There is a problem").first).to_be_visible()


def lasting_too_long(page: Page, _states: dict[str, str]) -> None:
    expect(page.get_by_text("lasts 12 months at most").first).to_be_visible()


def draft_saved(page: Page, _states: dict[str, str]) -> None:
    page.get_by_label("What did you do?").fill("Search")
    expect(page.get_by_text("Draft saved at").first).to_be_visible()


def hand_in_a_case(page: Page, _states: dict[str, str]) -> None:
    page.get_by_label("What is it?").fill("A search in the street")
    page.get_by_label("What did you do, and what does it show?").fill("I searched Mr Shah after CAD 1234 came in.")
    page.get_by_label("Where was it?").fill("Peckham ward")
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_text("Look at this again.")).to_be_visible()


def judge_without_reason(page: Page, _states: dict[str, str]) -> None:
    page.get_by_role("button", name="Record the judgement").click()
    expect(page.get_by_text("There is a problem").first).to_be_visible()


def note_empty(page: Page, _states: dict[str, str]) -> None:
    page.get_by_label("What went well?").fill("Called for help early.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("There is a problem").first).to_be_visible()


RECORD_SHOTS = (
    Shot("07-requirements", "officer", "/my/record/requirements/"),
    Shot("07-requirements-past", "officer", "{requirements-past}"),
    Shot("07-seen", "officer", "/my/record/seen/"),
    Shot("07-seen-empty", "first-day", "/my/record/seen/"),
    Shot("07-looks", "officer", "/my/record/looks/"),
    Shot("07-looks-none", "first-day", "/my/record/looks/"),
    Shot("07-reminders", "officer", "/my/reminders/"),
    Shot("07-nomination", "name-ethiopic", "{nomination}"),
    Shot("08-cpd-start", "officer", "/cpd/start/"),
    Shot("08-cpd-plan", "officer", "/cpd/plan/"),
    Shot("08-cpd-plan-empty", "first-day", "/cpd/plan/"),
    Shot("08-cpd-plan-item", "officer", "{cpd-plan-item}"),
    Shot("08-cpd-draft-saved", "officer", "/cpd/log/", draft_saved, PHONE),
    Shot("08-cpd-templates", "training-admin", "/cpd/templates/"),
    Shot("08-cpd-briefing", "officer", "{cpd-briefing}"),
    Shot("08-cpd-correct", "officer", "{cpd-correct}"),
    Shot("08-cpd-series", "officer", "{cpd-series}"),
    Shot("08-cpd-progress", "officer", "/cpd/progress/"),
    Shot("08-cpd-progress-regulator", "officer", "/cpd/progress/?scheme=like-sra"),
    Shot("08-cpd-progress-no-scheme", "trainer", "/cpd/progress/"),
    Shot("07-signed-documents", "officer", "/my/record/issue/"),
    Shot("07-signed-documents-none", "first-day", "/my/record/issue/"),
    Shot("08-cpd-statement-asked", "officer", "/cpd/statement/"),
    Shot("08-cpd-statement", "officer", "{cpd-statement}", widths=WIDE, pdf=True),
    Shot("08-cpd-schemes", "officer", "/cpd/schemes/"),
    Shot("08-cpd-scheme", "officer", "/cpd/schemes/like-nmc/"),
    Shot("08-cpd-samples", "auditor", "/cpd/samples/"),
    Shot("08-cpd-sample", "auditor", "{cpd-sample}"),
    Shot("08-cpd-sample-draw", "training-admin", "/cpd/samples/draw/"),
    Shot("08-cpd-sample-member", "training-admin", "{cpd-sample-member}"),
    Shot("09-team", "supervisor", "/team/"),
    Shot("09-team-filters", "supervisor", "/team/?requirement=FALP", open_filters),
    Shot("09-team-no-day", "supervisor", "/team/", type_no_day, status=200),
    Shot("09-team-past", "supervisor", "{team-past}"),
    Shot("09-team-empty", "empty", "/team/"),
    Shot("09-team-large", "large", "/team/", whole=False),
    Shot("09-team-printed", "supervisor", "/team/", widths=WIDE, printed=True),
    Shot("09-team-forced-colours", "supervisor", "/team/", widths=WIDE, forced_colours=True),
    Shot("09-team-forecast", "supervisor", "/team/forecast/?days=90"),
    Shot("09-team-forecast-empty", "empty", "/team/forecast/"),
    Shot("09-team-compare", "supervisor", "/team/compare/"),
    Shot("09-team-compare-large", "large", "/team/compare/"),
    Shot("09-team-compare-empty", "empty", "/team/compare/"),
    Shot("09-team-lend", "supervisor", "/team/lend/"),
    Shot("09-team-declarations", "supervisor", "/team/cpd/declarations/"),
    Shot("09-team-briefings", "supervisor", "/team/briefings/"),
    Shot("09-team-briefing-new", "supervisor", "/team/briefings/new/"),
    Shot("09-team-briefing", "supervisor", "{cpd-briefing-recorded}"),
    Shot("09-team-correction", "supervisor", "{cpd-correction}"),
    Shot("09-team-reject", "supervisor", "{cpd-team}reject/"),
    Shot("09-team-second-reviewer", "assessor", "{cpd-second}"),
    Shot("09-team-refused", "officer", "/team/", status=403),
    Shot("09-person", "supervisor", "{team-person}"),
    Shot("09-person-past", "supervisor", "{team-person-past}"),
    Shot("09-person-name-long", "supervisor", "{team-name-long}"),
    Shot("09-exception", "supervisor", "{team-exception}"),
    Shot("09-exception-without-reason", "supervisor", "{team-exception}", grant_without_reason),
    Shot("09-restrict", "supervisor", "{team-person}restrict/"),
    Shot("09-away", "supervisor", "{team-person}away/"),
    Shot("11-qualifications", "training-admin", "/qualifications/", whole=False),
    Shot("11-qualification", "training-admin", "/qualifications/rules/CED/"),
    Shot("11-person", "training-admin", "{qualified-person}"),
    Shot("11-award", "training-admin", "{award}"),
    Shot("11-award-gives", "training-admin", "{award-gives}"),
    Shot("11-award-too-long", "training-admin", "{award-too-long}", lasting_too_long),
    Shot("11-award-correct", "training-admin", "{award-correct}"),
    Shot("11-award-withdraw", "training-admin", "{award-withdraw}"),
    Shot("11-award-void", "training-admin", "{award-void}"),
    Shot("11-proposals", "training-admin", "/qualifications/proposals/"),
    Shot("11-proposal", "training-admin", "{proposal}"),
    Shot("11-proposal-refused", "training-admin", "{proposal-refused}"),
    Shot("11-proposal-stale", "training-admin", "{proposal-stale}"),
    Shot("11-proposal-mine", "training-admin", "{proposal-mine}"),
    Shot("11-recorded", "training-admin", "{recorded}"),
    Shot("11-recorded-then", "auditor", "{recorded-then}"),
    Shot("11-record-everything", "officer", "/my/record/?show=everything"),
    Shot("11-exempt", "training-admin", "{qualified-person}exempt/"),
    Shot("11-restrict", "training-admin", "{qualified-person}restrict/"),
    Shot("11-away", "training-admin", "{qualified-person}away/"),
    Shot("11-qualifications-admin", "admin", "/admin/qualifications/", widths=WIDE),
    Shot("11-schemes-admin", "admin", "/admin/cpd-schemes/", widths=WIDE),
    Shot("11-scheme-admin", "admin", "/admin/cpd-schemes/local-development-target/", widths=WIDE),
    Shot("11-scheme-rules-admin", "admin", "/admin/cpd-schemes/local-development-target/rules/", widths=WIDE),
    Shot("13-programmes-admin", "admin", "/admin/programmes/", widths=WIDE),
    Shot("13-programme-admin", "admin", "/admin/programmes/PCEP/", widths=WIDE),
    Shot("13-programme-release-admin", "admin", "/admin/programmes/PCEP/release/", widths=WIDE),
    Shot("13-intakes", "training-admin", "/intakes/"),
    Shot("13-intake", "training-admin", "{intake}"),
    Shot("13-intake-new", "training-admin", "/intakes/new/"),
    Shot("13-intake-enrol", "training-admin", "{intake}enrol/"),
    Shot("13-intake-week", "training-admin", "{intake}week/"),
    Shot("13-intake-report", "training-admin", "{intake}report/"),
    Shot("13-intakes-report", "training-admin", "/intakes/report/"),
    Shot("13-counts-nothing", "training-admin", "/intakes/counts/"),
    Shot("13-path", "recruit", "/my/path/"),
    Shot("13-recruit", "supervisor", "{recruit}"),
    Shot("13-recruit-as-known", "auditor", "{recruit}as-known/"),
    Shot("13-recruit-phase", "training-admin", "{recruit}decide/phase/"),
    Shot("13-recruit-back-course", "supervisor", "{recruit}decide/back-course/"),
    Shot("13-recruit-left", "training-admin", "{recruit}decide/left/"),
    Shot("13-pair-tutor", "supervisor", "{recruit}tutor/"),
    Shot("13-shift-note", "officer", "{recruit}notes/new/"),
    Shot("13-shift-note-empty", "officer", "{recruit}notes/new/", note_empty),
    Shot("13-shift-note-correct", "officer", "{shift-note}"),
    Shot("13-shift-notes", "recruit", "{recruit}notes/"),
    Shot("13-week", "supervisor", "/team/recruits/"),
    Shot("12-evidence-question", "auditor", "/evidence/"),
    Shot("12-evidence", "auditor", "{evidence}"),
    Shot("12-evidence-today", "auditor", "{evidence-today}"),
    Shot("12-ledger", "auditor", "/ledger/"),
    Shot("12-evidence-packs", "auditor", "/evidence/packs/"),
    Shot("12-holds", "auditor", "/evidence/holds/"),
    Shot("12-erasures", "disclosure", "/evidence/erasures/"),
    Shot("12-due-for-disposal", "disclosure", "/evidence/erasures/due/"),
    Shot("12-erasures-to-decide", "disclosure", "/evidence/erasures/waiting/"),
    Shot("12-erasure-preview", "auditor", "{erasure-preview}"),
    Shot("07-everything", "officer", "/my/record/everything/"),
    Shot("12-evidence-nobody", "auditor", "/evidence/", ask_of_nobody),
    Shot("15-portfolio", "recruit", "/my/portfolio/"),
    Shot("15-portfolio-none", "first-day", "/my/portfolio/", status=404),
    Shot("15-portfolio-add", "recruit", "/my/portfolio/add/tutor-phase/?heading=property"),
    Shot("15-portfolio-case", "recruit", "/my/portfolio/add/tutor-phase/?heading=property", hand_in_a_case),
    Shot("15-portfolio-returned", "recruit", "{portfolio-returned}"),
    Shot("15-portfolio-again", "recruit", "{portfolio-returned}again/"),
    Shot("15-portfolios", "trainer", "/portfolios/"),
    Shot("15-portfolio-judge", "trainer", "{portfolio-waiting}"),
    Shot("15-portfolio-judge-without-reason", "trainer", "{portfolio-waiting}", judge_without_reason),
    Shot("15-portfolio-judged", "supervisor", "{portfolio-judged}"),
    Shot("15-portfolio-sign-off", "supervisor", "{portfolio-sign-off}"),
    Shot("15-portfolio-samples", "iqa", "/portfolios/samples/"),
    Shot("15-portfolio-sample", "auditor", "{portfolio-sample}"),
    Shot("15-portfolio-sample-draw", "iqa", "/portfolios/samples/draw/"),
    Shot("15-portfolio-sample-member", "iqa", "{portfolio-member}"),
    Shot("14-imports", "training-admin", "/imports/"),
    Shot("14-import-hand-in", "training-admin", "/imports/records/"),
    Shot("14-import-people", "training-admin", "/imports/people/"),
    Shot("14-import-columns", "training-admin", "{import-columns}"),
    Shot("14-import-checked", "training-admin", "{import-checked}"),
    Shot("14-import-done", "training-admin", "{import-done}"),
)
