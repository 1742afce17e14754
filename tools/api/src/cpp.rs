//! The generated regions of include/pqrtc.hpp.

use crate::model::{Api, Enum};
use crate::names::{enumerator, line, plain, sizes};
use std::fmt::Write;

fn type_name(of: &Enum) -> &str {
    match &*of.name {
        "pqrtc_sframe_cipher" => "cipher",
        "pqrtc_artifact_kind" => "artifact",
        "pqrtc_format" => "key_format",
        other => plain(other),
    }
}

fn value_name(name: &str) -> String {
    match &*name.to_lowercase() {
        "default" => "standard".into(),
        "new" => "fresh".into(),
        other => other.into(),
    }
}

fn write_enum(out: &mut String, of: &Enum) {
    let _ = write!(out, "\n/// {}\nenum class {} : std::uint32_t {{\n", line(&of.doc), type_name(of));
    for value in &of.values {
        let name = value_name(enumerator(of, value));
        let _ = writeln!(out, "  {name} = {},  ///< {}", value.name, line(&value.doc));
    }
    out.push_str("};\n");
}

fn statuses(api: &Api) -> String {
    let mut out = String::from("enum class [[nodiscard]] status : std::uint32_t {\n");
    for status in &api.statuses {
        let name = plain(&status.name).to_lowercase();
        let _ = writeln!(out, "  {name} = {},  ///< {}", status.name, line(&status.doc));
    }
    out + "};\n"
}

fn enums(api: &Api) -> String {
    let mut out = String::new();
    api.enums.iter().for_each(|of| write_enum(&mut out, of));
    out.trim_start().to_owned()
}

fn matches_library(api: &Api) -> String {
    let mut out = String::from("  return pqrtc_abi_version() == PQRTC_ABI_VERSION");
    for (size, function) in sizes(api) {
        if let Some(function) = function {
            let _ = write!(out, " &&\n         {function}() == {}", size.name);
        }
    }
    out + ";\n"
}

/// The header with its generated regions made anew.
pub fn header(api: &Api, current: &str) -> Result<String, String> {
    let mut header = current.to_owned();
    for (name, text) in [("statuses", statuses(api)), ("enums", enums(api)), ("sizes", matches_library(api))] {
        let begin = format!("// generated: {name} (make api)\n");
        let missing = || format!("include/pqrtc.hpp has no region {name}");
        let start = header.find(&begin).ok_or_else(missing)? + begin.len();
        let end = header[start..].find("// generated: end").ok_or_else(missing)? + start;
        // The end marker keeps its indentation.
        let end = header[..end].rfind('\n').map_or(end, |newline| newline + 1);
        header.replace_range(start..end, &text);
    }
    Ok(header)
}
