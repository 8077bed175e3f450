//! Profiles at the frames of the time slider.

use super::shown::shown;
use crate::prepare::Prepared;
use crate::report::colour::Colour;
use crate::report::data::{Profile, ProfileRegion};
use crate::report::kind::Kind;
use crate::report::thin::choose_frames;
use crate::study::Study;
use crate::summary::symbols;
use cellwright_device::Role;
use cellwright_electrochem::model::{Model, REGION_NEGATIVE, REGION_POSITIVE};
use cellwright_electrochem::profiles::ProfileQuantity;
use cellwright_electrochem::spec::Electrode;
use cellwright_lab::results::Quantity;

/// Positions in `solution.frames` of the frames to show, spread by curve length, ends of steps kept.
pub fn frames(study: &Study, most: usize) -> Vec<usize> {
    let s = &study.solution;
    let (t, v) = (s.column(Quantity::TestTime), s.column(Quantity::Voltage));
    let shown = shown(study);
    let of_shown = || s.frames.iter().take_while(|f| f.row < shown.rows);
    let time: Vec<f64> = of_shown().map(|f| t[f.row]).collect();
    let voltage: Vec<f64> = of_shown().map(|f| v[f.row]).collect();
    let ends: Vec<f64> = s.steps[..shown.steps].iter().map(|r| r.end).take(most / 2).collect();
    choose_frames(&time, &voltage, &ends, most)
}

/// Times of the frames, s.
pub fn times(study: &Study, frames: &[usize]) -> Vec<f64> {
    let t = study.solution.column(Quantity::TestTime);
    frames.iter().map(|f| t[study.solution.frames[*f].row]).collect()
}

/// All profiles of the run.
pub fn profiles(prepared: &Prepared, study: &Study, frames: &[usize]) -> Vec<Profile> {
    let s = &study.solution;
    let names = symbols(prepared);
    let model = prepared.cell.model(prepared.cell.spec.clone());
    let mut out: Vec<Profile> = Vec::new();
    for (k, axis) in s.axes.iter().enumerate() {
        let film = |e: usize, electrode: &Electrode| {
            let Electrode::Film { thickness, .. } = electrode else {
                return vec![];
            };
            let colour = if e == 0 { Colour::Negative } else { Colour::Positive };
            vec![ProfileRegion {
                name: names[2 * e].clone(),
                colour,
                span: [0.0, *thickness],
                x: axis.position.clone(),
            }]
        };
        let (id, short, title, quantity, kind, position, regions) = match axis.quantity {
            ProfileQuantity::ElectrolyteConcentration => (
                "salt",
                "Concentration",
                format!("Mobile lithium in {}", names[1]),
                "Concentration",
                Kind::Concentration,
                "Distance from the negative side",
                regions(&model, &names, &axis.position),
            ),
            ProfileQuantity::ElectrolytePotential => (
                "potential",
                "Potential",
                format!("Potential in {}, against lithium", names[1]),
                "Electrolyte potential",
                Kind::Voltage,
                "Distance from the negative side",
                regions(&model, &names, &axis.position),
            ),
            ProfileQuantity::Temperature => (
                "temperature",
                "Temperature",
                "Temperature through the device, against the mean of the cell".to_owned(),
                "Temperature above the mean",
                Kind::TemperatureDifference,
                "Distance from the negative side",
                thermal_regions(prepared, &model, &names),
            ),
            ProfileQuantity::NegativeFilm => (
                "negative",
                "Lithium, negative",
                format!("Lithium in {}", names[0]),
                "Lithium fraction",
                Kind::Fraction,
                "Distance from the electrolyte",
                film(0, &prepared.cell.spec.negative),
            ),
            ProfileQuantity::PositiveFilm => (
                "positive",
                "Lithium, positive",
                format!("Lithium in {}", names[2]),
                "Lithium fraction",
                Kind::Fraction,
                "Distance from the electrolyte",
                film(1, &prepared.cell.spec.positive),
            ),
            ProfileQuantity::NegativeSurface => (
                "negative",
                "Lithium, negative",
                format!("Lithium at the particle surfaces of {}", names[0]),
                "Lithium fraction",
                Kind::Fraction,
                "Distance from the negative side",
                regions(&model, &names, &axis.position),
            ),
            ProfileQuantity::PositiveSurface => (
                "positive",
                "Lithium, positive",
                format!("Lithium at the particle surfaces of {}", names[2]),
                "Lithium fraction",
                Kind::Fraction,
                "Distance from the negative side",
                regions(&model, &names, &axis.position),
            ),
        };
        let values = frames.iter().flat_map(|f| s.frames[*f].values[k].iter().copied()).collect();
        let profile = Profile {
            id: id.into(),
            short: short.into(),
            title,
            quantity: quantity.into(),
            kind,
            position: position.into(),
            regions,
            values,
            snapshots: vec![],
            note: String::new(),
        };
        let flat = axis.quantity == ProfileQuantity::Temperature && profile.values.iter().all(|v| v.abs() < LEAST_DIFFERENCE);
        if profile.width() > 1 && !flat {
            out.push(profile);
        }
    }
    // Lithium in the solid first: it is what the reader looks for.
    out.sort_by_key(|p| match p.id.as_str() {
        "positive" => 0,
        "negative" => 1,
        "salt" => 2,
        "temperature" => 4,
        _ => 3,
    });
    out
}

