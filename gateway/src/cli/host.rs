//! Facts of the host that defaults and `doctor` need.

use std::fs;

/// Memory of the host, MiB, within the limits that its cgroup sets; 1024 where it cannot be read.
pub(super) fn memory_mib() -> u64 {
    let total = fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| total_mib(&text));
    let limits = [
        "/sys/fs/cgroup/memory.max",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    ];
    let limits = limits
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok()?.trim().parse::<u64>().ok())
        .map(|bytes| bytes >> 20);
    total.into_iter().chain(limits).min().unwrap_or(1024)
}

fn total_mib(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib >> 10)
}

/// The kernel's release, such as `6.18.5`.
pub(super) fn kernel() -> String {
    fs::read_to_string("/proc/sys/kernel/osrelease")
        .map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_hosts_memory_is_read() {
        assert_eq!(
            super::total_mib("MemTotal:       2048000 kB\nMemFree: 1 kB\n"),
            Some(2_000)
        );
        assert!(super::memory_mib() >= 128);
    }
}
