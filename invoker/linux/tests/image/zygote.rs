//! One process is forked from a zygote, initialises and is imaged; others of the same zygote become it.
//!
//! What a restored process finds wrong it says by its exit code, as a panic there does.
#![expect(
    unsafe_code,
    reason = "the tests map and change memory that the image must carry"
)]

use std::collections::HashMap;
use std::ffi::CStr;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::os::fd::AsRawFd;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use invoker_linux::image::{Checkpoint, LOST_EXIT_CODE, Unfit, checkpoint, create, restore, seal};
use invoker_linux::namespace::{self, Namespace};
use invoker_linux::process::{self, Fork, OnlyThread, ThreadList};
use invoker_linux::seccomp::{self, Stage};
use invoker_linux::{children, credentials, mount};
use rustix::process::WaitOptions;

const ROLE: &str = "IMAGE_TEST_ROLE";
const SUCCESS: i32 = 42;
const NOWHERE: &str = "/nowhere";
const PAGE_BYTES: usize = 4096;

/// In `.data`, which is a private mapping of a file.
static CHANGED: AtomicU32 = AtomicU32::new(1);

const ROLES: [(&str, fn()); 7] = [
    ("memory_goes_along", memory_goes_along),
    ("one_image_for_many", one_image_for_many),
    ("hidden_files_go_along", hidden_files_go_along),
    ("kernel_state_goes_along", kernel_state_goes_along),
    ("confinement_is_enough", confinement_is_enough),
    ("unfit_is_told", unfit_is_told),
    ("foreign_images_are_refused", foreign_images_are_refused),
];

/// Plays the role that this process was started for, or starts a zygote for each.
pub(crate) fn play_or_test() {
    if let Ok(wanted) = std::env::var(ROLE) {
        alone();
        // Whoever runs the tests may have left something open.
        let null = File::open("/dev/null").expect("open").into();
        process::close_all_but(&null).expect("close");
        drop(null);
        let role = ROLES.iter().find(|(name, _)| *name == wanted);
        role.expect("a role").1();
        process::exit_now(SUCCESS);
    }
    for (role, _) in ROLES {
        let zygote = Command::new(std::env::current_exe().expect("own path"))
            .env(ROLE, role)
            .status()
            .expect("run");
        assert_eq!(zygote.code(), Some(SUCCESS), "{role}");
        println!("test image::{role} ... ok");
    }
}

fn alone() -> OnlyThread {
    let threads = ThreadList::open().expect("proc");
    threads.only_thread().expect("one thread")
}

/// Forks a process that ends with success if `body` returns.
fn start(body: impl FnOnce()) -> i32 {
    match process::fork(&alone()).expect("fork") {
        Fork::Child => {
            let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(body));
            process::exit_now(if done.is_ok() { SUCCESS } else { 1 })
        }
        Fork::Parent { child } => child,
    }
}

fn wait(child: i32) -> Result<i32, i32> {
    let child = rustix::process::Pid::from_raw(child).expect("a process id");
    let ended = rustix::process::waitpid(Some(child), WaitOptions::empty());
    let (_, status) = ended.expect("wait").expect("it was waited for");
    children::decode_wait_status(status.as_raw())
}

fn fork(body: impl FnOnce()) {
    assert_eq!(wait(start(body)), Ok(SUCCESS));
}

fn become_it(image: &File) {
    let error = restore(image, &[], &[]);
    panic!("not restored: {error}");
}

fn map(bytes: usize, protection: i32) -> &'static mut [u8] {
    // SAFETY: a new mapping, zero, that is never unmapped.
    unsafe {
        let at = libc::mmap(
            std::ptr::null_mut(),
            bytes,
            protection,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        );
        assert_ne!(at, libc::MAP_FAILED);
        std::slice::from_raw_parts_mut(at.cast(), bytes)
    }
}

fn map_file(file: &File, protection: i32) -> &'static mut [u8] {
    let bytes = 3 * PAGE_BYTES;
    // SAFETY: a new mapping of a file that nobody changes, never unmapped; the tests write to it only if it is writable.
    unsafe {
        let (nowhere, number) = (std::ptr::null_mut(), file.as_raw_fd());
        let at = libc::mmap(nowhere, bytes, protection, libc::MAP_PRIVATE, number, 0);
        assert_ne!(at, libc::MAP_FAILED);
        std::slice::from_raw_parts_mut(at.cast(), bytes)
    }
}

