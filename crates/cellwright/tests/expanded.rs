//! A design and the masks and steps it stands for make the same device. Their lengths agree to 1e-12 (see the round trips of designs);
//! flat devices then have the same inventory, and for curved ones, whose box is split differently for a last digit, it agrees within the
//! accuracy that is promised of it.
#![allow(clippy::unwrap_used)]

use cellwright::build::{Blueprint, blueprint};
use cellwright::design::{Design, template_text, write_custom};
use cellwright_fab::emulate::{Options, fabricate};
use cellwright_fab::fabrication::Inventory;
use cellwright_fab::template::TEMPLATES;

/// Architectures with flat faces only.
const FLAT: [&str; 4] = ["planar-interdigital", "porous-scaffold", "silicon-wafer", "electroplated"];
/// Accuracy of volumes, and of areas at four times the usual coarseness (second order, 1e-3 at the usual one).
const PROMISED: [f64; 2] = [5e-4, 16e-3];

fn read(text: &str) -> Blueprint {
    let (design, warnings) = Design::parse("design.toml", text).unwrap();
    blueprint(design, warnings, &mut |_| Ok(vec![])).unwrap()
}

fn inventory(b: &Blueprint) -> Inventory {
    let options = Options {
        coarseness: 4.0,
        every_step: false,
    };
    fabricate(&b.plan, &b.library, &options).unwrap().fabrication.inventory
}

#[test]
fn every_architecture_and_its_expansion_have_the_same_inventory() {
    for template in TEMPLATES {
        let Some(text) = template_text(template.name) else { continue };
        let first = read(&text);
        let second = read(&write_custom(&first.plan, &first.design));
        let (a, b) = (inventory(&first), inventory(&second));
        let [volume, area] = if FLAT.contains(&template.name) { [1e-9; 2] } else { PROMISED };
        let near = |x: f64, y: f64, within: f64| (x - y).abs() <= within * x.abs().max(y.abs());
        assert_eq!(a.items.len(), b.items.len(), "{}", template.name);
        for (i, k) in a.items.iter().zip(&b.items) {
            assert!(near(i.volume, k.volume, volume), "{}: {i:?} {k:?}", template.name);
            assert!(near(i.surface, k.surface, area), "{}: {i:?} {k:?}", template.name);
        }
        assert!(
            near(a.footprint, b.footprint, 1e-9) && near(a.void, b.void, volume),
            "{}",
            template.name
        );
        assert!(near(a.area_enhancement, b.area_enhancement, area), "{}", template.name);
    }
}
