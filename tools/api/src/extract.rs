//! Reads src/ffi. What an argument is follows from its type, its name and the names after it, as the header's contract has it; whether it
//! may be NULL follows from the checks in the function's body.

use crate::model::{Api, Argument, Constant, Enum, Field, Function, Handle, Role, Struct};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use syn::visit::{self, Visit};

/// What stands in src/ffi and is no part of the API fails here, rather than being left out.
pub fn read(ffi: &Path) -> Result<Api, String> {
    let mut api = Api::default();
    let mut files: Vec<_> = fs::read_dir(ffi)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|why| format!("{}: {why}", ffi.display()))?
        .into_iter()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    files.sort();
    let mut opaque = Vec::new();
    for path in &files {
        let source = fs::read_to_string(path).map_err(|why| format!("{}: {why}", path.display()))?;
        let file = syn::parse_file(&source).map_err(|why| format!("{}: {why}", path.display()))?;
        for item in &file.items {
            match item {
                syn::Item::Const(item) if is_public(&item.vis) => constant(&mut api, item)?,
                syn::Item::Enum(item) if is_public(&item.vis) => enumeration(&mut api, item)?,
                syn::Item::Struct(item) if is_public(&item.vis) => {
                    if item.attrs.iter().any(|attribute| attribute.path().is_ident("repr")) {
                        api.structs.push(structure(item)?);
                    } else {
                        opaque.push((item.ident.to_string(), doc(&item.attrs)));
                    }
                }
                syn::Item::Fn(item) if is_public(&item.vis) => api.functions.push(function(item)?),
                _ => {}
            }
        }
    }
    for (name, doc) in opaque {
        let free = format!("{name}_free");
        if !api.functions.iter().any(|function| function.name == free) {
            return Err(format!("{name} has no {free}"));
        }
        api.handles.push(Handle { name, free, doc });
    }
    for function in &api.functions {
        for argument in &function.arguments {
            if let (Role::Enum, Some(of)) = (argument.role, &argument.of)
                && !api.enums.iter().any(|one| one.name == *of)
            {
                return Err(format!("{}: {} has no enum {of}", function.name, argument.name));
            }
        }
    }
    Ok(api)
}

fn is_public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}

/// The documentation without its "# Safety" section, a paragraph a line.
fn doc(attributes: &[syn::Attribute]) -> String {
    let mut text = String::new();
    for attribute in attributes {
        let syn::Meta::NameValue(pair) = &attribute.meta else { continue };
        let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(line), .. }) = &pair.value else { continue };
        if !pair.path.is_ident("doc") {
            continue;
        }
        let line = line.value();
        match line.trim() {
            "# Safety" => break,
            "" => text.push('\n'),
            line => {
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push(' ');
                }
                text.push_str(line);
            }
        }
    }
    text.trim().to_owned()
}

fn integer(value: &syn::Expr, what: &str) -> Result<u64, String> {
    let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(number), .. }) = value else {
        return Err(format!("{what} is not a literal number"));
    };
    number.base10_parse().map_err(|why| format!("{what}: {why}"))
}

fn constant(api: &mut Api, item: &syn::ItemConst) -> Result<(), String> {
    let name = item.ident.to_string();
    let value = integer(&item.expr, &name)?;
    if name == "PQRTC_ABI_VERSION" {
        api.abi_version = value;
    } else {
        api.constants.push(Constant { name, value, doc: doc(&item.attrs) });
    }
    Ok(())
}

fn enumeration(api: &mut Api, item: &syn::ItemEnum) -> Result<(), String> {
    let name = item.ident.to_string();
    let mut values = Vec::new();
    for variant in &item.variants {
        let (_, value) = variant.discriminant.as_ref().ok_or(format!("{}: no value", variant.ident))?;
        let what = variant.ident.to_string();
        values.push(Constant { value: integer(value, &what)?, name: what, doc: doc(&variant.attrs) });
    }
    if name == "pqrtc_status" {
        api.statuses = values;
    } else {
        api.enums.push(Enum { name, doc: doc(&item.attrs), values });
    }
    Ok(())
}

