//! What the lithium of a run does to its films: stress, bow, cracks, bending, swelling.

use crate::cell::Used;
use crate::prepare::Prepared;
use crate::report::data::{Stress, StressRow};
use crate::report::kind::Kind;
use crate::report::number::{formula, significant};
use crate::study::Study;
use cellwright_base::constants::FARADAY;
use cellwright_base::units::{Dimension, format_quantity};
use cellwright_device::{Layer as Stacked, Role, Structure};
use cellwright_electrochem::spec::{ActiveMaterial, Electrode};
use cellwright_lab::results::Quantity;
use cellwright_materials::{Library, Property, key};
use cellwright_mechanics::bending::least_radii;
use cellwright_mechanics::elastic::Elastic;
use cellwright_mechanics::film::{Film, Linear, Point};
use cellwright_mechanics::fracture::{Mode, critical_strain, judge};
use cellwright_mechanics::stoney::{Bent, Layer, bend, bow};
use cellwright_mechanics::swelling;

/// The part "Stress" of the report and the properties that went into it; `None` if no film swells.
pub fn stress(prepared: &Prepared, study: &Study) -> (Option<Stress>, Vec<Used>) {
    let mut shelf = Shelf {
        library: prepared.library(),
        temperature: prepared.cell.spec.temperature,
        used: vec![],
        gaps: vec![],
    };
    let bodies = bodies(prepared, study, &mut shelf);
    if bodies.is_empty() {
        return (None, vec![]);
    }
    let mut rows = Vec::new();
    for b in &bodies {
        rows.extend(b.path.as_ref().map(|path| stress_row(b, path)));
        rows.extend(crack_row(b, &mut shelf));
    }
    let layers = &prepared.cell.device.layers;
    if prepared.cell.meshed.is_none() && layers.first().is_some_and(|l| l.role == Role::Substrate) {
        let stack: Vec<Option<Elastic>> = layers.iter().map(|l| shelf.elastic(&l.material, 0.0)).collect();
        rows.extend(bow_row(prepared, &bodies, &stack));
        rows.extend(bending_row(layers, &stack, &mut shelf));
    }
    rows.extend(swelling_row(prepared, &bodies));
    shelf.gaps.sort();
    shelf.gaps.dedup();
    let gaps = shelf.gaps;
    (Some(Stress { rows, gaps }), shelf.used)
}

/// Looks up properties, and writes down which were there and which were not.
struct Shelf {
    library: Library,
    temperature: f64,
    used: Vec<Used>,
    gaps: Vec<String>,
}

impl Shelf {
    fn have(&mut self, material: &str, name: &'static str) -> Option<Property> {
        let found = self.library.get(material).ok()?;
        let property = found.get(name)?.clone();
        if !self.used.iter().any(|u| u.material == material && u.property.key == name) {
            self.used.push(Used {
                material: material.to_owned(),
                symbol: found.symbol.clone(),
                property: property.clone(),
            });
        }
        Some(property)
    }

    fn need(&mut self, material: &str, name: &'static str) -> Option<Property> {
        let found = self.have(material, name);
        if found.is_none() {
            self.gaps.push(format!("{} of {material}", key(name).map_or(name, |k| k.words)));
        }
        found
    }

    fn symbol(&self, material: &str) -> String {
        formula(self.library.get(material).map_or(material, |m| &m.symbol))
    }

    /// A property at stoichiometry 0 and 1.
    fn linear(&self, property: &Property) -> Linear {
        let at = |x: f64| property.eval(x, self.temperature).value;
        Linear {
            empty: at(0.0),
            full: at(1.0),
        }
    }

    fn elastic(&mut self, material: &str, x: f64) -> Option<Elastic> {
        let (young, poisson) = (self.need(material, "youngs_modulus"), self.need(material, "poisson_ratio"));
        let at = |p: Property| p.eval(x, self.temperature).value;
        Elastic::new(at(young?), at(poisson?)).ok()
    }
}

/// An electrode of a dense film, and how its lithium went.
struct Body<'a> {
    word: &'static str,
    layer: &'a Stacked,
    /// Symbol of its material.
    symbol: String,
    /// Smallest and largest volume over that at the start.
    volume: [f64; 2],
    /// What a film that is held in its plane went through, row by row of the series.
    path: Option<Vec<Point>>,
    elastic: Option<Elastic>,
    yields: bool,
}

