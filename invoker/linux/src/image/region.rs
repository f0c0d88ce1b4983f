//! What a mapping is to an image: where its bytes come from when it is made again, or why it cannot be.
//!
//! Pure. Whatever is not known to be right is refused: a function that is not imaged only starts more slowly.

use super::maps::{Mapping, Rights};

/// What a mapping's bytes are, before the process wrote to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Backing {
    /// Zeros.
    Anonymous,
    /// Zeros that the kernel may bring back at any time, as the random number generator of recent libcs keeps.
    Droppable,
    /// A file, from some offset on.
    File,
    /// The main thread's stack, which grows by itself.
    Stack,
    /// The kernel's own; the same in all processes of one family.
    Kernel,
}

/// Why a mapping cannot be made again elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnfitMapping {
    /// Memory that is shared with another process or a file, and may be written.
    Shared,
    /// A file that has no name any more, or never had one, as a memfd.
    Nameless,
    /// Locked into memory.
    Locked,
    /// Huge pages that were reserved by name.
    HugePages,
    /// Device memory, page faults handled by the process, shadow stacks, protection keys, sealed mappings, other stacks that grow.
    Special,
}

impl std::fmt::Display for UnfitMapping {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Shared => "memory that is shared and writable",
            Self::Nameless => "memory of a file without a name",
            Self::Locked => "memory that is locked",
            Self::HugePages => "reserved huge pages",
            Self::Special => "memory of a special kind",
        })
    }
}

/// Flags of `smaps` that mean `Special`.
const SPECIAL: [&[u8]; 8] = [b"io", b"pf", b"um", b"uw", b"ui", b"ss", b"sl", b"gd"];

/// What this mapping is, by its line in `smaps`.
pub(super) fn classify(mapping: &Mapping<'_>) -> Result<Backing, UnfitMapping> {
    if mapping.is_kernel() {
        return Ok(Backing::Kernel);
    }
    if mapping.has(b"lo") {
        return Err(UnfitMapping::Locked);
    }
    if mapping.has(b"ht") {
        return Err(UnfitMapping::HugePages);
    }
    if mapping.is_stack() {
        return Ok(Backing::Stack);
    }
    if mapping.protection_key != 0 || SPECIAL.iter().any(|flag| mapping.has(flag)) {
        return Err(UnfitMapping::Special);
    }
    if mapping.rights.shared() && mapping.has(b"mw") {
        return Err(UnfitMapping::Shared);
    }
    if mapping.has(b"dp") {
        return Ok(Backing::Droppable);
    }
    match mapping.name {
        b"" | b"[heap]" => Ok(Backing::Anonymous),
        name if name.starts_with(b"[anon:") => Ok(Backing::Anonymous),
        name if name.ends_with(b" (deleted)") => Err(UnfitMapping::Nameless),
        name if name.starts_with(b"/") => Ok(Backing::File),
        _ => Err(UnfitMapping::Special),
    }
}

/// What the process told the kernel about a mapping, to be told again.
pub(super) const ADVICE: [(&[u8], i32); 5] = [
    (b"dc", libc::MADV_DONTFORK),
    (b"wf", libc::MADV_WIPEONFORK),
    (b"dd", libc::MADV_DONTDUMP),
    (b"hg", libc::MADV_HUGEPAGE),
    (b"nh", libc::MADV_NOHUGEPAGE),
];

/// Bit of [`advice_of`] for a mapping that reserves no swap.
pub(super) const NO_RESERVE: u8 = 1 << ADVICE.len();

/// Which of [`ADVICE`] hold, one bit each, and [`NO_RESERVE`].
pub(super) fn advice_of(mapping: &Mapping<'_>) -> u8 {
    let mut bits = 0;
    for (index, (flag, _)) in ADVICE.iter().enumerate() {
        if mapping.has(flag) {
            bits |= 1 << index;
        }
    }
    if mapping.has(b"nr") {
        bits |= NO_RESERVE;
    }
    bits
}

