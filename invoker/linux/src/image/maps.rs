//! What `/proc/self/maps` and `smaps` say of a process's mappings, read without allocating anything.
//!
//! The dump parses while it must not touch the memory that it dumps, so everything here borrows from the text. `smaps` has the same head
//! lines as `maps`, each followed by counters and flags: <https://man7.org/linux/man-pages/man5/proc_pid_smaps.5.html>.

/// Rights of a mapping, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rights(pub(super) u8);

impl Rights {
    pub(super) const READ: u8 = 1;
    pub(super) const WRITE: u8 = 2;
    pub(super) const EXECUTE: u8 = 4;
    const SHARED: u8 = 8;

    fn parse(text: &[u8]) -> Option<Self> {
        let [read, write, execute, shared] = text else {
            return None;
        };
        let mut bits = 0;
        for (letter, set, bit) in [
            (read, b'r', Self::READ),
            (write, b'w', Self::WRITE),
            (execute, b'x', Self::EXECUTE),
            (shared, b's', Self::SHARED),
        ] {
            if *letter == set {
                bits |= bit;
            }
        }
        Some(Self(bits))
    }

    pub(super) fn readable(self) -> bool {
        self.0 & Self::READ != 0
    }

    pub(super) fn writable(self) -> bool {
        self.0 & Self::WRITE != 0
    }

    pub(super) fn executable(self) -> bool {
        self.0 & Self::EXECUTE != 0
    }

    pub(super) fn shared(self) -> bool {
        self.0 & Self::SHARED != 0
    }
}

/// A mapping as the kernel lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mapping<'text> {
    /// First address.
    pub(super) start: u64,
    /// First address after it.
    pub(super) end: u64,
    pub(super) rights: Rights,
    /// Where in the file it begins, bytes.
    pub(super) offset: u64,
    /// The device as the kernel writes it here, which need not be what `stat` says.
    pub(super) device: u64,
    pub(super) inode: u64,
    /// A path, a name in brackets, or nothing.
    pub(super) name: &'text [u8],
    /// Bytes that are this process's own: not read from a file. Zero in `maps`, which does not tell.
    pub(super) anonymous_bytes: u64,
    /// Guards it beside its rights, unless zero, as always in `maps`, which does not tell.
    pub(super) protection_key: u64,
    /// Two-letter flags, with a space between. Empty in `maps`.
    pub(super) flags: &'text [u8],
}

impl Mapping<'_> {
    /// Whether `smaps` lists this flag.
    pub(super) fn has(&self, flag: &[u8]) -> bool {
        self.flags.split(|byte| *byte == b' ').any(|it| it == flag)
    }

    pub(super) fn is_stack(&self) -> bool {
        self.name == b"[stack]"
    }

    /// Whether the kernel made it, gave it a place, and lets nobody change what it holds.
    pub(super) fn is_kernel(&self) -> bool {
        self.name == b"[vdso]" || self.name.starts_with(b"[vvar") || self.is_outside()
    }

    /// Whether it lies beyond the addresses that a process may map.
    pub(super) fn is_outside(&self) -> bool {
        self.name == b"[vsyscall]"
    }
}

/// The mappings in the text of `maps` or `smaps`. Ends at the first line that is neither.
pub(super) fn mappings(text: &[u8]) -> impl Iterator<Item = Mapping<'_>> {
    let mut lines = text
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .peekable();
    std::iter::from_fn(move || {
        let mut mapping = head(lines.next()?)?;
        while let Some(line) = lines.next_if(|line| line[0].is_ascii_uppercase()) {
            if let Some(flags) = line.strip_prefix(b"VmFlags: ") {
                mapping.flags = flags;
            } else if line.starts_with(b"Anonymous:") || line.starts_with(b"Swap:") {
                mapping.anonymous_bytes += value(line) * 1024;
            } else if line.starts_with(b"ProtectionKey:") {
                mapping.protection_key = value(line);
            }
        }
        Some(mapping)
    })
}

fn head(line: &[u8]) -> Option<Mapping<'_>> {
    let mut rest = line;
    let mut field = || {
        let at = rest.iter().position(|byte| *byte == b' ');
        let (field, after) = rest.split_at(at.unwrap_or(rest.len()));
        rest = after.get(1..).unwrap_or_default();
        field
    };
    let (start, end) = pair(field(), b'-', 16)?;
    let rights = Rights::parse(field())?;
    let offset = number(field(), 16)?;
    let (major, minor) = pair(field(), b':', 16)?;
    let inode = number(field(), 10)?;
    Some(Mapping {
        start,
        end,
        rights,
        offset,
        device: device(major, minor),
        inode,
        name: rest.trim_ascii_start(),
        anonymous_bytes: 0,
        protection_key: 0,
        flags: &[],
    })
}

/// A device's numbers as one.
pub(super) fn device(major: u64, minor: u64) -> u64 {
    major << 32 | minor
}

fn pair(text: &[u8], separator: u8, radix: u32) -> Option<(u64, u64)> {
    let at = text.iter().position(|byte| *byte == separator)?;
    Some((number(&text[..at], radix)?, number(&text[at + 1..], radix)?))
}

fn number(text: &[u8], radix: u32) -> Option<u64> {
    u64::from_str_radix(std::str::from_utf8(text).ok()?, radix).ok()
}

/// The number in a line such as `Anonymous:   12 kB`.
fn value(line: &[u8]) -> u64 {
    let mut words = line.split(|byte| *byte == b' ').skip(1);
    words
        .find(|word| !word.is_empty())
        .and_then(|word| number(word, 10))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMAPS: &str = "\
5637eaae1000-5637eaae3000 r--p 00001000 fe:01 247030                     /usr/lib/a library.so
Size:                  8 kB
Anonymous:             4 kB
Swap:                  8 kB
ProtectionKey:         3
SwapPss:               0 kB
VmFlags: rd mr mw me sd 
7f4cd88c0000-7f4cd88e2000 rw-s 00000000 00:00 0 
Anonymous:             0 kB
VmFlags: rd wr sh mr mw me ms sd
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
";

    #[test]
    fn smaps_is_read() {
        let found: Vec<_> = mappings(SMAPS.as_bytes()).collect();
        assert_eq!(found.len(), 3);
        let first = found[0];
        assert_eq!(
            (first.start, first.end),
            (0x5637_eaae_1000, 0x5637_eaae_3000)
        );
        assert_eq!(first.name, b"/usr/lib/a library.so");
        assert_eq!((first.offset, first.inode), (0x1000, 247_030));
        assert_eq!(first.device, 0xfe << 32 | 1);
        assert_eq!(first.anonymous_bytes, 12 * 1024);
        assert_eq!((first.protection_key, found[1].protection_key), (3, 0));
        assert!(first.rights.readable() && !first.rights.writable());
        assert!(first.has(b"mw") && !first.has(b"wr"));
        assert!(found[1].rights.shared() && found[1].name.is_empty());
        assert!(found[2].is_kernel() && found[2].rights.executable());
    }

    #[test]
    fn this_process_is_read_to_the_end() {
        let text = std::fs::read("/proc/self/maps").expect("proc");
        let lines = text.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(mappings(&text).count(), lines);
        assert!(mappings(&text).any(|mapping| mapping.is_stack()));
    }

    #[test]
    fn other_text_ends_the_list() {
        for text in ["", "\n", "no mapping", "12-", "1-2 rw-p", "1-2 rwp 0 0:0 0"] {
            assert_eq!(mappings(text.as_bytes()).count(), 0, "{text}");
        }
    }
}
