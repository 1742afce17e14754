//! Messages of a handshake, altered, to a call in every state: refused, with nothing changed, or, of an offer, which nobody can authenticate,
//! answered with what the one who made the true offer refuses.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pqrtc_fuzz::*;
use std::cell::RefCell;
use std::ptr::{null, null_mut};

struct Person {
    keys: [*mut pqrtc_signing_key; 2],
    policy: *mut pqrtc_policy,
}

fn person(seed: u8) -> Person {
    unsafe {
        let seed = [seed; 64];
        let policy = made(|out| pqrtc_policy_new(4, out)).unwrap();
        ok(pqrtc_policy_set(policy, 5, null(), 0));
        let key = |algorithm, len| made(|out| pqrtc_signing_key_from_seed(algorithm, seed.as_ptr(), len, out)).unwrap();
        Person { keys: [key(3, 64), key(2, 32)], policy }
    }
}

struct Call(*mut pqrtc_call);

impl Call {
    fn of(Person { keys, policy }: &Person) -> Self {
        Call(made(|out| unsafe { pqrtc_call_new(keys[0], keys[1], *policy, null(), 0, null(), 0, out) }).unwrap())
    }

    fn offer(&self) -> Vec<u8> {
        filled(1 << 14, |out, capacity, len| unsafe { pqrtc_call_offer(self.0, out, capacity, len) }).unwrap()
    }

    fn receive(&self, message: &[u8]) -> Result<Vec<u8>, pqrtc_status> {
        let (message, n) = (message.as_ptr(), message.len());
        filled(1 << 14, |out, capacity, len| unsafe {
            pqrtc_call_receive(self.0, message, n, null(), 0, out, capacity, len)
        })
    }

    /// State, role, suite, epoch, and whether media may be sent.
    fn state(&self) -> [u32; 5] {
        let mut info: pqrtc_call_info_t = unsafe { std::mem::zeroed() };
        info.size = size_of::<pqrtc_call_info_t>();
        ok(unsafe { pqrtc_call_info(self.0, &mut info) });
        [info.state, info.role, info.suite, info.epoch, info.may_send]
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        unsafe { pqrtc_call_free(self.0) };
    }
}

/// Two calls with the handshake before them, one halfway, and one done.
struct World {
    people: [Person; 2],
    offered: Call,
    answered: Call,
    done: [Call; 2],
    /// M1 to M4 of what is done; M1 and M2, and M3 of nothing, of what is halfway.
    messages: [Vec<u8>; 4],
    halfway: [Vec<u8>; 2],
    rekey: Vec<u8>,
}

impl World {
    fn new(people: [Person; 2]) -> Self {
        let calls = || people.each_ref().map(Call::of);
        let [offered, answered] = calls();
        let m1 = offered.offer();
        let halfway = [m1.clone(), answered.receive(&m1).unwrap()];
        let done = calls();
        let m1 = done[0].offer();
        let m2 = done[1].receive(&m1).unwrap();
        let m3 = done[0].receive(&m2).unwrap();
        let m4 = done[1].receive(&m3).unwrap();
        assert!(done[0].receive(&m4).unwrap().is_empty());
        // The offer of a rekey, which was never sent.
        let [a, b] = calls();
        let n2 = b.receive(&a.offer()).unwrap();
        b.receive(&a.receive(&n2).unwrap()).and_then(|m4| a.receive(&m4)).unwrap();
        let rekey = a.offer();
        drop((a, b));
        World { people, offered, answered, done, messages: [m1, m2, m3, m4], halfway, rekey }
    }
}

thread_local! {
    static WORLD: RefCell<World> = RefCell::new(World::new([1, 2].map(person)));
}

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let (who, which) = (input.u8(), usize::from(input.u8()));
    WORLD.with_borrow_mut(|world| {
        let all: Vec<&Vec<u8>> = world.messages.iter().chain(&world.halfway).chain([&world.rekey]).collect();
        let (valid, other) = (all[which % all.len()], all[which / 8 % all.len()]);
        let forged = match which & 0x80 {
            0 => mutate(valid, other, &mut input),
            _ => input.0.to_vec(),
        };
        if forged.is_empty() || all.contains(&&forged) {
            return;
        }
        let refuses = |call: &Call, message: &[u8]| {
            let before = call.state();
            call.receive(message).expect_err("took what nobody sent");
            assert_eq!(call.state(), before);
        };
        match who % 8 {
            0 => refuses(&world.offered, &forged),
            1 => refuses(&world.answered, &forged),
            // Offers of anybody are answered; who made another one does not take the answer.
            2 => {
                let fresh = Call::of(&world.people[1]);
                let before = fresh.state();
                match fresh.receive(&forged) {
                    Ok(answer) => refuses(&world.offered, &answer),
                    Err(_) => {
                        assert_eq!(fresh.state(), before);
                        fresh.receive(&world.halfway[0]).unwrap();
                    }
                }
            }
            side => {
                let side = usize::from(side & 1);
                let call = &world.done[side];
                let before = call.state();
                match call.receive(&forged) {
                    // What came last is answered again.
                    Err(_) => {
                        assert_eq!(call.state(), before);
                        let (last, reply) = (&world.messages[1 + side], &world.messages[2 + side]);
                        assert_eq!(call.receive(last).as_ref(), Ok(reply));
                    }
                    // The offer of a rekey.
                    Ok(_) => {
                        assert_eq!(call.state()[0], 2);
                        let nobody = || Person { keys: [null_mut(); 2], policy: null_mut() };
                        let people = std::mem::replace(&mut world.people, [nobody(), nobody()]);
                        *world = World::new(people);
                    }
                }
            }
        }
    });
});
