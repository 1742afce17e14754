//! What a command says: fields, as lines for people or as one JSON object for programs.

use crate::failure::{Failure, Result, clean};
use crate::files::{self, Content};
use base64ct::{Base64, Encoding};
use serde_json::{Value, json};
use std::io::IsTerminal;
use zeroize::{Zeroize, Zeroizing};

/// The fields of an answer, in order. Texts in them are wiped with it: a password may be one.
#[derive(Default)]
pub struct Report {
    fields: Vec<(&'static str, Value)>,
    /// What people read, if it is not the fields line by line.
    text: Option<Zeroizing<String>>,
    /// The result itself, which goes to standard output.
    content: Option<Content>,
}

impl Report {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    /// As [`Report::with`], before the others.
    pub fn first(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.fields.insert(0, (name, value.into()));
        self
    }

    /// Shown to people in place of the fields.
    pub fn text(mut self, text: String) -> Self {
        self.text = Some(Zeroizing::new(text));
        self
    }

    /// With the result itself: people get it alone, and programs as the field `data`.
    pub fn content(mut self, content: Content) -> Self {
        self.content = Some(content);
        self
    }

    /// Prints it.
    pub fn print(&self, json: bool) -> Result<()> {
        match &self.content {
            _ if json => files::print(&self.json()),
            Some(content) if !content.text && std::io::stdout().is_terminal() => {
                Err(Failure::usage("binary output does not go to a terminal")
                    .hint("name a file with -o, or use a pipe"))
            }
            Some(content) => files::print(&content.bytes),
            None => files::print(self.lines().as_bytes()),
        }
    }

    /// For people: a line for each field.
    fn lines(&self) -> Zeroizing<String> {
        if let Some(text) = &self.text {
            return text.clone();
        }
        let width = self.fields.iter().map(|(name, _)| name.len()).max().unwrap_or(0) + 1;
        // Room for all, so that it does not grow and leave a copy.
        let mut text =
            Zeroizing::new(String::with_capacity(self.fields.iter().map(|field| size(&field.1) + width + 8).sum()));
        for (name, value) in self.fields.iter().filter(|(_, value)| !value.is_null()) {
            text.push_str(&name.replace('_', " "));
            text.push(':');
            text.extend(std::iter::repeat_n(' ', width - name.len()));
            match value {
                Value::String(value) => text.extend(value.chars().map(|c| if c.is_control() { '?' } else { c })),
                Value::Array(values) => text.push_str(&values.iter().map(plain).collect::<Vec<_>>().join(", ")),
                value => text.push_str(&plain(value)),
            }
            text.push('\n');
        }
        text
    }

    /// For programs: one object in one line, with `"ok": true`.
    fn json(&self) -> Zeroizing<Vec<u8>> {
        // An escaped character takes six bytes at most.
        let fields = self.fields.iter().map(|(name, value)| name.len() + 6 * size(value) + 8).sum::<usize>();
        let room = fields + self.content.as_ref().map_or(0, |content| 6 * content.bytes.len()) + 64;
        let mut line = Zeroizing::new(Vec::with_capacity(room));
        line.extend_from_slice(b"{\"ok\":true");
        for (name, value) in &self.fields {
            line.extend_from_slice(format!(",\"{name}\":").as_bytes());
            // Writing into memory does not fail.
            let _ = serde_json::to_writer(&mut *line, value);
        }
        if let Some(content) = &self.content {
            line.extend_from_slice(b",\"data\":");
            let encoding = match std::str::from_utf8(&content.bytes) {
                Ok(text) if content.text => serde_json::to_writer(&mut *line, text).map(|()| "text"),
                _ => base64(&content.bytes, &mut line).map(|()| "base64"),
            };
            line.extend_from_slice(format!(",\"encoding\":\"{}\"", encoding.unwrap_or("none")).as_bytes());
        }
        line.extend_from_slice(b"}\n");
        line
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        for (_, value) in &mut self.fields {
            if let Value::String(text) = value {
                text.zeroize();
            }
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => clean(text),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        value => value.to_string(),
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 2,
        value => value.to_string().len(),
    }
}

/// A failure for programs: `"ok": false` and what went wrong.
pub fn failure_json(Failure { class, code, message, hint }: &Failure) -> String {
    let error = json!({ "code": code, "message": message, "hint": hint, "exit": *class as u8 });
    format!("{{\"ok\":false,\"error\":{error}}}\n")
}

fn base64(bytes: &[u8], line: &mut Vec<u8>) -> serde_json::Result<()> {
    let mut text = Zeroizing::new(vec![0; bytes.len().div_ceil(3) * 4]);
    let text = Base64::encode(bytes, &mut text).map_err(serde::ser::Error::custom)?;
    serde_json::to_writer(line, text)
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
