//! Profiles at the frames of the time slider.

use super::shown::shown;
use crate::prepare::Prepared;
use crate::report::colour::Colour;
use crate::report::data::{Profile, ProfileRegion};
use crate::report::kind::Kind;
use crate::report::thin::choose_frames;
use crate::study::Study;
use crate::summary::symbols;
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
        if profile.width() > 1 {
            out.push(profile);
        }
    }
    // Lithium in the solid first: it is what the reader looks for.
    out.sort_by_key(|p| match p.id.as_str() {
        "positive" => 0,
        "negative" => 1,
        "salt" => 2,
        _ => 3,
    });
    out
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
