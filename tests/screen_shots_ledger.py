"""The pictures of certificates that change, of what is erased and held, of parades, and of the ledger's page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.screen_shots import WIDE, Shot


def suspend_without_reason(page: Page, _states: dict[str, str]) -> None:
    page.locator("main form button[type=submit]:visible").last.click()
    expect(page.get_by_text("There is a problem").first).to_be_visible()


def template_too_long(page: Page, _states: dict[str, str]) -> None:
    page.locator("[name=name]").fill("Passing out")
    for name, most in (("opening", 80), ("passed", 80), ("closing", 160)):
        page.locator(f"[name={name}]").fill(("WWWWWWWW " * 20)[:most].strip())
    page.get_by_role("button", name="Save the template").click()
    expect(page.get_by_text("no room on the page").first).to_be_visible()


LEDGER_SHOTS = (
    Shot("16-chain-my-record", "chain", "/my/record/"),
    Shot("16-chain-signed-documents", "chain", "/my/record/issue/"),
    Shot("16-chain-person", "training-admin", "{chain-person}"),
    Shot("16-chain-recorded", "training-admin", "{chain-recorded}"),
    Shot("16-suspend", "training-admin", "{certificate-suspend}"),
    Shot("16-suspend-without-reason", "training-admin", "{certificate-suspend}", suspend_without_reason),
    Shot("16-lift", "admin", "{certificate-lift}"),
    Shot("16-put-right", "training-admin", "{certificate-put-right}"),
    Shot("16-withdraw", "training-admin", "{certificate-withdraw}"),
    Shot("16-proposal-lift", "training-admin", "{proposal-lift}"),
    Shot("16-proposal-put-right", "training-admin", "{proposal-put-right}"),
    Shot("16-badge", "chain", "{certificate-badge}"),
    Shot("16-verify-suspended", "", "{verify-suspended}"),
    Shot("16-verify-renamed", "", "{verify-renamed}"),
    Shot("16-imported-person", "training-admin", "{imported-person}"),
    Shot("16-imported-correct", "training-admin", "{imported-correct}"),
    Shot("16-imported-void", "training-admin", "{imported-void}"),
    Shot("16-proposal-imported", "admin", "{proposal-imported}"),
    Shot("16-proposal-imported-void", "training-admin", "{proposal-imported-void}"),
    Shot("16-late", "training-admin", "/certificates/late/"),
    Shot("16-late-none", "officer", "/certificates/late/", status=403),
    Shot("16-my-learning-late", "training-admin", "/my/"),
    Shot("16-due-for-disposal", "disclosure", "/evidence/erasures/due/"),
    Shot("16-erasures", "records", "/evidence/erasures/"),
    Shot("16-erasure-new", "disclosure", "{erasure-new}"),
    Shot("16-erasure-waits", "records", "{erasure-waits}"),
    Shot("16-erasure-waits-mine", "disclosure", "{erasure-waits}"),
    Shot("16-erasure-held", "disclosure", "{erasure-held}"),
    Shot("16-erasure-refused", "disclosure", "{erasure-refused}"),
    Shot("16-erasure-done", "disclosure", "{erasure-done}"),
    Shot("16-holds", "disclosure", "/evidence/holds/"),
    Shot("16-hold-lift", "records", "{hold-lift}"),
    Shot("16-parades", "training-admin", "/intakes/parades/"),
    Shot("16-parade-new", "training-admin", "/intakes/parades/new/"),
    Shot("16-parade", "training-admin", "{parade}"),
    Shot("16-parade-waits", "training-admin", "{parade-waits}"),
    Shot("16-ledger", "admin", "/ledger/"),
    Shot("16-ledger-refused", "officer", "/ledger/", status=403),
    Shot("16-templates-admin", "approver", "/admin/certificate-templates/", widths=WIDE),
    Shot("16-template-too-long-admin", "approver", "/admin/certificate-templates/new/", template_too_long, widths=WIDE),
)
