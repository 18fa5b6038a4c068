"""A page's scripts run once: the name under which one module imports another is the name under which pages load it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from django.conf import settings

from training_site import settings as as_served
from training_site.static_files import NamedByContent

IMPORT = re.compile(r"""^(?:import|export)\b[^"';]*?(?:from\s*)?["'](\.[^"']+)["']""", re.MULTILINE)


def test_a_module_imports_another_under_the_hashed_name_that_pages_load(tmp_path: Path) -> None:
    scripts = Path(settings.BASE_DIR) / "training_site" / "static" / "js"
    storage = NamedByContent(location=tmp_path, base_url="/static/")
    names = sorted(path.name for path in scripts.glob("*.js"))
    for name in names:
        (tmp_path / "js").mkdir(exist_ok=True)
        (tmp_path / "js" / name).write_bytes((scripts / name).read_bytes())
    outcomes = storage.post_process({f"js/{name}": (storage, f"js/{name}") for name in names})
    for name, _, processed in outcomes:
        assert not isinstance(processed, Exception), f"{name}: {processed}"

    hashed = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    served = {Path(name).name for name in hashed.values()}
    imports = {
        (name, target) for name in names for target in IMPORT.findall((tmp_path / hashed[f"js/{name}"]).read_text())
    }
    assert any(target.startswith("./site.") for _, target in imports), (
        "some module imports site.js, or this test looks at nothing"
    )
    assert {(name, target) for name, target in imports if Path(target).name not in served} == set()


def test_the_site_serves_its_files_through_that_storage() -> None:
    assert as_served.STORAGES["staticfiles"]["BACKEND"] == "training_site.static_files.NamedByContent"
