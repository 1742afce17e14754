//! TURN usernames and passwords: what is minted verifies until it expires, and nothing that was altered does.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pqrtc_fuzz::*;

const SECRET: &[u8] = b"secret";

fn verify(username: &[u8], password: &[u8], now: u64) -> pqrtc_status {
    let (secret, username, password) = (SECRET.as_ptr_range(), username.as_ptr_range(), password.as_ptr_range());
    let len = |range: &std::ops::Range<*const u8>| range.end as usize - range.start as usize;
    sane(unsafe {
        pqrtc_turn_credential_verify(
            secret.start,
            len(&secret),
            username.start.cast(),
            len(&username),
            password.start.cast(),
            len(&password),
            now,
        )
    })
}

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let expires_at = input.u64() >> (input.u8() % 64);
    let user = input.take(usize::from(input.0.first().copied().unwrap_or(0)));
    let mut password = [0; 28];
    let (mut password_len, room) = (0, password.as_mut_ptr().cast());
    let minted = filled(600, |out, capacity, len| unsafe {
        let user = (user.as_ptr().cast(), user.len());
        let secret = (SECRET.as_ptr(), SECRET.len());
        let (out, password_len) = (out.cast(), &mut password_len);
        pqrtc_turn_credential_mint(
            secret.0,
            secret.1,
            user.0,
            user.1,
            expires_at,
            out,
            capacity,
            len,
            room,
            28,
            password_len,
        )
    });
    let Ok(username) = minted else {
        assert!(password == [0; 28] && !matches!(verify(user, input.0, 0), PQRTC_OK));
        return;
    };
    assert_eq!(
        verify(&username, &password, expires_at.saturating_sub(1)),
        if expires_at > 0 { PQRTC_OK } else { PQRTC_CREDENTIAL_EXPIRED }
    );
    assert_eq!(verify(&username, &password, expires_at), PQRTC_CREDENTIAL_EXPIRED);
    let forged = (mutate(&username, user, &mut input), mutate(&password, &username, &mut input));
    let altered = forged.0 != username || forged.1 != password;
    let status = verify(&forged.0, &forged.1, expires_at.saturating_sub(1));
    assert!(!altered || status == PQRTC_CREDENTIAL_REJECTED, "{status:?}");
});
