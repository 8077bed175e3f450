//! The rows of the part "Stress".

use super::{Body, extremes};
use crate::lookup::Lookup;
use crate::prepare::Prepared;
use crate::report::data::StressRow;
use crate::report::kind::Kind;
use crate::report::number::significant;
use cellwright_base::units::{Dimension, format_quantity};
use cellwright_device::{Layer as Stacked, Role};
use cellwright_materials::Library;
use cellwright_mechanics::bending::least_radii;
use cellwright_mechanics::elastic::Elastic;
use cellwright_mechanics::film::Point;
use cellwright_mechanics::fracture::{Mode, critical_strain, judge};
use cellwright_mechanics::stoney::{Bent, Layer, bend, bow};
use cellwright_mechanics::swelling;

/// From the least to the greatest of what a quantity was.
fn range(low: String, high: String) -> String {
    format!("{low} to {high}")
}

fn pressure(value: f64) -> String {
    format_quantity(value, Dimension::PRESSURE)
}

pub(super) fn stress_row(b: &Body, path: &[Point]) -> StressRow {
    let [low, high] = extremes(&path.iter().map(|p| p.stress).collect::<Vec<_>>());
    let work = path.last().map_or(0.0, |p| p.work);
    let how = match (b.yields, work > 0.0) {
        (true, true) => format!("It **yields**: {} J/cm3 of plastic work.", significant(work * 1e-6, 3)),
        (true, false) => "It stays elastic.".to_owned(),
        (false, _) => "Taken as elastic: no yield strength is known.".to_owned(),
    };
    StressRow {
        quantity: format!("Stress in the {} electrode, {}", b.word, b.symbol),
        value: range(pressure(low), pressure(high)),
        meaning: format!("Change since the start, held in its plane by the substrate; tension positive. {how}"),
    }
}

pub(super) fn crack_row(b: &Body, found: &mut Lookup) -> Option<StressRow> {
    let path = b.path.as_ref()?;
    let elastic = b.elastic?;
    let energy = found.need(&b.layer.material, "fracture_energy")?.eval(0.0, found.temperature).value;
    let tension = path.iter().map(|p| p.stress).fold(0.0, f64::max);
    let verdict = judge(Mode::Channel, &elastic, tension, b.layer.thickness, energy).ok()?;
    let (value, meaning) = if verdict.critical_thickness.is_infinite() {
        ("none".to_owned(), "It is never pulled: no channel cracks.".to_owned())
    } else {
        let state = if verdict.runs() {
            "**channel cracks run**"
        } else {
            "no channel cracks"
        };
        let text = format!(
            "The film of {} releases {} of the {} J/m2 that a crack needs at {}: {state}.",
            Kind::Length.text(b.layer.thickness),
            significant(verdict.released, 3),
            significant(verdict.needed, 3),
            pressure(tension)
        );
        (Kind::Length.text(verdict.critical_thickness), text)
    };
    Some(StressRow {
        quantity: format!("Critical thickness, {}", b.symbol),
        value,
        meaning,
    })
}

/// Bow at every row of the series, from the stress that each electrode has there; `None` if the substrate is unknown.
pub(super) fn bow_row(prepared: &Prepared, bodies: &[Body], stack: &[Option<Elastic>]) -> Option<StressRow> {
    let layers = &prepared.cell.device.layers;
    stack.first().copied().flatten()?;
    let n = bodies.iter().filter_map(|b| b.path.as_ref().map(Vec::len)).max()?;
    let curvature = |row: usize| -> Option<f64> {
        let known = layers.iter().zip(stack).filter_map(|(l, e)| {
            let path = bodies.iter().find(|b| std::ptr::eq(b.layer, l)).and_then(|b| b.path.as_ref());
            let stress = path.and_then(|p| p.get(row)).map_or(0.0, |p| p.stress);
            e.map(|e| Layer::stressed(l.thickness, e, stress))
        });
        bend(&known.collect::<Vec<_>>()).ok().map(|b: Bent| b.curvature)
    };
    let all: Vec<f64> = (0..n).filter_map(curvature).collect();
    let [low, high] = extremes(&all);
    let [width, depth] = prepared.cell.device.die;
    let diagonal = width.hypot(depth);
    let largest = low.abs().max(high.abs());
    Some(StressRow {
        quantity: "Bow of the die".to_owned(),
        value: range(signed(bow(low, diagonal)), signed(bow(high, diagonal))),
        meaning: format!(
            "Change since the start over the diagonal of {}; positive with the films on the inside. Smallest radius {}. What the films carried as deposited comes on top.",
            Kind::Length.text(diagonal),
            if largest > 0.0 {
                Kind::Length.text(1.0 / largest)
            } else {
                "infinite".into()
            }
        ),
    })
}

