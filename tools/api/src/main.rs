//! `make api` writes api/pqrtc.json from src/ffi, and from that file what is generated of the bindings and the tests. With `--check` it
//! changes nothing and fails if something is out of step; so does its test.

mod c;
mod cpp;
mod extract;
mod go;
mod model;
mod names;
mod python;
mod web;

use model::Api;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every generated file, by its path from the root, with what it should hold.
fn generated() -> Result<Vec<(&'static str, String)>, String> {
    let mut json =
        serde_json::to_string_pretty(&extract::read(&root().join("src/ffi"))?).map_err(|why| why.to_string())?;
    json.push('\n');
    // The generators see what other readers of the file see, and no more.
    let api: Api = serde_json::from_str(&json).map_err(|why| why.to_string())?;
    let hpp = fs::read_to_string(root().join("include/pqrtc.hpp")).map_err(|why| why.to_string())?;
    Ok(vec![
        ("include/pqrtc.hpp", cpp::header(&api, &hpp)?),
        ("bindings/python/src/pqrtc/_api.py", python::module(&api)),
        ("bindings/go/api.go", go::file(&api)),
        ("bindings/web/src/api.ts", web::module(&api)),
        ("tests/c/api.c", c::table(&api)?),
        ("api/pqrtc.json", json),
    ])
}

fn run(check: bool) -> Result<(), String> {
    let mut stale = Vec::new();
    for (path, wanted) in generated()? {
        let file = root().join(path);
        if fs::read_to_string(&file).is_ok_and(|known| known == wanted) {
            continue;
        }
        if !check {
            fs::write(&file, wanted).map_err(|why| format!("{path}: {why}"))?;
            println!("wrote {path}");
        }
        stale.push(path);
    }
    if check && !stale.is_empty() {
        return Err(format!("out of step with src/ffi, run `make api`: {}", stale.join(" ")));
    }
    Ok(())
}

fn main() -> ExitCode {
    match run(std::env::args().any(|argument| argument == "--check")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("api: {why}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_generated_is_in_step() {
        run(true).unwrap();
    }

    #[test]
    fn the_api_has_the_functions_of_the_header() {
        let header = fs::read_to_string(root().join("include/pqrtc.h")).unwrap();
        let api = extract::read(&root().join("src/ffi")).unwrap();
        assert!(api.functions.len() > 60 && api.statuses.len() > 25 && api.enums.len() > 4);
        // cbindgen leaves out an enum that cbindgen.toml does not list.
        for value in api.enums.iter().flat_map(|of| &of.values) {
            assert!(header.contains(&format!("{} = {},", value.name, value.value)), "{}", value.name);
        }
        for function in &api.functions {
            assert!(
                header.contains(&format!(" {}(", function.name)) || header.contains(&format!("*{}(", function.name))
            );
        }
    }
}
