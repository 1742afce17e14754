"""Builds the native library with Cargo and puts it beside the Python files. It is loaded with ctypes and knows no Python, so one wheel serves
every Python 3 on its platform. PQRTC_LIBRARY names a library that was built already, to be taken as it is: that of packaging/dist.sh."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Tuple

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext
from setuptools.command.sdist import sdist
from setuptools_rust import Binding, RustExtension, Strip

HERE = Path(__file__).resolve().parent
# An sdist carries the Rust sources; a checkout has them above.
RUST = HERE / "rust" if (HERE / "rust").is_dir() else HERE.parent.parent
VERSION = re.search(r'^version = "(.+)"', (RUST / "Cargo.toml").read_text(), re.M)[1]  # type: ignore[index]
LICENCES = ["LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY-NOTICES"]
LIBRARY = {"win32": "pqrtc.dll", "darwin": "libpqrtc.dylib"}.get(sys.platform, "libpqrtc.so")
BUILT = os.environ.get("PQRTC_LIBRARY")


class Platform(Distribution):  # type: ignore[misc]
    def has_ext_modules(self) -> bool:
        """Also with a library that was built already."""
        return True


class BuildLibrary(build_ext):  # type: ignore[misc]
    def run(self) -> None:
        super().run()
        if BUILT:
            shutil.copyfile(BUILT, Path(self.build_lib, "pqrtc", LIBRARY))

    def get_ext_filename(self, fullname: str) -> str:
        """A library under its own name, not an extension module's."""
        return LIBRARY


class AnyPython(bdist_wheel):  # type: ignore[misc]
    def get_tag(self) -> Tuple[str, str, str]:
        return "py3", "none", super().get_tag()[2]


class WithRust(sdist):  # type: ignore[misc]
    def make_release_tree(self, base_dir: str, files: Any) -> None:
        """Adds the crate as Cargo would publish it, so that the source distribution builds by itself."""
        super().make_release_tree(base_dir, files)
        for name in LICENCES:  # links to files above, in a checkout
            target = Path(base_dir, name)
            target.unlink(missing_ok=True)
            shutil.copyfile(HERE / name, target)
        if RUST.parent == HERE:
            shutil.copytree(RUST, Path(base_dir, "rust"), dirs_exist_ok=True)
            return
        with tempfile.TemporaryDirectory() as folder:
            command = ["cargo", "package", "--no-verify", "--allow-dirty", "--quiet", "--target-dir", folder]
            subprocess.run(command, cwd=RUST, check=True)
            (crate,) = Path(folder, "package").glob("*.crate")
            shutil.unpack_archive(crate, folder, "gztar")
            shutil.copytree(Path(folder, crate.stem), Path(base_dir, "rust"))


setup(
    version=VERSION,
    distclass=Platform,
    cmdclass={"build_ext": BuildLibrary, "bdist_wheel": AnyPython, "sdist": WithRust},
    rust_extensions=[]
    if BUILT
    else [
        RustExtension(
            "pqrtc.libpqrtc", str(RUST / "Cargo.toml"), binding=Binding.NoBinding, strip=Strip.All, debug=False,
            cargo_manifest_args=["--locked"],
        )
    ],
    zip_safe=False,
)  # fmt: skip