fn bodies<'a>(prepared: &'a Prepared, study: &Study, shelf: &mut Shelf) -> Vec<Body<'a>> {
    let spec = &prepared.cell.spec;
    let charge = charge(study);
    let inventory = &study.solution.inventory.0;
    let sides = [
        ("negative", Role::Negative, &spec.negative, -1.0, inventory.negative),
        ("positive", Role::Positive, &spec.positive, 1.0, inventory.positive),
    ];
    let mut out = vec![];
    for (word, role, electrode, sign, lithium) in sides {
        let dense = |l: &&Stacked| l.role == role && l.structure == Structure::Dense;
        let Some(layer) = prepared.cell.device.layers.iter().find(dense) else {
            continue;
        };
        let moved = charge.iter().map(|q| sign * q / FARADAY);
        let material = layer.material.as_str();
        match electrode {
            Electrode::Metal { .. } => {
                let area = prepared.cell.device.active_area;
                let Some(molar) = shelf.need(material, "molar_volume") else {
                    continue;
                };
                let per_mole = molar.eval(0.0, shelf.temperature).value / (area * layer.thickness);
                let ratios: Vec<f64> = moved.map(|n| 1.0 + n * per_mole).collect();
                out.push(Body {
                    word,
                    layer,
                    symbol: shelf.symbol(material),
                    volume: extremes(&ratios),
                    path: None,
                    elastic: None,
                    yields: false,
                });
            }
            Electrode::Film { active, .. } if lithium > 0.0 => {
                let Some(expansion) = expansion(material, active, shelf) else {
                    continue;
                };
                let start = active.initial_stoichiometry;
                let x: Vec<f64> = moved.map(|n| start * (1.0 + n / lithium)).collect();
                let volume = |x: &f64| (1.0 + expansion * x) / (1.0 + expansion * start);
                let ratios: Vec<f64> = x.iter().map(volume).collect();
                let elastic = shelf.elastic(material, start);
                let yield_stress = shelf.have(material, "yield_strength").map(|p| shelf.linear(&p));
                let film = match (shelf.have(material, "youngs_modulus"), shelf.have(material, "poisson_ratio")) {
                    (Some(young), Some(poisson)) => Some(Film {
                        young: shelf.linear(&young),
                        poisson: shelf.linear(&poisson),
                        yield_stress,
                        expansion,
                        initial_stress: 0.0,
                    }),
                    _ => None,
                };
                out.push(Body {
                    word,
                    layer,
                    symbol: shelf.symbol(material),
                    volume: extremes(&ratios),
                    path: film.and_then(|f| f.follow(&x).ok()),
                    elastic,
                    yields: yield_stress.is_some(),
                });
            }
            _ => {}
        }
    }
    out
}

/// Charge passed at every row of the series, C; discharge positive.
fn charge(study: &Study) -> Vec<f64> {
    let s = &study.solution;
    let (time, current) = (s.column(Quantity::TestTime), s.column(Quantity::Current));
    let mut sum = 0.0;
    let mut out = vec![0.0];
    for (t, i) in time.windows(2).zip(current.windows(2)) {
        sum += 0.5 * (i[0] + i[1]) * (t[1] - t[0]);
        out.push(sum);
    }
    out
}

fn extremes(values: &[f64]) -> [f64; 2] {
    values
        .iter()
        .fold([f64::INFINITY, f64::NEG_INFINITY], |[a, b], v| [a.min(*v), b.max(*v)])
}

/// Volume gained from stoichiometry 0 to 1: from the partial molar volume, or from the change over the usable window.
fn expansion(material: &str, active: &ActiveMaterial, shelf: &mut Shelf) -> Option<f64> {
    let value = |p: Property, t: f64| p.eval(0.0, t).value;
    let t = shelf.temperature;
    if let Some(molar) = shelf.have(material, "molar_volume") {
        return Some(value(molar, t) * active.maximum_concentration);
    }
    let change = shelf.have(material, "volume_change");
    let ends = ["stoichiometry_at_full", "stoichiometry_at_empty"].map(|k| shelf.have(material, k));
    if let (Some(change), [Some(full), Some(empty)]) = (change, ends) {
        let window = (value(full, t) - value(empty, t)).abs();
        return (window > 0.0).then(|| value(change, t) / window);
    }
    shelf
        .need(material, "molar_volume")
        .map(|p| value(p, t) * active.maximum_concentration)
}

fn pressure(value: f64) -> String {
    format_quantity(value, Dimension::PRESSURE)
}

fn stress_row(b: &Body, path: &[Point]) -> StressRow {
    let [low, high] = extremes(&path.iter().map(|p| p.stress).collect::<Vec<_>>());
    let work = path.last().map_or(0.0, |p| p.work);
    let how = match (b.yields, work > 0.0) {
        (true, true) => format!("It **yields**: {} J/cm3 of plastic work.", significant(work * 1e-6, 3)),
        (true, false) => "It stays elastic.".to_owned(),
        (false, _) => "Taken as elastic: no yield strength is known.".to_owned(),
    };
    StressRow {
        quantity: format!("Stress in the {} electrode, {}", b.word, b.symbol),
        value: format!("{} .. {}", pressure(low), pressure(high)),
        meaning: format!("Change since the start, held in its plane by the substrate; tension positive. {how}"),
    }
}

fn crack_row(b: &Body, shelf: &mut Shelf) -> Option<StressRow> {
    let path = b.path.as_ref()?;
    let elastic = b.elastic?;
    let energy = shelf.need(&b.layer.material, "fracture_energy")?.eval(0.0, shelf.temperature).value;
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
fn bow_row(prepared: &Prepared, bodies: &[Body], stack: &[Option<Elastic>]) -> Option<StressRow> {
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
        value: format!("{} .. {}", signed(bow(low, diagonal)), signed(bow(high, diagonal))),
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
    let text = Kind::Length.text(length.abs());
    if length < 0.0 { format!("-{text}") } else { text }
}

fn bending_row(layers: &[Stacked], stack: &[Option<Elastic>], shelf: &mut Shelf) -> Option<StressRow> {
    let mut critical = vec![];
    for (l, e) in layers.iter().zip(stack) {
        let energy = shelf
            .have(&l.material, "fracture_energy")
            .map(|p| p.eval(0.0, shelf.temperature).value);
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
            shelf.symbol(&layers[limit.layer].material)
        ),
    })
}

fn swelling_row(prepared: &Prepared, bodies: &[Body]) -> Option<StressRow> {
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
            format!("{} {} .. {} %", b.symbol, percent(b.volume[0]), percent(b.volume[1]))
        })
        .collect();
    let room = match gap(prepared) {
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
        value: format!("{} .. {}", signed(least), signed(most)),
        meaning: format!("Greatest and least together, across the films: {}. {room}", each.join(", ")),
    })
}

/// What is between the electrodes and gives way: its material and mean width, m.
fn gap(prepared: &Prepared) -> Option<(String, f64)> {
    let library = prepared.library();
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
