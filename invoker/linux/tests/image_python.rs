//! Images of CPython: modules that one process imported are there in others that import nothing.
#![cfg(target_arch = "x86_64")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds the example that the script loads, since `cargo test` builds no example that is a library.
fn library() -> PathBuf {
    let own = std::env::current_exe().expect("own path");
    let profile = own.ancestors().nth(2).expect("it lies in deps");
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--example", "image_ffi", "--target-dir"]);
    build.arg(profile.parent().expect("a target folder"));
    if profile.ends_with("release") {
        build.arg("--release");
    }
    let built = build.current_dir(env!("CARGO_MANIFEST_DIR")).status();
    assert!(built.expect("cargo").success());
    profile.join("examples/libimage_ffi.so")
}

#[test]
fn image_of_an_interpreter() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/image_zygote.py");
    let output = Command::new("python3")
        .args(["-I", "-S"])
        .args([script, library()])
        .args(["json", "decimal", "hashlib", "ssl", "sqlite3"])
        .output()
        .expect("python3");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("with a working set"), "{told}");
}
