//! How urgent a thread's work is: <https://man7.org/linux/man-pages/man2/setpriority.2.html>.

use std::io;

/// The nice value of work that nobody waits for.
const BACKGROUND: i32 = 10;

/// Makes way for others whenever they have something to do. For this thread alone, and those that it starts.
///
/// # Errors
/// The kernel refuses, which it never should: lowering is allowed to all.
pub fn give_way() -> io::Result<()> {
    // On Linux a nice value belongs to a thread, and no id means this one.
    Ok(rustix::process::setpriority_process(None, BACKGROUND)?)
}

/// Is as urgent again as others.
///
/// # Errors
/// Not privileged.
pub fn be_as_others() -> io::Result<()> {
    Ok(rustix::process::setpriority_process(None, 0)?)
}

#[cfg(test)]
mod tests {
    use std::thread;

    #[test]
    fn one_thread_gives_way_and_the_others_do_not() {
        let of_this_thread = || rustix::process::getpriority_process(None).expect("read");
        let before = of_this_thread();
        let lowered = thread::spawn(move || {
            super::give_way().expect("lower");
            of_this_thread()
        });
        assert_eq!(lowered.join().expect("join"), super::BACKGROUND);
        assert_eq!(of_this_thread(), before);
    }
}
