//! Files, devices and pipes that do not do as one would like.

use crate::common::{Folder, GOOD, Run, SYSTEM};
use std::ffi::OsString;
use std::fs::{self, File};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

/// Commands that read a file, with that file left out.
const READERS: [&[&str]; 12] = [
    &["pubkey", "-i"],
    &["turn", "mint", "-s"],
    &["turn", "verify", "-s", "secret"],
    &["turn", "wrap", "--to", "kem.pub"],
    &["turn", "unwrap", "-i", "kem"],
    &["sign", "-i", "sign", "-k", "summary"],
    &["verify", "-k", "summary", "file", "-p"],
    &["inspect", "key"],
    &["inspect", "bundle"],
    &["inspect", "offer"],
    &["inspect", "wrapped"],
    &["inspect", "frame", "--codec", "vp8"],
];

#[test]
fn missing_files_and_directories() {
    let folder = Folder::with_keys();
    fs::create_dir(folder.at("directory")).unwrap();
    folder.write("file.sig", b"", 0o644);
    for reader in READERS {
        folder.bad(SYSTEM, "check the path", &[reader, &["nowhere"]].concat());
        folder.bad(SYSTEM, "is a directory", &[reader, &["directory"]].concat());
    }
    folder.bad(SYSTEM, "check the path", &["keygen", "sign", "-o", "nowhere/key"]);
    folder.bad(SYSTEM, "is a directory", &["keygen", "sign", "-o", "directory"]);
    folder.bad(SYSTEM, "is a directory", &["keygen", "sign", "--force", "-o", "directory"]);
    folder.bad(SYSTEM, "", &["keygen", "sign", "-o", "file/key"]);
}

#[test]
fn endless_input_is_cut_off() {
    let folder = Folder::with_keys();
    for reader in READERS.into_iter().filter(|reader| reader[0] != "sign") {
        let run = folder.run(&[reader, &["/dev/zero"]].concat());
        assert!([1, 2].contains(&run.code) && run.err.contains("longer"), "{reader:?}: {run:?}");
    }
}

/// As another user than root, who can read and write everything.
#[test]
fn files_that_may_not_be_read_or_written() {
    let folder = Folder::with_keys();
    let program = folder.at("pqrtc");
    fs::copy(env!("CARGO_BIN_EXE_pqrtc"), &program).unwrap();
    folder.write("closed", b"", 0o000);
    fs::create_dir(folder.at("closed-folder")).unwrap();
    for (name, mode) in [("closed-folder", 0o555), (".", 0o755), ("pqrtc", 0o755)] {
        fs::set_permissions(folder.at(name), std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    }
    let run = |args: &[&str]| {
        let mut command = Command::new(&program);
        command.args(args).current_dir(folder.path());
        if rustix::process::geteuid().is_root() {
            command.uid(65534).gid(65534);
        }
        Run::of(command.output().unwrap())
    };
    for args in [&["inspect", "key", "closed"][..], &["keygen", "sign", "-o", "closed-folder/key"]] {
        let run = run(args);
        assert_eq!(run.code, SYSTEM, "{run:?}");
        assert!(run.err.contains("permission denied") && run.err.contains("owner and mode"), "{run:?}");
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let folder = Folder::with_keys();
    for args in [
        &["keygen", "sign", "-o", "-"][..],
        &["pubkey", "-i", "sign"],
        &["turn", "mint", "-s", "secret"],
        &["turn", "mint", "-s", "secret", "--json"],
        &["inspect", "key", "sign"],
        &["doctor"],
        &["--help"],
        &["--version"],
        &["completions", "bash"],
    ] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let run = Run::of(folder.command(args).stdout(full).output().unwrap());
        assert_eq!(run.code, SYSTEM, "{args:?}: {run:?}");
        assert!(run.err.contains("no space left"), "{args:?}: {run:?}");
    }
    folder.bad(SYSTEM, "no space left", &["keygen", "sign", "-o", "/dev/full"]);
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let folder = Folder::with_keys();
    for args in [&["--help"][..], &["inspect", "key", "sign"], &["doctor", "--json"], &["keygen", "sign", "-o", "-"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let run = Run::of(folder.command(args).stdout(writer).output().unwrap());
        assert_eq!((run.code, run.err.as_str()), (141, ""), "{args:?}");
    }
    // Nobody to tell of an error.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = folder.command(&["inspect", "key", "nowhere"]).stderr(writer).status().unwrap();
    assert_eq!(status.code(), Some(SYSTEM));
}

#[test]
fn closed_descriptors() {
    let folder = Folder::with_keys();
    let shell = |script: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh", env!("CARGO_BIN_EXE_pqrtc")]).current_dir(folder.path());
        Run::of(command.stdin(Stdio::null()).output().unwrap())
    };
    assert_eq!(shell("\"$1\" pubkey -i - <&-").code, 2, "an empty key");
    assert_eq!(shell("\"$1\" pubkey -i sign >&- 2>&-").code, GOOD);
    assert_eq!(shell("\"$1\" pubkey -i nowhere >&- 2>&-").code, SYSTEM);
    // No file that was opened takes the number of a closed descriptor.
    shell("\"$1\" sign -i sign -k summary file >&- 2>&- <&-");
    assert_eq!(folder.read("file"), b"what was said");
    folder.good(&["verify", "-p", "sign.pub", "-k", "summary", "file"]);
}

#[test]
fn names_that_are_not_utf8_or_control_a_terminal() {
    let folder = Folder::with_keys();
    let name = OsString::from_vec(b"\xff\x1b[2J".to_vec());
    let sig = OsString::from_vec(b"\xff\x1b[2J.sig".to_vec());
    folder.write(&name, b"content", 0o644);
    let args = |args: &[&str], name: &OsString| -> Vec<OsString> {
        args.iter().map(OsString::from).chain([name.clone()]).collect()
    };
    let run = folder.run(&args(&["sign", "-i", "sign", "-k", "summary", "--json"], &name));
    assert_eq!(run.code, GOOD, "{run:?}");
    run.value();
    assert!(folder.at(&sig).exists());
    assert_eq!(folder.run(&args(&["verify", "-p", "sign.pub", "-k", "summary"], &name)).code, GOOD);
    let run = folder.run(&args(&["inspect", "key"], &name));
    assert!(run.code == 2 && !run.err.contains('\x1b'), "{run:?}");
}

/// A program that dies between two writes leaves no half key: the file has its name only when it is whole.
#[test]
fn a_key_file_is_whole_or_not_there() {
    let folder = Folder::new();
    for round in 0..60_u64 {
        let mut child =
            folder.command(&["keygen", "sign", "-o", "key", "--force"]).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_micros(100 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        if folder.at("key").exists() {
            assert_eq!(folder.run(&["pubkey", "-i", "key"]).code, GOOD);
            fs::remove_file(folder.at("key")).unwrap();
        }
    }
}

#[test]
fn devices_and_pipes_are_written_and_not_replaced() {
    let folder = Folder::with_keys();
    folder.good(&["pubkey", "-i", "sign", "-o", "/dev/null", "--force"]);
    use std::os::unix::fs::FileTypeExt;
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    let script = "\"$1\" pubkey -i sign -o /dev/stdout | cmp - sign.pub && \"$1\" turn mint -s secret | \"$1\" turn verify -s secret /dev/stdin";
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh", env!("CARGO_BIN_EXE_pqrtc")]).current_dir(folder.path());
    assert!(command.stdout(Stdio::null()).status().unwrap().success());
}
