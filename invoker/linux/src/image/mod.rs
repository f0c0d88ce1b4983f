//! Images of processes: what a process has in memory after it has initialised, to go on from in others.
//!
//! ```text
//! zygote ─fork─▶ blank ─▶ initialises ─▶ checkpoint ──▶ Taken, goes on
//!    │                                      └─▶ image
//!    └─fork─▶ blank ─▶ restore(image) ──────────▶ Restored, goes on from the same line
//! ```
//! Both blanks are forked from one zygote, so that libc, the interpreter and the kernel's own pages lie at the same addresses. A process
//! images itself and replaces itself: neither needs a right that a sandbox lacks. An image holds all pages that the process wrote, mapped
//! privately where it is restored: nothing is copied until it is written to, or known to be written soon (`working_set`).
//!
//! Whoever can write an image can do in the process that restores it what code can do there. So an image is restored only for the function
//! that made it, and the host seals it and reads nothing of it. `unfit` says what cannot be imaged. Only on x86-64.

mod area;
mod checkpoint;
mod context;
mod descriptors;
mod dump;
mod file;
mod layout;
mod mapped_file;
mod maps;
mod pages;
mod plan;
mod region;
mod replace;
mod restore;
mod signals;
mod state;
mod status;
mod tables;
mod thread;
mod unfit;
mod working_set;

pub use checkpoint::{Checkpoint, LOST_EXIT_CODE, checkpoint};
pub use file::{create, seal};
pub use region::UnfitMapping;
pub use restore::restore;
pub use unfit::Unfit;
pub use working_set::{MAX_WORKING_SET_BYTES, working_set};
