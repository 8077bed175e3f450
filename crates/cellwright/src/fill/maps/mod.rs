//! Maps of a cell in its real geometry: which boxes, which quantities, how much of it fits in the page.

pub(crate) mod cut;
mod tiles;

use crate::prepare::Prepared;
use crate::report::colour::Colour;
use crate::report::data::{Body, MapField, MapView, Maps};
use crate::report::kind::Kind;
use crate::study::Study;
use crate::summary::symbols;
use cellwright_electrochem::maps::Map;
use cellwright_lab::results::Quantity;
use tiles::{Source, Tile};

/// Most boxes and bytes (one a value) of a section and of a whole window.
const SECTION: [usize; 2] = [2500, 450_000];
const SOLID: [usize; 2] = [8000, 550_000];

/// Differences of temperature that are drawn at least, K.
const LEAST_DIFFERENCE: f32 = 1e-9;

/// One moment with what the quantities refer to.
struct Moment<'a> {
    map: &'a Map,
    /// Potential of the positive terminal, V.
    terminal: f64,
    /// Lowest potential of the electrolyte, V.
    lowest: f32,
}

/// The maps of a study at the given frames; nothing for stacks.
pub fn maps(prepared: &Prepared, study: &Study, frames: &[usize]) -> Option<Maps> {
    let model = prepared.cell.model(prepared.cell.spec.clone());
    if !model.has_maps() {
        return None;
    }
    let spots = model.spots();
    let s = &study.solution;
    let all = tiles::all(&model, &spots);
    let (voltage, current) = (s.column(Quantity::Voltage), s.column(Quantity::Current));
    let moments: Vec<Option<Moment>> = frames
        .iter()
        .map(|f| {
            let frame = s.frames.get(*f)?;
            let map = frame.map.as_ref()?;
            let drawn = all.iter().flat_map(Tile::volumes).map(|k| map.electrolyte_potential[k]);
            Some(Moment {
                map,
                terminal: voltage.get(frame.row)? + prepared.cell.spec.series_resistance * current.get(frame.row)?,
                lowest: drawn.filter(|v| v.is_finite()).fold(f32::INFINITY, f32::min),
            })
        })
        .collect();
    let names = symbols(prepared);
    let cut = if prepared.cell.is_stack() {
        cut::from_above(&model)
    } else {
        cut::choose(&model, &spots)
    };
    let section = tiles::merged(&tiles::cut(&all, cut.across, cut.at), SECTION[0]);
    let mut view = view(&section, &moments, SECTION[1], &names, Some(cut.across));
    view.directions = cut.directions();
    view.outlines = cut::outlines(&section, cut.across);
    view.bodies = bodies(&section, cut.across, &names);
    let whole = tiles::merged(&all, SOLID[0]);
    let solid = cut.whole.then(|| self::view(&whole, &moments, SOLID[1], &names, None));
    let mut lede = cut.words();
    if section.len() < tiles::cut(&all, cut.across, cut.at).len() {
        lede.push_str(" Neighbouring volumes are drawn as one where they are many.");
    }
    Some(Maps {
        lede,
        section: view,
        solid,
    })
}