fn structure(item: &syn::ItemStruct) -> Result<Struct, String> {
    let name = item.ident.to_string();
    let mut fields = Vec::new();
    for field in &item.fields {
        let ident = field.ident.as_ref().ok_or(format!("{name} has a field without a name"))?.to_string();
        let (ty, array) = match &field.ty {
            syn::Type::Array(array) => (&*array.elem, integer(&array.len, &format!("{name}.{ident}"))?),
            other => (other, 0),
        };
        fields.push(Field { c_type: c_type(ty)?, array, doc: doc(&field.attrs), name: ident });
    }
    Ok(Struct { name, doc: doc(&item.attrs), fields })
}

fn c_type(ty: &syn::Type) -> Result<String, String> {
    match ty {
        syn::Type::Ptr(pointer) => {
            let inner = c_type(&pointer.elem)?;
            let star = if inner.ends_with('*') { "*" } else { " *" };
            Ok(format!("{}{inner}{star}", if pointer.const_token.is_some() { "const " } else { "" }))
        }
        syn::Type::Path(path) => {
            let name = path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
            Ok(match &*name {
                "u8" => "uint8_t".into(),
                "u32" => "uint32_t".into(),
                "u64" => "uint64_t".into(),
                "usize" => "size_t".into(),
                "c_char" => "char".into(),
                "c_void" => "void".into(),
                name if name.starts_with("pqrtc_") => name.into(),
                other => return Err(format!("the type {other} has no place in the C API")),
            })
        }
        _ => Err("a type that has no place in the C API".into()),
    }
}

/// The arguments that a body passes to a check that lets NULL through.
struct Nullable(BTreeSet<String>);

impl<'ast> Visit<'ast> for Nullable {
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func
            && let Some(last) = path.path.segments.last()
            && (last.ident == "optional" || last.ident.to_string().starts_with("Optional"))
        {
            for argument in &call.args {
                let mut names = Names(&mut self.0);
                names.visit_expr(argument);
            }
        }
        visit::visit_expr_call(self, call);
    }
}

struct Names<'a>(&'a mut BTreeSet<String>);

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let Some(name) = path.path.get_ident() {
            self.0.insert(name.to_string().trim_start_matches("r#").to_owned());
        }
    }
}

fn function(item: &syn::ItemFn) -> Result<Function, String> {
    let name = item.sig.ident.to_string();
    let returns = match &item.sig.output {
        syn::ReturnType::Default => "void".into(),
        syn::ReturnType::Type(_, ty) => c_type(ty).map_err(|why| format!("{name}: {why}"))?,
    };
    let mut arguments = Vec::new();
    for input in &item.sig.inputs {
        let syn::FnArg::Typed(typed) = input else { return Err(format!("{name} takes self")) };
        let syn::Pat::Ident(ident) = &*typed.pat else { return Err(format!("{name} has an argument without a name")) };
        arguments.push((
            ident.ident.to_string().trim_start_matches("r#").to_owned(),
            c_type(&typed.ty).map_err(|why| format!("{name}: {why}"))?,
        ));
    }
    let mut nullable = Nullable(BTreeSet::new());
    nullable.visit_block(&item.block);
    let arguments = roles(&name, &arguments, &nullable.0).map_err(|why| format!("{name}: {why}"))?;
    Ok(Function { doc: doc(&item.attrs), name, returns, arguments })
}

