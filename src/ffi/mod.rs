//! The C ABI and nothing else: it translates and decides nothing. One file for each handle; `guard` is what every exported function goes
//! through, `args` checks what C hands in. `include/pqrtc.h` is made from the comments here.

mod args;
mod batch;
mod call;
mod cancel;
mod envelope;
mod frame;
mod guard;
mod handle;
mod kem;
mod keyfile;
mod library;
mod meeting;
mod recording;
mod session;
mod sframe;
mod signing;
mod sizes;
mod suite;
mod turn;

pub use batch::*;
pub use call::*;
pub use envelope::*;
pub use frame::*;
pub use guard::pqrtc_status;
pub use kem::*;
pub use keyfile::*;
pub use library::*;
pub use meeting::*;
pub use recording::*;
pub use session::*;
pub use sframe::*;
pub use signing::*;
pub use sizes::*;
pub use suite::*;
pub use turn::*;

/// The version of this C API, as pqrtc_abi_version() gives it.
pub const PQRTC_ABI_VERSION: u32 = 2;
