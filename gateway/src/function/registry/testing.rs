//! A registry for tests: a store in memory, a machine without Python, a clock that stands.
