//! Randomness from the host of a WebAssembly module, with nothing of wasm-bindgen. The host gives the module an import
//! `random(pointer, length)` in the namespace `pqrtc`, which fills that part of the module's memory and returns 1, or 0 if it cannot.

#[link(wasm_import_module = "pqrtc")]
unsafe extern "C" {
    fn random(out: *mut u8, len: usize) -> u32;
}

/// Whether the host filled `out`.
pub(crate) fn host_random(out: &mut [u8]) -> bool {
    // SAFETY: `out` is writable for its length, and the host keeps no pointer to it.
    unsafe { random(out.as_mut_ptr(), out.len()) == 1 }
}
