//! Another Rust static library in the same program: it has its own standard library, panics inside, starts a thread and allocates.
use std::collections::HashMap;
use std::panic::catch_unwind;

#[unsafe(no_mangle)]
pub extern "C" fn second_exercise(n: u32) -> u32 {
    std::panic::set_hook(Box::new(|_| {}));
    let caught = catch_unwind(|| if n > 2 { panic!("inside the second library") }).is_err();
    let squares: HashMap<u32, u32> = std::thread::spawn(move || (0..n).map(|i| (i, i * i)).collect()).join().unwrap();
    u32::from(caught) + squares.values().sum::<u32>()
}
