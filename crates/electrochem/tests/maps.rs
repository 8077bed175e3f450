//! Maps against the state that they show.
#![allow(clippy::unwrap_used)]
#[path = "common/cells.rs"]
mod cells;
mod common;
#[path = "common/meshes.rs"]
mod meshes;

use cellwright_dae::{InitialOptions, consistent_initial_conditions};
use cellwright_device::mesh::{Mesh, POSITIVE};
use cellwright_electrochem::maps::Map;
use cellwright_electrochem::model::{BLOCK, Control, Model};
use cellwright_electrochem::spec::*;
use meshes::placed;

fn started(mesh: Mesh, spec: &CellSpec) -> (Model, Vec<f64>) {
    let mut model = Model::on(mesh, spec.clone(), [f64::INFINITY; 2]);
    model.control = Control::Current(spec.current_1c);
    let mut y = model.initial_state();
    let mut yp = vec![0.0; y.len()];
    consistent_initial_conditions(&mut model, 0.0, &mut y, &mut yp, &InitialOptions::default()).unwrap();
    (model, y)
}

fn spec(name: &str) -> CellSpec {
    cells::all().into_iter().find(|(n, _)| *n == name).unwrap().1
}

#[test]
fn an_even_current_is_even_in_the_map() {
    let spec = spec("film, single ion");
    let (mut model, y) = started(placed(&spec, &[0.3, 0.7]), &spec);
    let map = model.map(&y);
    let expected = spec.current_1c / spec.area;
    assert_eq!(map.ionic_current.len(), model.mesh.n_cells());
    for i in &map.ionic_current {
        assert!((f64::from(i[2]) / expected - 1.0).abs() < 1e-5, "{i:?} of {expected}");
        assert!(f64::from(i[0]).abs() < 1e-5 * expected && i[1] == 0.0, "{i:?}");
    }
    assert!(
        map.concentration.iter().all(|c| c.is_nan()),
        "a single-ion conductor has one concentration"
    );
    for (spot, j) in model.spots().iter().zip(&map.reaction) {
        let sign = if spot.electrode == 0 { 1.0 } else { -1.0 };
        assert!((sign * f64::from(*j) / expected - 1.0).abs() < 1e-5);
        assert_eq!(spot.outward, [0.0, 0.0, -sign]);
    }
}

#[test]
fn values_are_those_of_the_state() {
    let spec = spec("DFN, Marquis");
    let (mut model, y) = started(placed(&spec, &[0.5, 0.5]), &spec);
    let map = model.map(&y);
    let half = model.mesh.n_cells() / 2;
    for k in 0..model.mesh.n_cells() {
        assert_eq!(map.concentration[k], y[BLOCK * k] as f32);
        assert_eq!(map.electrolyte_potential[k], y[BLOCK * k + 1] as f32);
        let inside = model.mesh.regions[k] != cellwright_device::mesh::ELECTROLYTE;
        assert_eq!(map.electrode_potential[k].is_nan(), !inside);
        assert_eq!(map.stoichiometry[k].is_nan(), !inside);
        assert!((map.ionic_current[k][2] - map.ionic_current[k % half][2]).abs() < 1e-3);
    }
    let spots = model.spots();
    let mut sums = [0.0; 2];
    for (spot, j) in spots.iter().zip(&map.reaction) {
        sums[spot.electrode] += spot.area * f64::from(*j);
        assert_eq!(
            map.stoichiometry[spot.cell],
            map.site_mean[spots.iter().position(|s| s == spot).unwrap()]
        );
    }
    for (sum, sign) in sums.into_iter().zip([1.0, -1.0]) {
        assert!((sign * sum / spec.current_1c - 1.0).abs() < 1e-5, "{sum}");
    }
    // In the separator all current is ionic.
    let separator = model
        .mesh
        .regions
        .iter()
        .position(|r| *r == cellwright_device::mesh::ELECTROLYTE)
        .unwrap();
    let i = f64::from(map.ionic_current[separator][2]);
    assert!((i * spec.area / spec.current_1c - 1.0).abs() < 1e-4);
    assert!(model.mesh.regions.contains(&POSITIVE));
}

#[test]
fn numbers_in_a_row_make_the_same_map() {
    let spec = spec("DFN, Marquis");
    let (mut model, y) = started(placed(&spec, &[1.0]), &spec);
    let map = model.map(&y);
    let values: Vec<f32> = map.values().collect();
    let (n, s) = (model.mesh.n_cells(), model.n_sites());
    assert_eq!(values.len(), Map::len([n, s, 0]));
    let back = Map::from_values([n, s, 0], &values).unwrap();
    assert_eq!(format!("{back:?}"), format!("{map:?}"));
    assert!(Map::from_values([n + 1, s, 0], &values).is_none());
    let mut stack = Model::new(spec);
    assert!(!stack.has_maps() && stack.spots().is_empty() && stack.map(&y) == Map::default());
}
