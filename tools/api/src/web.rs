//! bindings/web/src/api.ts: constants, enums, statuses, structures, and the declaration of every function as WebAssembly has it.

use crate::model::{Api, Field, Struct};
use crate::names::{camel, enumerator, line, plain};
use std::fmt::Write;

fn type_name(name: &str) -> String {
    match name {
        "pqrtc_sframe_cipher" => "CipherSuite".into(),
        "pqrtc_format" => "KeyFormat".into(),
        other => camel(plain(other), &[]),
    }
}

/// Pointers and sizes are 32 bits wide there, and a `uint64_t` is a bigint.
fn number(c_type: &str) -> &'static str {
    match c_type {
        "void" => "void",
        "uint64_t" => "bigint",
        _ => "number",
    }
}

fn property(name: &str) -> String {
    let words = camel(name, &[]);
    match words[..1].to_lowercase() + &words[1..] {
        name if name == "in" => "input".into(),
        name => name,
    }
}

/// How wide a field is, and how it is read.
fn width(field: &Field) -> (u64, &'static str) {
    match &*field.c_type {
        "uint8_t" => (1, "bytes"),
        "uint64_t" => (8, "u64"),
        _ => (4, "u32"),
    }
}

fn write_values(out: &mut String, name: &str, doc: &str, values: impl Iterator<Item = (String, u64, String)>) {
    let _ = writeln!(out, "\n/** {} */\nexport const {name} = {{", line(doc));
    for (value, number, doc) in values {
        if !doc.is_empty() {
            let _ = writeln!(out, "  /** {} */", line(&doc));
        }
        let _ = writeln!(out, "  {value}: {number},");
    }
    let _ = writeln!(out, "}} as const;\nexport type {name} = (typeof {name})[keyof typeof {name}];");
}

fn write_struct(out: &mut String, of: &Struct) {
    let name = type_name(&of.name).trim_end_matches('T').to_owned();
    let (mut at, mut align) = (0u64, 1);
    let mut fields = String::new();
    for field in &of.fields {
        let (size, read) = width(field);
        at = at.next_multiple_of(size);
        align = align.max(size);
        if field.name != "size" {
            let _ =
                writeln!(fields, "    {}: [\"{read}\", {at}, {}],", property(&field.name), size * field.array.max(1));
        }
        at += size * field.array.max(1);
    }
    let size = at.next_multiple_of(align);
    let _ = write!(
        out,
        "\n/** Where the fields of `{}` are: how to read one, its place and its length. */\nexport const {name} = {{\n  size: {size},\n  fields: {{\n{fields}  }},\n}} as const;\n",
        of.name
    );
}

pub fn module(api: &Api) -> String {
    let mut out = String::from(
        "// The C API as WebAssembly has it. Generated from api/pqrtc.json by `make api`; do not edit.\n\n\
         /** The version of the C ABI that this package is written against. */\n",
    );
    let _ = writeln!(out, "export const ABI_VERSION = {};", api.abi_version);
    write_values(
        &mut out,
        "Status",
        "What went wrong. Codes are never renumbered or reused.",
        api.statuses.iter().map(|status| (plain(&status.name).into(), status.value, status.doc.clone())),
    );
    for of in &api.enums {
        let values = of.values.iter().map(|value| (enumerator(of, value).into(), value.value, value.doc.clone()));
        write_values(&mut out, &type_name(&of.name), &of.doc, values);
    }
    out.push('\n');
    for size in &api.constants {
        let _ = writeln!(out, "/** {} */\nexport const {} = {};", line(&size.doc), plain(&size.name), size.value);
    }
    for structure in &api.structs {
        write_struct(&mut out, structure);
    }
    out.push_str(
        "\n/** What the module exports. */\nexport interface Exports {\n  readonly memory: WebAssembly.Memory;\n",
    );
    for function in &api.functions {
        let arguments: Vec<_> =
            function.arguments.iter().map(|one| format!("{}: {}", property(&one.name), number(&one.c_type))).collect();
        let _ = writeln!(out, "  {}({}): {};", function.name, arguments.join(", "), number(&function.returns));
    }
    out.push_str("}\n");
    out
}
