//! What each way of deposition adds to the tape.

use super::chip::Chip;
use super::growth;
use crate::fabrication::Region;
use crate::plan::{Deposit, Form, Shape};
use crate::technique::{self, Kind};
use cellwright_device::field::FieldId;
use cellwright_device::field::lateral::{Feature, Lateral};
use cellwright_device::tape::RegionId;

/// Thickness on an open flat surface, m: as given, or from the recipe (cycles times growth per cycle, wet thickness times solids).
pub fn nominal(d: &Deposit) -> Option<f64> {
    if d.thickness.is_finite() {
        return Some(d.thickness);
    }
    let technique = technique::find(&d.technique)?;
    let recipe = &d.recipe;
    if let Some(cycles) = recipe.cycles {
        return Some(cycles * technique.growth_per_cycle.as_ref()?.value);
    }
    let wet = recipe.wet_thickness?;
    let solids = recipe.solids.or(technique.solids.as_ref().map(|s| s.value))?;
    Some(technique::print::dry_thickness(wet, solids, d.porosity))
}

/// Adds the film of a step; returns its region.
pub fn run(chip: &mut Chip<'_>, step: usize, name: &str, d: &Deposit, temperature: f64) -> Option<RegionId> {
    let (kind, t) = (technique::find(&d.technique)?.kind, nominal(d)?);
    let mask = d.mask.as_deref();
    let region = chip.region(Region {
        name: name.to_owned(),
        material: d.material.clone(),
        role: d.role,
        step: Some(step),
        porosity: d.porosity,
    });
    match kind {
        Kind::Pattern => {
            chip.resist.push((region, d.mask.clone()));
            let film = surface_grown(chip, t)?;
            within(chip, region, film, mask);
        }
        Kind::BottomUp => plated(chip, region, d, t)?,
        Kind::Extrude => filaments(chip, region, d, t)?,
        Kind::Print | Kind::Template | Kind::Infill if matches!(chip.plan.substrate.form, Form::Wafer { .. }) => {
            let prism = chip.prism(mask);
            let base = middle(chip.heights(24, mask.map(|_| prism)))?;
            let top = chip.tape.fields.below(base + t);
            let bleed = technique::find(&d.technique)?.edge_bleed.as_ref().map_or(0.0, |b| b.value);
            match mask.and_then(|m| chip.laterals.get(m)).copied() {
                Some(shapes) if kind == Kind::Print && bleed > 0.0 => {
                    // Paste that leaves the upper edge lies beyond the lower one: a trapezoid of the drawn cross-section.
                    let side = chip.tape.fields.slope(shapes, base + 0.5 * t, -2.0 * bleed / t);
                    let body = chip.tape.fields.intersection(top, side);
                    chip.tape.add(region, body);
                }
                _ => within(chip, region, top, mask),
            }
        }
        Kind::Transfer => sheet(chip, region, d, t)?,
        _ => match growth::film(chip, d, t, temperature) {
            Some(table) => {
                let surface = chip.tape.surface()?;
                if mask.is_none() && d.on.is_empty() {
                    chip.tape.coat(region, table);
                } else {
                    let film = chip.tape.fields.coat(surface, table);
                    within(chip, region, film, mask);
                }
            }
            None if mask.is_none() => chip.tape.grow(region, t),
            None => {
                let film = surface_grown(chip, t)?;
                within(chip, region, film, mask);
            }
        },
    }
    Some(region)
}

fn surface_grown(chip: &mut Chip<'_>, t: f64) -> Option<FieldId> {
    let surface = chip.tape.surface()?;
    Some(chip.tape.fields.grow(surface, t))
}

/// Adds a body where the mask is open.
fn within(chip: &mut Chip<'_>, region: RegionId, body: FieldId, mask: Option<&str>) {
    let field = match mask {
        Some(_) => {
            let prism = chip.prism(mask);
            chip.tape.fields.intersection(body, prism)
        }
        None => body,
    };
    chip.tape.add(region, field);
}

