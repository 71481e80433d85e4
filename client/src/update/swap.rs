//! A program's file takes the place of another one, and gives it back if it does not come up.
//!
//! At every moment the file is the old program or the new one, whole. What is on trial stands in a note beside the
//! desktop's data; whoever starts next reads it, whatever ended the one before.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use semver::Version;
use serde::{Deserialize, Serialize};

/// How often a new program may begin to start before the old one is taken back.
const MAX_STARTS: u32 = 2;

/// What is on trial.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Trial {
    version: Version,
    /// The program's file.
    file: PathBuf,
    /// The program of before.
    previous: PathBuf,
    /// How often the new one began to start.
    starts: u32,
}

/// A program that lies beside the one whose place it is to take.
#[derive(Debug)]
pub struct Staged(Trial);

/// What a start finds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// Nothing is on trial.
    Settled,
    /// This program is on trial, until [`Swaps::confirm`].
    OnTrial,
    /// It was started before and never came up: the old one is back, and is to be started instead.
    RolledBack(PathBuf),
}

/// The swaps of the desktop whose notes are in this directory.
#[derive(Clone, Debug)]
pub struct Swaps {
    directory: PathBuf,
}

impl Swaps {
    /// Those whose notes are in this directory.
    #[must_use]
    pub fn new(directory: PathBuf) -> Self {
        Self { directory }
    }

    /// Lays the program `new` beside `file`, whose place it is to take, and keeps the old one.
    ///
    /// # Errors
    /// If there is no room for it; nothing is left of it then.
    pub fn stage(&self, file: &Path, new: &Path, version: &Version) -> io::Result<Staged> {
        let (next, previous) = (beside(file, "new"), beside(file, "previous"));
        let laid = copy(new, &next, file).and_then(|()| {
            remove(&previous)?;
            fs::hard_link(file, &previous).or_else(|_| copy(file, &previous, file))
        });
        if let Err(error) = laid {
            fs::remove_file(&next).ok();
            fs::remove_file(&previous).ok();
            return Err(error);
        }
        Ok(Staged(Trial {
            version: version.clone(),
            file: file.to_owned(),
            previous,
            starts: 0,
        }))
    }

    /// Puts what was staged in its place, on trial.
    ///
    /// # Errors
    /// If it cannot be; the old one is there then.
    pub fn commit(&self, staged: &Staged) -> io::Result<()> {
        let file = &staged.0.file;
        self.write(&staged.0)?;
        fs::rename(beside(file, "new"), file)?;
        sync_directory(file)
    }

    /// The program in this file, of this version, starts.
    ///
    /// # Errors
    /// If the old program cannot be taken back.
    pub fn start(&self, file: &Path, version: &Version) -> io::Result<Found> {
        let Some(mut trial) = self.trial() else {
            // What was laid beside it, by a program that ended before it was done. A disk that is full, or only to be
            // read, is no reason not to start.
            remove(&beside(file, "new")).ok();
            remove(&beside(file, "previous")).ok();
            return Ok(Found::Settled);
        };
        if trial.version != *version {
            // It never got its place, or has given it back already.
            self.settle(&trial).ok();
            return Ok(Found::Settled);
        }
        if trial.starts >= MAX_STARTS {
            return self.roll_back().map(Found::RolledBack);
        }
        trial.starts += 1;
        if let Err(error) = self.write(&trial) {
            tracing::warn!(%error, "nobody will know that this version began to start");
        }
        Ok(Found::OnTrial)
    }

