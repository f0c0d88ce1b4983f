//! The text of a `requirements.txt`: made comparable, and held against what may be asked of a resolver. Pure.

/// Options that choose among wheels or indexes. Others could run code, or read files of the host.
const OPTIONS: &[&str] = &[
    "-i",
    "--index-url",
    "--extra-index-url",
    "--trusted-host",
    "--pre",
    "--prefer-binary",
    "--require-hashes",
];

/// The requirements without comments and blank lines, continued lines joined.
pub(super) fn lines(text: &str) -> Vec<String> {
    let joined = text.replace("\r\n", "\n").replace("\\\n", " ");
    let bare = joined.trim_start_matches('\u{feff}').lines().map(|line| {
        let comment = line
            .match_indices('#')
            .map(|(at, _)| at)
            .find(|at| *at == 0 || line[..*at].ends_with(char::is_whitespace));
        let words = line[..comment.unwrap_or(line.len())].split_whitespace();
        words.collect::<Vec<_>>().join(" ")
    });
    bare.filter(|line| !line.is_empty()).collect()
}

/// Why a line is not handed to the resolver.
pub(super) fn refusal(line: &str) -> Option<String> {
    let is_wheel = |address: &str| {
        let file = address.split(['#', '?']).next().unwrap_or_default();
        let has_scheme = address.starts_with("https://") || address.starts_with("http://");
        has_scheme && file.ends_with(".whl")
    };
    let mut words = line.split(' ');
    let first = words.next().unwrap_or_default();
    if first.starts_with('-') {
        let name = first.split('=').next().unwrap_or_default();
        let mut values = line[name.len()..]
            .split(['=', ' '])
            .filter(|word| !word.is_empty());
        let is_remote = |value: &str| !value.contains("://") || value.starts_with("http");
        let allowed = OPTIONS.contains(&name) && values.all(is_remote);
        return (!allowed).then(|| {
            format!(
                "'{line}' is not supported in requirements: only {} are",
                OPTIONS.join(", ")
            )
        });
    }
    let requirement = line.split(" --").next().unwrap_or_default();
    let requirement = requirement.split(';').next().unwrap_or_default().trim_end();
    let foreign = line
        .split(' ')
        .find(|word| word.starts_with("--") && !word.starts_with("--hash"));
    if let Some(option) = foreign {
        return Some(format!("'{option}' is not supported in requirements"));
    }
    let address = requirement
        .split_once('@')
        .map_or(requirement, |(_, address)| address.trim_start());
    let is_name = requirement.starts_with(|first: char| first.is_ascii_alphanumeric());
    let named = is_name && !requirement.contains(['/', '\\', '@', ':']);
    let is_archive = [".whl", ".zip", ".gz", ".bz2", ".xz", ".tar"]
        .iter()
        .any(|end| requirement.ends_with(end));
    if is_wheel(address) || (named && !is_archive) {
        return None;
    }
    Some(format!(
        "'{line}' is not supported in requirements: only names and the addresses of wheels (https://….whl) are"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_wheels_from_indexes_are_asked_for() {
        for fine in [
            "idna",
            "idna==3.10",
            "Foo_Bar[extra1,extra2] >=1,<2 ; python_version < '3.12'",
            "a==1 --hash=sha256:00",
            "--index-url https://pypi.example/simple",
            "--pre",
            "a @ https://example.com/a-1-py3-none-any.whl#sha256=0",
            "https://example.com/a-1-py3-none-any.whl",
        ] {
            assert_eq!(refusal(fine), None, "{fine}");
        }
        for bad in [
            "-r /etc/passwd",
            "-e .",
            "--no-binary :all:",
            "--find-links=/srv",
            ".",
            "./a.whl",
            "/a.whl",
            "a.whl",
            "a.zip",
            "git+https://example.com/a",
            "a @ file:///a.whl",
            "a @ https://example.com/a.tar.gz",
            "file:///a.whl",
            "a==1 --config-settings=x",
            "--index-url file:///srv",
            "-r/etc/passwd",
            "dir/a",
            "a @ ../a.whl",
        ] {
            assert!(refusal(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn text_is_normalised() {
        let text = "\u{feff}# all\r\na==1 \\\n  --hash=sha256:00\r\n\n  b  >= 2   # why\nc @ https://x/y.whl#sha256=1\n";
        assert_eq!(
            lines(text),
            [
                "a==1 --hash=sha256:00",
                "b >= 2",
                "c @ https://x/y.whl#sha256=1"
            ]
        );
    }
}
