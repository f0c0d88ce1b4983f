//! Packages: what a zip must be, and unpacking one. Blocking.
//!
//! Invariants: nothing is ever written outside the folder given, whatever names, links and sizes the zip claims; never more than
//! [`UNZIPPED_BYTES`] are written; everything is readable by everyone, since sandboxes run as other users. Symbolic links are made
//! last, so that no file is written through one, and each must end inside the package.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Cursor, ErrorKind, Read};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Component, Path, PathBuf};

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::FunctionError;
use super::limits::{LINK_BYTES, PACKAGE_ENTRIES, UNZIPPED_BYTES};

const FOLDER_MODE: u32 = 0o755;
const FILE_MODE: u32 = 0o644;
const PROGRAM_MODE: u32 = 0o755;
/// The part of a Unix mode that tells files, folders, links and devices apart.
const KIND_MASK: u32 = 0o170_000;
const KIND_FILE: u32 = 0o100_000;

/// Why a package is refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum PackageError {
    /// It is no zip, or one that must not be unpacked.
    #[error("Could not unzip uploaded file. Please check your file, then try to upload again.")]
    NotUnzipped,
    /// It unpacks to too much.
    #[error("Unzipped size must be smaller than {UNZIPPED_BYTES} bytes")]
    TooLarge,
    /// The disk refused.
    #[error("unpack a package: {0}")]
    Disk(#[from] io::Error),
}

impl From<PackageError> for FunctionError {
    fn from(error: PackageError) -> Self {
        match error {
            PackageError::Disk(error) => Self::Disk {
                action: "unpack a package",
                reason: error.to_string(),
            },
            refused => Self::Invalid(refused.to_string()),
        }
    }
}

/// What an entry is, before anything is written.
enum Kind {
    Folder,
    File { program: bool },
    Link,
}

/// Unpacks `zip` into `folder`, which exists and is empty. What is written stays there when it fails: the caller removes the folder.
pub(super) fn unpack(zip: &[u8], folder: &Path) -> Result<(), PackageError> {
    let mut archive = ZipArchive::new(Cursor::new(zip)).map_err(|_| PackageError::NotUnzipped)?;
    check_declared(&mut archive)?;
    fs::set_permissions(folder, Permissions::from_mode(FOLDER_MODE))?;
    let mut folders = HashSet::from([folder.to_owned()]);
    let mut links = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(not_unzipped)?;
        let path = folder.join(relative(&entry)?);
        match kind(&entry)? {
            Kind::Folder => make_folder(&path, &mut folders)?,
            Kind::File { program } => {
                make_parent(&path, &mut folders)?;
                write_file(&mut entry, &path, program)?;
            }
            Kind::Link => {
                make_parent(&path, &mut folders)?;
                links.push((path, link_target(&mut entry)?));
            }
        }
    }
    make_links(folder, &links)
}

/// Counts and sums what the zip says of itself: a bomb that does not lie ends here.
fn check_declared(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), PackageError> {
    if archive.len() > PACKAGE_ENTRIES {
        return Err(PackageError::NotUnzipped);
    }
    let mut declared: u64 = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(not_unzipped)?;
        declared = declared.saturating_add(entry.size());
    }
    if declared >= UNZIPPED_BYTES {
        return Err(PackageError::TooLarge);
    }
    Ok(())
}

fn not_unzipped(error: ZipError) -> PackageError {
    match error {
        ZipError::Io(error) if !is_about_content(&error) => PackageError::Disk(error),
        _ => PackageError::NotUnzipped,
    }
}

/// Whether an error of reading means that the zip is broken: it lies in memory, so hardly anything else can be meant.
fn is_about_content(error: &io::Error) -> bool {
    !matches!(error.kind(), ErrorKind::OutOfMemory)
}

fn relative<R: Read>(entry: &ZipFile<'_, R>) -> Result<PathBuf, PackageError> {
    let name = entry.name().map_err(not_unzipped)?;
    safe_path(&name).ok_or(PackageError::NotUnzipped)
}

