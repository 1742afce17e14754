//! What api/pqrtc.json holds: the C API as data.

use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize)]
pub struct Api {
    pub abi_version: u64,
    /// The result of every function that can fail, by code.
    pub statuses: Vec<Constant>,
    pub enums: Vec<Enum>,
    /// Macros: sizes and limits.
    pub constants: Vec<Constant>,
    pub structs: Vec<Struct>,
    /// Opaque types, each with the function that frees it.
    pub handles: Vec<Handle>,
    pub functions: Vec<Function>,
}

#[derive(Serialize, Deserialize)]
pub struct Constant {
    pub name: String,
    pub value: u64,
    pub doc: String,
}

#[derive(Serialize, Deserialize)]
pub struct Enum {
    pub name: String,
    pub doc: String,
    pub values: Vec<Constant>,
}

#[derive(Serialize, Deserialize)]
pub struct Struct {
    pub name: String,
    pub doc: String,
    pub fields: Vec<Field>,
}

#[derive(Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    #[serde(rename = "type")]
    pub c_type: String,
    /// The length of an array; 0 for a scalar.
    pub array: u64,
    pub doc: String,
}

#[derive(Serialize, Deserialize)]
pub struct Handle {
    pub name: String,
    pub free: String,
    pub doc: String,
}

#[derive(Serialize, Deserialize)]
pub struct Function {
    pub name: String,
    pub returns: String,
    pub arguments: Vec<Argument>,
    pub doc: String,
}

#[derive(Serialize, Deserialize)]
pub struct Argument {
    pub name: String,
    #[serde(rename = "type")]
    pub c_type: String,
    pub role: Role,
    /// NULL is allowed: (NULL, 0) for an input, NULL alone for the rest.
    pub optional: bool,
    /// Of an `enum`: its type. Of a length, capacity, written length or count: the argument that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub of: Option<String>,
}

/// What an argument is to the contract at the top of the header.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Any number of threads.
    ConstHandle,
    Handle,
    /// Where a new handle is written.
    NewHandle,
    /// Bytes or text, followed by their length.
    Input,
    /// Bytes or text of a fixed or chosen length, which follows.
    Output,
    /// Bytes or text of variable size, followed by capacity and written length.
    VariableOutput,
    Length,
    Capacity,
    Written,
    /// As many elements as `count` says.
    InputArray,
    OutputArray,
    Count,
    Enum,
    Number,
    /// Where one number is written.
    NumberOutput,
    /// A structure whose first field is its size.
    Struct,
    /// Memory of any kind, followed by its length.
    Memory,
}
