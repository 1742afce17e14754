//! Emulation prevention (H.264 section 7.4.1, H.265 section 7.4.2): inside a NAL unit, `00 00` is never followed by 00, 01 or 02, and is
//! followed by 03 only where that 03 is there to break the pattern.
//!
//! Everything here is linear in its input. `zeros` is always the number of zero bytes, 0 to 2, that stand right before the data.

use crate::{Error, Result};

/// The capacity that [`escape`] needs for `len` bytes: one byte more for every two.
pub(super) const fn escaped_max(len: usize) -> usize {
    len + len.div_ceil(2)
}

/// Where the first `00 00` at or after `from` begins.
fn next_pair(data: &[u8], from: usize) -> Option<usize> {
    // Whole blocks first, without a branch for each byte or zero: ciphertext has a zero in every 256 bytes, but few pairs.
    let at = skip_blocks::<16>(data, skip_blocks::<128>(data, from));
    data.get(at..)?.windows(2).position(|pair| pair == [0, 0]).map(|i| at + i)
}

/// The end of the blocks of `N` bytes from `from` on in which no `00 00` begins.
fn skip_blocks<const N: usize>(data: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(block) = data.get(at..at + N + 1) {
        let pairs = block.iter().zip(&block[1..]);
        if pairs.fold(false, |any, (&one, &two)| any | (one | two == 0)) {
            break;
        }
        at += N;
    }
    at
}

/// Where the next `00 00 01` at or after `from` begins.
pub(super) fn next_start_code(data: &[u8], from: usize) -> Option<usize> {
    let mut at = next_pair(data, from)?;
    while *data.get(at + 2)? != 1 {
        at = next_pair(data, at + 1)?;
    }
    Some(at)
}

/// The zero bytes at the end of `data`, counted to two.
pub(super) fn zeros_at_end(data: &[u8]) -> usize {
    data.iter().rev().take(2).take_while(|&&byte| byte == 0).count()
}

/// The first byte of at most 3 after two zeros.
pub(super) fn first_hazard(data: &[u8], zeros: usize) -> Option<usize> {
    match (zeros, data) {
        (2, [0..=3, ..]) => return Some(0),
        (1, [0, 0..=3, ..]) => return Some(1),
        _ => {}
    }
    let mut at = next_pair(data, 0)?;
    while *data.get(at + 2)? > 3 {
        at = next_pair(data, at + 3)?;
    }
    Some(at + 2)
}

/// Whether no `00 00` is followed by 00, 01 or 02.
pub(super) fn is_clean(mut data: &[u8]) -> bool {
    while let Some(at) = first_hazard(data, 0) {
        if data[at] != 3 {
            return false;
        }
        data = &data[at + 1..];
    }
    true
}

/// Escapes the first `len` bytes of `buf` where they stand, and gives their new length. `buf` has at least [`escaped_max`] bytes.
pub(super) fn escape(buf: &mut [u8], len: usize, zeros: usize) -> usize {
    let Some(hazard) = first_hazard(&buf[..len], zeros) else { return len };
    // Rare in ciphertext (about once in 4 million bytes): move what is left to the end of the room, then write forward.
    // The writer never passes the reader: it gains at most one byte for every two read.
    let end = escaped_max(len);
    let mut from = end - (len - hazard);
    buf.copy_within(hazard..len, from);
    let mut to = hazard;
    let mut zeros = 2;
    while from < end {
        let byte = buf[from];
        if zeros == 2 && byte <= 3 {
            buf[to] = 3;
            to += 1;
            zeros = 0;
        }
        buf[to] = byte;
        to += 1;
        from += 1;
        zeros = if byte == 0 { zeros + 1 } else { 0 };
    }
    to
}

/// Undoes [`escape`] where it stands, and gives the new length. What `escape` does not write is refused.
pub(super) fn unescape(buf: &mut [u8], zeros: usize) -> Result<usize> {
    let (mut from, mut zeros, mut len) = (0, zeros, 0);
    while let Some(at) = first_hazard(&buf[from..], zeros).map(|i| from + i) {
        if buf[at] != 3 || buf.get(at + 1).is_none_or(|&byte| byte > 3) {
            return Err(Error::MalformedFrame);
        }
        buf.copy_within(from..at, len);
        len += at - from;
        (from, zeros) = (at + 1, 0);
    }
    buf.copy_within(from.., len);
    Ok(len + buf.len() - from)
}

