"""Programmes of initial training in the admin: read, changed by a new release, withdrawn."""
