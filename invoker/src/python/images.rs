//! Images of functions that have initialised: written by a function's first sandbox, restored in those that follow.
//!
//! Invariant: an image serves only the spec that it was made of, on blanks of the zygote that its process was forked from: only these have
//! their libraries at the same addresses. All images together stay within a budget; the one that served longest ago goes first.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use invoker_linux::image;
use invoker_wire::MAX_SENT_WORKING_SET_BYTES;

use super::zygote::Zygote;
use crate::SandboxSpec;

/// Functions of which something is remembered.
const MAX_FUNCTIONS: usize = 1_000;

/// What is known of a function's image.
#[derive(Clone)]
pub(super) enum Known {
    /// Nothing: an image would be of use.
    Nothing,
    /// It can have none, or one is being written.
    None,
    /// This one.
    Image(Image),
}

/// An image, and what is known of its use.
#[derive(Clone)]
pub(super) struct Image {
    pub(super) file: Arc<File>,
    /// What a first call writes to, which is brought along then; empty while it is not known.
    pub(super) working_set: Arc<[u8]>,
    /// Whether the caller's sandbox should tell it.
    pub(super) learns: bool,
}

/// The images of a backend.
pub(super) struct Images {
    budget_bytes: u64,
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    functions: HashMap<String, Entry>,
    bytes: u64,
    uses: u64,
}

struct Entry {
    spec: Arc<SandboxSpec>,
    zygote: Weak<Zygote>,
    image: Option<Image>,
    bytes: u64,
    used: u64,
}

impl Entry {
    fn serves(&self, spec: &Arc<SandboxSpec>, zygote: &Arc<Zygote>) -> bool {
        std::ptr::eq(self.zygote.as_ptr(), Arc::as_ptr(zygote))
            && (Arc::ptr_eq(&self.spec, spec) || *self.spec == **spec)
    }
}

impl Images {
    /// None yet.
    pub(super) fn new(budget_bytes: u64) -> Self {
        Self {
            budget_bytes,
            shelf: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of `spec`'s image on this zygote. After [`Known::Nothing`], the caller's sandbox is the one that may write it.
    pub(super) fn look_up(&self, spec: &Arc<SandboxSpec>, zygote: &Arc<Zygote>) -> Known {
        let mut shelf = self.lock();
        shelf.uses += 1;
        let uses = shelf.uses;
        match shelf.functions.get_mut(&spec.function) {
            Some(entry) if entry.serves(spec, zygote) => {
                entry.used = uses;
                let known = entry.image.clone().map_or(Known::None, Known::Image);
                // One is enough to tell.
                if let Some(image) = &mut entry.image {
                    image.learns = false;
                }
                known
            }
            _ => {
                shelf.put(spec, zygote, None);
                Known::Nothing
            }
        }
    }

    /// Keeps an image that was written, from now on unchangeable.
    ///
    /// # Errors
    /// It is none.
    pub(super) fn keep(
        &self,
        spec: &Arc<SandboxSpec>,
        zygote: &Arc<Zygote>,
        written: &File,
    ) -> io::Result<()> {
        let sealed = image::seal(written)?;
        let bytes = sealed.metadata()?.len();
        let mut shelf = self.lock();
        if bytes <= self.budget_bytes {
            let image = Image {
                file: Arc::new(sealed),
                working_set: Arc::default(),
                learns: true,
            };
            shelf.put(spec, zygote, Some((image, bytes)));
            shelf.shrink(self.budget_bytes);
        }
        Ok(())
    }

    /// Keeps what a first call wrote to; one that is too large is not worth bringing along.
    pub(super) fn learn(
        &self,
        spec: &Arc<SandboxSpec>,
        zygote: &Arc<Zygote>,
        working_set: Vec<u8>,
    ) {
        if working_set.len() > MAX_SENT_WORKING_SET_BYTES {
            return;
        }
        if let Some(entry) = self.lock().functions.get_mut(&spec.function)
            && entry.serves(spec, zygote)
            && let Some(image) = &mut entry.image
        {
            image.working_set = working_set.into();
        }
    }

    /// The function can have no image, or has one that cannot be restored.
    pub(super) fn refuse(&self, spec: &Arc<SandboxSpec>, zygote: &Arc<Zygote>) {
        self.lock().put(spec, zygote, None);
    }
}

impl Shelf {
    fn put(&mut self, spec: &Arc<SandboxSpec>, zygote: &Arc<Zygote>, image: Option<(Image, u64)>) {
        self.uses += 1;
        let (image, bytes) = image.map_or((None, 0), |(image, bytes)| (Some(image), bytes));
        let entry = Entry {
            spec: Arc::clone(spec),
            zygote: Arc::downgrade(zygote),
            image,
            bytes,
            used: self.uses,
        };
        self.bytes += bytes;
        if let Some(old) = self.functions.insert(spec.function.clone(), entry) {
            self.bytes -= old.bytes;
        }
        if self.functions.len() > MAX_FUNCTIONS {
            self.forget_oldest(|_| true);
        }
    }

    fn shrink(&mut self, budget_bytes: u64) {
        while self.bytes > budget_bytes {
            self.forget_oldest(|entry| entry.image.is_some());
        }
    }

    fn forget_oldest(&mut self, among: impl Fn(&Entry) -> bool) {
        let candidates = self.functions.iter().filter(|(_, entry)| among(entry));
        let oldest = candidates
            .min_by_key(|(_, entry)| entry.used)
            .map(|(function, _)| function.clone());
        if let Some(gone) = oldest.and_then(|function| self.functions.remove(&function)) {
            self.bytes -= gone.bytes;
        }
    }
}
