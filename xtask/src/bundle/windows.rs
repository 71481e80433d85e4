//! Packages for Windows, compiled on Linux: the setup program, the installer package, and an archive of the server.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use super::signing::{Signer, set_release_key, sign_for_system};
use super::{Order, packed_as, place, project, remove, run, version, write};
use crate::build::{cargo, say, step, target};

/// The programs that pack for Windows, and the packages they are in.
pub(super) const NEEDS: [(&str, &str); 4] = [
    ("x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64"),
    ("makensis", "nsis"),
    ("wixl", "wixl"),
    ("zip", "zip"),
];

const TARGET: &str = "x86_64-pc-windows-gnu";
const PROGRAMS: [&str; 3] = ["baton-desktop.exe", "baton-server.exe", "baton.exe"];

/// Compiles and packs; where the packages are.
pub(super) fn make(order: &Order, debug: bool, signer: Option<&Signer>) -> anyhow::Result<Vec<PathBuf>> {
    let built = compile(debug, signer)?;
    let source = order.directory.join("windows");
    remove(&source)?;
    for program in PROGRAMS {
        let packed = source.join(program);
        place(&built.join(program), &packed, 0o755)?;
        run(Command::new("x86_64-w64-mingw32-strip").arg("--strip-all").arg(&packed))?;
        sign_for_system("BATON_SIGN_WINDOWS", &packed)?;
    }
    place(&loader(&built)?, &source.join("WebView2Loader.dll"), 0o644)?;
    place(&project("icons/icon.ico"), &source.join("icon.ico"), 0o644)?;
    place(&project("LICENSE"), &source.join("LICENSE.txt"), 0o644)?;
    Ok(vec![
        setup(order, &source)?,
        msi(order, &source)?,
        server(order, &source)?,
    ])
}

fn compile(debug: bool, signer: Option<&Signer>) -> anyhow::Result<PathBuf> {
    // Where it works; the toolchain of a distribution has the target already, or says what is missing.
    Command::new("rustup").args(["target", "add", TARGET]).output().ok();
    let mut command = cargo(&["build", "--quiet", "--target", TARGET]);
    if !debug {
        command.arg("--release");
        set_release_key(&mut command, signer);
    }
    for package in ["baton-desktop", "baton-server", "baton-cli"] {
        command.args(["--package", package]);
    }
    command.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", "x86_64-w64-mingw32-gcc");
    step("compile for Windows (some minutes the first time)", &mut command)?;
    Ok(target().join(TARGET).join(if debug { "debug" } else { "release" }))
}

/// The library that finds the system's web view; it ships with the program.
fn loader(built: &Path) -> anyhow::Result<PathBuf> {
    let crates = fs::read_dir(built.join("build"))?;
    let found = crates
        .flatten()
        .map(|entry| entry.path().join("out/x64/WebView2Loader.dll"))
        .find(|file| file.is_file());
    found.context("WebView2Loader.dll was not built")
}

fn setup(order: &Order, source: &Path) -> anyhow::Result<PathBuf> {
    write(&source.join("package.json"), &packed_as("setup", version()))?;
    let file = order.directory.join(format!("Baton-{}-x86_64-setup.exe", version()));
    run(Command::new("makensis")
        .arg("-V2")
        .arg(format!("-DSOURCE={}", source.display()))
        .arg(format!("-DOUT={}", file.display()))
        .arg(format!("-DVERSION={}", version()))
        .arg(project("packaging/windows/setup.nsi")))?;
    sign_for_system("BATON_SIGN_WINDOWS", &file)?;
    Ok(file)
}

fn msi(order: &Order, source: &Path) -> anyhow::Result<PathBuf> {
    write(&source.join("package.json"), &packed_as("msi", version()))?;
    let file = order.directory.join(format!("Baton-{}-x86_64.msi", version()));
    // It finds files only beside its description.
    place(
        &project("packaging/windows/desktop.wxs"),
        &source.join("desktop.wxs"),
        0o644,
    )?;
    run(Command::new("wixl")
        .args([
            "--arch",
            "x64",
            "--define",
            &format!("VERSION={}", version()),
            "--output",
        ])
        .arg(&file)
        .arg("desktop.wxs")
        .current_dir(source))?;
    sign_for_system("BATON_SIGN_WINDOWS", &file)?;
    Ok(file)
}

