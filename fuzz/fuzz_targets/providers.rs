//! The other providers beside aws-lc: the same bytes and the same verdicts of the same input, right, altered or arbitrary.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    // The library has this for fuzzers alone, and clippy is none.
    #[cfg(fuzzing)]
    pqrtc::fuzz_providers(data);
    #[cfg(not(fuzzing))]
    let _ = data;
});
