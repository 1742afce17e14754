//! SFrame frames of the five cipher suites of RFC 9605, beside the crate `sframe` on RustCrypto: both read the same header, seal the same bytes,
//! and open the same of what was altered.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pqrtc::sframe::{MAX_OVERHEAD, Sender};
use pqrtc_fuzz::*;
use sframe::CipherSuite as Theirs;
use sframe::frame::{EncryptedFrameView, MediaFrameView, SingleUseCounter};
use sframe::key::{DecryptionKey, EncryptionKey};
use std::sync::LazyLock;

const KEY: [u8; 32] = [2; 32];
const SUITES: [Theirs; 5] = [
    Theirs::AesCtr128HmacSha256_80,
    Theirs::AesCtr128HmacSha256_64,
    Theirs::AesCtr128HmacSha256_32,
    Theirs::AesGcm128Sha256,
    Theirs::AesGcm256Sha512,
];
const KIDS: [u64; 4] = [0, 9, 0x1234, u64::MAX];

struct Ends {
    sender: Sender,
    encryption: EncryptionKey,
    decryption: DecryptionKey,
}

static ENDS: LazyLock<Vec<Ends>> = LazyLock::new(|| {
    let ends = |(number, theirs): (usize, &Theirs), kid: u64| Ends {
        sender: Sender::from_key(&KEY, kid, (number as u32 + 1).try_into().unwrap()).unwrap(),
        encryption: EncryptionKey::derive_from(*theirs, kid, KEY).unwrap(),
        decryption: DecryptionKey::derive_from(*theirs, kid, KEY).unwrap(),
    };
    // A key serves once in a process, with one suite: each KID has its own.
    SUITES.iter().enumerate().flat_map(|suite| KIDS.map(|kid| ends(suite, kid ^ suite.0 as u64))).collect()
});

type Opened = (u64, u64, Vec<u8>);

fn theirs(ends: &Ends, metadata: &[u8], sealed: &[u8]) -> Option<Opened> {
    let mut out = Vec::new();
    let view = EncryptedFrameView::try_with_meta_data(sealed, metadata).ok()?;
    let origin = (view.header().key_id(), view.header().counter());
    let media = view.decrypt_into(&ends.decryption, &mut out).ok()?;
    Some((origin.0, origin.1, media.payload().to_vec()))
}

fn ours(receiver: *mut pqrtc_sframe_receiver, metadata: &[u8], sealed: &[u8]) -> Result<Opened, pqrtc_status> {
    let (mut kid, mut counter) = (0, 0);
    let (at, in_len) = (sealed.as_ptr(), sealed.len());
    let (metadata, n) = (metadata.as_ptr(), metadata.len());
    let opened = filled(in_len, |out, capacity, len| unsafe {
        pqrtc_sframe_open(receiver, metadata, n, at, in_len, out, capacity, len, &mut kid, &mut counter)
    })?;
    Ok((kid, counter, opened))
}

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let which = usize::from(input.u8()) % ENDS.len();
    let ends = &ENDS[which];
    let counter = (input.u64() >> (input.u8() % 64)).min(u64::MAX - 1);
    let len = usize::from(input.u8());
    let mut program = Input(input.take(len));
    let metadata = input.take(usize::from(program.u8() % 32));
    let (frame, kid) = (input.0, ends.sender.kid());

    let receiver = made(|out| unsafe { pqrtc_sframe_receiver_new((which / KIDS.len()) as u32 + 1, out) }).unwrap();
    ok(unsafe { pqrtc_sframe_receiver_add_key(receiver, kid, KEY.as_ptr(), KEY.len()) });

    // What nobody sealed: the same header is read, and nothing is opened.
    assert!(ours(receiver, metadata, frame).is_err());
    let read = pqrtc::frame::inspect(pqrtc::frame::Codec::Opaque, frame).map(|info| (info.kid, info.last_counter));
    let header = EncryptedFrameView::try_new(frame).map(|view| (view.header().key_id(), view.header().counter()));
    if let (Ok(read), Ok(header)) = (read, header) {
        assert_eq!(read, header);
    }

    // Both seal the same, under the same counter.
    set_counter(&ends.sender, counter);
    let mut sealed = vec![0; frame.len() + MAX_OVERHEAD];
    let len = ends.sender.seal(metadata, frame, &mut sealed).unwrap();
    sealed.truncate(len);
    let mut peer = Vec::new();
    let view = MediaFrameView::try_with_meta_data(&mut SingleUseCounter::new(counter), frame, metadata).unwrap();
    view.encrypt_into(&ends.encryption, &mut peer).unwrap();
    assert_eq!(peer[metadata.len()..], sealed);

    // Both open the same.
    let forged = mutate(&sealed, frame, &mut program);
    let opened = ours(receiver, metadata, &forged).ok();
    assert_eq!(opened, theirs(ends, metadata, &forged));
    if forged != sealed {
        assert_eq!(opened, None);
        assert_eq!(ours(receiver, metadata, &sealed), Ok((kid, counter, frame.to_vec())));
    }
    assert_eq!(ours(receiver, metadata, &sealed), Err(PQRTC_REPLAYED_FRAME));
    unsafe { pqrtc_sframe_receiver_free(receiver) };
});
