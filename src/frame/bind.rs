//! What the SFrame ciphertexts of a frame are bound to: the first part of their metadata. The caller's follows.

const LABEL: &[u8; 14] = b"pqrtc frame v1";
/// The most bytes that are shown and bound: the prefix of a VP9 frame. A unit shows 10: an H.265 header and 8 bytes of a slice.
pub(super) const MAX_SHOWN: usize = 11;
const MAX: usize = LABEL.len() + 1 + 8 + 1 + 1 + 2 + MAX_SHOWN;

pub(super) struct Binding {
    bytes: [u8; MAX],
    len: usize,
}

impl Binding {
    /// That of a frame with a clear prefix.
    pub fn prefix(family: u8, prefix: &[u8]) -> Self {
        Self::of(&[LABEL, &[family]], prefix)
    }

    /// That of a unit: the counter of its group's first unit, and whether it is the group's last.
    pub fn unit(family: u8, first: u64, last: bool, trailer: u8, shown: &[u8]) -> Self {
        Self::of(&[LABEL, &[family], &first.to_be_bytes(), &[last.into(), trailer]], shown)
    }

    fn of(parts: &[&[u8]], shown: &[u8]) -> Self {
        let mut binding = Binding { bytes: [0; MAX], len: 0 };
        let shown_len = (shown.len() as u16).to_be_bytes();
        for part in parts.iter().copied().chain([&shown_len, shown]) {
            binding.bytes[binding.len..binding.len + part.len()].copy_from_slice(part);
            binding.len += part.len();
        }
        binding
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}
