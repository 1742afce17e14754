//! What went wrong, in words, for programs, and as an exit code.

use std::fmt::Display;
use std::io;
use std::path::Path;

/// The exit codes. 0 is success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// What was to be verified, opened or read is not what it should be.
    Refused = 1,
    /// The command line, or a key or secret file that does not fit the command.
    Usage = 2,
    /// The operating system: files, randomness, memory.
    System = 3,
    /// The reader of the output went away. What a shell says of a program that SIGPIPE ended.
    PipeClosed = 141,
}

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    pub class: Class,
    /// For programs; part of the JSON schema.
    pub code: String,
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    pub fn usage(message: impl Display) -> Self {
        Failure { class: Class::Usage, code: "usage".into(), message: message.to_string(), hint: None }
    }

    /// A key or secret file that does not fit the command.
    pub fn key(message: impl Display) -> Self {
        Failure { code: "key".into(), ..Self::usage(message) }
    }

    pub fn system(code: &str, message: impl Display) -> Self {
        Failure { class: Class::System, code: code.into(), message: message.to_string(), hint: None }
    }

    /// An error of the operating system about `path`.
    pub fn io(path: &Path, error: &io::Error) -> Self {
        let hint = match error.kind() {
            io::ErrorKind::NotFound => Some("check the path"),
            io::ErrorKind::PermissionDenied => Some("check owner and mode of the file and its folders"),
            io::ErrorKind::StorageFull => Some("free some space, then run the command again"),
            _ => None,
        };
        let failure = Self::system("io", format!("{}: {}", name(path), reason(error)));
        match (error.kind(), hint) {
            (io::ErrorKind::BrokenPipe, _) => Failure { class: Class::PipeClosed, ..failure },
            (_, Some(hint)) => failure.hint(hint),
            _ => failure,
        }
    }

    /// An error of the library about `what`.
    pub fn library(what: impl Display, error: pqrtc::Error) -> Self {
        use pqrtc::Error as E;
        let class = match error {
            E::NullPointer | E::InvalidLength | E::BufferTooSmall | E::InvalidArgument | E::Unsupported => Class::Usage,
            E::InvalidKey | E::NonContributory => Class::Usage,
            E::RngFailed | E::OutOfMemory | E::Internal => Class::System,
            _ => Class::Refused,
        };
        Failure { class, code: snake(error), message: format!("{what}: {error}"), hint: None }
    }

    /// [`Failure::library`] for data that is looked at: whatever is wrong with it is a refusal.
    pub fn refused(what: impl Display, error: pqrtc::Error) -> Self {
        let failure = Self::library(what, error);
        Failure { class: if failure.class == Class::Usage { Class::Refused } else { failure.class }, ..failure }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The name of an error of the library, as in `PQRTC_BAD_SIGNATURE`: "bad_signature".
fn snake(error: pqrtc::Error) -> String {
    let mut name = String::new();
    for character in format!("{error:?}").chars() {
        if character.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

/// Without the number that Rust puts behind it.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

/// A path as text that a terminal may be given: what is no UTF-8 or controls the terminal is replaced or escaped.
pub fn name(path: &Path) -> String {
    if path == Path::new("-") {
        return "standard input or output".into();
    }
    clean(&path.to_string_lossy())
}

/// Text with control characters escaped, and those that turn the direction of the text.
pub fn clean(text: &str) -> String {
    let turns = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let escape = |c: char| if c.is_control() || turns(c) { c.escape_debug().to_string() } else { c.to_string() };
    text.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_the_name_of_its_status_code() {
        assert_eq!(snake(pqrtc::Error::BadSignature), "bad_signature");
        assert_eq!(snake(pqrtc::Error::UnknownKeyId), "unknown_key_id");
        assert_eq!(snake(pqrtc::Error::Internal), "internal");
    }

    #[test]
    fn names_do_not_control_the_terminal() {
        assert_eq!(name(Path::new("a\x1b[2Jb\n")), "a\\u{1b}[2Jb\\n");
        assert_eq!(clean("gnp\u{202e}.sh"), "gnp\\u{202e}.sh");
    }
}
