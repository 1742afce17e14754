//! `pqrtc doctor`: whether the library works on this machine, and what of the machine matters to it.

use crate::failure::{Class, Failure, Result};
use crate::report::Report;
use rustix::process::{Resource, getrlimit};
use serde_json::{Value, json};
use std::fs;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// How a check came out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Ok,
    /// It works, and could be better.
    Note,
    Failed,
}

struct Check {
    name: &'static str,
    state: State,
    value: String,
    advice: Option<&'static str>,
}

impl Check {
    fn new(name: &'static str, state: State, value: impl Into<String>, advice: &'static str) -> Self {
        Check { name, state, value: value.into(), advice: (state != State::Ok).then_some(advice) }
    }

    fn word(&self) -> &'static str {
        match self.state {
            State::Ok => "ok",
            State::Note => "note",
            State::Failed => "failed",
        }
    }
}

/// Runs every check. The report is printed in any case; a failed check makes the exit code 1.
pub fn run(json: bool) -> Result<Report> {
    let checks = [provider(), self_test(), randomness(), cpu(), memory_locks(), core_dumps(), swap(), clock()];
    let list: Vec<Value> = checks
        .iter()
        .map(|check| json!({ "name": check.name, "state": check.word(), "value": check.value, "advice": check.advice }))
        .collect();
    let width = checks.iter().map(|check| check.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for check in &checks {
        text += &format!("{:6}  {:width$}  {}\n", check.word(), check.name, check.value);
        if let Some(advice) = check.advice {
            text += &format!("{:6}  {:width$}  {advice}\n", "", "");
        }
    }
    let failed: Vec<_> = checks.iter().filter(|check| check.state == State::Failed).map(|check| check.name).collect();
    let report = Report::new().with("checks", list).text(text);
    if failed.is_empty() {
        return Ok(report);
    }
    let failure = Failure {
        class: Class::Refused,
        code: "doctor".into(),
        message: format!("failed: {}", failed.join(", ")),
        hint: Some("do not use the library on this machine before these checks pass".into()),
    };
    if !json {
        report.print(false)?;
    }
    Err(failure)
}

fn provider() -> Check {
    let machine = format!("{} {}", std::env::consts::ARCH, std::env::consts::OS);
    Check::new(
        "provider",
        State::Ok,
        format!("{}, pqrtc {}, {machine}", pqrtc::provider(), env!("CARGO_PKG_VERSION")),
        "",
    )
}

fn self_test() -> Check {
    let start = Instant::now();
    let result = pqrtc::self_test();
    let took = start.elapsed().as_millis();
    match result {
        Ok(()) => Check::new("self-test", State::Ok, format!("every primitive gives its known answer ({took} ms)"), ""),
        Err(error) => Check::new("self-test", State::Failed, error.to_string(), "the build or the processor is broken"),
    }
}

/// That the source answers, quickly, and not twice the same. That it is random nobody can see from here.
fn randomness() -> Check {
    let (mut first, mut second) = ([0; 32], [0; 32]);
    let start = Instant::now();
    let result = pqrtc::random(&mut first).and_then(|()| pqrtc::random(&mut second));
    let took = start.elapsed().as_micros();
    let advice = "the kernel has to give random bytes (getrandom); keys made without them are worth nothing";
    match result {
        Ok(()) if first == second || first == [0; 32] => {
            Check::new("randomness", State::Failed, "repeats itself", advice)
        }
        Ok(()) => Check::new("randomness", State::Ok, format!("the operating system's, 64 bytes in {took} us"), ""),
        Err(error) => Check::new("randomness", State::Failed, error.to_string(), advice),
    }
}

macro_rules! features {
    ($detected:ident: $($name:tt)*) => {
        [$(($name, std::arch::$detected!($name))),*]
    };
}

/// The instructions that the provider has code for.
fn cpu() -> Check {
    #[cfg(target_arch = "x86_64")]
    let (features, needed) = (
        features!(is_x86_feature_detected: "aes" "pclmulqdq" "avx2" "bmi2" "adx" "sha" "avx512f" "vaes" "vpclmulqdq"),
        ["aes", "pclmulqdq", "avx2"],
    );
    #[cfg(target_arch = "aarch64")]
    let (features, needed) =
        (features!(is_aarch64_feature_detected: "neon" "aes" "sha2" "sha3"), ["neon", "aes", "sha2"]);
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let (features, needed): ([(&str, bool); 0], [&str; 0]) = ([], []);
    let here: Vec<_> = features.iter().filter(|(_, here)| *here).map(|(name, _)| *name).collect();
    let slow = needed.iter().any(|name| !here.contains(name));
    let state = if slow { State::Note } else { State::Ok };
    Check::new("cpu", state, here.join(" "), "without these instructions frames and keys take several times as long")
}

fn memory_locks() -> Check {
    let limit = match getrlimit(Resource::Memlock).current {
        Some(bytes) => format!("{} KiB", bytes / 1024),
        None => "unlimited".into(),
    };
    let value = format!("RLIMIT_MEMLOCK {limit}; the library zeroes secrets and does not lock them");
    Check::new("memory locks", State::Ok, value, "")
}

/// The limit that other programs inherit: this one has set its own to 0.
fn core_dumps() -> Check {
    let limits = fs::read_to_string(format!(
        "/proc/{}/limits",
        rustix::process::getppid().map_or(1, |pid| pid.as_raw_nonzero().get())
    ));
    let soft = limits.ok().and_then(|limits| {
        let line = limits.lines().find(|line| line.starts_with("Max core file size"))?.to_string();
        line.split_whitespace().nth(4).map(str::to_string)
    });
    match soft.as_deref() {
        Some("0") => Check::new("core dumps", State::Ok, "off for programs started here", ""),
        Some(limit) => Check::new(
            "core dumps",
            State::Note,
            format!("on (limit {limit}) for programs started here"),
            "a dump holds keys: ulimit -c 0, or LimitCORE=0 in the unit, for services that use the library",
        ),
        None => Check::new("core dumps", State::Note, "unknown", "turn them off for services that use the library"),
    }
}

fn swap() -> Check {
    match fs::read_to_string("/proc/swaps") {
        Ok(swaps) if swaps.lines().count() > 1 => {
            let names: Vec<_> = swaps.lines().skip(1).filter_map(|line| line.split_whitespace().next()).collect();
            Check::new("swap", State::Note, names.join(", "), "secrets may be written there: encrypt it or turn it off")
        }
        Ok(_) => Check::new("swap", State::Ok, "none", ""),
        Err(_) => Check::new("swap", State::Note, "unknown", "encrypt it or turn it off"),
    }
}

/// TURN credentials are good or expired by the clock of two machines.
fn clock() -> Check {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    // 2026-01-01, before which this version did not exist.
    let good = (1_767_225_600..pqrtc::turn::EXPIRY_LIMIT).contains(&seconds);
    let state = if good { State::Ok } else { State::Failed };
    Check::new(
        "clock",
        state,
        format!("{seconds} s since 1970"),
        "set it: TURN credentials are minted and verified by it",
    )
}
