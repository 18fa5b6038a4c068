"""No two files import each other, by whatever way round: what cannot be read alone cannot be changed alone."""

import graphlib
import sys
from pathlib import Path

import grimp

PACKAGES = ("training_site", "courses", "assessments", "cpd_records", "people")


def test_no_files_import_each_other_in_a_circle(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parents[1]), *sys.path])
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        graphlib.TopologicalSorter(imports).prepare()
    except graphlib.CycleError as circle:
        raise AssertionError(" imports ".join(reversed(circle.args[1]))) from None
