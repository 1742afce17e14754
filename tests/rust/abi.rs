//! The C ABI held to its own rules, by reading its sources.

use std::fs;
use std::path::Path;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn ffi_sources() -> Vec<(String, String)> {
    let mut sources: Vec<_> = fs::read_dir(Path::new(ROOT).join("src/ffi"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap()))
        .collect();
    sources.sort();
    sources
}

/// Each exported function with the text from its body's opening brace to its end.
fn exported() -> Vec<(String, String)> {
    let mut functions = Vec::new();
    for (path, source) in ffi_sources() {
        for item in source.split("#[unsafe(no_mangle)]").skip(1) {
            let name = item.split("fn ").nth(1).and_then(|rest| rest.split('(').next()).unwrap();
            assert!(item.contains("extern \"C\" fn"), "{path}: {name} is not extern \"C\"");
            let body = item.split_once(" {\n").map(|(_, body)| body.split("\n}\n").next().unwrap()).unwrap();
            functions.push((name.to_owned(), body.to_owned()));
        }
    }
    functions
}

#[test]
fn every_exported_function_does_all_its_work_inside_the_guard() {
    let functions = exported();
    assert!(functions.len() > 50, "found only {}", functions.len());
    for (name, body) in functions {
        assert!(name.starts_with("pqrtc_"), "{name}");
        let code: Vec<_> = body.lines().map(str::trim).filter(|line| !line.starts_with("//")).collect();
        let guarded = ["guard(", "guard_frame(", "guard_or("].iter().any(|guard| code[0].starts_with(guard));
        // The guard's call is the only statement: what it opens on the first line is closed on the last.
        let closed = code.len() == 1 || matches!(*code.last().unwrap(), "})" | "});");
        let indented = body.lines().skip(1).all(|line| {
            line.starts_with("     ")
                || line.trim().starts_with("})")
                || line.trim().starts_with("guard_or(")
                || line.is_empty()
        });
        assert!(guarded && closed && indented, "{name} has code outside the guard:\n{body}");
    }
}

#[test]
fn no_function_is_exported_outside_the_ffi_folder() {
    fn walk(dir: &Path) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with("ffi") {
                    walk(&path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                assert!(!fs::read_to_string(&path).unwrap().contains("no_mangle"), "{}", path.display());
            }
        }
    }
    walk(&Path::new(ROOT).join("src"));
}

#[test]
fn the_header_declares_every_exported_function_and_no_other() {
    let header = fs::read_to_string(Path::new(ROOT).join("include/pqrtc.h")).unwrap();
    let code: String = header.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, code)| code)).collect();
    let mut declared: Vec<_> = code
        .match_indices("pqrtc_")
        .map(|(at, _)| &code[at..])
        .filter_map(|rest| rest.split_once('('))
        .map(|(name, _)| name)
        .filter(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
        .map(str::to_owned)
        .collect();
    let mut exported: Vec<_> = exported().into_iter().map(|(name, _)| name).collect();
    declared.sort();
    exported.sort();
    assert_eq!(declared, exported);
}

#[test]
fn manifest_and_header_state_one_abi_version() {
    let manifest = fs::read_to_string(Path::new(ROOT).join("Cargo.toml")).unwrap();
    let stated = format!("[package.metadata.capi.library]\nversion = \"{}.0.0\"\n", pqrtc::ffi::PQRTC_ABI_VERSION);
    assert!(manifest.contains(&stated), "Cargo.toml does not hold {stated}");
    assert_eq!(pqrtc::ffi::pqrtc_abi_version(), pqrtc::ffi::PQRTC_ABI_VERSION);
}

#[test]
fn a_handle_is_not_stored_over_an_input() {
    use pqrtc::ffi::*;
    let mut memory = [0u64; 300];
    let (bytes, slot) = (memory.as_mut_ptr().cast::<u8>(), memory.as_mut_ptr());
    // SAFETY: every pointer is into `memory`, which has room for every length.
    let results = unsafe {
        [
            pqrtc_kem_keypair_from_seed(1, bytes, 64, slot.cast()),
            pqrtc_kem_keypair_from_expanded(1, bytes, 2400, slot.cast()),
            pqrtc_signing_key_from_seed(1, bytes, 32, slot.cast()),
            pqrtc_hybrid_keypair_from_seed(2, bytes, 32, slot.cast()),
            pqrtc_hybrid_initiate(2, bytes, 1216, bytes.add(1216), 1120, slot.add(160).cast()),
            pqrtc_sframe_sender_from_key(bytes, 32, 1, 5, slot.cast()),
        ]
    };
    assert_eq!(results, [pqrtc_status::PQRTC_INVALID_ARGUMENT; 6]);
}
