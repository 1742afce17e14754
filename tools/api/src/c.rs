//! tests/c/api.c: for the hostile caller, how to call each function that returns a status, and what each of its arguments is.

use crate::model::{Api, Argument, Function, Role};
use crate::names::plain;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The member of `union arg` that holds an argument.
fn member(argument: &Argument) -> char {
    match &*argument.c_type {
        "size_t" => 'n',
        "uint32_t" => 'u',
        "uint64_t" => 'q',
        _ => 'p',
    }
}

/// "const pqrtc_session *" gives "session".
fn type_of(argument: &Argument) -> &str {
    plain(argument.c_type.trim_start_matches("const ").trim_end_matches(['*', ' ']))
}

fn parameter(api: &Api, argument: &Argument) -> Result<Option<String>, String> {
    let row = |kind: &str| format!("{{{kind}, NULL, 0, 0, NULL}}");
    let any = |kind: &str| format!("{{{kind}, &any_{}, 0, ANY_BYTES, NULL}}", kind.to_lowercase());
    Ok(Some(match (argument.role, argument.optional) {
        (Role::ConstHandle | Role::Handle, optional) => {
            let kind = if optional { "OPTIONAL_HANDLE" } else { "HANDLE" };
            format!("{{{kind}, &example_{}, 0, 0, NULL}}", type_of(argument))
        }
        (Role::NewHandle, _) => format!("{{NEW, NULL, 0, 0, release_{}}}", type_of(argument)),
        (Role::Input, true) => "{IN, &any_in, 0, ANY_BYTES, NULL}".into(),
        (Role::Input, false) => any("IN_SOME"),
        (Role::Output, _) => "{OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}".into(),
        (Role::VariableOutput, _) => any("VAR"),
        (Role::InputArray, _) => any("ARRAY_IN"),
        (Role::OutputArray, false) => "{ARRAY_OUT, NULL, ANY_BYTES, ANY_BYTES, NULL}".into(),
        (Role::OutputArray, true) => "{ARRAY_OPTIONAL, NULL, ANY_BYTES, ANY_BYTES, NULL}".into(),
        (Role::Count, _) => "{COUNT, &any_number, 1, 1, NULL}".into(),
        (Role::Enum, _) => {
            let of = argument.of.as_deref().unwrap_or_default();
            let values = api.enums.iter().find(|one| one.name == of).ok_or(format!("no enum {of}"))?;
            let first = values.values.first().ok_or(format!("{of} is empty"))?.value;
            format!("{{ENUM, &any_enum[{first}], 0, 0, NULL}}")
        }
        (Role::Number, _) => "{VALUE, &any_number, 0, 0, NULL}".into(),
        (Role::NumberOutput, false) => row("CELL"),
        (Role::NumberOutput, true) => row("OPTIONAL_CELL"),
        (Role::Struct, _) => {
            let size = argument.c_type.trim_end_matches(['*', ' ']);
            format!("{{CELL_IN_OUT, any_memory, sizeof({size}), 0, NULL}}")
        }
        (Role::Length | Role::Capacity | Role::Written, _) => return Ok(None),
        (Role::Memory, _) => return Err("no hostile row for plain memory".into()),
    }))
}

fn thunk(function: &Function) -> String {
    let arguments: Vec<_> =
        function.arguments.iter().enumerate().map(|(at, one)| format!("a[{at}].{}", member(one))).collect();
    let used = if arguments.is_empty() { "(void)a, " } else { "" };
    format!(
        "static pqrtc_status call_{0}(const arg *a) {{ return {used}{0}({1}); }}\n",
        function.name,
        arguments.join(", ")
    )
}

pub fn table(api: &Api) -> Result<String, String> {
    let fallible: Vec<_> = api.functions.iter().filter(|function| function.returns == "pqrtc_status").collect();
    let mut out = String::from(
        "/* Every function that returns a status. Generated from api/pqrtc.json by `make api`; do not edit.\n   \
         Where one of calls_*.c says how to call one well, their row takes the place of the one here. */\n\
         #include \"calls.h\"\n\nenum { ANY_BYTES = 64 };\n\
         static const uint8_t any_memory[4096];\n\
         static const struct bytes any_in = {any_memory, ANY_BYTES}, any_in_some = {any_memory, ANY_BYTES}, \
         any_array_in = {any_memory, ANY_BYTES};\n\
         static const size_t any_var = ANY_BYTES;\nstatic const uint64_t any_number = 1, any_enum[] = {0, 1, 2, 3, 4};\n\n",
    );
    let mut examples = BTreeSet::new();
    let mut releases = BTreeSet::new();
    for argument in fallible.iter().flat_map(|function| &function.arguments) {
        match argument.role {
            Role::ConstHandle | Role::Handle => examples.insert(type_of(argument)),
            Role::NewHandle => releases.insert(type_of(argument)),
            _ => false,
        };
    }
    for name in examples {
        let _ = writeln!(out, "extern pqrtc_{name} *example_{name}; /* a live handle: one line in one of calls_*.c */");
    }
    out.push('\n');
    for name in releases {
        let _ = writeln!(out, "static void release_{name}(void *p) {{ pqrtc_{name}_free(p); }}");
    }
    out.push('\n');
    for function in &fallible {
        out.push_str(&thunk(function));
    }
    out.push_str("\nconst struct function functions[] = {\n");
    for function in &fallible {
        let mut parameters = Vec::new();
        for argument in &function.arguments {
            parameters.extend(parameter(api, argument).map_err(|why| format!("{}: {why}", function.name))?);
        }
        if parameters.is_empty() {
            parameters.push("{NOTHING, NULL, 0, 0, NULL}".into());
        }
        let _ = writeln!(
            out,
            "  {{call_{0},\n   {{\"{0}\", {{{1}}}, NULL, 0, {{{{0}}}}}}}},",
            function.name,
            parameters.join(", ")
        );
    }
    out.push_str("};\nconst size_t functions_len = sizeof functions / sizeof *functions;\n\n/* Each handle's free takes NULL. */\n");
    out.push_str("void free_nulls(void) {\n");
    for handle in &api.handles {
        let _ = writeln!(out, "  {}(NULL);", handle.free);
    }
    out.push_str("}\n");
    Ok(out)
}
