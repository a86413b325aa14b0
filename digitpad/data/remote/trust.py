"""Whom downloads trust: the certificates that a server's own is checked against."""

from __future__ import annotations

import os
import ssl
import sys
from pathlib import Path

_OF_DISTRIBUTIONS = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian and its relatives, Arch, Alpine
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora and its relatives
    "/etc/pki/tls/certs/ca-bundle.crt",  # older ones of these
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # macOS, BSD
)


def trusting_context() -> ssl.SSLContext:
    """Settings for secure connections, with the system's certificates where it has any.

    A bundle brings its own OpenSSL, which looks where the computer kept them that it was built on.
    What the user names in SSL_CERT_FILE or SSL_CERT_DIR counts, and nothing else then.
    """
    context = ssl.create_default_context()
    defaults = ssl.get_default_verify_paths()
    if os.environ.get(defaults.openssl_cafile_env) or os.environ.get(defaults.openssl_capath_env):
        return context
    # Windows brings some of its own only when one of its own programs asks for them, so Mozilla's
    # are added there.
    if sys.platform == "win32":
        context.load_verify_locations(_mozillas())
        return context
    # OpenSSL opens those in a folder when it needs them, under names like 5ad8a5d6.0.
    in_folder = defaults.capath is not None and any(Path(defaults.capath).glob("????????.[0-9]"))
    if not context.cert_store_stats()["x509_ca"] and not in_folder:
        found = next(filter(os.path.isfile, _OF_DISTRIBUTIONS), None)
        context.load_verify_locations(found or _mozillas())
    return context


def _mozillas() -> str:
    import certifi

    return certifi.where()
