//! The memory budget: what every sandbox may use together. Plain arithmetic; who may have it is decided in `state`.
//!
//! Invariant: `used ≤ total`, and `ending ≤ used`: the memory of a sandbox is given back only when its processes are gone.

/// The sum of the memory limits of all sandboxes, MiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Budget {
    total_mib: u64,
    used_mib: u64,
    ending_mib: u64,
}

impl Budget {
    /// All of it free.
    pub(super) fn new(total_mib: u64) -> Self {
        Self {
            total_mib,
            used_mib: 0,
            ending_mib: 0,
        }
    }

    pub(super) fn total_mib(&self) -> u64 {
        self.total_mib
    }

    pub(super) fn used_mib(&self) -> u64 {
        self.used_mib
    }

    /// Takes `mib`, if that much is free.
    pub(super) fn take(&mut self, mib: u32) -> bool {
        let fits = self.used_mib + u64::from(mib) <= self.total_mib;
        if fits {
            self.used_mib += u64::from(mib);
        }
        fits
    }

    /// How much more must begin to end before `mib` will be free.
    pub(super) fn shortfall_mib(&self, mib: u32) -> u64 {
        (self.used_mib - self.ending_mib + u64::from(mib)).saturating_sub(self.total_mib)
    }

    /// A sandbox begins to end.
    pub(super) fn begin_end(&mut self, mib: u32) {
        self.ending_mib += u64::from(mib);
        assert!(self.ending_mib <= self.used_mib, "it was taken before");
    }

    /// It is gone.
    pub(super) fn give_back(&mut self, mib: u32) {
        let mib = u64::from(mib);
        assert!(self.ending_mib >= mib, "it began to end before");
        self.ending_mib -= mib;
        self.used_mib -= mib;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_free_again_only_when_its_sandbox_is_gone() {
        let mut budget = Budget::new(300);
        assert!(budget.take(200));
        assert!(!budget.take(128));
        assert_eq!(budget.shortfall_mib(128), 28);
        budget.begin_end(200);
        assert_eq!(budget.shortfall_mib(128), 0);
        assert!(!budget.take(128), "still in use");
        budget.give_back(200);
        assert!(budget.take(128));
        assert_eq!(budget.used_mib(), 128);
    }
}
