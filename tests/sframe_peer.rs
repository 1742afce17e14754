//! Against the crate `sframe` on ring, an independent implementation, in both directions. Its ring backend has cipher suites 4 and 5; the
//! package in `tests/sframe-peer` does the same for all five with its other backend.

mod rng;

use pqrtc::sframe::{CipherSuite, MAX_OVERHEAD, Receiver, Sender};
use rng::Rng;
use sframe::frame::{EncryptedFrameView, MediaFrameView, SingleUseCounter};
use sframe::key::{DecryptionKey, EncryptionKey};

const SUITES: [(CipherSuite, sframe::CipherSuite); 2] = [
    (CipherSuite::Aes128GcmSha256_128, sframe::CipherSuite::AesGcm128Sha256),
    (CipherSuite::Aes256GcmSha512_128, sframe::CipherSuite::AesGcm256Sha512),
];

include!("sframe-peer/both.rs");
