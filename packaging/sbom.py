#!/usr/bin/env python3
"""sbom.py FOLDER: writes the CycloneDX bills of materials of what packaging/notices.py names: the crates that are linked in, with versions, licences
and the digests of Cargo.lock. Needs cyclonedx-python-lib[validation], whose schema they are held to."""

from __future__ import annotations

import re
import sys
from datetime import datetime, timezone
from os import environ
from pathlib import Path
from typing import Any, Dict
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

import notices

OUT = {
    "THIRD-PARTY-NOTICES": ("pqrtc", "libpqrtc.cdx.json", ComponentType.LIBRARY),
    "bindings/web/THIRD-PARTY-NOTICES": ("pqrtc", "npm-pqrtc.cdx.json", ComponentType.LIBRARY),
    "cli/THIRD-PARTY-NOTICES": ("pqrtc-cli", "pqrtc.cdx.json", ComponentType.APPLICATION),
}


def component(package: Dict[str, Any], digests: Dict[str, str], kind: ComponentType = ComponentType.LIBRARY) -> Component:
    name, version = package["name"], package["version"]
    digest = digests.get(f"{name} {version}")
    return Component(
        name=name, version=version, type=kind, bom_ref=f"{name}@{version}", purl=PackageURL("cargo", None, name, version),
        licenses=[LicenseExpression(package["license"].replace("/", " OR "))],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)] if digest else [],
    )  # fmt: skip


def main() -> int:
    folder = Path(sys.argv[1])
    packages = notices.packages()
    lock = (notices.ROOT / "Cargo.lock").read_text()
    digests = {f"{name} {version}": digest for name, version, digest in re.findall(r'name = "(.+)"\nversion = "(.+)"\nsource = .+\nchecksum = "(.+)"', lock)}
    for file, (_, _, options) in notices.FILES.items():
        of, out, kind = OUT[file]
        subject = component(next(p for (name, _), p in packages.items() if name == of), digests, kind)
        linked = [component(package, digests) for package in notices.linked(packages, options)]
        bom = Bom(components=linked, serial_number=uuid5(NAMESPACE_URL, f"{out} {subject.version}\n{lock}"))
        bom.metadata.component = subject
        bom.metadata.timestamp = datetime.fromtimestamp(int(environ.get("SOURCE_DATE_EPOCH", "0")), timezone.utc)
        bom.register_dependency(subject, linked)
        text = JsonV1Dot6(bom).output_as_string(indent=1)
        wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
        if wrong:
            raise SystemExit(f"{out}: {wrong}")
        (folder / out).write_text(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
