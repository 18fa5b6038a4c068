"""The random audit sample of CPD: ``lot`` draws it from a published seed, so that anybody can draw it again; see docs/cpd-sample.md."""