/// Whether what the process wrote there belongs into the image. What is wiped on fork is what must not be the same in two processes.
pub(super) fn is_carried(mapping: &Mapping<'_>, backing: Backing) -> bool {
    let own = matches!(backing, Backing::Anonymous | Backing::File);
    own && !mapping.rights.shared() && !mapping.has(b"wf") && mapping.anonymous_bytes > 0
}

/// Rights as `mmap` takes them.
pub(super) fn protection(rights: Rights) -> i32 {
    let mut protection = libc::PROT_NONE;
    for (granted, bit) in [
        (rights.readable(), libc::PROT_READ),
        (rights.writable(), libc::PROT_WRITE),
        (rights.executable(), libc::PROT_EXEC),
    ] {
        if granted {
            protection |= bit;
        }
    }
    protection
}

#[cfg(test)]
mod tests {
    use super::super::maps::mappings;
    use super::*;

    fn class(rights: &str, name: &str, flags: &str) -> Result<Backing, UnfitMapping> {
        let text =
            format!("1000-2000 {rights} 0 0:0 0 {name}\nAnonymous: 4 kB\nVmFlags: {flags}\n");
        let mapping = mappings(text.as_bytes()).next().expect("one");
        classify(&mapping)
    }

    #[test]
    fn ordinary_mappings_are_made_again() {
        assert_eq!(class("rw-p", "", "rd wr mw"), Ok(Backing::Anonymous));
        assert_eq!(class("rw-p", "[heap]", "rd"), Ok(Backing::Anonymous));
        assert_eq!(class("rw-p", "[anon:x]", "rd"), Ok(Backing::Anonymous));
        assert_eq!(class("rw-p", "[stack]", "rd gd"), Ok(Backing::Stack));
        assert_eq!(class("r-xp", "[vdso]", "rd io"), Ok(Backing::Kernel));
        assert_eq!(class("r-xp", "/lib/c.so", "rd"), Ok(Backing::File));
        assert_eq!(class("r--s", "/cache", "rd mr me ms"), Ok(Backing::File));
        assert_eq!(class("rw-p", "", "rd wr wf dp"), Ok(Backing::Droppable));
    }

    #[test]
    fn others_are_refused() {
        assert_eq!(class("rw-s", "/x", "wr mw"), Err(UnfitMapping::Shared));
        assert_eq!(class("r--s", "/x", "rd mw"), Err(UnfitMapping::Shared));
        assert_eq!(
            class("r--p", "/x (deleted)", "rd"),
            Err(UnfitMapping::Nameless)
        );
        assert_eq!(class("rw-p", "", "lo"), Err(UnfitMapping::Locked));
        assert_eq!(class("rw-p", "", "ht"), Err(UnfitMapping::HugePages));
        assert_eq!(class("rw-p", "", "gd"), Err(UnfitMapping::Special));
        assert_eq!(class("r-xp", "[uprobes]", "rd"), Err(UnfitMapping::Special));
        assert_eq!(
            class("rw-p", "anon_inode:x", "rd"),
            Err(UnfitMapping::Special)
        );
    }

    #[test]
    fn a_protection_key_is_refused() {
        let text = "1000-2000 rw-p 0 0:0 0\nProtectionKey: 1\nVmFlags: rd wr\n";
        let mapping = mappings(text.as_bytes()).next().expect("one");
        assert_eq!(classify(&mapping), Err(UnfitMapping::Special));
    }

    #[test]
    fn what_is_wiped_on_fork_stays_behind() {
        for (flags, carried) in [("rd wr", true), ("rd wr wf", false)] {
            let text = format!("1000-2000 rw-p 0 0:0 0\nAnonymous: 4 kB\nVmFlags: {flags}\n");
            let mapping = mappings(text.as_bytes()).next().expect("one");
            assert_eq!(is_carried(&mapping, Backing::Anonymous), carried);
        }
    }

    #[test]
    fn advice_is_told_apart() {
        let text = "1000-2000 rw-p 0 0:0 0\nVmFlags: rd nr hg\n";
        let mapping = mappings(text.as_bytes()).next().expect("one");
        assert_eq!(advice_of(&mapping), 1 << 3 | NO_RESERVE);
    }
}