/// Boxes and quantities at as many moments as fit.
fn view(tiles: &[Tile], moments: &[Option<Moment>], bytes: usize, names: &[String; 3], across: Option<usize>) -> MapView {
    let mut fields: Vec<MapField> = Vec::new();
    let there: Vec<usize> = (0..moments.len()).filter(|k| moments[*k].is_some()).collect();
    let Some(last) = there.last().and_then(|k| moments[*k].as_ref()) else {
        return MapView::default();
    };
    let drawn: Vec<(Shown, Vec<u32>)> = Shown::ALL
        .iter()
        .map(|q| {
            let has = |t: &&(usize, &Tile)| q.of(t.1, last).is_finite();
            let boxes: Vec<u32> = tiles
                .iter()
                .enumerate()
                .collect::<Vec<_>>()
                .iter()
                .filter(has)
                .map(|t| t.0 as u32)
                .collect();
            (*q, boxes)
        })
        .filter(|(_, boxes)| !boxes.is_empty())
        .collect();
    let per_frame: usize = drawn.iter().map(|(_, b)| b.len()).sum();
    let count = (bytes / per_frame.max(1)).clamp(4, 60).min(there.len());
    let frames: Vec<usize> = (0..count).map(|i| there[i * (there.len() - 1) / (count - 1).max(1)]).collect();
    for (q, boxes) in drawn {
        let shown = || frames.iter().filter_map(|k| moments[*k].as_ref());
        let values = shown().flat_map(|m| boxes.iter().map(|b| q.of(&tiles[*b as usize], m))).collect();
        let arrows = match across {
            Some(across) if q == Shown::Current => {
                let [h, v] = [0, 1, 2].into_iter().filter(|i| *i != across).collect::<Vec<_>>()[..] else {
                    continue;
                };
                let along = |b: &u32, m: &Moment| {
                    let i = tiles[*b as usize].vector(m.map);
                    [i[h], i[v]]
                };
                shown()
                    .flat_map(|m| boxes.iter().map(|b| along(b, m)).collect::<Vec<_>>())
                    .collect()
            }
            _ => vec![],
        };
        let field = q.field(boxes, values, arrows, names);
        let same = |f: &MapField| {
            let apart = f.values.iter().zip(&field.values).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            q == Shown::Surface && f.id == "lithium" && f.boxes == field.boxes && apart < 0.005
        };
        if q.worth(&field.values) && !fields.iter().any(same) {
            fields.push(field);
        }
    }
    MapView {
        boxes: tiles.iter().map(|t| t.bounds).collect(),
        frames,
        fields,
        ..MapView::default()
    }
}

/// What can be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Concentration,
    Potential,
    Current,
    Reaction,
    Mean,
    Surface,
    Drop,
    Temperature,
}

impl Shown {
    const ALL: [Shown; 8] = [
        Shown::Concentration,
        Shown::Current,
        Shown::Potential,
        Shown::Reaction,
        Shown::Mean,
        Shown::Surface,
        Shown::Drop,
        Shown::Temperature,
    ];

    /// The value of a tile; NaN where there is none.
    fn of(self, tile: &Tile, m: &Moment) -> f32 {
        let sign = if tile.positive { -1.0 } else { 1.0 };
        tile.mean(|source| match (self, source) {
            (Shown::Concentration, Source::Volume(k)) => m.map.concentration[k],
            (Shown::Potential, Source::Volume(k)) => m.map.electrolyte_potential[k] - m.lowest,
            (Shown::Current, Source::Volume(k)) => m.map.ionic_current[k].iter().map(|v| v * v).sum::<f32>().sqrt(),
            (Shown::Temperature, Source::Volume(k)) => m.map.temperature.get(k).copied().unwrap_or(f32::NAN),
            (Shown::Mean, Source::Volume(k)) => m.map.stoichiometry[k],
            (Shown::Mean, Source::Film(s)) => m.map.site_mean[s],
            (Shown::Reaction, Source::Film(s) | Source::Face(s) | Source::Inside(s)) => sign * m.map.reaction[s],
            (Shown::Surface, Source::Film(s) | Source::Face(s) | Source::Inside(s)) => m.map.site_surface[s],
            (Shown::Drop, Source::Volume(k)) => (if tile.positive {
                m.terminal as f32 - m.map.electrode_potential[k]
            } else {
                m.map.electrode_potential[k]
            })
            .abs(),
            _ => f32::NAN,
        })
    }

    /// False for what is the same everywhere at all times, to the eye.
    fn worth(self, values: &[f32]) -> bool {
        let (lo, hi) = values
            .iter()
            .fold((f32::INFINITY, f32::NEG_INFINITY), |a, v| (a.0.min(*v), a.1.max(*v)));
        match self {
            Shown::Drop => hi > 1e-5,
            Shown::Temperature => hi - lo > LEAST_DIFFERENCE,
            Shown::Concentration => hi - lo > 2e-5 * hi,
            _ => hi - lo > 1e-4 * hi.abs().max(lo.abs()),
        }
    }

