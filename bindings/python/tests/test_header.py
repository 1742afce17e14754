"""The binding held to include/pqrtc.h: every function with the right arguments, every size and number the same."""

from __future__ import annotations

import re
from enum import IntEnum
from pathlib import Path
from typing import Any

import pytest

import pqrtc
from pqrtc import _api, _native, errors, frame, kem, sframe, signing, turn

TYPES = {
    "const uint8_t *": _api.IN,
    "const char *": _api.IN,
    "const size_t *": _api.IN,
    "const uint32_t *": _api.IN,
    "size_t": _api.SIZE,
    "uint32_t": _api.U32,
    "uint64_t": _api.U64,
}


@pytest.fixture(scope="module")
def header(root: Path) -> str:
    text = (root / "include" / "pqrtc.h").read_text().replace("PQRTC_NODISCARD ", "")
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def expected(name: str, parameter: str) -> Any:
    kind = re.sub(r"\w+$", "", parameter.strip()).strip()
    if kind in TYPES:
        return TYPES[kind]
    if re.fullmatch(r"(const )?struct pqrtc_\w+ \*", kind) and not name.endswith("_free") and "stats" not in kind and "info" not in kind:
        return kind.split()[-2]
    return _api.OUT


def test_every_function_is_bound_with_the_arguments_of_the_header(header: str) -> None:
    found = re.findall(r"^([\w ]+?[ *]+)(pqrtc_\w+)\(([^)]*)\);", header, re.M)
    assert {name for _, name, _ in found} == set(_native.declared)
    for result, name, parameters in found:
        bound = _native.declared[name]
        wanted = [] if parameters == "void" else [expected(name, one) for one in parameters.split(",")]
        assert len(bound.argtypes) == len(wanted), name
        handles: dict[str, Any] = {}
        for given, want in zip(bound.argtypes, wanted):
            if isinstance(want, str):
                assert issubclass(given, _native.Pointer), name
                assert handles.setdefault(want, given) is given
                assert given.free is _native.declared[want + "_free"], name
            else:
                assert given is want, name
        results = {
            "void": None, "pqrtc_status": _api.U32, "uint32_t": _api.U32,
            "size_t": _api.SIZE, "const char *": _api.IN,
        }  # fmt: skip
        assert bound.restype is results[result.strip()], name


def test_sizes(header: str) -> None:
    macros = {name: int(size) for name, size in re.findall(r"#define PQRTC_(\w+_BYTES) (\d+)", header)}
    assert macros and macros == {name: size for name, size in _api.SIZES.items() if name.endswith("_BYTES")}
    for algorithm in pqrtc.KemAlgorithm:
        found = [macros[f"{algorithm.name}_{what}_BYTES"] for what in ("PUBLIC_KEY", "CIPHERTEXT", "SEED")]
        if built(kem.sizes, algorithm):
            assert list(kem.sizes(algorithm)) == found
            assert turn.wrap_overhead(algorithm) == macros[f"{algorithm.name}_TURN_WRAP_OVERHEAD_BYTES"]
    for kind in pqrtc.SignatureAlgorithm:
        found = [macros[f"{kind.name}_{what}_BYTES"] for what in ("PUBLIC_KEY", "SIGNATURE", "SEED")]
        if built(signing.signature_sizes, kind):
            assert list(signing.signature_sizes(kind)) == found
    for suite in pqrtc.Suite:
        found = [macros[f"{suite.name}_{what}_BYTES"] for what in ("BUNDLE", "EXCHANGE", "SEED")]
        assert list(pqrtc.suite_sizes(suite)) == found


def built(sizes: Any, algorithm: int) -> bool:
    try:
        sizes(algorithm)
    except pqrtc.UnsupportedError:
        return False
    return True


@pytest.mark.parametrize(
    ("kind", "prefix"),
    [
        (pqrtc.Suite, "PQRTC_SUITE_"),
        (pqrtc.SrtpProfile, "PQRTC_SRTP_"),
        (pqrtc.ArtifactKind, "PQRTC_ARTIFACT_"),
        (sframe.CipherSuite, "PQRTC_SFRAME_AES"),
        (frame.Codec, "PQRTC_CODEC_"),
        (pqrtc.KemAlgorithm, "PQRTC_KEM_ML"),
        (pqrtc.MeetingMessage, "PQRTC_MEETING_"),
        (pqrtc.SignatureAlgorithm, "PQRTC_SIGNATURE_"),
    ],
)
def test_enums(header: str, kind: type[IntEnum], prefix: str) -> None:
    cut = len(prefix[: prefix.rindex("_") + 1])
    found = {name[cut:]: int(value) for name, value in re.findall(rf"^\s*({prefix}\w*) = (\d+),", header, re.M)}
    assert found == {member.name: member.value for member in kind}


def test_every_status_has_its_exception(header: str) -> None:
    enum = re.search(r"enum pqrtc_status\b[^{]*\{(.*?)\}", header, re.S)
    assert enum
    codes = {int(code) for code in re.findall(r"= (\d+),", enum[1])}
    assert codes - {0} == set(errors.BY_CODE)
    for code, kind in errors.BY_CODE.items():
        raised = _native.error(code)
        assert type(raised) is kind and raised.code == code and f"({code})" in str(raised)


def test_an_unknown_status_is_still_an_error() -> None:
    raised = _native.error(99)
    assert type(raised) is pqrtc.PqrtcError and raised.code == 99


def test_abi_version(header: str) -> None:
    assert f"#define PQRTC_ABI_VERSION {_api.ABI_VERSION}\n" in header