fn server(order: &Order, source: &Path) -> anyhow::Result<PathBuf> {
    let file = order
        .directory
        .join(format!("baton-server-{}-windows-x86_64.zip", version()));
    run(Command::new("zip")
        .args(["--quiet", "--junk-paths"])
        .arg(&file)
        .args(["baton-server.exe", "baton.exe", "LICENSE.txt"])
        .current_dir(source))?;
    Ok(file)
}

/// Wine, with a disk of its own.
struct Wine {
    prefix: PathBuf,
}

/// Installs, presets, upgrades and removes both packages under wine, and lets the command line speak to the server.
pub(super) fn prove(directory: &Path) -> anyhow::Result<()> {
    let wine = Wine::make()?;
    let server = wine.serve(directory)?;
    wine.list_people(directory, &server)?;
    say("  the server serves, and the command line lists against it");
    wine.prove_setup(directory)?;
    say("  the setup program installs, presets, installs over itself and removes itself");
    wine.prove_msi(directory)?;
    say("  so does the installer package");
    Ok(())
}

struct Served {
    process: Child,
    address: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

impl Wine {
    fn make() -> anyhow::Result<Self> {
        let prefix = target().join("wine");
        remove(&prefix)?;
        let wine = Self { prefix };
        run(&mut wine.command("wineboot", &["--init"]))?;
        wine.fill_in()?;
        Ok(wine)
    }

    /// Wine 8 lacks one function that Rust's library asks Windows for: a small library that only lies in wine has it.
    fn fill_in(&self) -> anyhow::Result<()> {
        let source = self.prefix.join("fill.c");
        fs::write(
            &source,
            "#include <windows.h>\n#include <ntsecapi.h>\n\
             __declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) {\n\
             return RtlGenRandom(data, (ULONG)length); }\n",
        )?;
        run(Command::new("x86_64-w64-mingw32-gcc")
            .args(["-shared", "-o"])
            .arg(self.prefix.join("drive_c/windows/system32/bcryptprimitives.dll"))
            .arg(&source)
            .arg("-ladvapi32"))?;
        Ok(())
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("wine");
        command
            .arg(program)
            .args(arguments)
            .env("WINEPREFIX", &self.prefix)
            .env("WINEDEBUG", "-all")
            .env("WINEDLLOVERRIDES", "mscoree,mshtml=;bcryptprimitives=n,b");
        command
    }

    fn serve(&self, directory: &Path) -> anyhow::Result<Served> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let program = directory.join("windows/baton-server.exe");
        let process = self
            .command(
                &program.display().to_string(),
                &["--sample-data", "--listen", &address, "--data-dir", r"C:\baton-server"],
            )
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let served = Served { process, address };
        let began = Instant::now();
        while std::net::TcpStream::connect(&served.address).is_err()
            || !self.prefix.join("drive_c/baton-server/sample-people.json").is_file()
        {
            ensure!(
                began.elapsed() < Duration::from_secs(120),
                "the server does not serve under wine"
            );
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(served)
    }

    fn list_people(&self, directory: &Path, server: &Served) -> anyhow::Result<()> {
        let people = fs::read(self.prefix.join("drive_c/baton-server/sample-people.json"))?;
        let people: serde_json::Value = serde_json::from_slice(&people)?;
        let password = people["anna@example.test"].as_str().context("no sample person")?;
        let program = directory.join("windows/baton.exe");
        let said = run(self
            .command(&program.display().to_string(), &["entities"])
            .env("BATON_SERVER", &server.address)
            .env("BATON_EMAIL", "anna@example.test")
            .env("BATON_PASSWORD", password))?;
        ensure!(said.contains("product"), "the command line says: {said}");
        Ok(())
    }