/// Memory that a kernel of 6.11 or later may take back; `None` before.
fn map_droppable() -> Option<&'static mut [u8]> {
    let flags = libc::MAP_DROPPABLE | libc::MAP_ANONYMOUS;
    let rights = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: a new mapping, zero, that is never unmapped.
    unsafe {
        let at = libc::mmap(std::ptr::null_mut(), PAGE_BYTES, rights, flags, -1, 0);
        let memory = (at != libc::MAP_FAILED)
            .then(|| std::slice::from_raw_parts_mut(at.cast::<u8>(), PAGE_BYTES))?;
        memory[0] = 12;
        Some(memory)
    }
}

fn advise(memory: &[u8], advice: i32) {
    // SAFETY: the advice changes nothing in this process.
    let result = unsafe { libc::madvise(memory.as_ptr().cast_mut().cast(), memory.len(), advice) };
    assert_eq!(result, 0);
}

fn protect(memory: &[u8], protection: i32) {
    // SAFETY: the tests read and write the memory only as they allow.
    let result =
        unsafe { libc::mprotect(memory.as_ptr().cast_mut().cast(), memory.len(), protection) };
    assert_eq!(result, 0);
}

/// A function of a library that is loaded for it.
fn library_cosine() -> extern "C" fn(f64) -> f64 {
    // SAFETY: the names are C strings, and `cos` has this type.
    unsafe {
        let library = libc::dlopen(c"libm.so.6".as_ptr(), libc::RTLD_NOW);
        assert!(!library.is_null(), "{:?}", CStr::from_ptr(libc::dlerror()));
        let cosine = libc::dlsym(library, c"cos".as_ptr());
        assert!(!cosine.is_null());
        std::mem::transmute::<*mut libc::c_void, extern "C" fn(f64) -> f64>(cosine)
    }
}

fn memory_goes_along() {
    let image = create(0).expect("memfd");
    let read_write = libc::PROT_READ | libc::PROT_WRITE;
    fork(|| {
        let numbers: HashMap<u32, String> = (0..50_000).map(|n| (n, n.to_string())).collect();
        let large = map(64 << 20, read_write);
        large[5 << 20] = 7;
        let hidden = map(4 * PAGE_BYTES, read_write);
        hidden[PAGE_BYTES] = 8;
        protect(hidden, libc::PROT_NONE);
        let read_only = map(4 * PAGE_BYTES, read_write);
        read_only.fill(9);
        protect(read_only, libc::PROT_READ);
        let wiped = map(PAGE_BYTES, read_write);
        wiped[0] = 11;
        advise(wiped, libc::MADV_WIPEONFORK);
        let droppable = map_droppable();
        let cosine = library_cosine();
        CHANGED.store(2, Ordering::Relaxed);
        let own = std::process::id();
        let mut deep = [0_u8; 300_000];
        deep[0] = 10;
        let deep = std::hint::black_box(&mut deep);
        match checkpoint(&image, &[], Path::new(NOWHERE)).expect("image") {
            Checkpoint::Taken => assert_eq!((std::process::id(), wiped[0]), (own, 11)),
            Checkpoint::Restored => {
                assert_ne!(std::process::id(), own);
                // As in a child: what must not be the same in two processes is gone.
                assert_eq!((wiped[0], droppable.map_or(0, |it| it[0])), (0, 0));
            }
            Checkpoint::Unfit(why) => panic!("{why}"),
        }
        assert_eq!(numbers.len(), 50_000);
        assert!((0..50_000).all(|n| numbers[&n] == n.to_string()));
        assert_eq!((large[5 << 20], large[6 << 20]), (7, 0));
        protect(hidden, libc::PROT_READ);
        assert_eq!((hidden[0], hidden[PAGE_BYTES]), (0, 8));
        assert!(read_only.iter().all(|byte| *byte == 9));
        assert_eq!((deep[0], deep[299_999]), (10, 0));
        assert!((cosine(0.0) - 1.0).abs() < f64::EPSILON);
        assert_eq!(CHANGED.load(Ordering::Relaxed), 2);
        live_on(numbers);
    });
    fork(|| {
        // Memory that the other does not have, and an end of the heap that is another.
        let other: Vec<Vec<u8>> = (0..2000).map(|n| vec![1; n]).collect();
        CHANGED.store(3, Ordering::Relaxed);
        std::hint::black_box(&other);
        become_it(&image);
    });
    // The zygote went on as well.
    CHANGED.store(4, Ordering::Relaxed);
    let grown: Vec<Vec<u8>> = (0..9000).map(|n| vec![1; n % 1000]).collect();
    fork(|| become_it(&image));
    drop(grown);
    fork(|| become_it(&image));
}

