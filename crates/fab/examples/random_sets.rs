//! Random valid parameter sets of every architecture through the emulator: counts what fails and says which set it was.
//!
//! `cargo run --release -p cellwright-fab --example random_sets -- 5000 [ARCHITECTURE]`

#[path = "../tests/all/random/mod.rs"]
mod random;

use cellwright_fab::template::TEMPLATES;
use std::time::Instant;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let total: usize = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(5000);
    let only = arguments.next();
    let chosen: Vec<_> = TEMPLATES.iter().filter(|t| only.as_ref().is_none_or(|o| o == t.name)).collect();
    let each = total.div_ceil(chosen.len().max(1));
    let mut failed = 0;
    for t in chosen {
        let start = Instant::now();
        let outcome = random::sweep(t, each, 20_260_102);
        println!(
            "{}: {} sets, {} refused, {} failed, {:.1} s, slowest {:.1} s",
            t.name,
            each,
            outcome.refused,
            outcome.failures.len(),
            start.elapsed().as_secs_f64(),
            outcome.slowest.as_secs_f64()
        );
        for f in &outcome.failures {
            println!("  {f}");
        }
        failed += outcome.failures.len();
    }
    println!("{failed} failures");
    std::process::exit(i32::from(failed > 0));
}
