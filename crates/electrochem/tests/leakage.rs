//! The body of electrolyte that electrons leak through: films, separators and meshed electrodes.
#![allow(clippy::unwrap_used)]
#[path = "common/cells.rs"]
mod cells;
mod common;
#[path = "common/meshes.rs"]
mod meshes;

use cellwright_electrochem::leakage::{current_density, length};
use cellwright_electrochem::model::Model;
use cellwright_electrochem::spec::Electrode;

#[test]
fn a_film_leaks_over_its_thickness() {
    let spec = cells::film(cells::single_ion(), common::number("diffusion", 1e-14));
    let exact = spec.area / spec.separator.thickness;
    let found = length(&Model::new(spec)).unwrap();
    assert!((found / exact - 1.0).abs() < 1e-9, "{found} {exact}");
}

#[test]
fn pores_of_the_electrodes_take_no_part() {
    let spec = common::chen();
    assert!(matches!(spec.negative, Electrode::Porous { .. }));
    let s = spec.separator;
    let exact = spec.area * s.transport_efficiency / s.thickness;
    let found = length(&Model::new(spec)).unwrap();
    assert!((found / exact - 1.0).abs() < 1e-9, "{found} {exact}");
}

#[test]
fn a_meshed_electrode_is_an_end() {
    let spec = cells::film(cells::single_ion(), common::number("diffusion", 1e-14));
    let exact = spec.area / spec.separator.thickness;
    let film = match &spec.positive {
        Electrode::Film { thickness, .. } => *thickness,
        other => panic!("{other:?}"),
    };
    let mesh = meshes::resolved(spec.area, (spec.separator.thickness, 12), (film, 8), 1.2);
    let wide = meshes::widened(&mesh, &[0.5, 0.3, 0.2]);
    let found = length(&Model::on(wide, spec, [f64::INFINITY; 2])).unwrap();
    assert!((found / exact - 1.0).abs() < 1e-9, "{found} {exact}");
}

#[test]
fn a_micrometre_of_lipon() {
    // 1e-14 S/cm at 3.9 V: 0.39 nA/cm2, 3.4 uAh/cm2 a year.
    let j = current_density(1e-12, 3.9, 1e-6);
    assert!((j - 0.39e-5).abs() < 1e-20);
    assert!((j * 8760.0 / 10.0 * 1e3 - 3.4164).abs() < 1e-9);
}