/// Allocates, frees, grows the stack, forks, starts a thread and a program.
fn live_on(numbers: HashMap<u32, String>) {
    let more: Vec<String> = numbers.into_values().map(|text| text.repeat(2)).collect();
    assert_eq!(more.iter().filter(|text| text.len() == 2).count(), 10);
    drop(more);
    assert_eq!(sum_to(5000), 12_502_500);
    fork(|| {
        alone();
    });
    let thread = std::thread::spawn(|| std::thread::current().id());
    assert_ne!(thread.join().expect("thread"), std::thread::current().id());
    assert!(Command::new("true").status().expect("run").success());
    // libc knows the thread by its new id: an error-checking lock would not let another's go.
    // SAFETY: gettid and raise have no precondition; signal 0 is only checked for.
    assert_eq!(unsafe { libc::pthread_kill(libc::pthread_self(), 0) }, 0);
}

/// Uses a few hundred bytes of stack for each number.
fn sum_to(number: u64) -> u64 {
    let room = std::hint::black_box([number; 24]);
    if number == 0 {
        0
    } else {
        room[3] + sum_to(number - 1)
    }
}

fn one_image_for_many() {
    let image = create(20 << 20).expect("memfd");
    fork(|| {
        let mut list: Vec<u64> = (0..1_000_000).collect();
        let side = checkpoint(&image, &[], Path::new(NOWHERE)).expect("image");
        assert!(!matches!(side, Checkpoint::Unfit(_)));
        // Each has the image's list, and its own afterwards.
        assert_eq!(list.iter().sum::<u64>(), 499_999_500_000);
        list.iter_mut()
            .for_each(|number| *number += u64::from(std::process::id()));
        let expected = 499_999_500_000 + 1_000_000 * u64::from(std::process::id());
        assert_eq!(list.iter().sum::<u64>(), expected);
    });
    let sealed = seal(&image).expect("seal");
    drop(image);
    let children: Vec<i32> = (0..8).map(|_| start(|| become_it(&sealed))).collect();
    for child in children {
        assert_eq!(wait(child), Ok(SUCCESS));
    }
}

/// A zygote maps files before its children change the root: then their names lead nowhere, or elsewhere.
fn hidden_files_go_along() {
    if !credentials::may_administer() {
        return;
    }
    namespace::enter_new(&[Namespace::Mount]).expect("namespace");
    mount::make_private().expect("private");
    // Not where this program lies, which would be hidden too.
    let folder = Path::new("/mnt");
    let path = folder.join("file");
    mount::tmpfs(folder, 1, 0o700).expect("mount");
    std::fs::write(&path, [5; 3 * PAGE_BYTES]).expect("write");
    let file = File::open(&path).expect("open");
    let variables = map_file(&file, libc::PROT_READ | libc::PROT_WRITE);
    let constants = map_file(&file, libc::PROT_READ);
    drop(file);
    mount::tmpfs(folder, 1, 0o700).expect("mount");
    std::fs::write(&path, [6; 3 * PAGE_BYTES]).expect("write");
    let image = create(0).expect("memfd");
    fork(|| {
        variables[0] = 7;
        let side = checkpoint(&image, &[], Path::new(NOWHERE)).expect("image");
        assert!(!matches!(side, Checkpoint::Unfit(_)), "{side:?}");
        assert_eq!((variables[0], variables[2 * PAGE_BYTES]), (7, 5));
        assert!(constants.iter().all(|byte| *byte == 5));
    });
    fork(|| {
        variables[2 * PAGE_BYTES] = 8;
        become_it(&image);
    });
}

extern "C" fn on_signal(_: i32) {
    CHANGED.store(77, Ordering::Relaxed);
}

