//! Random valid parameter sets of every architecture make a chip whose books balance.
//!
//! The long run, 5000 sets, is `cargo run --release -p cellwright-fab --example random_sets`.

use super::random;
use cellwright_fab::template::{TEMPLATES, find};
use cellwright_materials::Library;

/// Sets of each architecture; the whole takes well under a minute.
const EACH: usize = 16;

#[test]
fn volumes_add_up_for_random_sets() {
    let failures: Vec<String> = TEMPLATES.iter().flat_map(|t| random::sweep(t, EACH, 20_260_101).failures).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Columns and films of a few leaves: corners of cuts once ran after surfaces far outside their leaf, and areas came out below zero.
#[test]
fn areas_of_bodies_as_small_as_the_leaves_stay_positive() {
    let t = find("interlaced-pillars").expect("a template");
    let library = Library::embedded();
    for i in [97, 102, 121, 185] {
        let values = random::sets(t, 20_260_102).nth(i).expect("a set");
        let plan = (t.expand)(&values).expect("a valid set");
        assert_eq!(random::fault(&plan, &library), None, "set {i}");
    }
}
