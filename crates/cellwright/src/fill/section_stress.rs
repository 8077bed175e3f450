//! Stress on the section of a device for the report.

use super::maps::cut::borders;
use crate::cell::Used;
use crate::report::colour::Colour;
use crate::report::data::{Body, MapField, MapView, SectionExtreme, StressOnSection};
use crate::report::kind::Kind;
use crate::report::number::significant;
use crate::report::section_map::{SHADES, Shading};
use crate::section_stress::state::Extreme;
use crate::section_stress::{Moment, SMALL, SectionStress};

/// Quantities that are drawn: name, what it is.
const DRAWN: [(&str, &str); 2] = [
    ("Mean stress", "Mean of the three normal stresses; tension positive."),
    ("Von Mises stress", "Equivalent stress of distortion."),
];

/// Part of the von Mises stress below which a stress is rounding.
const NOTHING: f64 = 1e-9;

/// Properties of the section that are not listed yet.
pub fn further(s: &SectionStress, listed: &[Used]) -> Vec<Used> {
    let known = |u: &&Used| listed.iter().any(|l| l.material == u.material && l.property.key == u.property.key);
    s.used.iter().filter(|u| !known(u)).cloned().collect()
}

/// Maps, extremes and verdicts; what is missing where something is.
pub fn on_section(s: &SectionStress) -> StressOnSection {
    if s.moments.is_empty() {
        let why = if s.gaps.is_empty() {
            "the run neither charges nor discharges".to_owned()
        } else {
            format!("missing: {}", s.gaps.join("; "))
        };
        return StressOnSection {
            lede: format!("No map of the stress: {why}. A value may be given under [materials] in the design."),
            ..StressOnSection::default()
        };
    }
    let maps = s.moments.iter().flat_map(|m| {
        let [mean, mises] = s.fields(m);
        [map(s, m, 0, &mean), map(s, m, 1, &mises)]
    });
    StressOnSection {
        lede: lede(s),
        maps: maps.collect(),
        rows: s.moments.iter().flat_map(|m| rows(s, m)).collect(),
        notes: notes(s),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + chars.as_str())
}

fn place(s: &SectionStress, e: &Extreme) -> String {
    let [a, b] = s.directions();
    let corner = corner(s);
    let from = [0, 1].map(|i| Kind::Length.text(e.place[i] - corner[i]));
    format!("{a} = {}, {b} = {}", from[0], from[1])
}

/// Lower left corner of what is drawn, from which its axes count.
fn corner(s: &SectionStress) -> [f64; 2] {
    let columns = s.grid.shape()[0];
    let there = || {
        s.grid
            .bodies
            .iter()
            .enumerate()
            .filter(|(_, b)| b.is_some())
            .map(|(k, _)| [k % columns, k / columns])
    };
    [0, 1].map(|axis| there().map(|at| s.grid.lines[axis][at[axis]]).fold(f64::INFINITY, f64::min))
}

fn lede(s: &SectionStress) -> String {
    let worst = s
        .moments
        .iter()
        .max_by(|a, b| a.state.von_mises.value.total_cmp(&b.state.von_mises.value));
    let Some(m) = worst else { return String::new() };
    let e = &m.state.von_mises;
    format!(
        "What swells pushes on everything around it. The greatest von Mises stress is **{}** at the {}, in {}, at {}.",
        Kind::Pressure.text(e.value),
        m.label,
        s.name(e.body),
        place(s, e)
    )
}

fn rows(s: &SectionStress, m: &Moment) -> Vec<SectionExtreme> {
    let t = &m.state;
    let row = |quantity: &str, e: &Extreme, kind: Kind| {
        let nothing = kind == Kind::Pressure && e.value.abs() < NOTHING * t.von_mises.value;
        SectionExtreme {
            moment: capital(m.label),
            quantity: quantity.into(),
            value: if nothing { "none".into() } else { kind.text(e.value) },
            place: if nothing { "—".into() } else { place(s, e) },
            body: if nothing { "—".into() } else { s.name(e.body) },
        }
    };
    vec![
        row("von Mises stress", &t.von_mises, Kind::Pressure),
        row("mean stress, tension", &t.tension, Kind::Pressure),
        row("mean stress, pressure", &t.pressure, Kind::Pressure),
        row("principal stress", &t.principal, Kind::Pressure),
        row("displacement", &t.displacement, Kind::Length),
    ]
}

