//! Writes include/pqrtc.h when the C ABI changed, and gives the shared library its name and its link options.

use std::env;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=src/ffi");
    println!("cargo:rerun-if-changed=cbindgen.toml");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=Cargo.toml");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    #[cfg(feature = "capi")]
    if let Err(why) = header(&root) {
        // A build from a read-only or packaged tree uses the header that came with it.
        println!("cargo:warning=include/pqrtc.h was not generated: {why}");
    }
    link(&root);
}

#[cfg(feature = "capi")]
fn header(root: &Path) -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=include/pqrtc.h");
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml"))?;
    let mut generated = Vec::new();
    // The module and its submodules, and nothing of the layers below.
    cbindgen::Builder::new()
        .with_config(config)
        .with_src(root.join("src/ffi/mod.rs"))
        .generate()?
        .write(&mut generated);
    let generated = finished(&String::from_utf8(generated)?);
    let path = root.join("include/pqrtc.h");
    if std::fs::read_to_string(&path).is_ok_and(|known| known == generated) {
        return Ok(());
    }
    std::fs::create_dir_all(root.join("include"))?;
    Ok(std::fs::write(path, generated)?)
}

/// "# Safety" sections are for Rust callers; the head of the header says the same once. A status is not to be ignored.
#[cfg(feature = "capi")]
fn finished(header: &str) -> String {
    let mut out = String::new();
    let mut skipping = false;
    for line in header.lines() {
        skipping = (skipping || line.trim() == "* # Safety") && line.trim() != "*/";
        if !skipping {
            if line.trim() == "*/" && out.ends_with("\n *\n") {
                out.truncate(out.len() - 3);
            }
            if line.starts_with("pqrtc_status pqrtc_") {
                out.push_str("PQRTC_NODISCARD ");
            }
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// The first number of `version` under `[package.metadata.capi.library]`, where cargo-c reads it too. A test holds `PQRTC_ABI_VERSION` to it.
fn abi_version(root: &Path) -> String {
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).expect("Cargo.toml");
    let (_, library) = manifest.split_once("[package.metadata.capi.library]").expect("the version of the C library");
    let version = library.split('"').nth(1).expect("the version of the C library");
    version.split('.').next().unwrap_or(version).to_owned()
}

fn link(root: &Path) {
    let abi = abi_version(root);
    let arg = |arg: &str| println!("cargo:rustc-cdylib-link-arg={arg}");
    match env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux" | "android" | "freebsd" | "netbsd" | "openbsd") => {
            arg(&format!("-Wl,-soname,libpqrtc.so.{abi}"));
            // Our symbols are ours even where another library defines the same names first.
            arg("-Wl,-Bsymbolic");
            // The providers keep thread-local state whose destructors must outlive dlclose().
            arg("-Wl,-z,nodelete");
            arg("-Wl,-z,noexecstack");
            // A crate below pqclean exports the function that the C code draws randomness from: who defines it first chooses all keys.
            if env::var_os("CARGO_FEATURE_PQCLEAN").is_some() {
                arg("-Wl,--exclude-libs,ALL");
            }
        }
        Ok("macos") => arg(&format!("-Wl,-install_name,@rpath/libpqrtc.{abi}.dylib")),
        _ => {}
    }
    let variable = |name: &str| env::var(name).unwrap_or_default();
    if variable("CARGO_CFG_TARGET_ENV") == "musl" && !variable("CARGO_ENCODED_RUSTFLAGS").contains("-crt-static") {
        unwinder();
    }
}

/// Puts rustup's libunwind for musl into libpqrtc.a. Elsewhere the C compiler brings the unwinder; `musl-gcc` brings one that needs glibc.
fn unwinder() {
    let (rustc, target) = (env::var_os("RUSTC").unwrap_or("rustc".into()), env::var("TARGET").unwrap_or_default());
    let said = std::process::Command::new(rustc).args(["--print", "target-libdir", "--target", &target]).output();
    let libdir = said.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned()).unwrap_or_default();
    let folder = Path::new(&libdir).join("self-contained");
    if folder.join("libunwind.a").exists() {
        println!("cargo:rustc-link-search=native={}", folder.display());
        println!("cargo:rustc-link-lib=static:+bundle=unwind");
    }
}
