//! Ten published runs with all their secrets, kept beside the project and not in it.

use super::*;
use crate::protocol::Rng;
use crate::session::Role;
use serde_json::Value;
use zeroize::Zeroizing;

/// Wiped when it is dropped: another test looks for it in memory.
fn hex(value: &Value) -> Zeroizing<Vec<u8>> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect::<Vec<_>>().into()
}

pub(super) fn runs() -> Option<Vec<Value>> {
    // PQClean draws what hedges a signature by itself, so its signatures are never those of the runs.
    if crate::provider() == "pqclean" {
        return None;
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/vectors/handshake-v1.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: no handshake vectors beside the project");
        assert!(std::env::var_os("PQRTC_REQUIRE").is_none());
        return None;
    };
    let file: Value = serde_json::from_str(&text).unwrap();
    let runs = file["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 10);
    Some(runs.clone())
}

pub(super) fn suite_of(run: &Value) -> Suite {
    Suite::of_number(run["suite"].as_u64().unwrap() as u8).unwrap()
}

/// One side of a run, with the randomness of this run and of those that follow in the same call.
pub(super) struct Side {
    pub call: Call,
}

impl Side {
    pub fn new(runs: &[Value], side: &str) -> Self {
        let other = |side: &str| if side == "I" { "R" } else { "I" };
        let first = &runs[0];
        let suite = suite_of(first);
        let key = |side: &str| {
            let seed = hex(&first[format!("identity_{side}")]);
            (!seed.is_empty()).then(|| SigningKey::from_seed(suite.signature(), &seed).unwrap())
        };
        let mut policy = Policy::new(profile(suite)).unwrap();
        match key(other(side)) {
            Some(peer) => policy.pin(&fingerprint(&peer)).unwrap(),
            None => policy.accept_anonymous_peer(),
        }
        let psk = hex(&first["values"]["psk"]);
        if first["mode"] == 1 {
            policy.set_psk(psk[..].try_into().unwrap());
        }
        let mine = key(side);
        let random = runs.iter().enumerate().flat_map(|(at, run)| {
            // The published rekeys are made by the responder of the first run.
            let role = if at == 0 { side } else { other(side) };
            let values = &run[format!("random_{role}")];
            let names: Vec<String> = match role {
                "I" => vec!["r".into(), format!("dk_I suite {}", suite as u8), "eseed_I".into()],
                _ => vec!["eseed_R".into(), "dk_R".into()],
            };
            names.iter().map(|name| hex(&values[name]).to_vec()).collect::<Vec<_>>()
        });
        let identities: Vec<&SigningKey> = mine.iter().collect();
        Side { call: Call::with_rng(&identities, &policy, b"", b"", Rng::given(random)).unwrap() }
    }

    fn prepare(&self, run: &Value, role: &str) {
        self.call.set_binding(&hex(&run[format!("binding_{role}")])).unwrap();
        let credential = if role == "I" { hex(&run["credential_I"]).to_vec() } else { vec![] };
        self.call.lock().unwrap().me.credential = credential;
    }
}

pub(super) fn play(run: &Value, initiator: &Side, responder: &Side) {
    let name = run["name"].as_str().unwrap();
    initiator.prepare(run, "I");
    responder.prepare(run, "R");
    let (binding_i, binding_r) = (hex(&run["binding_I"]), hex(&run["binding_R"]));
    let previous = hex(&run["previous_session_key"]);
    if !previous.is_empty() {
        let session = initiator.call.session().unwrap();
        assert_eq!(session.key().as_bytes()[..], previous[..]);
        assert_eq!(session.role() as u64, run["previous_role_I"].as_u64().unwrap());
    }

    let offer = initiator.call.offer().unwrap();
    assert_eq!(offer, *hex(&run["M1"]), "{name}: M1");
    let answer = responder.call.receive(&offer, &binding_i).unwrap();
    assert_eq!(answer, *hex(&run["M2"]), "{name}: M2");
    let finish = initiator.call.receive(&answer, &binding_r).unwrap();
    assert_eq!(finish, *hex(&run["M3"]), "{name}: M3");
    let ack = responder.call.receive(&finish, &binding_i).unwrap();
    assert_eq!(ack, *hex(&run["ack"]), "{name}: ack");
    assert_eq!(initiator.call.receive(&ack, &binding_r), Ok(vec![]));

    for (side, peer) in [(initiator, "R"), (responder, "I")] {
        let (session, info) = (side.call.session().unwrap(), side.call.info().unwrap());
        assert_eq!(session.key().as_bytes()[..], hex(&run["values"]["session_key"])[..]);
        assert_eq!(side.call.sas().unwrap(), run["sas"].as_str().unwrap().as_bytes());
        assert_eq!(u64::from(info.epoch), run["epoch"].as_u64().unwrap());
        let fingerprint = hex(&run[format!("fingerprint_{peer}")]);
        match fingerprint.is_empty() {
            true => assert_eq!((info.peer_identity, info.peer_fingerprint), (None, [0; 32])),
            false => assert_eq!(info.peer_fingerprint[..], fingerprint[..]),
        }
        let mut export = [0; 32];
        session.export(b"test", b"context", &mut export).unwrap();
        assert_eq!(export[..], hex(&run["export"])[..], "{name}: export");
        for key in run["sframe"].as_array().unwrap() {
            let sender = if key["role"] == 1 { Role::Initiator } else { Role::Responder };
            let base_key = session.sframe_base_key(sender, key["kid"].as_u64().unwrap()).unwrap();
            assert_eq!(base_key.as_bytes(), &hex(&key["base_key"])[..]);
        }
    }
}

#[test]
fn published_runs() {
    let Some(runs) = runs() else { return };
    let (mut played, mut at) = (0, 0);
    while at < runs.len() {
        let rekeys = runs[at + 1..].iter().take_while(|run| run["mode"] == 2).count();
        let call = &runs[at..=at + rekeys];
        at += call.len();
        if suite_of(&call[0]).check().is_err() {
            continue;
        }
        let (alice, bob) = (Side::new(call, "I"), Side::new(call, "R"));
        play(&call[0], &alice, &bob);
        call[1..].iter().for_each(|run| play(run, &bob, &alice));
        played += call.len();
    }
    assert_eq!(played, 5 * suites().count());
}