fn roles(function: &str, arguments: &[(String, String)], nullable: &BTreeSet<String>) -> Result<Vec<Argument>, String> {
    let free = function.ends_with("_free");
    let mut out: Vec<Argument> = Vec::new();
    let mut at = 0;
    while at < arguments.len() {
        let (name, c_type) = &arguments[at];
        let follows = |offset: usize, suffix: &str, c_type: &str| {
            arguments.get(at + offset).is_some_and(|(next, ty)| next.ends_with(suffix) && ty == c_type)
        };
        let (mut role, mut of, mut rest): (Role, Option<String>, &[Role]) = (Role::Number, None, &[]);
        match &**c_type {
            "const uint8_t *" | "const char *" if follows(1, "_len", "size_t") => {
                (role, rest) = (Role::Input, &[Role::Length]);
            }
            "uint8_t *" | "char *" if follows(1, "_cap", "size_t") && follows(2, "_len", "size_t *") => {
                (role, rest) = (Role::VariableOutput, &[Role::Capacity, Role::Written]);
            }
            "uint8_t *" | "char *" if follows(1, "_len", "size_t") => {
                (role, rest) = (Role::Output, &[Role::Length]);
            }
            "void *" => (role, rest) = (Role::Memory, &[Role::Length]),
            "size_t" if name.ends_with("count") => {
                at += 1;
                out.push(Argument {
                    name: name.clone(),
                    c_type: c_type.clone(),
                    role: Role::Count,
                    optional: false,
                    of,
                });
                continue;
            }
            "uint32_t" => {
                if let Some(kind) = enum_of(function, name) {
                    (role, of) = (Role::Enum, Some(kind.to_owned()));
                }
            }
            "uint64_t" | "size_t" => {}
            ty if ty.ends_with("**") => role = Role::NewHandle,
            ty if ty.starts_with("const pqrtc_") => role = Role::ConstHandle,
            ty if is_array(function, name, ty, arguments) => {
                role = if ty.starts_with("const ") { Role::InputArray } else { Role::OutputArray };
            }
            "uint64_t *" | "uint32_t *" | "size_t *" => role = Role::NumberOutput,
            ty if ty.starts_with("pqrtc_") && (name == "stats" || name == "info") => role = Role::Struct,
            ty if ty.starts_with("pqrtc_") && ty.ends_with(" *") => role = Role::Handle,
            other => return Err(format!("{name}: {other} follows none of the API's conventions")),
        }
        let optional = free || role == Role::Memory || nullable.contains(name);
        out.push(Argument { name: name.clone(), c_type: c_type.clone(), role, optional, of });
        for (offset, &role) in rest.iter().enumerate() {
            let (next, ty) = arguments.get(at + 1 + offset).ok_or(format!("{name}: no length follows"))?;
            let of = Some(name.clone());
            out.push(Argument { name: next.clone(), c_type: ty.clone(), role, optional: false, of });
        }
        at += 1 + rest.len();
    }
    Ok(out)
}

/// An array has a count: one of its own, or the one of a batch, in which each array has an item a frame.
fn is_array(function: &str, name: &str, c_type: &str, arguments: &[(String, String)]) -> bool {
    let has = |count: &str| arguments.iter().any(|(other, _)| other == count);
    let handle = c_type.starts_with("pqrtc_") && c_type != "pqrtc_status *";
    !handle && (has(&format!("{name}_count")) || (function.ends_with("_batch") && has("count")))
}

/// Enums are numbers in C. An argument of one of these names is one.
fn enum_of(function: &str, argument: &str) -> Option<&'static str> {
    let of_kem = function.starts_with("pqrtc_kem_") || function.starts_with("pqrtc_turn_");
    Some(match argument {
        "suite" => "pqrtc_suite",
        "cipher" => "pqrtc_sframe_cipher",
        "codec" => "pqrtc_codec",
        "kind" => "pqrtc_artifact_kind",
        "algorithm" if of_kem => "pqrtc_kem_algorithm",
        "algorithm" => "pqrtc_signature_algorithm",
        "format" => "pqrtc_format",
        "profile" if function.starts_with("pqrtc_policy_") => "pqrtc_profile",
        "profile" => "pqrtc_srtp_profile",
        "option" => "pqrtc_policy_option",
        "direction" => "pqrtc_direction",
        _ => return None,
    })
}
