"""A stranger drops a certificate's file on the page that checks it; its holder takes the badge."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.cpd_records.certificate_acts import issued, stored_bytes
from tests.journeys import stories
from tests.journeys.visitors import BOTH_WIDTHS

DROP = """([name, content, count]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  for (let each = 0; each < count; each++) carried.items.add(new File([bytes], name, { type: "application/pdf" }));
  const area = document.querySelector(".drop");
  area.dispatchEvent(new DragEvent("dragenter", { bubbles: true, dataTransfer: carried }));
  area.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: carried }));
}"""


def drop(page: Any, content: bytes, *, name: str = "certificate.pdf", count: int = 1) -> None:
    page.evaluate(DROP, [name, base64.b64encode(content).decode(), count])


@BOTH_WIDTHS
def test_a_stranger_drops_the_file_and_reads_the_answer(visitor: Any, screen: dict[str, Any]) -> None:
    # Given a certificate somebody was sent.
    pdf = stored_bytes(issued(stories.person("Alexandra Bell")))
    stranger = visitor(**screen)
    stranger.goes_to("/verify/")
    stranger.sees("Drop the file here, or choose it:")

    # When two files are dropped, the page asks for one; nothing is sent.
    drop(stranger.page, pdf, count=2)
    stranger.sees("Drop one file at a time.")

    # When a file is far too large, the page says so before it is sent.
    drop(stranger.page, bytes(17_000_000), name="scan.pdf")
    stranger.sees("scan.pdf is larger than any certificate of ours, which are under 16 MB. Choose another file.")
    assert stranger.page.url.endswith("/verify/")

    # When it is the certificate, it is checked at once.
    drop(stranger.page, pdf)
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("This certificate is valid")
    stranger.sees("The badge in it is ours")

    # And an edited one is called edited.
    stranger.goes_to("/verify/")
    drop(stranger.page, pdf.replace(b"%%EOF", b"%%EOF\n"))
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("This file was edited after we issued it")


@BOTH_WIDTHS
def test_the_holder_takes_the_badge_beside_the_certificate(
    visitor: Any, screen: dict[str, Any], tmp_path: Path
) -> None:
    holder = stories.person("Alexandra Bell")
    issued(holder)
    officer = visitor(**screen)
    stories.signs_in(officer, holder)
    officer.goes_to("/my/record/")
    officer.page.get_by_role("link", name="Badge").click()
    officer.sees_heading("Your badge")
    officer.page.get_by_label("My name, for everybody to read.").check()
    badge = json.loads(officer.downloads("Download the badge", tmp_path, role="button").read_text())
    assert badge["credentialSubject"]["identifier"][0]["identityHash"] == "Alexandra Bell"
