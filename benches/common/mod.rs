//! Measuring on a machine that does other things too: the contenders take turns in short batches, and the medians of many rounds are
//! compared. What slows the machine for a while slows all of them.

#![allow(dead_code)]

#[path = "../../tests/rust/heap.rs"]
pub mod heap;

use std::fs::{self, File};
use std::io::Write;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// One of the things compared: a name, and a call to repeat.
pub struct Case<'a> {
    pub name: &'a str,
    /// Makes so many calls and says how long they took.
    run: Box<dyn FnMut(u32) -> Duration + 'a>,
    batch: Option<u32>,
}

impl<'a> Case<'a> {
    pub fn new(name: &'a str, mut call: impl FnMut() + 'a) -> Self {
        // The loop is compiled around the call: nothing is added to what is measured.
        Case { name, run: Box::new(move |times| timed(|| (0..times).for_each(|_| call()))), batch: None }
    }

    /// `batch` calls after a preparation, which is not timed.
    pub fn prepared<S: 'a>(
        name: &'a str,
        batch: u32,
        mut state: S,
        mut prepare: impl FnMut(&mut S) + 'a,
        mut call: impl FnMut(&mut S, u32) + 'a,
    ) -> Self {
        let run = move |times| {
            prepare(&mut state);
            timed(|| (0..times).for_each(|at| call(&mut state, at)))
        };
        Case { name, run: Box::new(run), batch: Some(batch) }
    }
}

/// Processor time of this thread: what other programs take meanwhile is not in it.
pub fn timed(body: impl FnOnce()) -> Duration {
    let start = thread_time();
    body();
    thread_time() - start
}

#[cfg(unix)]
fn thread_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is written.
    assert_eq!(unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) }, 0);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

#[cfg(not(unix))]
fn thread_time() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

/// How long a batch and how many rounds; `PQRTC_BENCH_ROUNDS` overrides the second.
#[derive(Clone, Copy)]
pub struct Plan {
    pub batch: Duration,
    pub rounds: usize,
}

impl Default for Plan {
    fn default() -> Self {
        let rounds = std::env::var("PQRTC_BENCH_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(301);
        Plan { batch: Duration::from_micros(400), rounds }
    }
}

/// The median time of one call of each case, in nanoseconds.
pub fn medians(plan: Plan, cases: &mut [Case]) -> Vec<f64> {
    let batches: Vec<u32> = cases.iter_mut().map(|case| batch_size(case, plan.batch)).collect();
    let mut times = vec![Vec::with_capacity(plan.rounds); cases.len()];
    for round in 0..plan.rounds {
        for turn in 0..cases.len() {
            // Another one begins each round, so that none always follows the same.
            let which = (turn + round) % cases.len();
            let elapsed = (cases[which].run)(batches[which]);
            times[which].push(elapsed.as_secs_f64() * 1e9 / f64::from(batches[which]));
        }
    }
    times.into_iter().map(median).collect()
}

/// The number of calls that fill a batch, found after a warm-up.
fn batch_size(case: &mut Case, batch: Duration) -> u32 {
    if let Some(times) = case.batch {
        (case.run)(times);
        return times;
    }
    let mut times = 1;
    loop {
        let elapsed = (case.run)(times);
        if elapsed >= batch || times >= 1 << 24 {
            return times;
        }
        let scale = batch.as_secs_f64() / elapsed.as_secs_f64().max(1e-9);
        times = ((f64::from(times) * scale.min(8.0)).ceil() as u32).max(times + 1);
    }
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Prints how `ours` compares with `theirs`, beside the target where there is one. The line ends in "ok" or "ABOVE".
pub fn report(what: &str, ours: f64, peer: &str, theirs: f64, target: Option<f64>) {
    let ratio = ours / theirs;
    let verdict = match target {
        Some(target) if ratio <= target => format!("at most {target:.2}  ok"),
        Some(target) => format!("at most {target:.2}  ABOVE"),
        None => String::new(),
    };
    println!("{what:<44} {:>12} {peer:<24} {:>12}  ratio {ratio:5.2}  {verdict}", duration(ours), duration(theirs));
    if let Some(mut file) = RESULTS.as_ref() {
        let what = what.trim();
        let line = format!(r#"{{"what": "{what}", "ours": {ours:.1}, "peer": "{peer}", "theirs": {theirs:.1}}}"#);
        _ = writeln!(file, "{line}");
    }
}

/// `bench/NAME.jsonl` in the target folder, for benches/plot.py: a line about the run, then one for each comparison, in nanoseconds.
static RESULTS: LazyLock<Option<File>> = LazyLock::new(|| {
    let folder = std::env::current_exe().ok()?.ancestors().nth(3)?.join("bench");
    fs::create_dir_all(&folder).ok()?;
    let mut file = File::create(folder.join(concat!(env!("CARGO_CRATE_NAME"), ".jsonl"))).ok()?;
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1)).unwrap_or("unknown");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let time = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (provider, rounds) = (pqrtc::provider(), Plan::default().rounds);
    let run =
        format!(r#""provider": "{provider}", "rounds": {rounds}, "time": {time}, "cpu": "{cpu}", "cores": {cores}"#);
    writeln!(file, "{{{run}}}").ok()?;
    Some(file)
});

/// A time in nanoseconds, with a unit that suits it.
pub fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        n if n < 1e4 => format!("{n:.1} ns"),
        n if n < 1e7 => format!("{:.2} us", n / 1e3),
        n => format!("{:.2} ms", n / 1e6),
    }
}