fn kernel_state_goes_along() {
    let image = create(0).expect("memfd");
    let handler = on_signal as extern "C" fn(i32) as libc::sighandler_t;
    fork(|| {
        // SAFETY: the handler only stores a number.
        unsafe { libc::signal(libc::SIGUSR1, handler) };
        // SAFETY: umask has no precondition.
        unsafe { libc::umask(0o27) };
        std::env::set_current_dir("/proc").expect("chdir");
        let mut exe = File::open("/proc/self/exe").expect("open");
        exe.seek(SeekFrom::Start(1)).expect("seek");
        let null = File::create("/dev/null").expect("open");
        let side = checkpoint(&image, &[], Path::new(NOWHERE)).expect("image");
        assert!(!matches!(side, Checkpoint::Unfit(_)), "{side:?}");
        let mut letters = [0; 3];
        exe.read_exact(&mut letters).expect("read");
        assert_eq!(&letters, b"ELF");
        std::io::Write::write_all(&mut &null, b"x").expect("write");
        assert_eq!(std::env::current_dir().expect("cwd"), Path::new("/proc"));
        // SAFETY: umask and raise have no precondition.
        unsafe {
            assert_eq!(libc::umask(0), 0o27);
            libc::raise(libc::SIGUSR1);
        }
        assert_eq!(CHANGED.load(Ordering::Relaxed), 77);
        assert_eq!(
            image.metadata().expect("it is open here").len(),
            size(&image)
        );
        // SAFETY: sched_getcpu has no precondition.
        assert!(unsafe { libc::sched_getcpu() } >= 0);
    });
    fork(|| become_it(&image));
    // Under another number than its own process knew it by.
    let moved = process::move_descriptor(image.into(), 50).expect("move");
    fork(|| become_it(&moved.into()));
}

fn size(image: &File) -> u64 {
    let named = std::fs::metadata(format!("/proc/self/fd/{}", image.as_raw_fd()));
    named.expect("proc").len()
}

/// Neither side needs more than a sandbox has: another user, no capability, few system calls.
fn confinement_is_enough() {
    let image = create(0).expect("memfd");
    let confine = || {
        if credentials::may_administer() {
            credentials::forget_bounding_set().expect("forget");
            credentials::become_sandbox_user(false).expect("user");
        }
        credentials::give_up_capabilities().expect("give up");
        credentials::gain_no_privileges().expect("give up");
        for stage in [Stage::Prepared, Stage::Bound] {
            seccomp::forbid(stage).expect("filter");
        }
        process::set_dumpable(true).expect("dumpable");
    };
    fork(|| {
        confine();
        let list = vec![5; 100_000];
        let side = checkpoint(&image, &[], Path::new(NOWHERE)).expect("image");
        assert!(!matches!(side, Checkpoint::Unfit(_)), "{side:?}");
        assert_eq!(list.iter().sum::<i32>(), 500_000);
    });
    fork(|| {
        confine();
        become_it(&image);
    });
    // Without the filter that the imaged process had it would be less confined than it was.
    assert_eq!(wait(start(|| become_it(&image))), Ok(LOST_EXIT_CODE));
}

fn unfit_is_told() {
    let image = create(0).expect("memfd");
    let why = |image: &File| match checkpoint(image, &[], Path::new(NOWHERE)) {
        Ok(Checkpoint::Unfit(why)) => why,
        other => panic!("{other:?}"),
    };
    fork(|| {
        let _pipe = std::io::pipe().expect("pipe");
        assert!(matches!(why(&image), Unfit::Descriptor { .. }));
    });
    fork(|| {
        let _child = start(|| {
            loop {
                std::thread::park();
            }
        });
        assert_eq!(why(&image), Unfit::ChildProcess);
        process::kill_child(_child).expect("kill");
    });
    fork(|| {
        let (started, wait) = std::sync::mpsc::channel::<()>();
        let thread = std::thread::spawn(move || wait.recv());
        assert_eq!(why(&image), Unfit::Threads { others: 1 });
        drop(started);
        thread.join().expect("thread").expect_err("hung up");
    });
    fork(|| {
        // SAFETY: a new mapping, which nobody uses.
        let at = unsafe {
            let flags = libc::MAP_SHARED | libc::MAP_ANONYMOUS;
            libc::mmap(std::ptr::null_mut(), 4096, libc::PROT_READ, flags, -1, 0)
        };
        assert_ne!(at, libc::MAP_FAILED);
        assert!(matches!(why(&image), Unfit::Memory { .. }));
    });
    fork(|| {
        // SAFETY: alarm has no precondition.
        unsafe { libc::alarm(1000) };
        assert_eq!(why(&image), Unfit::Timer);
    });
    assert_eq!(
        image.metadata().expect("stat").len(),
        0,
        "nothing was written"
    );
}

fn foreign_images_are_refused() {
    let image = create(0).expect("memfd");
    fork(|| {
        let error = restore(&image, &[], &[]);
        assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof);
    });
    fork(|| drop(checkpoint(&image, &[], Path::new(NOWHERE)).expect("image")));
    fork(|| {
        let _other = File::open("/dev/null").expect("open");
        let error = restore(&image, &[], &[]);
        assert!(error.to_string().starts_with("descriptor "), "{error}");
        assert_eq!(CHANGED.load(Ordering::Relaxed), 1, "nothing has changed");
    });
}
