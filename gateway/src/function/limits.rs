//! Lambda's limits: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>, and hearth's own bounds where
//! AWS documents none. What the service model says itself is held by the protocol layer.

/// Longest bare function name, characters.
pub const NAME_CHARS: usize = 64;
/// A package uploaded inline is at most this large, bytes.
pub const ZIPPED_BYTES: usize = 52_428_800;
/// A package unpacks to less than this, bytes.
pub const UNZIPPED_BYTES: u64 = 262_144_000;
/// Entries of a package (hearth's own bound: AWS documents none).
pub const PACKAGE_ENTRIES: usize = 100_000;
/// Longest target of a symbolic link in a package, bytes (Linux's `PATH_MAX`).
pub const LINK_BYTES: u64 = 4_096;
/// All environment variables of a function as JSON, bytes.
pub const ENVIRONMENT_BYTES: usize = 4_096;
/// Longest timeout, seconds.
pub const TIMEOUT_SECONDS: u32 = 900;
/// Timeout unless configured, seconds.
pub const DEFAULT_TIMEOUT_SECONDS: u32 = 3;
/// Most memory of a function, MiB.
pub const MEMORY_MIB: u32 = 10_240;
/// Memory unless configured, MiB.
pub const DEFAULT_MEMORY_MIB: u32 = 128;
/// Saved test events of a function (hearth's own bound, as are the next two: AWS keeps them in a schema registry).
pub const TEST_EVENTS: usize = 100;
/// A saved test event, bytes.
pub const TEST_EVENT_BYTES: usize = 262_144;
/// Longest name of a saved test event, characters.
pub const TEST_EVENT_NAME_CHARS: usize = 64;
/// Size of `/tmp` unless configured, MiB.
pub const DEFAULT_TMP_MIB: u32 = 512;
/// Layers of a function.
pub const LAYERS: usize = 5;
/// Tags of a function: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html>.
pub const TAGS: usize = 50;
/// Longest tag key, characters.
pub const TAG_KEY_CHARS: usize = 128;
/// Longest tag value, characters.
pub const TAG_VALUE_CHARS: usize = 256;
/// A resource policy as JSON, bytes.
pub const POLICY_BYTES: usize = 20_480;
/// Additional versions of an alias:
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html>.
pub const ADDITIONAL_VERSIONS: usize = 1;
/// Entries that one page of a list holds at most, whatever `MaxItems` says.
pub const PAGE_ENTRIES: usize = 50;
/// Concurrency that stays unreserved in an account:
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html>.
pub const MIN_UNRESERVED_CONCURRENCY: u32 = 100;
/// Code of all versions of an account in a region, bytes.
pub const TOTAL_CODE_BYTES: u64 = 80_530_636_800;
/// How long a link of `Code.Location` is good, milliseconds.
pub const CODE_LINK_MS: i64 = 600_000;
