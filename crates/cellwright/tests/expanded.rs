//! A design and the masks and steps it stands for make the same device.
#![allow(clippy::unwrap_used)]

use cellwright::build::{Blueprint, blueprint};
use cellwright::design::{Design, template_text, write_custom};
use cellwright_fab::emulate::{Options, fabricate};
use cellwright_fab::fabrication::Inventory;
use cellwright_fab::template::TEMPLATES;

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
        let near = |x: f64, y: f64| (x - y).abs() <= 1e-9 * x.abs().max(y.abs());
        assert_eq!(a.items.len(), b.items.len(), "{}", template.name);
        // Resist over bare columns has a distance that jumps; where the jump is cut depends on the last digit of the masks.
        let jumps = ["column-interdigital", "interlaced-pillars"].contains(&template.name);
        for (i, k) in a.items.iter().zip(&b.items) {
            assert!(near(i.volume, k.volume), "{}: {i:?} {k:?}", template.name);
            assert!(jumps || near(i.surface, k.surface), "{}: {i:?} {k:?}", template.name);
        }
        for (x, y) in [(a.footprint, b.footprint), (a.void, b.void)] {
            assert!(near(x, y), "{}: {x:e} {y:e}", template.name);
        }
        assert!(jumps || near(a.area_enhancement, b.area_enhancement), "{}", template.name);
    }
}
