//! The integration tests, as one program: what a Rust or a C caller can see from outside. `cargo test --test rust NAME` runs a part.

#[cfg(feature = "capi")]
mod abi;
#[cfg(feature = "capi")]
mod batch;
mod conformance;
mod frame;
#[cfg(feature = "capi")]
mod frame_abi;
mod frame_clips;
mod frame_examples;
mod frame_forwarder;
mod frame_units;
mod heap;
mod recording;
mod rng;
mod sframe;
#[cfg(feature = "capi")]
mod sframe_abi;
mod sframe_memory;
mod sframe_ratchet;
mod v100;

/// Says what a test left out and why, past the capture of its output. With `PQRTC_REQUIRE=1` that is a failure.
fn skipped(what: &str) {
    assert!(std::env::var_os("PQRTC_REQUIRE").is_none_or(|value| value != "1"), "skipped: {what}");
    std::io::Write::write_all(&mut std::io::stderr(), format!("\nskipped: {what}\n").as_bytes()).unwrap();
}
