//! Builds the Python extension into a target folder of its own, for `src/python/extension.rs` to embed.

use std::env;
use std::path::PathBuf;
use std::process::Command;

fn main() {
    for watched in ["build.rs", "worker", "wire", "linux", "../Cargo.lock"] {
        println!("cargo::rerun-if-changed={watched}");
    }
    let variable = |name: &str| env::var(name).expect("cargo sets it for build scripts");
    let target_dir = PathBuf::from(variable("OUT_DIR")).join("worker");
    let (host, target) = (variable("HOST"), variable("TARGET"));
    let mut command = Command::new(variable("CARGO"));
    command
        .args([
            "build",
            "--release",
            "--package",
            "invoker-worker",
            "--target-dir",
        ])
        .arg(&target_dir);
    // What the outer build was told (lints, coverage, a wrapper) is not for this one; and no Python is needed to build it.
    for name in [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTC_WORKSPACE_WRAPPER",
        "CARGO_BUILD_TARGET",
    ] {
        command.env_remove(name);
    }
    command.env("PYO3_NO_PYTHON", "1");
    let mut folder = target_dir.clone();
    if host != target {
        command.args(["--target", &target]);
        folder.push(&target);
    }
    let status = command
        .status()
        .expect("cargo runs, as it runs this script");
    assert!(status.success(), "building invoker-worker failed: {status}");
    let library = folder.join("release").join("libhearth_worker.so");
    println!("cargo::rustc-env=HEARTH_WORKER={}", library.display());
}
