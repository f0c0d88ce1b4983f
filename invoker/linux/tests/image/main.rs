//! Images of real processes. A zygote has one thread, which the usual test harness does not leave alone, so this is a harness of its own: it
//! runs itself again as one zygote for each test.

#[cfg(target_arch = "x86_64")]
mod zygote;

fn main() {
    #[cfg(target_arch = "x86_64")]
    zygote::play_or_test();
}
