//! Time and memory that a benchmark takes.
#![allow(dead_code)]

use std::time::Instant;

/// CPU time of all threads of this process so far, ms; none where the system does not tell.
pub fn cpu_time() -> Option<f64> {
    let threads = std::fs::read_dir("/proc/self/task").ok()?;
    let spent = threads.filter_map(|t| {
        let text = std::fs::read_to_string(t.ok()?.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    });
    Some(spent.sum::<f64>() / 1e6)
}

/// CPU time of some work, ms, and its value; wall time where the system does not tell.
pub fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let (wall, cpu) = (Instant::now(), cpu_time());
    let value = work();
    let spent = match (cpu, cpu_time()) {
        (Some(before), Some(after)) => after - before,
        _ => 1e3 * wall.elapsed().as_secs_f64(),
    };
    (spent, value)
}

/// Largest resident memory of this process so far, MiB; none where the system does not tell.
pub fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<f64>().ok().map(|kib| kib / 1024.0)
}
