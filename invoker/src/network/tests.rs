//! The real thing, in a world of its own: each test makes a namespace that stands for the host, and one behind it that stands
//! for the internet. No packet leaves them. These tests need root.

mod life;
mod names;
mod reach;
mod world;
