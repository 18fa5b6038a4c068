"""Invigilated sittings: opening a room, starting in it by its code, watching it, stopping its clocks, and its log."""
