//! Where the reaction is: its current density along every direction of an electrode, and along its surface.

use crate::prepare::Prepared;
use crate::report::colour::Colour;
use crate::report::data::{Profile, ProfileRegion};
use crate::report::kind::Kind;
use crate::study::Study;
use crate::summary::symbols;
use cellwright_electrochem::maps::Spot;
use cellwright_electrochem::model::Model;
use std::collections::BTreeMap;

/// Sites that share a position along a line, with their weights.
struct Bins {
    electrode: usize,
    span: [f64; 2],
    x: Vec<f64>,
    members: Vec<Vec<(usize, f64)>>,
}

/// Ends of one position, and the sites there with their areas.
type Bin = ([f64; 2], Vec<(usize, f64)>);

/// Reaction current densities over the frames, for cells in their real geometry.
pub fn profiles(prepared: &Prepared, study: &Study, frames: &[usize]) -> Vec<Profile> {
    let model = prepared.cell.model(prepared.cell.spec.clone());
    let spots = model.spots();
    let maps = |f: &usize| study.solution.frames.get(*f).and_then(|f| f.map.as_ref());
    let reactions: Vec<&[f32]> = frames.iter().filter_map(maps).map(|m| m.reaction.as_slice()).collect();
    if spots.is_empty() || reactions.len() != frames.len() {
        return vec![];
    }
    let names = symbols(prepared);
    let mut out = Vec::new();
    for electrode in 0..2 {
        let name = &names[2 * electrode];
        if let Some(bins) = surface(&spots, electrode) {
            let title = format!("Reaction along the surface of {name}");
            let id = ["surfn", "surfp"][electrode];
            let note = "Along the surface in the section, from its lower left end.";
            out.push(profile(
                id,
                &format!("Surface of {name}"),
                title,
                note,
                "Distance along the surface",
                &[&bins],
                &names,
                &reactions,
            ));
        }
    }
    for (axis, direction) in ["x", "y", "z"].into_iter().enumerate() {
        let lines: Vec<Vec<Bins>> = [0, 1].into_iter().filter_map(|e| along(&model, &spots, e, axis)).collect();
        let words = if axis == 2 { "Height" } else { "Position" };
        let note = "Mean over the other directions.";
        let mut all: Vec<&Bins> = lines.iter().flatten().collect();
        all.sort_by(|a, b| a.span[0].total_cmp(&b.span[0]));
        let apart = lines.len() == 2 && all.windows(2).all(|w| w[0].span[1] <= w[1].span[0] * (1.0 + 1e-9));
        if apart {
            let title = format!("Reaction along {direction}");
            let (id, short) = (format!("along{direction}"), format!("Along {direction}"));
            out.push(profile(&id, &short, title, note, words, &all, &names, &reactions));
            continue;
        }
        for bins in &lines {
            let electrode = bins[0].electrode;
            let name = &names[2 * electrode];
            let id = format!("along{direction}{}", ["n", "p"][electrode]);
            let title = format!("Reaction of {name} along {direction}");
            let short = format!("{name} along {direction}");
            let bins: Vec<&Bins> = bins.iter().collect();
            out.push(profile(&id, &short, title, note, words, &bins, &names, &reactions));
        }
    }
    out
}

#[allow(clippy::too_many_arguments)]
fn profile(
    id: &str,
    short: &str,
    title: String,
    note: &str,
    position: &str,
    lines: &[&Bins],
    names: &[String; 3],
    reactions: &[&[f32]],
) -> Profile {
    let origin = lines.iter().map(|b| b.span[0]).fold(f64::INFINITY, f64::min);
    let regions = lines.iter().map(|b| ProfileRegion {
        name: names[2 * b.electrode].clone(),
        colour: [Colour::Negative, Colour::Positive][b.electrode],
        span: b.span.map(|x| x - origin),
        x: b.x.iter().map(|x| x - origin).collect(),
    });
    let mean = |b: &Bins, members: &[(usize, f64)], j: &[f32]| {
        let sign = if b.electrode == 0 { 1.0 } else { -1.0 };
        let weight: f64 = members.iter().map(|m| m.1).sum();
        sign * members.iter().map(|(s, w)| w * f64::from(j[*s])).sum::<f64>() / weight
    };
    let values = reactions
        .iter()
        .flat_map(|j| lines.iter().flat_map(move |b| b.members.iter().map(move |m| mean(b, m, j))))
        .collect();
    Profile {
        id: id.into(),
        short: short.into(),
        title,
        quantity: "Reaction current density".into(),
        kind: Kind::CurrentDensity,
        position: position.into(),
        regions: regions.collect(),
        values,
        snapshots: vec![],
        note: format!("{note} Per area between solid and electrolyte; discharge positive."),
    }
}

