//! The rules that need no emulator are quick enough to run while a design is typed.

use cellwright_fab::rules::{Knowledge, check_plan};
use cellwright_fab::template::TEMPLATES;
use std::time::{Duration, Instant};

/// What a reader of a design does not notice; builds with debug assertions are given three times that.
const LIMIT: Duration = Duration::from_millis(if cfg!(debug_assertions) { 90 } else { 30 });

#[test]
fn every_template_is_checked_in_a_blink() {
    for t in TEMPLATES {
        let plan = (t.expand)(&t.defaults("test", [5e-3, 5e-3])).expect("defaults expand");
        check_plan(&plan, &Knowledge::default());
        // The best of ten: other work on the machine is not what is measured.
        let times = (0..10).map(|_| {
            let start = Instant::now();
            check_plan(&plan, &Knowledge::default());
            start.elapsed()
        });
        let best = times.min().unwrap_or_default();
        println!("{}: {best:.2?}", t.name);
        assert!(best < LIMIT, "{}: {best:.2?}", t.name);
    }
}
