//! Bytes from the network as sealed frames of each codec: never opened. Frames come back equal, or are refused when they are sealed. And
//! what a forwarder makes of two sealed frames, by the unit and by the byte, opens as one of them, as whole groups of theirs, or not at all.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pqrtc::frame::{self, Codec};
use pqrtc::sframe::{CipherSuite, Sender};
use pqrtc_fuzz::frame_units::{Parts, split};
use pqrtc_fuzz::*;
use std::ptr::null;
use std::sync::LazyLock;

const SUITE: CipherSuite = CipherSuite::Aes256GcmSha512_128;
static SENDER: LazyLock<Sender> = LazyLock::new(|| Sender::from_key(&[1; 32], 1, SUITE).unwrap());

struct Receiver(*mut pqrtc_sframe_receiver, Codec);

impl Receiver {
    fn new(codec: Codec) -> Self {
        let receiver = made(|out| unsafe { pqrtc_sframe_receiver_new(SUITE as u32, out) }).unwrap();
        ok(unsafe { pqrtc_sframe_receiver_add_key(receiver, 1, [1; 32].as_ptr(), 32) });
        Receiver(receiver, codec)
    }

    /// The frame, and the counter of its last unit.
    fn open(&self, sealed: &[u8]) -> Result<(Vec<u8>, u64), pqrtc_status> {
        let (mut kid, mut counter) = (0, 0);
        let opened = filled(sealed.len(), |out, capacity, len| unsafe {
            let (sealed, sealed_len) = (sealed.as_ptr(), sealed.len());
            let codec = self.1 as u32;
            pqrtc_frame_open(self.0, codec, null(), 0, sealed, sealed_len, out, capacity, len, &mut kid, &mut counter)
        })?;
        assert_eq!(kid, 1);
        Ok((opened, counter))
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        unsafe { pqrtc_sframe_receiver_free(self.0) };
    }
}

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let codec = Codec::ALL[usize::from(input.u8()) % Codec::ALL.len()];
    // Of one to eight bytes, and the same whatever ran before.
    set_counter(&SENDER, input.u64() >> (input.u8() % 64));
    let len = usize::from(input.u8());
    let mut program = Input(input.take(len));
    let (receiver, frames) = (Receiver::new(codec), input.0);
    assert!(receiver.open(frames).is_err(), "opened what nobody sealed");

    let at = program.place(frames.len() + 1);
    let seal = |frame: &&[u8]| {
        let mut sealed = vec![0; frame::seal_max_size(codec, frame.len()).unwrap()];
        let len = frame::seal(&SENDER, codec, b"", frame, &mut sealed).ok()?;
        sealed.truncate(len);
        Some((sealed, frame.to_vec()))
    };
    let (sealed, plain): (Vec<_>, Vec<_>) =
        [&frames[..at], &frames[at..]].iter().filter(|frame| !frame.is_empty()).filter_map(seal).unzip();
    if sealed.is_empty() {
        return;
    }

    let parts: Vec<_> = sealed.iter().map(|sealed| split(codec, sealed)).collect();
    let mut units = parts[0].clone();
    for _ in 0..program.u8() % 4 {
        let foreign = &parts[parts.len() - 1];
        let (at, with) = (program.place(units.len()), program.place(foreign.len()));
        match program.u8() % 4 {
            0 if units.len() > 1 => drop(units.remove(at)),
            1 if !units.is_empty() => units.insert(at, units[program.place(units.len())].clone()),
            2 if with < foreign.len() => units.insert(at, foreign[with].clone()),
            3 if with < units.len() => units.swap(at, with),
            _ => {}
        }
    }
    let forged: Vec<u8> = units.iter().flat_map(|unit| unit.bytes.iter().copied()).collect();
    let forged = mutate(&forged, &sealed[sealed.len() - 1], &mut program);
    match receiver.open(&forged) {
        Ok((opened, counter)) => {
            let whole: Vec<_> = plain.iter().map(|frame| Parts::new(codec, frame)).collect();
            assert!(Parts::new(codec, &opened).come_of(&whole), "opened as {opened:02x?}");
            let info = [&sealed[0], &sealed[sealed.len() - 1]].map(|sealed| frame::inspect(codec, sealed).unwrap());
            assert!((info[0].first_counter..=info[1].last_counter).contains(&counter));
        }
        // Nothing has changed.
        Err(_) => sealed.iter().zip(&plain).for_each(|(sealed, plain)| {
            assert_eq!(receiver.open(sealed).map(|(opened, _)| opened).as_ref(), Ok(plain));
        }),
    }
});
