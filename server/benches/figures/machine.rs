//! What the figures were measured on, and how processes are measured.

use std::fs;
use std::path::Path;

/// The machine in one line each.
pub(crate) fn description(directory: &Path) -> String {
    let read = |file: &str| fs::read_to_string(file).unwrap_or_default();
    let line = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':')
            .map_or("unknown", |(_, value)| value.trim())
            .to_owned()
    };
    let cpu = line(&read("/proc/cpuinfo"), "model name");
    let memory = line(&read("/proc/meminfo"), "MemTotal");
    let kernel = read("/proc/sys/kernel/osrelease").trim().to_owned();
    let load = read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "machine: {cpu}, {cores} cores, {memory}; Linux {kernel}; load before {load}; data on {}\n\
         the load generator runs on the same cores; single runs; read ratios, not absolutes",
        file_system(directory)
    )
}

/// The kind of file system that a directory is on.
fn file_system(directory: &Path) -> String {
    let directory = directory.canonicalize().unwrap_or_else(|_| directory.to_path_buf());
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let best = mounts
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            let (_, at, kind) = (words.next()?, words.next()?, words.next()?);
            directory.starts_with(at).then(|| (at.len(), kind.to_owned()))
        })
        .max();
    best.map_or_else(|| "an unknown file system".into(), |(_, kind)| kind)
}

/// The processor time that a process has used, in microseconds.
pub(crate) fn cpu_us(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let words: Vec<f64> = after_name
        .split_whitespace()
        .map(|word| word.parse().unwrap_or(0.0))
        .collect();
    // User and system time, in ticks of 10 ms.
    (words.get(11).unwrap_or(&0.0) + words.get(12).unwrap_or(&0.0)) * 10_000.0
}

/// How many bytes a process has handed to files, sockets not counted, as far as the system knows of it.
pub(crate) fn written_to_disk(process: u32) -> f64 {
    let io = fs::read_to_string(format!("/proc/{process}/io")).unwrap_or_default();
    let written = io.lines().find_map(|line| line.strip_prefix("write_bytes: "));
    written.and_then(|bytes| bytes.parse().ok()).unwrap_or(f64::NAN)
}

/// A process's memory, in KiB.
pub(crate) fn memory_kib(process: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|word| word.parse().ok())
        .unwrap_or(0.0)
}

/// The percentiles of measured spans, in milliseconds.
#[derive(Default)]
pub(crate) struct Spans(Vec<u64>);

impl Spans {
    pub(crate) fn of(mut micros: Vec<u64>) -> Self {
        micros.sort_unstable();
        Self(micros)
    }

    /// Adds more of the same.
    pub(crate) fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
        self.0.sort_unstable();
    }

    pub(crate) fn at(&self, share: f64) -> f64 {
        let Some(last) = self.0.len().checked_sub(1) else {
            return f64::NAN;
        };
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank among few samples"
        )]
        let rank = (last as f64 * share).round() as usize;
        #[expect(clippy::cast_precision_loss, reason = "microseconds of seconds")]
        let micros = self.0[rank.min(last)] as f64;
        micros / 1000.0
    }

    pub(crate) fn text(&self) -> String {
        format!(
            "p50 {:.2} ms, p99 {:.2} ms, worst {:.2} ms ({} samples)",
            self.at(0.5),
            self.at(0.99),
            self.at(1.0),
            self.0.len()
        )
    }
}