    /// The program on trial is there for its person: it stays.
    ///
    /// # Errors
    /// If the note cannot be removed.
    pub fn confirm(&self) -> io::Result<()> {
        let Some(trial) = self.trial() else {
            return Ok(());
        };
        self.settle(&trial)?;
        // Its download is in its place.
        for entry in fs::read_dir(&self.directory)?.flatten() {
            if entry.path().extension().is_some_and(|ending| ending == "part") {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Whether a program is on trial.
    #[must_use]
    pub fn is_on_trial(&self) -> bool {
        self.trial().is_some()
    }

    /// The old program takes its place again; where it is.
    ///
    /// # Errors
    /// If nothing is on trial, or the file cannot be replaced.
    pub fn roll_back(&self) -> io::Result<PathBuf> {
        let trial = self
            .trial()
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "nothing is on trial"))?;
        fs::rename(&trial.previous, &trial.file)?;
        // The old program is there; what follows is worth less than its start.
        let noted = sync_directory(&trial.file)
            .and_then(|()| fs::write(self.directory.join("failed"), trial.version.to_string()))
            .and_then(|()| self.settle(&trial));
        if let Err(error) = noted {
            tracing::warn!(%error, "the version that did not come up may be tried once more");
        }
        Ok(trial.file)
    }

    /// The version that did not come up, if one did not: it is not tried again.
    #[must_use]
    pub fn failed(&self) -> Option<Version> {
        let text = fs::read_to_string(self.directory.join("failed")).ok()?;
        text.trim().parse().ok()
    }

    fn note(&self) -> PathBuf {
        self.directory.join("trial.json")
    }

    fn trial(&self) -> Option<Trial> {
        let bytes = fs::read(self.note()).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    fn write(&self, trial: &Trial) -> io::Result<()> {
        fs::create_dir_all(&self.directory)?;
        let next = self.directory.join("trial.new");
        let mut file = File::create(&next)?;
        file.write_all(&serde_json::to_vec(trial)?)?;
        file.sync_all()?;
        fs::rename(&next, self.note())?;
        sync_directory(&self.note())
    }

    fn settle(&self, trial: &Trial) -> io::Result<()> {
        remove(&self.note())?;
        remove(&beside(&trial.file, "new"))?;
        remove(&trial.previous)
    }
}

/// A hidden file beside this one: a rename never crosses file systems.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    file.with_file_name(format!(".{name}.{ending}"))
}

/// Copies a program to where it is whole before it is used, with the rights of the one that it follows.
fn copy(from: &Path, to: &Path, like: &Path) -> io::Result<()> {
    remove(to)?;
    fs::copy(from, to)?;
    fs::set_permissions(to, fs::metadata(like)?.permissions())?;
    File::open(to)?.sync_all()
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A new name survives a power loss only when its directory is on the disk.
fn sync_directory(file: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(directory) = file.parent() {
        File::open(directory)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Program {
        directory: tempfile::TempDir,
        swaps: Swaps,
    }

    impl Program {
        fn old() -> Self {
            let directory = tempfile::tempdir().expect("a directory");
            fs::write(directory.path().join("program"), "old").expect("written");
            fs::write(directory.path().join("download"), "new").expect("written");
            let swaps = Swaps::new(directory.path().join("updates"));
            Self { directory, swaps }
        }

        fn file(&self) -> PathBuf {
            self.directory.path().join("program")
        }

        fn replace(&self) -> io::Result<()> {
            let new = self.directory.path().join("download");
            let staged = self.swaps.stage(&self.file(), &new, &version("0.2.0"))?;
            self.swaps.commit(&staged)
        }

        fn start(&self, this: &str) -> io::Result<Found> {
            self.swaps.start(&self.file(), &version(this))
        }

        fn says(&self) -> String {
            fs::read_to_string(self.file()).expect("it is there")
        }

        fn left(&self) -> Vec<String> {
            let entries = fs::read_dir(self.directory.path()).expect("a directory");
            let mut names: Vec<_> = entries
                .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
                .filter(|name| name.starts_with('.'))
                .collect();
            names.sort();
            names
        }
    }

    fn version(text: &str) -> Version {
        text.parse().expect("a version")
    }

    #[test]
    fn a_program_that_comes_up_stays() {
        let program = Program::old();
        program.replace().expect("replaced");
        assert_eq!(program.says(), "new");
        assert_eq!(program.start("0.2.0").expect("read"), Found::OnTrial);
        program.swaps.confirm().expect("settled");
        assert_eq!(program.start("0.2.0").expect("read"), Found::Settled);
        assert_eq!(program.says(), "new");
        assert_eq!(program.left(), Vec::<String>::new());
    }

    #[test]
    fn one_that_never_comes_up_gives_its_place_back() {
        let program = Program::old();
        program.replace().expect("replaced");
        for _ in 0..MAX_STARTS {
            assert_eq!(program.start("0.2.0").expect("read"), Found::OnTrial);
        }
        let found = program.start("0.2.0").expect("taken back");
        assert_eq!(found, Found::RolledBack(program.file()));
        assert_eq!(program.says(), "old");
        assert_eq!(program.swaps.failed(), Some(version("0.2.0")));
        assert_eq!(program.start("0.1.0").expect("read"), Found::Settled);
        assert_eq!(program.left(), Vec::<String>::new());
    }

    #[test]
    fn what_was_cut_short_before_the_swap_leaves_the_old_program() {
        let program = Program::old();
        program.replace().expect("replaced");
        // As if the computer had ended between the note and the swap.
        fs::write(program.file(), "old").expect("written");
        assert_eq!(program.start("0.1.0").expect("read"), Found::Settled);
        assert_eq!(program.says(), "old");
        assert_eq!(program.left(), Vec::<String>::new());
    }

    #[test]
    fn what_was_cut_short_before_the_note_leaves_nothing() {
        let program = Program::old();
        let new = program.directory.path().join("download");
        program
            .swaps
            .stage(&program.file(), &new, &version("0.2.0"))
            .expect("laid down");
        assert_eq!(program.left().len(), 2);
        assert_eq!(program.start("0.1.0").expect("read"), Found::Settled);
        assert_eq!((program.says(), program.left()), ("old".into(), Vec::new()));
    }

    #[test]
    fn a_program_that_cannot_be_written_leaves_the_old_one() {
        let program = Program::old();
        fs::remove_file(program.directory.path().join("download")).expect("removed");
        program.replace().expect_err("there is nothing new");
        assert_eq!(program.says(), "old");
        assert!(!program.swaps.is_on_trial());
        assert_eq!(program.left(), Vec::<String>::new());
    }

    #[test]
    fn a_note_that_cannot_be_read_is_none() {
        let program = Program::old();
        fs::create_dir_all(program.directory.path().join("updates")).expect("made");
        fs::write(program.directory.path().join("updates/trial.json"), "{").expect("written");
        assert_eq!(program.start("0.1.0").expect("read"), Found::Settled);
    }
}