/// Grows from the exposed surface of the named steps; over the rim of resist it spreads sideways.
fn plated(chip: &mut Chip<'_>, region: RegionId, d: &Deposit, t: f64) -> Option<()> {
    let seeds = if d.on.is_empty() {
        super::observe::conductors(&chip.regions)
    } else {
        chip.regions_named(&d.on)
    };
    let seed = chip.tape.surface_of(&seeds)?;
    let mut film = chip.tape.fields.grow(seed, t);
    if let Some((_, Some(mask))) = chip.resist.last().cloned() {
        // Inside the openings of the resist it rises straight; what rises over the rim spreads as far as it rises.
        let prism = chip.prism(Some(&mask));
        let opening = chip.tape.fields.complement(prism);
        let straight = chip.tape.fields.intersection(film, opening);
        let rim = chip.heights(24, Some(prism)).into_iter().fold(f64::NEG_INFINITY, f64::max);
        let base = middle(chip.heights(24, Some(opening)));
        film = straight;
        if let Some(over) = base.map(|b| b + t - rim).filter(|o| *o > 0.0) {
            let below = chip.tape.fields.below(rim);
            let plug = chip.tape.fields.intersection(opening, below);
            let cap = chip.tape.fields.grow(plug, over);
            film = chip.tape.fields.union(straight, cap);
        }
    }
    within(chip, region, film, d.mask.as_deref());
    Some(())
}

/// Stacks filaments along the tool path: width of the drawn path, height of one layer, round sides.
fn filaments(chip: &mut Chip<'_>, region: RegionId, d: &Deposit, t: f64) -> Option<()> {
    let name = d.mask.as_deref()?;
    let width = chip
        .plan
        .masks
        .iter()
        .find(|m| m.name == name)?
        .shapes
        .iter()
        .find_map(path_width)?;
    let bare = chip
        .tape
        .fields
        .shapes(*chip.laterals.get(name)?)
        .features
        .iter()
        .map(|f| match *f {
            Feature::Capsule { a, b, .. } => Feature::Capsule { a, b, radius: 0.0 },
            other => other,
        });
    let bare = Lateral { features: bare.collect() };
    let path = chip.tape.fields.lateral(bare);
    let prism = chip.prism(Some(name));
    let base = middle(chip.heights(24, Some(prism)))?;
    let layers = d.recipe.layers.unwrap_or(1).max(1);
    let high = t / f64::from(layers);
    let half = 0.5 * (width - high).max(0.0);
    let mut body: Option<FieldId> = None;
    for k in 0..layers {
        let ridge = chip
            .tape
            .fields
            .ridge(path, half, base + (f64::from(k) + 0.5) * high, 0.5 * high.min(width));
        body = Some(match body {
            Some(b) => chip.tape.fields.union(b, ridge),
            None => ridge,
        });
    }
    chip.tape.add(region, body?);
    Some(())
}

/// Width of a tool path.
pub fn path_width(shape: &Shape) -> Option<f64> {
    match shape {
        Shape::Path { width, .. } => Some(*width),
        Shape::Array { shape, .. } => path_width(shape),
        _ => None,
    }
}

/// Lays a sheet on the highest points, or a wire beside the fibre, or a wrap around everything.
fn sheet(chip: &mut Chip<'_>, region: RegionId, d: &Deposit, t: f64) -> Option<()> {
    let mask = d.mask.as_deref();
    if let Form::Fibre { .. } = chip.plan.substrate.form {
        let wire = mask.and_then(|m| chip.laterals.get(m)).and_then(|l| {
            chip.tape.fields.shapes(*l).features.iter().find_map(|f| match f {
                Feature::Capsule { a, .. } => Some(*a),
                _ => None,
            })
        });
        if let Some(a) = wire {
            let tube = chip.tape.fields.tube([a[1], 0.0], 0.5 * t);
            chip.tape.add(region, tube);
            return Some(());
        }
        let film = surface_grown(chip, t)?;
        within(chip, region, film, mask);
        return Some(());
    }
    let prism = chip.prism(mask);
    let highest = chip.heights(24, mask.map(|_| prism)).into_iter().fold(f64::NEG_INFINITY, f64::max);
    if !highest.is_finite() {
        return None;
    }
    let (above, below) = (chip.tape.fields.above(highest), chip.tape.fields.below(highest + t));
    let slab = chip.tape.fields.intersection(above, below);
    within(chip, region, slab, mask);
    Some(())
}

/// Median of heights: that of the surface on which most of a print lies.
pub fn middle(mut heights: Vec<f64>) -> Option<f64> {
    heights.sort_by(f64::total_cmp);
    heights.get(heights.len() / 2).copied()
}