/// What the first bytes of `data` were before [`escape`]; fills `out` if there are enough, and gives the length.
pub(super) fn unescape_start(data: &[u8], out: &mut [u8], mut zeros: usize) -> usize {
    let mut len = 0;
    for &byte in data {
        let escape = zeros >= 2 && byte == 3;
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        match out.get_mut(len) {
            _ if escape => {}
            Some(slot) => {
                *slot = byte;
                len += 1;
            }
            None => break,
        }
    }
    len
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(data: &[u8], zeros: usize) -> Vec<u8> {
        let mut buf = data.to_vec();
        buf.resize(escaped_max(data.len()), 0xaa);
        let len = escape(&mut buf, data.len(), zeros);
        buf.truncate(len);
        buf
    }

    /// The same by the book, a byte at a time.
    fn by_the_book(data: &[u8], zeros: usize) -> Vec<u8> {
        let mut out = vec![0; zeros];
        for &byte in data {
            if out.ends_with(&[0, 0]) && byte <= 3 {
                out.push(3);
            }
            out.push(byte);
        }
        out.split_off(zeros)
    }

    #[test]
    fn every_short_string_of_small_bytes_escapes_by_the_book_and_back() {
        const LONGEST: u32 = if cfg!(miri) { 2 } else { 7 };
        let mut count = 0;
        for len in 0..=LONGEST {
            for code in 0..5u32.pow(len) {
                let data: Vec<u8> = (0..len).map(|i| (code / 5u32.pow(i) % 5) as u8).collect();
                for zeros in 0..=2 {
                    let wire = escaped(&data, zeros);
                    assert_eq!(wire, by_the_book(&data, zeros), "{data:x?} after {zeros} zeros");
                    assert!(wire.len() <= escaped_max(data.len()));
                    let mut back = wire.clone();
                    let n = unescape(&mut back, zeros).unwrap();
                    assert_eq!(&back[..n], data, "{wire:x?} after {zeros} zeros");
                    for room in 0..=data.len() {
                        let mut start = [0xaa; 7];
                        assert_eq!(unescape_start(&wire, &mut start[..room], zeros), room);
                        assert_eq!(start[..room], data[..room]);
                    }
                    // What is not an output of `escape` is refused, so that there is one wire form only.
                    let mut out = data.clone();
                    if let Ok(n) = unescape(&mut out, zeros) {
                        assert_eq!(escaped(&out[..n], zeros), data);
                    }
                    count += 1;
                }
            }
        }
        assert_eq!(count, 3 * (5u32.pow(LONGEST + 1) - 1) / 4);
    }

    #[test]
    fn the_worst_case_takes_the_whole_room() {
        for len in (0..200).step_by(if cfg!(miri) { 19 } else { 1 }) {
            assert_eq!(escaped(&vec![0; len], 2).len(), escaped_max(len));
        }
    }

    #[test]
    fn the_fast_scan_sees_what_a_slow_one_sees() {
        let mut seed = 1u32;
        for (len, rare) in (0..if cfg!(miri) { 8 } else { 300 }).flat_map(|len| [(len, false), (len, true)]) {
            let data: Vec<u8> = (0..len)
                .map(|_| {
                    seed = seed.wrapping_mul(1664525).wrapping_add(1013904223);
                    if rare { (seed >> 24) as u8 & 0x3f } else { [0, 0, 0, 1, 2, 3, 0x80, 0xff][(seed >> 29) as usize] }
                })
                .collect();
            for from in 0..=len {
                let pair = data[from..].windows(2).position(|w| w == [0, 0]).map(|i| from + i);
                assert_eq!(next_pair(&data, from), pair);
                let code = data[from..].windows(3).position(|w| w == [0, 0, 1]).map(|i| from + i);
                assert_eq!(next_start_code(&data, from), code);
            }
            // An escape byte ends a run: 00 00 03 00 00 has no hazard after it.
            let slow = data.windows(3).all(|w| w[0] != 0 || w[1] != 0 || w[2] > 2);
            assert_eq!(is_clean(&data), slow);
        }
    }
}