    fn field(self, boxes: Vec<u32>, values: Vec<f32>, arrows: Vec<[f32; 2]>, names: &[String; 3]) -> MapField {
        let electrolyte = &names[1];
        let (id, title, quantity, kind, note) = match self {
            Shown::Concentration => (
                "salt",
                format!("Mobile lithium in {electrolyte}"),
                "Concentration",
                Kind::Concentration,
                "",
            ),
            Shown::Current => (
                "current",
                format!("Ionic current in {electrolyte}"),
                "Current density",
                Kind::CurrentDensity,
                "Arrows: direction, where the current is not small.",
            ),
            Shown::Potential => (
                "potential",
                format!("Potential in {electrolyte}, above its lowest place"),
                "Potential difference",
                Kind::Voltage,
                "",
            ),
            Shown::Reaction => (
                "reaction",
                "Reaction current at the interfaces".to_owned(),
                "Reaction current density",
                Kind::CurrentDensity,
                "Per area between solid and electrolyte; discharge positive.",
            ),
            Shown::Mean => (
                "lithium",
                "Lithium in the electrodes, mean".to_owned(),
                "Lithium fraction",
                Kind::Fraction,
                "",
            ),
            Shown::Surface => (
                "surface",
                "Lithium in the electrodes, at the surface".to_owned(),
                "Lithium fraction",
                Kind::Fraction,
                "",
            ),
            Shown::Temperature => (
                "temperature",
                "Temperature, against the mean of the cell".to_owned(),
                "Temperature above the mean",
                Kind::TemperatureDifference,
                "The mean over time is in the chapter on charge and discharge.",
            ),
            Shown::Drop => (
                "drop",
                "Electronic loss up to here".to_owned(),
                "Potential drop to the terminal",
                Kind::Voltage,
                "",
            ),
        };
        MapField {
            id: id.into(),
            title,
            quantity: quantity.into(),
            kind,
            note: note.into(),
            boxes,
            values,
            arrows,
        }
    }
}

/// Low and high corner in a section, m.
type Rectangle = [[f64; 2]; 2];

/// Names and extents of the bodies of both electrodes in a section: one for each stretch along its width.
fn bodies(tiles: &[Tile], across: usize, names: &[String; 3]) -> Vec<Body> {
    let axes: Vec<usize> = (0..3).filter(|i| *i != across).collect();
    let mut out = Vec::new();
    for (place, colour, name) in [(0, Colour::Negative, &names[0]), (2, Colour::Positive, &names[2])] {
        let of = |t: &Tile| t.bounds.map(|p| [p[axes[0]], p[axes[1]]]);
        let area = |b: &Rectangle| (b[1][0] - b[0][0]) * (b[1][1] - b[0][1]);
        let mut parts: Vec<Rectangle> = tiles.iter().filter(|t| t.place == place).map(of).collect();
        parts.sort_by(|a, b| a[0][0].total_cmp(&b[0][0]));
        let [lo, hi] = tiles::extent(tiles, axes[0]);
        // Extent, area of the parts, largest part.
        let mut found: Vec<(Rectangle, f64, Rectangle)> = Vec::new();
        for part in parts {
            match found.last_mut() {
                Some((span, sum, largest)) if part[0][0] <= span[1][0] + 0.08 * (hi - lo) => {
                    for k in 0..2 {
                        span[0][k] = span[0][k].min(part[0][k]);
                        span[1][k] = span[1][k].max(part[1][k]);
                    }
                    *sum += area(&part);
                    if area(&part) > area(largest) {
                        *largest = part;
                    }
                }
                _ => found.push((part, area(&part), part)),
            }
        }
        // The name of films, which leave most of their extent empty, stands at one of their parts.
        let spans = found
            .into_iter()
            .map(|(span, sum, largest)| if sum < 0.4 * area(&span) { largest } else { span });
        out.extend(spans.map(|span| Body {
            name: name.clone(),
            colour,
            span,
        }));
    }
    out
}