/// Means over everything at the same position along an axis, one line for each body without a gap; nothing if there is but one position.
fn along(model: &Model, spots: &[Spot], electrode: usize, axis: usize) -> Option<Vec<Bins>> {
    let mut bins: BTreeMap<u64, Bin> = BTreeMap::new();
    let shift = model.mesh.boxes.iter().map(|b| b[0][axis]).fold(f64::INFINITY, f64::min);
    for (s, spot) in spots.iter().enumerate().filter(|(_, s)| s.electrode == electrode) {
        let b = model.mesh.boxes[spot.cell];
        let (lo, hi) = (b[0][axis] - shift, b[1][axis] - shift);
        // Positive numbers sort as their bits do.
        let bin = bins.entry(lo.to_bits()).or_insert(([lo, hi], vec![]));
        bin.0[1] = bin.0[1].max(hi);
        bin.1.push((s, spot.area));
    }
    if bins.len() < 3 {
        return None;
    }
    let mut out: Vec<Bins> = Vec::new();
    for ([lo, hi], sites) in bins.into_values() {
        let middle = 0.5 * (lo + hi);
        match out.last_mut() {
            Some(last) if lo <= last.span[1] * (1.0 + 1e-9) => {
                last.x.push(middle);
                last.span[1] = last.span[1].max(hi);
                last.members.push(sites);
            }
            _ => out.push(Bins {
                electrode,
                span: [lo, hi],
                x: vec![middle],
                members: vec![sites],
            }),
        }
    }
    Some(out)
}

/// The sites of a dense electrode one after the other along its surface in a plane; nothing for porous ones and free shapes.
fn surface(spots: &[Spot], electrode: usize) -> Option<Bins> {
    let on: Vec<(usize, &Spot)> = spots
        .iter()
        .enumerate()
        .filter(|(_, s)| s.electrode == electrode && s.outward != [0.0; 3])
        .collect();
    let first = on.first()?.1;
    let flat = (0..2).find(|i| on.iter().all(|(_, s)| (s.place[*i] - first.place[*i]).abs() < 1e-12))?;
    let h = 1 - flat;
    let distance = |a: &Spot, b: &Spot| (a.place[h] - b.place[h]).hypot(a.place[2] - b.place[2]);
    if on.len() < 3 {
        return None;
    }
    let mut left = on;
    let start = (0..left.len()).min_by(|a, b| {
        let key = |i: &usize| left[*i].1.place[h] + left[*i].1.place[2];
        key(a).total_cmp(&key(b))
    })?;
    let mut order = vec![left.swap_remove(start)];
    while let Some(next) = {
        let last = order[order.len() - 1].1;
        (0..left.len()).min_by(|a, b| distance(last, left[*a].1).total_cmp(&distance(last, left[*b].1)))
    } {
        order.push(left.swap_remove(next));
    }
    let steps: Vec<f64> = order.windows(2).map(|w| distance(w[0].1, w[1].1)).collect();
    let mut sorted = steps.clone();
    sorted.sort_by(f64::total_cmp);
    // Where the surface is interrupted, the line goes on with an ordinary step.
    let usual = sorted[sorted.len() / 2];
    let mut at = 0.5 * usual;
    let mut x = vec![at];
    for s in &steps {
        at += s.clamp(0.1 * usual, 6.0 * usual);
        x.push(at);
    }
    Some(Bins {
        electrode,
        span: [0.0, at + 0.5 * usual],
        x,
        members: order.iter().map(|(s, spot)| vec![(*s, spot.area)]).collect(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_surface_is_followed_around_a_corner() {
        let spot = |x: f64, z: f64| Spot {
            cell: 0,
            electrode: 0,
            area: 1.0,
            place: [x, 0.0, z],
            outward: [1.0, 0.0, 0.0],
            film: None,
        };
        let spots = [spot(2.0, 2.0), spot(0.0, 1.0), spot(0.0, 0.0), spot(1.0, 2.0), spot(0.0, 2.0)];
        let bins = surface(&spots, 0).unwrap();
        let order: Vec<usize> = bins.members.iter().map(|m| m[0].0).collect();
        assert_eq!(order, [2, 1, 4, 3, 0]);
        assert_eq!(bins.x, [0.5, 1.5, 2.5, 3.5, 4.5]);
        assert!(surface(&spots, 1).is_none());
    }
}