fn signed(length: f64) -> String {
    if length == 0.0 {
        return "0".to_owned();
    }
    let text = Kind::Length.text(length.abs());
    if length < 0.0 { format!("−{text}") } else { text }
}

pub(super) fn bending_row(layers: &[Stacked], stack: &[Option<Elastic>], found: &mut Lookup) -> Option<StressRow> {
    let mut critical = vec![];
    for (l, e) in layers.iter().zip(stack) {
        let energy = found
            .have(&l.material, "fracture_energy")
            .map(|p| p.eval(0.0, found.temperature).value);
        critical.push(
            energy
                .zip(*e)
                .and_then(|(energy, e)| critical_strain(Mode::Channel, &e, l.thickness, energy).ok()),
        );
    }
    let elastic: Option<Vec<Elastic>> = stack.iter().copied().collect();
    let sheets: Vec<Layer> = layers.iter().zip(elastic?).map(|(l, e)| Layer::free(l.thickness, e)).collect();
    let radii = least_radii(&sheets, &critical).ok()?;
    let limit = radii.top_outwards?;
    let inwards = radii.top_inwards.map_or("not limited".to_owned(), |l| Kind::Length.text(l.radius));
    Some(StressRow {
        quantity: "Smallest bending radius".to_owned(),
        value: Kind::Length.text(limit.radius),
        meaning: format!(
            "With the films outwards, where {} cracks first; inwards {inwards}. Only films with a known fracture energy are judged, and without the stress that they carry already.",
            found.symbol(&layers[limit.layer].material)
        ),
    })
}

pub(super) fn swelling_row(prepared: &Prepared, bodies: &[Body], library: &Library) -> Option<StressRow> {
    let grow = |b: &Body, ratio: f64| {
        swelling::Shape::Film {
            thickness: b.layer.thickness,
        }
        .growth(ratio)
        .ok()
    };
    let most: Option<f64> = bodies.iter().map(|b| grow(b, b.volume[1])).sum();
    let least: Option<f64> = bodies.iter().map(|b| grow(b, b.volume[0])).sum();
    let (most, least) = (most?, least?);
    let each: Vec<String> = bodies
        .iter()
        .map(|b| {
            let percent = |v: f64| significant(100.0 * (v - 1.0), 2);
            format!("{} {} to {} %", b.symbol, percent(b.volume[0]), percent(b.volume[1]))
        })
        .collect();
    let room = match gap(prepared, library) {
        Some((material, gap)) => {
            let electrodes: Vec<_> = bodies
                .iter()
                .map(|b| {
                    (
                        swelling::Shape::Film {
                            thickness: b.layer.thickness,
                        },
                        b.volume[1],
                    )
                })
                .collect();
            let verdict = swelling::judge(gap, &electrodes).ok()?;
            let state = if verdict.closes() {
                "**the electrodes meet**".to_owned()
            } else {
                format!("{} are left", Kind::Length.text(verdict.left()))
            };
            format!(
                "Against {} of {material} between them, that gives way: {state}.",
                Kind::Length.text(gap)
            )
        }
        None => "Nothing between the electrodes gives way: the films above must be free to move, and in a narrow gap there is no room."
            .to_owned(),
    };
    Some(StressRow {
        quantity: "Swelling of the electrodes".to_owned(),
        value: range(signed(least), signed(most)),
        meaning: format!("Greatest and least together, across the films: {}. {room}", each.join(", ")),
    })
}

/// What is between the electrodes and gives way: its material and mean width, m.
fn gap(prepared: &Prepared, library: &Library) -> Option<(String, f64)> {
    let liquid = |name: &str| {
        library
            .get(name)
            .is_ok_and(|m| m.class == cellwright_materials::Class::ElectrolyteLiquid)
    };
    let layer = prepared
        .cell
        .device
        .layers
        .iter()
        .find(|l| l.role == Role::Electrolyte && liquid(&l.material))?;
    let Some(made) = prepared.made.as_ref().filter(|_| prepared.cell.meshed.is_some()) else {
        return Some((layer.material.clone(), layer.thickness));
    };
    let f = &made.fabrication;
    let volume: f64 = f
        .inventory
        .items
        .iter()
        .filter(|i| f.regions[i.region].role == Role::Electrolyte)
        .map(|i| i.volume)
        .sum();
    let area = 0.5 * (f.inventory.active_area[0] + f.inventory.active_area[1]);
    (area > 0.0).then(|| (layer.material.clone(), volume / area))
}
