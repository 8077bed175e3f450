//! What is said of collectors that cannot be followed along the chip.
#![allow(clippy::unwrap_used)]

use cellwright::prepare::Prepared;

const DESIGN: &str = include_str!("../../../examples/11-chip-collectors/design.toml");

fn refused(design: &str, because: &str) {
    let faults = Prepared::from_design("design.toml", design).unwrap_err();
    let said = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(said.contains("E064") && said.contains(because), "{said}");
}

#[test]
fn single_particle_models_know_one_dimension() {
    refused(
        &DESIGN.replace("kind  = \"DFN\"", "kind  = \"SPMe\""),
        "SPMe knows one dimension only",
    );
}

#[test]
fn both_electrodes_need_a_collector() {
    let (kept, rest) = DESIGN.split_once("[[film]]\nname      = \"positive collector\"").unwrap();
    let after = rest.split_once("\n\n").unwrap().1;
    refused(&format!("{kept}{after}"), "no collector lies on the positive electrode");
}

#[test]
fn tabs_multiply_the_stack_by_the_pieces() {
    let chip = Prepared::from_design("design.toml", DESIGN).unwrap();
    let mesh = &chip.cell.meshed.as_ref().unwrap().mesh;
    assert_eq!(mesh.n_cells(), 10 * 10 * (60 + 2));
    let stack: f64 = mesh.volumes[..6000].iter().sum();
    assert!((stack / (4e-4 * 92.4e-6) - 1.0).abs() < 1e-12, "{stack}");
}
