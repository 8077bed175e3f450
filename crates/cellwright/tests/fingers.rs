//! Combs whose metal has a resistance, from the design on.
#![allow(clippy::unwrap_used)]

use cellwright::design::Design;
use cellwright::prepare::Prepared;
use cellwright_base::diagnostic::Diagnostic;
use cellwright_device::mesh::{ELECTROLYTE, NEGATIVE, NEGATIVE_COLLECTOR, POSITIVE, POSITIVE_COLLECTOR};

const CARBON: &str = include_str!("../../../examples/19-carbon-fingers/design.toml");
const WALLS: &str = include_str!("../../../examples/fab-filament-walls/design.toml");
const COAXIAL: &str = include_str!("../../../examples/fab-coaxial-pillars/design.toml");
const PILLARS: &str = include_str!("../../../examples/fab-interlaced-pillars/design.toml");

fn prepared(design: &str) -> Result<Prepared, Vec<Diagnostic>> {
    Prepared::from_any_design("design.toml", design, &mut |_| unreachable!(), &|| false, &mut |_, _, _| {})
}

fn volume(p: &Prepared, region: usize) -> f64 {
    let mesh = &p.cell.meshed.as_ref().unwrap().mesh;
    mesh.volumes
        .iter()
        .zip(&mesh.regions)
        .filter(|(_, r)| **r == region)
        .map(|v| v.0)
        .sum()
}

#[test]
fn fingers_are_meshed_from_bus_to_bus() {
    let p = prepared(CARBON).unwrap();
    // 39 gaps, each with half a finger of either comb: widths, heights and lengths as drawn.
    let electrode = 39.0 * 15.5e-6 * 10e-6 * (5e-3 - 4e-6);
    for region in [NEGATIVE, POSITIVE] {
        assert!(
            (volume(&p, region) / electrode - 1.0).abs() < 2e-3,
            "{}",
            volume(&p, region) / electrode
        );
    }
    let bus = 100e-6 * (20.0 * 100e-6 - 15e-6);
    let metal = (39.0 * 17.5e-6 * 5e-3 + bus) * 200e-9;
    // Thinner at its edges, in the shadow of the resist.
    for region in [NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR] {
        assert!(
            (volume(&p, region) / metal - 0.985).abs() < 1.5e-2,
            "{}",
            volume(&p, region) / metal
        );
    }
    assert!(volume(&p, ELECTROLYTE) > 0.0);
    let tabs = |faces: &[cellwright_device::mesh::BoundaryFace]| faces.iter().filter(|f| f.supply.is_none()).count();
    let mesh = &p.cell.meshed.as_ref().unwrap().mesh;
    assert_eq!([tabs(&mesh.negative), tabs(&mesh.positive)], [1, 1], "one pad each");
}

#[test]
fn ideal_collectors_say_what_they_leave_out() {
    let p = prepared(&CARBON.replace("collectors = \"resolved\"", "collectors = \"ideal\"")).unwrap();
    let said = p.warnings.iter().find(|d| d.code == "W214").unwrap();
    assert!(said.to_string().contains("5.42 mV at 1C"), "{said}");
}

#[test]
fn walls_are_a_section_repeated() {
    let followed = WALLS.replace("[model]\n", "[model]\ncollectors = \"resolved\"\nplane = 4\n");
    let [one, all] = [WALLS, &followed].map(|d| prepared(d).unwrap());
    for region in [NEGATIVE, ELECTROLYTE, POSITIVE] {
        assert!((volume(&all, region) / volume(&one, region) - 1.0).abs() < 1e-6);
    }
}

#[test]
fn a_flow_of_its_own_says_the_same_and_is_written_again() {
    let (design, _) = Design::parse("design.toml", CARBON).unwrap();
    let plan = design.plan.clone().unwrap();
    let text = cellwright::design::write_custom(&plan, &design);
    let (again, _) = Design::parse("again.toml", &text).unwrap();
    let (window, known) = (again.plan.unwrap().window, plan.window);
    let (found, wanted) = (window.tabs.unwrap(), known.tabs.unwrap());
    assert_eq!((found.edges, found.finger_length), (wanted.edges, wanted.finger_length));
    let (a, b) = (found.bus.unwrap(), wanted.bus.unwrap());
    for (a, b) in [(a.width, b.width), (a.length, b.length), (a.pad[0], b.pad[0]), (a.pad[1], b.pad[1])] {
        assert!((a / b - 1.0).abs() < 1e-12);
    }
}

#[test]
fn pillars_are_a_period_repeated_along_the_metal_of_the_fingers() {
    let followed = format!("{PILLARS}\n[model]\ncollectors = \"resolved\"\nplane = 3\n");
    let [one, all] = [PILLARS, &followed].map(|d| prepared(d).unwrap());
    for region in [NEGATIVE, ELECTROLYTE, POSITIVE] {
        let (found, wanted) = (volume(&all, region), volume(&one, region));
        assert!(wanted == 0.0 || (found / wanted - 1.0).abs() < 1e-2, "{region}: {found} {wanted}");
    }
    let mesh = &all.cell.meshed.as_ref().unwrap().mesh;
    for region in [NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR] {
        // Three pieces of the fingers and one of the bus.
        assert_eq!(mesh.regions.iter().filter(|r| **r == region).count(), 4);
    }
    assert!(
        mesh.negative
            .iter()
            .all(|f| f.supply.is_some() || mesh.regions[f.cell] == NEGATIVE_COLLECTOR)
    );
}

#[test]
fn what_is_no_comb_cannot_be_followed() {
    let faults = prepared(&format!("{COAXIAL}\n[model]\ncollectors = \"resolved\"\n")).err().unwrap();
    assert!(faults.iter().any(|f| f.code == "E064"), "{faults:?}");
}
