//! A folder to work in, and the command run in it.

use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub const GOOD: i32 = 0;
pub const REFUSED: i32 = 1;
pub const USAGE: i32 = 2;
pub const SYSTEM: i32 = 3;

pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    /// With the keys `sign`, `kem`, `identity` and `hybrid`, the public halves `*.pub`, a TURN secret and a file to sign.
    pub fn with_keys() -> Self {
        let folder = Self::new();
        for purpose in ["sign", "kem", "identity"] {
            folder.good(&["keygen", purpose, "-o", purpose]);
            folder.good(&["pubkey", "-i", purpose, "-o", &format!("{purpose}.pub")]);
        }
        folder.good(&["keygen", "hybrid", "-o", "hybrid"]);
        folder.good(&["pubkey", "-i", "hybrid", "-a", "x-wing", "-o", "hybrid.pub"]);
        folder.write("secret", b"north\n", 0o600);
        folder.write("file", b"what was said", 0o644);
        folder
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn at(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: impl AsRef<Path>, bytes: &[u8], mode: u32) {
        fs::write(self.at(&name), bytes).unwrap();
        fs::set_permissions(self.at(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.at(name)).unwrap()
    }

    pub fn mode(&self, name: &str) -> u32 {
        fs::metadata(self.at(name)).unwrap().permissions().mode() & 0o777
    }

    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into())
            .collect();
        names.sort();
        names
    }

    pub fn command<S: AsRef<OsStr>>(&self, args: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pqrtc"));
        command.args(args).current_dir(self.path()).stdin(Stdio::null());
        command
    }

    pub fn run<S: AsRef<OsStr>>(&self, args: &[S]) -> Run {
        self.run_with(args, b"")
    }

    /// With something on standard input.
    pub fn run_with<S: AsRef<OsStr>>(&self, args: &[S], input: &[u8]) -> Run {
        let mut child =
            self.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // It may end before it has read all.
        let _ = child.stdin.take().unwrap().write_all(input);
        Run::of(child.wait_with_output().unwrap())
    }

    /// The output of a run that must succeed.
    pub fn good(&self, args: &[&str]) -> Vec<u8> {
        let run = self.run(args);
        assert_eq!(run.code, GOOD, "{args:?}: {}", run.err);
        run.out
    }

    /// As [`Folder::good`] with --json.
    pub fn json(&self, args: &[&str]) -> Value {
        let run = self.run(&[args, &["--json"]].concat());
        assert_eq!(run.code, GOOD, "{args:?}: {}", run.text());
        let value = run.value();
        assert_eq!(value["ok"], true);
        value
    }

    /// A run that must fail: with this exit code, a text that says `words`, no panic, nothing on standard output; and the same in JSON.
    #[track_caller]
    pub fn bad(&self, code: i32, words: &str, args: &[&str]) {
        let run = self.run(args);
        assert_eq!(run.code, code, "{args:?}: {}{}", run.text(), run.err);
        assert!(run.err.contains(words), "{args:?}: {}", run.err);
        assert!(!run.err.contains("panicked"), "{args:?}: {}", run.err);
        assert!(run.out.is_empty(), "{args:?}: {}", run.text());
        let run = self.run(&[&["--json"], args].concat());
        let value = run.value();
        assert_eq!(run.code, code, "{args:?} in JSON: {value}");
        assert_eq!((&value["ok"], &value["error"]["exit"]), (&Value::from(false), &Value::from(code)), "{args:?}");
        assert!(value["error"]["code"].is_string() && value["error"]["message"].is_string(), "{args:?}: {value}");
        assert!(run.err.is_empty(), "{args:?}: {}", run.err);
    }
}

#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: Vec<u8>,
    pub err: String,
}

impl Run {
    pub fn of(output: Output) -> Self {
        // A signal has no code.
        let code = output.status.code().unwrap_or(-1);
        Run { code, out: output.stdout, err: String::from_utf8_lossy(&output.stderr).into() }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into()
    }

    /// The one JSON object in one line of standard output.
    #[track_caller]
    pub fn value(&self) -> Value {
        assert_eq!(self.text().lines().count(), 1, "{self:?}");
        serde_json::from_slice(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
