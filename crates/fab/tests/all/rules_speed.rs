//! The rules that need no emulator are quick enough to run while a design is typed.

use cellwright_fab::rules::{Knowledge, check_plan};
use cellwright_fab::template::TEMPLATES;
use std::time::{Duration, Instant};

/// What a reader of a design does not notice; builds with debug assertions are given three times that.
const LIMIT: Duration = Duration::from_millis(if cfg!(debug_assertions) { 90 } else { 30 });
const RUNS: u32 = 10;

/// Time of this thread on a processor so far, where the system tells: other work on the machine is not what is measured.
fn busy() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?))
}

#[test]
fn every_template_is_checked_in_a_blink() {
    for t in TEMPLATES {
        let plan = (t.expand)(&t.defaults("test", [5e-3, 5e-3])).expect("defaults expand");
        check_plan(&plan, &Knowledge::default());
        let (start, before) = (Instant::now(), busy());
        for _ in 0..RUNS {
            check_plan(&plan, &Knowledge::default());
        }
        let spent = match (before, busy()) {
            (Some(before), Some(after)) => after - before,
            _ => start.elapsed(),
        };
        let mean = spent / RUNS;
        println!("{}: {mean:.2?}", t.name);
        assert!(mean < LIMIT, "{}: {mean:.2?}", t.name);
    }
}
