//! What the C ABI does with a panic, in a library of its own: shows whether the way in which it was linked lets it unwind.

/// 1 if a panic was caught.
#[unsafe(no_mangle)]
pub extern "C" fn pqrtc_catches() -> i32 {
    std::panic::set_hook(Box::new(|_| {}));
    let caught = std::panic::catch_unwind(|| assert!(std::hint::black_box(false)));
    i32::from(caught.is_err())
}