    fn prove_setup(&self, directory: &Path) -> anyhow::Result<()> {
        let setup = directory.join(format!("Baton-{}-x86_64-setup.exe", version()));
        let setup = setup.display().to_string();
        run(&mut self.command(&setup, &["/S", "/SERVER=baton.example.com"]))?;
        let user = self.user()?;
        let installed = user.join("AppData/Local/Programs/Baton");
        self.check_installed(&installed, "HKCU", "baton.example.com")?;
        // Once more over itself, with another preset.
        run(&mut self.command(&setup, &["/S", "/SERVER=other.example.com"]))?;
        self.check_installed(&installed, "HKCU", "other.example.com")?;
        let uninstall = installed.join("uninstall.exe").display().to_string();
        let place = format!("_?={}", self.path_in_wine(&installed)?);
        run(&mut self.command(&uninstall, &["/S", &place]))?;
        // Started like this it cannot remove its own file.
        fs::remove_file(installed.join("uninstall.exe")).ok();
        self.check_removed(&installed, "HKCU")
    }

    fn prove_msi(&self, directory: &Path) -> anyhow::Result<()> {
        let package = directory.join(format!("Baton-{}-x86_64.msi", version()));
        let package = package.display().to_string();
        run(&mut self.command("msiexec", &["/i", &package, "/qn", "SERVER=baton.example.com"]))?;
        let installed = self.prefix.join("drive_c/Program Files/Baton");
        self.check_installed(&installed, "HKLM", "baton.example.com")?;
        run(&mut self.command("msiexec", &["/x", &package, "/qn"]))?;
        self.check_removed(&installed, "HKLM")
    }

    fn check_installed(&self, folder: &Path, hive: &str, server: &str) -> anyhow::Result<()> {
        for file in ["baton-desktop.exe", "WebView2Loader.dll", "package.json"] {
            ensure!(folder.join(file).is_file(), "{file} is not in {}", folder.display());
        }
        let program = folder.join("baton-desktop.exe").display().to_string();
        let said = run(&mut self.command(&program, &["--version"]))?;
        ensure!(said.contains(version()), "the desktop says: {said}");
        let preset = self.registry(&format!(r"{hive}\Software\Baton"), "Server")?;
        ensure!(preset.contains(server), "the preset is: {preset}");
        let handler = self.registry(&format!(r"{hive}\Software\Classes\baton\shell\open\command"), "")?;
        ensure!(handler.contains("baton-desktop.exe"), "links are opened by: {handler}");
        Ok(())
    }

    fn check_removed(&self, folder: &Path, hive: &str) -> anyhow::Result<()> {
        ensure!(!folder.join("baton-desktop.exe").exists(), "the program stays");
        for key in [r"Software\Baton", r"Software\Classes\baton"] {
            let left = self.registry(&format!(r"{hive}\{key}"), "");
            ensure!(left.is_err(), "{key} stays in the registry");
        }
        Ok(())
    }

    fn registry(&self, key: &str, value: &str) -> anyhow::Result<String> {
        let which = if value.is_empty() {
            vec!["/ve"]
        } else {
            vec!["/v", value]
        };
        let mut arguments = vec!["query", key];
        arguments.extend(which);
        arguments.push("/reg:64");
        run(&mut self.command("reg", &arguments))
    }

    /// The folder of whoever runs wine.
    fn user(&self) -> anyhow::Result<PathBuf> {
        let users = fs::read_dir(self.prefix.join("drive_c/users"))?;
        let user = users
            .flatten()
            .map(|entry| entry.path())
            .find(|path| !path.ends_with("Public"));
        user.context("wine has no user")
    }

    fn path_in_wine(&self, path: &Path) -> anyhow::Result<String> {
        let below = path.strip_prefix(self.prefix.join("drive_c"))?;
        Ok(format!(r"C:\{}", below.display().to_string().replace('/', r"\")))
    }
}
