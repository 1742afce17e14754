//! The command, run as people and programs run it: with real files, pipes and devices, friendly and hostile.

mod common;
mod errors;
mod files;
mod inspect;
mod keys;
mod recording;
mod signatures;
mod turn;
