//! What each way of taking material away does to the tape.

use super::chip::Chip;
use super::deposit::{self, middle};
use crate::fabrication::Region;
use crate::plan::{Etch, Form, Infill, Verb};
use crate::technique;
use cellwright_device::Role;
use cellwright_device::tape::RegionId;

/// Etches.
pub fn etch(chip: &mut Chip<'_>, e: &Etch) {
    // With height the opening widens by the cotangent of the wall's angle; what is kept gets narrower.
    let widening = if (e.sidewall - std::f64::consts::FRAC_PI_2).abs() < 1e-12 {
        0.0
    } else {
        1.0 / e.sidewall.tan()
    };
    let shapes = e.mask.as_ref().and_then(|m| chip.laterals.get(m)).copied();
    let fields = &mut chip.tape.fields;
    let lateral = match (shapes, e.inside) {
        (Some(shapes), true) => fields.slope(shapes, 0.0, widening),
        (Some(shapes), false) => {
            let kept = fields.slope(shapes, 0.0, -widening);
            fields.complement(kept)
        }
        (None, _) => fields.everywhere(),
    };
    let isotropic = technique::find(&e.technique)
        .and_then(|t| t.isotropy.as_ref())
        .is_some_and(|i| i.value > 0.5);
    let cut = match e.depth {
        Some(depth) if isotropic && shapes.is_some() => {
            // From every point of the opening as far sideways as down.
            let above = fields.above(0.0);
            let opening = fields.intersection(lateral, above);
            fields.grow(opening, depth)
        }
        Some(depth) => {
            let floor = fields.above(-depth);
            fields.intersection(lateral, floor)
        }
        None => lateral,
    };
    let only = (!e.only.is_empty()).then(|| chip.regions_named(&e.only));
    chip.tape.remove(cut, only);
}

/// Dissolves resist and takes along what was deposited on it.
pub fn lift_off(chip: &mut Chip<'_>, resist: &str) {
    let Some(i) = chip.resist.iter().position(|(r, _)| chip.regions[*r as usize].name == resist) else {
        return;
    };
    let (region, mask) = chip.resist.remove(i);
    let prism = chip.prism(mask.as_deref());
    let later: Vec<RegionId> = (region + 1..chip.regions.len() as RegionId).collect();
    if !later.is_empty() {
        let opening = chip.tape.fields.complement(prism);
        let film: f64 = later.iter().filter_map(|r| nominal(chip, *r)).sum();
        // Above the film in the openings, what hangs over the edge of the resist goes with it.
        let floor = middle(chip.heights(24, Some(opening)));
        let fields = &mut chip.tape.fields;
        let cut = match floor {
            Some(z) => {
                let (wide, above) = (fields.grow(prism, film), fields.above(z + 0.1 * film));
                let rim = fields.intersection(wide, above);
                fields.union(prism, rim)
            }
            None => prism,
        };
        chip.tape.remove(cut, Some(later));
    }
    chip.tape.strip(&[region]);
    chip.gone.push(region);
}

/// Thickness that the step of a region meant to deposit, m.
fn nominal(chip: &Chip<'_>, region: RegionId) -> Option<f64> {
    let step = chip.regions[usize::from(region)].step?;
    match &chip.plan.steps[step].verb {
        Verb::Deposit(d) => deposit::nominal(d),
        _ => None,
    }
}

/// Polishes down to a plane.
pub fn planarise(chip: &mut Chip<'_>, height: f64) {
    let cut = chip.tape.fields.above(height);
    chip.tape.remove(cut, None);
}

/// Fills open space with liquid or gel up to a level (on a fibre: as far below as above).
pub fn infill(chip: &mut Chip<'_>, step: usize, name: &str, i: &Infill) -> RegionId {
    let region = chip.region(Region {
        name: name.to_owned(),
        material: i.material.clone(),
        role: Role::Electrolyte,
        step: Some(step),
        porosity: 0.0,
    });
    let prism = chip.prism(i.mask.as_deref());
    let fields = &mut chip.tape.fields;
    let mut body = fields.below(i.level);
    if let Form::Fibre { .. } = chip.plan.substrate.form {
        let under = fields.above(-i.level);
        body = fields.intersection(body, under);
    }
    let field = fields.intersection(body, prism);
    chip.tape.add(region, field);
    region
}
