//! bindings/go/api.go: constants, enums and statuses. The values are the header's, which cgo reads.

use crate::model::{Api, Enum};
use crate::names::{camel, enumerator, line, plain, sizes};
use std::fmt::Write;

const CAPITALS: &[&str] = &[
    "AEAD", "AES128", "AES", "API", "AV1", "AVCC", "CM", "CNSA2", "CTR", "DER", "DSA", "GCM", "H264", "H265", "HMAC",
    "HVCC", "ID", "KEM", "KX", "ML", "PEM", "PSK", "RNG", "SAS", "SHA1", "SHA256", "SHA512", "SRTP", "TURN", "V1",
    "V100", "VP8", "VP9", "X",
];

/// The name of the type, and what its values begin with.
fn type_name(of: &Enum) -> (String, &'static str) {
    let prefix = match &*of.name {
        "pqrtc_srtp_profile" => "SRTP",
        "pqrtc_sframe_cipher" => "SFrame",
        "pqrtc_codec" => "Codec",
        "pqrtc_format" => "Format",
        "pqrtc_profile" => "Profile",
        "pqrtc_policy_option" => "Policy",
        "pqrtc_call_state" => "Call",
        _ => "",
    };
    let name = match &*of.name {
        "pqrtc_format" => "KeyFormat".into(),
        other => camel(plain(other), CAPITALS),
    };
    (name, prefix)
}

fn value_name(name: &str) -> String {
    match name {
        "AES_128_GCM_SHA256_128" => "AES128GCM".into(),
        "AES_256_GCM_SHA512_128" => "AES256GCM".into(),
        other => camel(other, CAPITALS),
    }
}

fn size_name(name: &str) -> String {
    let name = plain(name);
    match name.strip_suffix("_BYTES") {
        Some(size) if size.ends_with("OVERHEAD") => camel(size, CAPITALS),
        Some(size) => camel(size, CAPITALS) + "Size",
        None => camel(name, CAPITALS),
    }
}

/// Names, values and comments in the columns of gofmt.
fn columns(rows: &[(String, String, String)]) -> String {
    let mut out = String::new();
    let width = |column: fn(&(String, String, String)) -> usize| rows.iter().map(column).max().unwrap_or_default();
    let (first, second) = (width(|row| row.0.len()), width(|row| row.1.len()));
    for (name, value, comment) in rows {
        let row = if comment.is_empty() {
            format!("{name:first$} {value}")
        } else {
            format!("{name:first$} {value:second$} // {comment}")
        };
        let _ = writeln!(out, "\t{row}");
    }
    out
}

/// The sentence of a type after its name and a colon.
fn after_colon(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => text.into(),
    }
}

pub fn file(api: &Api) -> String {
    let mut out = String::from(
        "// Generated from api/pqrtc.json by `make api`. DO NOT EDIT.\n\npackage pqrtc\n\n\
         // #include <pqrtc.h>\nimport \"C\"\n",
    );
    let _ = write!(
        out,
        "\n// abiVersion is the version of the C ABI that this package is written against.\nconst abiVersion = {}\n",
        api.abi_version
    );
    out.push_str("\n// Sizes in bytes.\nconst (\n");
    let rows: Vec<_> = sizes(api)
        .map(|(size, _)| (size_name(&size.name), format!("= C.{}", size.name), line(&size.doc).to_owned()))
        .collect();
    out.push_str(&columns(&rows));
    out.push_str(")\n\n// sizes holds each of them to the library that was loaded.\nvar sizes = []struct {\n");
    out.push_str("\tname     string\n\tcompiled int\n\tloaded   func() C.size_t\n}{\n");
    for (size, function) in sizes(api) {
        if let Some(function) = function {
            let name = size_name(&size.name);
            let _ = writeln!(out, "\t{{\"{name}\", {name}, func() C.size_t {{ return C.{function}() }}}},");
        }
    }
    out.push_str("}\n\n// The codes that can come back as errors.\nconst (\n");
    let rows: Vec<_> = api
        .statuses
        .iter()
        .filter(|status| status.value != 0)
        .map(|status| {
            let name = format!("Err{}", camel(plain(&status.name), CAPITALS));
            (name, format!("Status = C.{}", status.name), line(&status.doc).to_owned())
        })
        .collect();
    out.push_str(&columns(&rows));
    out.push_str(")\n");
    for of in &api.enums {
        let (name, prefix) = type_name(of);
        let _ = write!(
            out,
            "\n// {name}: {}\ntype {name} uint32\n\n// The values of {name}.\nconst (\n",
            after_colon(line(&of.doc))
        );
        let rows: Vec<_> = of
            .values
            .iter()
            .map(|value| {
                let value_name = format!("{prefix}{}", value_name(enumerator(of, value)));
                (value_name, format!("{name} = C.{}", value.name), line(&value.doc).to_owned())
            })
            .collect();
        out.push_str(&columns(&rows));
        out.push_str(")\n");
    }
    out
}
