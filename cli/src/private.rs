//! What keeps secrets inside the process.

/// A core dump would hold keys. Where it cannot be prevented the command runs all the same; `doctor` says what the machine does with dumps.
pub fn no_core_dump() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let none = Rlimit { current: Some(0), maximum: getrlimit(Resource::Core).maximum };
    let _ = setrlimit(Resource::Core, none);
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