/// Verdicts by body, then what limits them.
fn notes(s: &SectionStress) -> Vec<String> {
    let mut out = vec![];
    let mut unjudged = vec![];
    for (k, body) in s.bodies.iter().enumerate() {
        let most = |i: usize| s.moments.iter().map(|m| m.state.by_body[k][i]).fold(0.0, f64::max);
        let (mises, tension) = (most(0), most(1));
        if mises == 0.0 {
            continue;
        }
        let name = s.name(k);
        let yields = body.yields_at.map(|limit| {
            let limit_text = Kind::Pressure.text(limit);
            if mises > limit {
                format!(
                    "**{name} yields**: {} of von Mises stress against {limit_text}, so that the true stress is lower",
                    Kind::Pressure.text(mises)
                )
            } else {
                format!(
                    "{name} stays below its yield strength: {} against {limit_text}",
                    Kind::Pressure.text(mises)
                )
            }
        });
        let cracks = s.cracks(k, tension).map(|runs| {
            let state = if runs { "**channel cracks run**" } else { "no channel cracks" };
            format!("at {} of principal stress {state} in {name}", Kind::Pressure.text(tension))
        });
        if yields.is_none() && cracks.is_none() {
            unjudged.push(name);
            continue;
        }
        out.push(format!(
            "{}.",
            capital(&yields.into_iter().chain(cracks).collect::<Vec<_>>().join("; "))
        ));
    }
    if !unjudged.is_empty() {
        out.push(format!(
            "Neither yield strength nor fracture energy is known, so that nothing is judged: {}.",
            unjudged.join(", ")
        ));
    }
    if !s.lost.is_empty() {
        let names: Vec<String> = s.lost.iter().map(|k| s.name(*k)).collect();
        out.push(format!(
            "**Not resolved**, because they are thinner than the elements where they run round or slanting: {}.",
            names.join(", ")
        ));
    }
    let strain = s.moments.iter().flat_map(|m| m.free_strain).map(f64::abs).fold(0.0, f64::max);
    if strain > SMALL {
        out.push(format!(
            "**Beyond small strain**: the free strain reaches {} %, above {} %. Linear elasticity gives the pattern; its numbers are too high.",
            significant(100.0 * strain, 2),
            significant(100.0 * SMALL, 2)
        ));
    }
    let mesh = s.moments.iter().map(|m| {
        let change = |fine: f64, coarse: f64| match 100.0 * (1.0 - coarse / fine).abs() {
            c if c < 0.01 => "less than 0.01".to_owned(),
            c => significant(c, 2),
        };
        format!(
            "{}: mean von Mises stress {} %, greatest {} % from those on half the elements along each direction",
            m.label,
            change(m.state.mean, m.coarse[1]),
            change(m.state.von_mises.value, m.coarse[0])
        )
    });
    out.push(format!(
        "Grid of {} elements. {}. At corners between bodies the stress is not finite, and the greatest value grows with every finer grid. Forces balance to {} at every node.",
        s.grid.bodies.iter().flatten().count(),
        mesh.map(|t| capital(&t)).collect::<Vec<_>>().join("; "),
        significant(s.moments.iter().map(|m| m.state.imbalance).fold(0.0, f64::max), 2)
    ));
    let cut = if s.even {
        "The device is the same all along the third direction: plane strain is exact in that."
    } else {
        "The device is cut level, where it meets most of both electrodes; its columns are taken as long and held at their length by the substrate."
    };
    out.push(format!(
        "**Limits.** Linear elastic, plane strain, perfect adhesion, no stress at the start; liquids carry nothing. {cut} Round and slanting borders are stairs. Elastic-plastic flow is in the film formula above only."
    ));
    out
}