/// Differences of temperature that are drawn at least, K.
const LEAST_DIFFERENCE: f64 = 1e-9;

/// Regions of the cell and the layers on both sides of it.
fn thermal_regions(prepared: &Prepared, model: &Model, names: &[String; 3]) -> Vec<ProfileRegion> {
    let layers = &prepared.cell.device.layers;
    let (places, outside) = (model.field_positions(), model.field_layers());
    let n = model.mesh.n_cells();
    let mut out = regions(model, names, &model.mesh.position);
    let mut first = 0;
    while first < outside.len() {
        let name = outside[first];
        let count = outside[first..].iter().take_while(|o| **o == name).count();
        let mut x = places[n + first..n + first + count].to_vec();
        x.sort_by(f64::total_cmp);
        let layer = layers.iter().find(|l| l.name == name);
        let half = layer.map_or(0.0, |l| 0.5 * l.thickness / count as f64);
        let colour = layer.map_or(Colour::Muted, |l| colour_of(l.role));
        out.push(ProfileRegion {
            name: layer.map_or_else(|| name.to_owned(), |l| l.material.clone()),
            colour,
            span: [x[0] - half, x[count - 1] + half],
            x,
        });
        first += count;
    }
    out.sort_by(|a, b| a.span[0].total_cmp(&b.span[0]));
    out
}

fn colour_of(role: Role) -> Colour {
    match role {
        Role::Negative => Colour::Negative,
        Role::Positive => Colour::Positive,
        Role::Electrolyte => Colour::Electrolyte,
        Role::Collector => Colour::Metal,
        Role::Substrate => Colour::Substrate,
        Role::Encapsulation => Colour::Encapsulation,
        Role::Insulator => Colour::Insulator,
        _ => Colour::Muted,
    }
}

/// Regions of the electrolyte-bearing stack that the positions fall into.
fn regions(model: &Model, names: &[String; 3], position: &[f64]) -> Vec<ProfileRegion> {
    let mut out: Vec<ProfileRegion> = Vec::new();
    let mut last = usize::MAX;
    let area = model.spec.area;
    for (k, x) in model.mesh.position.iter().enumerate() {
        let (region, half) = (model.mesh.regions[k], 0.5 * model.mesh.volumes[k] / area);
        let here = position.contains(x);
        if !here {
            continue;
        }
        if region != last {
            let (name, colour) = match region {
                REGION_NEGATIVE => (&names[0], Colour::Negative),
                REGION_POSITIVE => (&names[2], Colour::Positive),
                _ => (&names[1], Colour::Electrolyte),
            };
            out.push(ProfileRegion {
                name: name.clone(),
                colour,
                span: [x - half, x + half],
                x: vec![],
            });
            last = region;
        }
        if let Some(r) = out.last_mut() {
            r.x.push(*x);
            r.span[1] = x + half;
        }
    }
    out
}
