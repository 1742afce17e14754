//! bindings/python/src/pqrtc/_api.py: constants, enums, statuses, structures and the declaration of every function.

use crate::model::{Api, Argument, Enum, Field, Role};
use crate::names::{camel, enumerator, line, plain};
use std::fmt::Write;

fn type_name(of: &Enum) -> String {
    match &*of.name {
        "pqrtc_sframe_cipher" => "CipherSuite".into(),
        "pqrtc_format" => "KeyFormat".into(),
        other => camel(plain(other), &[]),
    }
}

/// A handle by the name of its type, for which the package has a class.
fn argument(function: &str, argument: &Argument) -> String {
    let plain_type = match (argument.role, &*argument.c_type) {
        (Role::ConstHandle | Role::Handle, c_type) if !function.ends_with("_free") => {
            return format!("\"{}\"", plain(c_type.trim_start_matches("const ").trim_end_matches(" *")));
        }
        (Role::Input | Role::InputArray, _) => "IN",
        (_, "size_t") => "SIZE",
        (_, "uint32_t") => "U32",
        (_, "uint64_t") => "U64",
        _ => "OUT",
    };
    plain_type.into()
}

fn result(c_type: &str) -> &'static str {
    match c_type {
        "pqrtc_status" | "uint32_t" => "U32",
        "size_t" => "SIZE",
        "const char *" => "IN",
        _ => "None",
    }
}

fn field(field: &Field) -> String {
    let base = match &*field.c_type {
        "uint8_t" => "c_uint8",
        "uint32_t" => "U32",
        "uint64_t" => "U64",
        _ => "SIZE",
    };
    if field.array == 0 { base.into() } else { format!("{base} * {}", field.array) }
}

fn write_enum(out: &mut String, name: &str, doc: &str, values: impl Iterator<Item = (String, u64, String)>) {
    let _ = write!(out, "\n\nclass {name}(IntEnum):\n    \"\"\"{}\"\"\"\n\n", line(doc));
    for (value, number, doc) in values {
        let _ = writeln!(out, "    {value} = {number}");
        if !doc.is_empty() {
            let _ = writeln!(out, "    \"\"\"{}\"\"\"", line(&doc).replace('\\', "\\\\"));
        }
    }
}

pub fn module(api: &Api) -> String {
    let mut out = String::from(
        "\"\"\"The C API as ctypes sees it. Generated from api/pqrtc.json by `make api`; do not edit.\"\"\"\n\n\
         # fmt: off\n# ruff: noqa: E501\n\n\
         from __future__ import annotations\n\n\
         from ctypes import Structure, c_char_p, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p\n\
         from enum import IntEnum\n\
         from typing import Any, Dict, Tuple\n\n\
         IN, OUT, SIZE, U32, U64 = c_char_p, c_void_p, c_size_t, c_uint32, c_uint64\n",
    );
    let _ = writeln!(out, "\nABI_VERSION = {}", api.abi_version);
    write_enum(
        &mut out,
        "Status",
        "The result of every function that can fail. Codes are never renumbered or reused.",
        api.statuses.iter().map(|status| (plain(&status.name).into(), status.value, status.doc.clone())),
    );
    for of in &api.enums {
        let values = of.values.iter().map(|value| (enumerator(of, value).into(), value.value, value.doc.clone()));
        write_enum(&mut out, &type_name(of), &of.doc, values);
    }
    out.push('\n');
    for structure in &api.structs {
        let _ = write!(out, "\nclass {}(Structure):\n    _fields_ = [\n", camel(plain(&structure.name), &[]));
        for one in &structure.fields {
            let _ = writeln!(out, "        (\"{}\", {}),", one.name, field(one));
        }
        out.push_str("    ]\n\n");
    }
    out.push_str("\n# The macros of the header.\nSIZES: Dict[str, int] = {\n");
    for size in &api.constants {
        let _ = writeln!(out, "    \"{}\": {},", plain(&size.name), size.value);
    }
    out.push_str("}\n\n# Handles, each with the function that frees it.\nHANDLES: Dict[str, str] = {\n");
    for handle in &api.handles {
        let _ = writeln!(out, "    \"{}\": \"{}\",", plain(&handle.name), handle.free);
    }
    out.push_str("}\n\n# The result and the arguments of each function.\nFUNCTIONS: Dict[str, Tuple[Any, ...]] = {\n");
    for function in &api.functions {
        let _ = write!(out, "    \"{}\": ({},", function.name, result(&function.returns));
        for one in &function.arguments {
            let _ = write!(out, " {},", argument(&function.name, one));
        }
        out.truncate(out.len() - if function.arguments.is_empty() { 0 } else { 1 });
        out.push_str("),\n");
    }
    out + "}\n"
}
