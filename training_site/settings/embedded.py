"""What the embedded default makes for itself, once, under ``var/keys``."""

import os
import secrets
from pathlib import Path


def embedded_secret(keys_dir: Path) -> str:
    """Return the secret that signs sessions and tokens, made once and readable by its owner only."""
    keys_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = keys_dir / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_urlsafe(50)
        file.write(secret)
    return secret