/// One quantity at one moment; neighbours of one colour in a row are one box.
fn map(s: &SectionStress, m: &Moment, which: usize, values: &[f64]) -> MapView {
    let axes: Vec<usize> = (0..3).filter(|a| *a != s.across).collect();
    let (name, meaning) = DRAWN[which];
    let mut field = MapField {
        id: format!("{name} {}", m.label),
        title: format!("{name}, {}", m.label),
        quantity: name.into(),
        kind: Kind::Pressure,
        note: format!("{meaning} Changes since the start."),
        values: values.iter().map(|v| *v as f32).collect(),
        ..MapField::default()
    };
    let shading = Shading::new(&field);
    if shading.clipped {
        field.note.push_str(" A few values lie beyond the ends of the colours.");
    }
    let ends = shading.limits.map(|v| (v * shading.unit.factor) as f32);
    let (columns, lines) = (s.grid.shape()[0], &s.grid.lines);
    let mut runs: Vec<(usize, usize, usize, f32)> = vec![];
    let mut element = 0;
    for (k, body) in s.grid.bodies.iter().enumerate() {
        if body.is_none() {
            continue;
        }
        let (i, j) = (k % columns, k / columns);
        let value = field.values[element].clamp(ends[0], ends[1]);
        element += 1;
        let shade = |v: f32| usize::from(shading.byte(v)) * SHADES / 256;
        match runs.last_mut() {
            Some(run) if run.1 == i && run.2 == j && shade(run.3) == shade(value) => run.1 = i + 1,
            _ => runs.push((i, i + 1, j, value)),
        }
    }
    let corner = |h: f64, v: f64| {
        let mut p = [s.at; 3];
        (p[axes[0]], p[axes[1]]) = (h, v);
        p
    };
    field.values = runs.iter().map(|r| r.3).collect();
    field.boxes = (0..runs.len() as u32).collect();
    MapView {
        directions: s.directions().map(str::to_owned),
        boxes: runs
            .iter()
            .map(|(a, b, j, _)| [corner(lines[0][*a], lines[1][*j]), corner(lines[0][*b], lines[1][*j + 1])])
            .collect(),
        outlines: borders(&lines[0], &lines[1], &|i, j| s.grid.at(i, j)),
        bodies: labels(s),
        frames: vec![0],
        fields: vec![field],
    }
}

/// Names of the electrodes: at the longest stretch of each along a row, and as far up and down as that is the same.
fn labels(s: &SectionStress) -> Vec<Body> {
    let ([columns, rows], lines) = (s.grid.shape(), &s.grid.lines);
    let mut out = vec![];
    for (k, body) in s.bodies.iter().enumerate().filter(|(_, b)| b.electrode.is_some()) {
        let there = |i: usize, j: usize| s.grid.at(i, j) == Some(k);
        let mut best: Option<(f64, [usize; 3])> = None;
        for j in 0..rows {
            let mut from = 0;
            for i in 0..=columns {
                if i < columns && there(i, j) {
                    continue;
                }
                let length = lines[0][i] - lines[0][from];
                if i > from && best.is_none_or(|b| length > b.0 * 1.001) {
                    best = Some((length, [from, i, j]));
                }
                from = i + 1;
            }
        }
        let Some((_, [from, to, row])) = best else { continue };
        let whole = |j: &usize| (from..to).all(|i| there(i, *j));
        let low = (0..=row).rev().take_while(whole).last().unwrap_or(row);
        let high = (row..rows).take_while(whole).last().unwrap_or(row);
        out.push(Body {
            name: body.symbol.clone(),
            colour: [Colour::Negative, Colour::Positive][body.electrode.unwrap_or(0)],
            span: [[lines[0][from], lines[1][low]], [lines[0][to], lines[1][high + 1]]],
        });
    }
    out
}
