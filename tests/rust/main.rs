//! The integration tests, as one program: what a Rust or a C caller can see from outside. `cargo test --test rust NAME` runs a part.

mod abi;
mod batch;
mod conformance;
mod frame;
mod frame_abi;
mod frame_clips;
mod heap;
mod rng;
mod sframe;
mod sframe_abi;
mod sframe_memory;
mod sframe_ratchet;
mod v100;
