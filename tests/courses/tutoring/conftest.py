"""The same people as around programmes."""

from tests.courses.programmes.conftest import ada, rae, sergeant, team, where

__all__ = ["ada", "rae", "sergeant", "team", "where"]
