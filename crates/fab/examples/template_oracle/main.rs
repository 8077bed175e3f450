//! Writes the masks of every architecture as GDSII and OASIS, and what our width and space rules find, for `oracles/klayout_layout.py`.
//!
//! `cargo run --release -p cellwright-fab --example template_oracle -- FOLDER`

use cellwright_fab::files;

use cellwright_fab::template::TEMPLATES;
use cellwright_layout::rings::Ring;
use cellwright_layout::rules::{Marker, Rule, markers, worst_places};
use cellwright_layout::{Bounds, Cell, Layer, Layout, boolean, gdsii, oasis, rings};
use std::fs::File;
use std::path::Path;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// The layer that single masks are checked on.
const CHECKED: Layer = Layer { number: 1, datatype: 0 };
/// Corners above which only the surroundings of the worst place are checked: KLayout takes minutes for many rounds.
const MANY_CORNERS: usize = 20_000;

fn main() -> Outcome<()> {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).ok_or("a folder for the files is missing")?);
    std::fs::create_dir_all(&folder)?;
    let (mut layouts, mut checks) = (vec![], vec![]);
    for template in TEMPLATES {
        let plan = (template.expand)(&template.defaults(template.name, [5e-3, 5e-3]))?;
        let mut layout = files::layout(&plan)?;
        layout.name = template.name.to_owned();
        layouts.push(write(&folder, &layout)?);
        for mask in &plan.masks {
            let layer = Layer {
                number: mask.layer.0,
                datatype: mask.layer.1,
            };
            let mut drawn = vec![];
            for top in layout.top_cells() {
                drawn.extend(layout.flatten(top, layer, None)?);
            }
            let merged = boolean::merged(&drawn);
            for (rule, word) in [(Rule::Width, "width"), (Rule::Space, "space")] {
                let Some((least, at)) = least(&merged, rule) else { continue };
                let merged = surroundings(&merged, at, least);
                let name = format!("{}_{}_{word}", template.name, mask.name.replace(' ', "_"));
                let part = single(&name, &merged);
                gdsii::write(
                    &part,
                    &gdsii::WriteOptions::default(),
                    File::create(folder.join(format!("{name}.gds")))?,
                )?;
                // The limit is the least distance allowed: at the drawn one nothing is found, one unit above it is.
                for limit in [least.floor() as i32, least.floor() as i32 + 1] {
                    let found = markers(&merged, rule, limit);
                    if found.is_empty() == (f64::from(limit) > least) {
                        return Err(format!("{name}: {} places below {limit} although the least is {least}", found.len()).into());
                    }
                    checks.push(check(&name, word, limit, &found));
                }
            }
        }
    }
    let list = |items: &[String]| format!("[\n{}\n]", items.join(",\n"));
    let text = format!("{{\"layouts\":{},\"rules\":{},\"sizes\":[]}}\n", list(&layouts), list(&checks));
    std::fs::write(folder.join("ours.json"), text)?;
    Ok(())
}

/// Writes both formats and the flattened layout; returns its line of the list.
fn write(folder: &Path, layout: &Layout) -> Outcome<String> {
    let name = &layout.name;
    let file = |ending: &str| File::create(folder.join(format!("{name}{ending}")));
    gdsii::write(layout, &gdsii::WriteOptions::default(), file(".gds")?)?;
    oasis::write(layout, file(".oas")?)?;
    let mut flat = Layout::new(&format!("{name}_flat"));
    for top in layout.top_cells() {
        let mut cell = Cell::new(&layout.cells[top.0].name);
        layout.visit(top, None, &mut |at, points| cell.polygons.push(at, points))?;
        flat.add(cell);
    }
    gdsii::write(&flat, &gdsii::WriteOptions::default(), file("_flat.gds")?)?;
    let cells = gdsii::read(File::open(folder.join(format!("{name}.gds")))?)?.layout.cells.len();
    // Round ends of paths are polygons of a different number of corners in every program.
    let tolerance = if layout.cells.iter().any(|cell| !cell.paths.is_empty()) {
        25
    } else {
        0
    };
    Ok(format!("{{\"name\":\"{name}\",\"cells\":{cells},\"tolerance\":{tolerance}}}"))
}

/// The least width or space of a merged layer and where it is; nothing if there is only one edge to every side.
fn least(merged: &[Ring], rule: Rule) -> Option<(f64, [f64; 2])> {
    let across = Bounds::of(&merged.concat())?;
    let largest = (0..2).map(|i| across.max[i] - across.min[i]).max()?.min(1 << 29) as i32;
    let mut limit = 1000;
    loop {
        if let Some(worst) = worst_places(merged, rule, limit).first() {
            return Some((worst.distance, worst.from));
        }
        if limit > largest {
            return None;
        }
        limit *= 2;
    }
}

/// The whole layer, or its polygons near the worst place where there are many corners.
fn surroundings(merged: &[Ring], at: [f64; 2], least: f64) -> Vec<Ring> {
    let here = at.map(|v| v as i64);
    let mut reach = 20 * least.ceil() as i64;
    let mut near = merged.to_vec();
    while near.iter().map(Vec::len).sum::<usize>() > MANY_CORNERS && reach > least.ceil() as i64 {
        let around = Bounds { min: here, max: here }.grown(reach);
        let mut touches = false;
        near.clear();
        for ring in merged {
            // Holes follow the outline that they are in.
            if rings::signed_area(ring) > 0.0 {
                touches = Bounds::of(ring).is_some_and(|b| b.touches(around));
            }
            if touches {
                near.push(ring.clone());
            }
        }
        reach /= 2;
    }
    near
}

fn single(name: &str, merged: &[Ring]) -> Layout {
    let mut layout = Layout::new(name);
    let mut cell = Cell::new("top");
    for ring in rings::without_holes(merged) {
        cell.polygons.push(CHECKED, &ring);
    }
    layout.add(cell);
    layout
}

fn check(name: &str, rule: &str, limit: i32, found: &[Marker]) -> String {
    let markers: Vec<String> = found
        .iter()
        .map(|m| {
            let [[a, b], [c, d]] = m.first;
            let [[e, f], [g, h]] = m.second;
            format!("[{a},{b},{c},{d},{e},{f},{g},{h}]")
        })
        .collect();
    format!(
        "{{\"name\":\"{name}\",\"layers\":[1],\"rule\":\"{rule}\",\"limit\":{limit},\"count\":{},\"markers\":[{}]}}",
        found.len(),
        markers.join(",")
    )
}
