//! An AppImage's entry in the menu of programs, which also has the system open links to records with it. Packages bring
//! theirs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::installation::{Installation, Package};

const NAME: &str = "baton-desktop-appimage.desktop";

/// The entry of this program.
#[derive(Debug)]
pub(crate) struct MenuEntry {
    program: PathBuf,
    directory: PathBuf,
}

impl MenuEntry {
    /// The one of this installation; none where a package sees to it.
    pub(crate) fn new(installation: &Installation) -> Option<Self> {
        if installation.package != Some(Package::AppImage) {
            return None;
        }
        Some(Self {
            program: installation.program.clone(),
            directory: dirs::data_dir()?.join("applications"),
        })
    }

    /// Whether it is there and names this program; none if nobody can say.
    pub(crate) fn is_there(&self) -> Option<bool> {
        match fs::read_to_string(self.file()) {
            Ok(written) => Some(written == text(&self.program)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some(false),
            Err(_) => None,
        }
    }

    /// Writes it; links are opened with this program from now on.
    ///
    /// # Errors
    /// If the disk refuses.
    pub(crate) fn write(&self) -> io::Result<()> {
        fs::create_dir_all(&self.directory)?;
        fs::write(self.file(), text(&self.program))?;
        // Where these are missing, the desktop environment reads the directory by itself.
        ask_system(Command::new("xdg-mime").args(["default", NAME, "x-scheme-handler/baton"]));
        self.refresh();
        Ok(())
    }

    /// Takes it away.
    ///
    /// # Errors
    /// If the disk refuses.
    pub(crate) fn remove(&self) -> io::Result<()> {
        match fs::remove_file(self.file()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        self.refresh();
        Ok(())
    }

    fn file(&self) -> PathBuf {
        self.directory.join(NAME)
    }

    fn refresh(&self) {
        ask_system(Command::new("update-desktop-database").arg(&self.directory));
    }
}

fn ask_system(command: &mut Command) {
    let done = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    if let Err(error) = done {
        tracing::info!(%error, program = ?command.get_program(), "is not there");
    }
}

fn text(program: &Path) -> String {
    format!(
        "[Desktop Entry]\nType=Application\nName=Baton\nComment=Edit structured records together, live\n\
         Exec={} %u\nIcon=baton\nTerminal=false\nCategories=Office;\nMimeType=x-scheme-handler/baton;\n\
         StartupWMClass=baton-desktop\n",
        quoted(&program.display().to_string())
    )
}

/// As the specification of desktop entries writes a program's name.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        // Quoted once for the command line, and its backslash once more for the file.
        match letter {
            '\\' => quoted.push_str("\\\\\\"),
            '"' | '`' | '$' => quoted.push_str("\\\\"),
            _ => {}
        }
        // A percent sign begins a field code.
        quoted.push_str(if letter == '%' { "%" } else { "" });
        quoted.push(letter);
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_quoted_as_desktop_entries_are() {
        assert_eq!(quoted("/usr/bin/baton-desktop"), "\"/usr/bin/baton-desktop\"");
        assert_eq!(quoted("/home/a b/100%/$x"), "\"/home/a b/100%%/\\\\$x\"");
    }

    #[test]
    fn it_is_written_once_names_the_program_and_goes_again() {
        let home = tempfile::tempdir().expect("a directory");
        let entry = MenuEntry {
            program: "/home/a b/Baton.AppImage".into(),
            directory: home.path().join("applications"),
        };
        assert_eq!(entry.is_there(), Some(false));
        entry.remove().expect("nothing to do");
        entry.write().expect("written");
        entry.write().expect("written again");
        assert_eq!(entry.is_there(), Some(true));
        let moved = MenuEntry {
            program: "/opt/Baton.AppImage".into(),
            directory: entry.directory.clone(),
        };
        assert_eq!(moved.is_there(), Some(false), "it starts another file");
        let text = fs::read_to_string(entry.file()).expect("there");
        assert!(text.contains("Exec=\"/home/a b/Baton.AppImage\" %u\n"), "{text}");
        assert!(text.contains("MimeType=x-scheme-handler/baton;"), "{text}");
        entry.remove().expect("gone");
        assert_eq!(entry.is_there(), Some(false));
    }
}
