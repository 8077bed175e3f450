//! Random valid parameter sets of every architecture make a chip whose books balance.
//!
//! The long run, 5000 sets, is `cargo run --release -p cellwright-fab --example random_sets`.

use super::random;
use cellwright_fab::template::TEMPLATES;

/// Sets of each architecture; the whole takes well under a minute.
const EACH: usize = 16;

#[test]
fn volumes_add_up_for_random_sets() {
    let failures: Vec<String> = TEMPLATES.iter().flat_map(|t| random::sweep(t, EACH, 20_260_101).failures).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
