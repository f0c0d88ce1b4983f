//! Builds the console with npm and Vite, and compresses its files for `embedded.rs`.
//!
//! A machine without a fit Node still builds hearth: the console's one page then says what is missing. The next build tries again.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;

/// What the console is built from.
const SOURCES: [&str; 6] = [
    "index.html",
    "package.json",
    "package-lock.json",
    "src",
    "tsconfig.json",
    "vite.config.ts",
];
/// What Vite asks for, as (major, minor): its `engines`.
const OLDEST_NODE: (u32, u32) = (20, 19);

fn main() {
    let folder = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(variable("OUT_DIR"));
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
    }
    println!("cargo::rerun-if-changed=missing.html");
    let built = out.join("console");
    let files = match build(&folder, &built) {
        Ok(()) => files_below(&built),
        Err(reason) => {
            println!("cargo::warning=the web console is not built: {reason}");
            // A file that is never there makes cargo run this again at the next build.
            println!(
                "cargo::rerun-if-changed={}",
                out.join("console-is-missing").display()
            );
            vec![page_that_says_so(&folder, &built, &reason)]
        }
    };
    fs::write(out.join("assets.rs"), table(&built, &out, &files)).expect("OUT_DIR is writable");
}

fn variable(name: &str) -> String {
    std::env::var(name).expect("cargo sets it")
}

/// Builds the console into `built`.
fn build(folder: &Path, built: &Path) -> Result<(), String> {
    let version = output("node", &["--version"], folder)
        .map_err(|_| format!("Node.js {}", needed("was not found")))?;
    if !is_fit(&version) {
        return Err(format!("Node.js {}", needed(&format!("is {version}"))));
    }
    // npm keeps a copy of the lock among the packages: the same content means the same packages.
    let kept = fs::metadata(folder.join("node_modules/.package-lock.json"));
    let lock = fs::metadata(folder.join("package-lock.json"));
    let is_fresh = match (kept, lock) {
        (Ok(kept), Ok(lock)) => kept.modified().ok() >= lock.modified().ok(),
        _ => false,
    };
    if !is_fresh {
        output("npm", &["ci", "--no-audit", "--no-fund"], folder)?;
    }
    let target = built.display().to_string();
    let arguments = ["run", "build", "--", "--emptyOutDir", "--outDir", &target];
    output("npm", &arguments, folder).map(drop)
}

fn needed(what: &str) -> String {
    let (major, minor) = OLDEST_NODE;
    format!("{what}; {major}.{minor} or later, with npm, is needed")
}

/// `v20.19.1` → is it new enough?
fn is_fit(version: &str) -> bool {
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map_while(|number| number.parse().ok());
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= OLDEST_NODE
}

/// Runs a command to its end; its standard output, or what went wrong.
fn output(program: &str, arguments: &[&str], folder: &Path) -> Result<String, String> {
    let run = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    if run.status.success() {
        return Ok(String::from_utf8_lossy(&run.stdout).trim().to_owned());
    }
    let said = String::from_utf8_lossy(&run.stderr);
    let last = said
        .lines()
        .rev()
        .take(5)
        .collect::<Vec<_>>()
        .into_iter()
        .rev();
    Err(format!(
        "`{program} {}` failed: {}",
        arguments.join(" "),
        last.collect::<Vec<_>>().join(" / ")
    ))
}

fn page_that_says_so(folder: &Path, built: &Path, reason: &str) -> PathBuf {
    let page = fs::read_to_string(folder.join("missing.html")).expect("missing.html is there");
    let reason = reason
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    // Remains of an earlier build are not to be embedded.
    fs::remove_dir_all(built).ok();
    fs::create_dir_all(built).expect("OUT_DIR is writable");
    let path = built.join("index.html");
    fs::write(&path, page.replace("{reason}", &reason)).expect("OUT_DIR is writable");
    path
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the built folder is readable") {
        let path = entry.expect("the built folder is readable").path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The Rust source of the table: each file's path and its compressed content.
fn table(built: &Path, out: &Path, files: &[PathBuf]) -> String {
    let compressed = out.join("compressed");
    fs::create_dir_all(&compressed).expect("OUT_DIR is writable");
    let rows = files.iter().enumerate().map(|(number, path)| {
        let content = fs::read(path).expect("a built file is readable");
        let target = compressed.join(format!("{number}.gz"));
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder
            .write_all(&content)
            .expect("writing to memory succeeds");
        let content = encoder.finish().expect("writing to memory succeeds");
        fs::write(&target, content).expect("OUT_DIR is writable");
        let path = path
            .strip_prefix(built)
            .expect("it is below the built folder");
        format!("Asset {{ path: {path:?}, gzip: include_bytes!({target:?}) }},")
    });
    format!("&[{}]", rows.collect::<String>())
}