/// The path of an entry inside its package; `None` for one that would lead outside of it, or is none.
fn safe_path(name: &str) -> Option<PathBuf> {
    if name.contains('\0') {
        return None;
    }
    let mut path = PathBuf::new();
    for component in Path::new(name).components() {
        match component {
            Component::Normal(part) => path.push(part),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    (!path.as_os_str().is_empty() || name.ends_with('/')).then_some(path)
}

fn kind<R: Read>(entry: &ZipFile<'_, R>) -> Result<Kind, PackageError> {
    if entry.is_dir() {
        return Ok(Kind::Folder);
    }
    if entry.is_symlink() {
        return Ok(Kind::Link);
    }
    let mode = entry.unix_mode().unwrap_or(KIND_FILE | FILE_MODE);
    match mode & KIND_MASK {
        0 | KIND_FILE => Ok(Kind::File {
            program: mode & 0o111 != 0,
        }),
        _ => Err(PackageError::NotUnzipped),
    }
}

fn make_parent(path: &Path, folders: &mut HashSet<PathBuf>) -> Result<(), PackageError> {
    path.parent()
        .map_or(Ok(()), |parent| make_folder(parent, folders))
}

/// Makes a folder and those above it, each with its mode whatever the umask is; `folders` holds those made before.
fn make_folder(path: &Path, folders: &mut HashSet<PathBuf>) -> Result<(), PackageError> {
    if folders.contains(path) {
        return Ok(());
    }
    make_parent(path, folders)?;
    fs::create_dir(path).map_err(taken)?;
    fs::set_permissions(path, Permissions::from_mode(FOLDER_MODE))?;
    folders.insert(path.to_owned());
    Ok(())
}

fn write_file<R: Read>(
    entry: &mut ZipFile<'_, R>,
    path: &Path,
    program: bool,
) -> Result<(), PackageError> {
    let declared = entry.size();
    let mut options = OpenOptions::new();
    let mut file: File = options
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(taken)?;
    // One byte more than declared shows a lie; the declared sizes together are within the limit.
    let mut content = entry.take(declared + 1);
    let written = copy(&mut content, &mut file)?;
    if written != declared {
        return Err(PackageError::NotUnzipped);
    }
    let mode = if program { PROGRAM_MODE } else { FILE_MODE };
    file.set_permissions(Permissions::from_mode(mode))?;
    Ok(())
}

/// Copies, telling a broken zip from a full disk.
fn copy(content: &mut impl Read, file: &mut File) -> Result<u64, PackageError> {
    let mut buffer = vec![0; 64 * 1_024];
    let mut written = 0;
    loop {
        let count = content
            .read(&mut buffer)
            .map_err(|_| PackageError::NotUnzipped)?;
        if count == 0 {
            return Ok(written);
        }
        io::Write::write_all(file, &buffer[..count])?;
        written += count as u64;
    }
}

/// A name that is taken, or too long, is the package's fault.
fn taken(error: io::Error) -> PackageError {
    match error.kind() {
        ErrorKind::AlreadyExists
        | ErrorKind::NotADirectory
        | ErrorKind::IsADirectory
        | ErrorKind::InvalidFilename
        | ErrorKind::InvalidInput => PackageError::NotUnzipped,
        _ => PackageError::Disk(error),
    }
}

fn link_target<R: Read>(entry: &mut ZipFile<'_, R>) -> Result<PathBuf, PackageError> {
    let mut target = String::new();
    let mut content = entry.take(LINK_BYTES);
    content
        .read_to_string(&mut target)
        .map_err(|_| PackageError::NotUnzipped)?;
    Ok(PathBuf::from(target))
}

fn make_links(folder: &Path, links: &[(PathBuf, PathBuf)]) -> Result<(), PackageError> {
    for (path, target) in links {
        let parent = path.parent().unwrap_or(folder);
        if !stays_inside(parent.strip_prefix(folder).unwrap_or(parent), target) {
            return Err(PackageError::NotUnzipped);
        }
        symlink(target, path).map_err(taken)?;
    }
    // By their names all end inside; through one another they may not.
    let root = fs::canonicalize(folder)?;
    for (path, _) in links {
        match fs::canonicalize(path) {
            Ok(end) if !end.starts_with(&root) => return Err(PackageError::NotUnzipped),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(_) => return Err(PackageError::NotUnzipped),
        }
    }
    Ok(())
}

/// Whether a link in the folder `parent` of the package to `target` ends inside the package, by the names alone.
fn stays_inside(parent: &Path, target: &Path) -> bool {
    let mut depth = parent.components().count();
    for component in target.components() {
        match component {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir if depth > 0 => depth -= 1,
            _ => return false,
        }
    }
    !target.as_os_str().is_empty()
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    pub(crate) fn zip_of(files: &[(&str, &str)]) -> Vec<u8> {
        packed(|writer| {
            for (path, content) in files {
                writer
                    .start_file(*path, SimpleFileOptions::default().unix_permissions(0o600))
                    .unwrap();
                io::Write::write_all(writer, content.as_bytes()).unwrap();
            }
        })
    }

    fn packed(fill: impl FnOnce(&mut ZipWriter<Cursor<Vec<u8>>>)) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        fill(&mut writer);
        writer.finish().unwrap().into_inner()
    }

    fn linked(links: &[(&str, &str)]) -> Vec<u8> {
        packed(|writer| {
            for (path, target) in links {
                writer
                    .add_symlink(*path, *target, SimpleFileOptions::default())
                    .unwrap();
            }
            writer
                .start_file("app.py", SimpleFileOptions::default())
                .unwrap();
        })
    }

    fn unpacked(zip: &[u8]) -> Result<tempfile::TempDir, PackageError> {
        let folder = tempfile::tempdir().unwrap();
        unpack(zip, folder.path()).map(|()| folder)
    }

    #[test]
    fn files_are_readable_by_everyone() {
        let folder = unpacked(&zip_of(&[("pkg/sub/app.py", "x = 1"), ("pkg/b.py", "")])).unwrap();
        let mode = |path: &str| {
            let path = folder.path().join(path);
            fs::metadata(path).unwrap().permissions().mode() & 0o777
        };
        assert_eq!(
            (mode(""), mode("pkg/sub"), mode("pkg/sub/app.py")),
            (0o755, 0o755, 0o644)
        );
        let text = fs::read_to_string(folder.path().join("pkg/sub/app.py")).unwrap();
        assert_eq!(text, "x = 1");
    }

    #[test]
    fn what_is_no_good_zip_is_refused() {
        let good = zip_of(&[("app.py", "x = 1")]);
        let cut = good[..good.len() - 10].to_vec();
        let file_and_folder = zip_of(&[("a", "x"), ("a/b", "x")]);
        for zip in [b"this is not a zip".to_vec(), cut, file_and_folder] {
            assert!(matches!(unpacked(&zip), Err(PackageError::NotUnzipped)));
        }
    }

    #[test]
    fn links_may_not_leave_the_package() {
        let bad: [&[(&str, &str)]; 4] = [
            &[("link", "/etc/passwd")],
            &[("link", "../outside")],
            &[("a/link", "../../outside")],
            &[("loop", "loop")],
        ];
        for links in bad {
            assert!(unpacked(&linked(links)).is_err(), "{links:?}");
        }
        let folder = unpacked(&linked(&[("a/link", "../app.py"), ("gone", "nothing")])).unwrap();
        assert!(folder.path().join("a/link").exists());
    }

    #[test]
    fn a_chain_of_links_that_ends_outside_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let outside = folder.path().join("outside");
        fs::write(&outside, "secret").unwrap();
        let package = folder.path().join("package");
        fs::create_dir(&package).unwrap();
        let zip = linked(&[("a/b/c", "../.."), ("y", "a/b/c/../outside")]);
        assert!(matches!(
            unpack(&zip, &package),
            Err(PackageError::NotUnzipped)
        ));
    }

    #[test]
    fn a_size_that_lies_is_refused() {
        let mut zip = zip_of(&[("zeros", &"0".repeat(100_000))]);
        for (signature, offset) in [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)] {
            let at = zip.windows(4).position(|found| found == signature).unwrap();
            zip[at + offset..at + offset + 4].copy_from_slice(&10u32.to_le_bytes());
        }
        assert!(unpacked(&zip).is_err());
    }

    proptest! {
        #[test]
        fn no_name_leads_outside(name in "[a./\\\\]{0,12}") {
            if let Some(path) = safe_path(&name) {
                prop_assert!(path.components().all(|part| matches!(part, Component::Normal(_))));
            }
        }

        #[test]
        fn any_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = unpacked(&bytes);
        }

        #[test]
        fn a_damaged_zip_never_panics(at in 0usize..150, with in any::<u8>()) {
            let mut zip = zip_of(&[("a/app.py", "x = 1"), ("b", "y")]);
            let at = at.min(zip.len() - 1);
            zip[at] = with;
            let _ = unpacked(&zip);
        }
    }
}
