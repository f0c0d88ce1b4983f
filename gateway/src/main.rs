//! hearth.

fn main() {}
