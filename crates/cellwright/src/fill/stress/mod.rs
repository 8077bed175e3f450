//! What the lithium of a run does to its films: stress, bow, cracks, bending, swelling.

mod rows;

use crate::cell::Used;
use crate::lookup::Lookup;
use crate::prepare::Prepared;
use crate::report::data::Stress;
use crate::study::Study;
use cellwright_base::constants::FARADAY;
use cellwright_device::{Layer as Stacked, Role, Structure};
use cellwright_electrochem::spec::Electrode;
use cellwright_materials::Property;
use cellwright_mechanics::MechanicsError;
use cellwright_mechanics::elastic::Elastic;
use cellwright_mechanics::film::{Film, Linear, Point};
use rows::{bending_row, bow_row, crack_row, stress_row, swelling_row};

/// The part "Stress" of the report and the properties that went into it; `None` if no film swells.
pub fn stress(prepared: &Prepared, study: &Study) -> (Option<Stress>, Vec<Used>) {
    let mut found = Lookup::new(prepared);
    let bodies = bodies(prepared, study, &mut found);
    if bodies.is_empty() {
        return (None, vec![]);
    }
    let mut rows = Vec::new();
    for b in &bodies {
        rows.extend(b.path.as_ref().map(|path| stress_row(b, path)));
        rows.extend(crack_row(b, &mut found));
    }
    let layers = &prepared.cell.device.layers;
    if prepared.cell.is_stack() && layers.first().is_some_and(|l| l.role == Role::Substrate) {
        let stack: Vec<Option<Elastic>> = layers.iter().map(|l| found.elastic(&l.material, 0.0)).collect();
        rows.extend(bow_row(prepared, &bodies, &stack));
        rows.extend(bending_row(layers, &stack, &mut found));
    }
    rows.extend(swelling_row(prepared, &bodies, &found.library));
    found.gaps.sort();
    found.gaps.dedup();
    let gaps = found.gaps;
    (Some(Stress { rows, gaps, section: None }), found.used)
}

impl Lookup {
    /// The way of a film; what stands against it is a gap too.
    fn followed(&mut self, material: &str, path: Result<Vec<Point>, MechanicsError>) -> Option<Vec<Point>> {
        let fault = path.as_ref().err().map(|e| format!("stress in {material} ({e})"));
        self.gaps.extend(fault);
        path.ok()
    }

    /// A property at stoichiometry 0 and 1.
    fn linear(&self, property: &Property) -> Linear {
        let at = |x: f64| property.eval(x, self.temperature).value;
        Linear {
            empty: at(0.0),
            full: at(1.0),
        }
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

fn bodies<'a>(prepared: &'a Prepared, study: &Study, found: &mut Lookup) -> Vec<Body<'a>> {
    let spec = &prepared.cell.spec;
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
        let moved = (0..study.solution.series.len()).map(|row| sign * study.solution.passed(row) / FARADAY);
        let material = layer.material.as_str();
        match electrode {
            Electrode::Metal { .. } => {
                let area = prepared.cell.device.active_area;
                let Some(molar) = found.need(material, "molar_volume") else {
                    continue;
                };
                let per_mole = molar.eval(0.0, found.temperature).value / (area * layer.thickness);
                let ratios: Vec<f64> = moved.map(|n| 1.0 + n * per_mole).collect();
                out.push(Body {
                    word,
                    layer,
                    symbol: found.symbol(material),
                    volume: extremes(&ratios),
                    path: None,
                    elastic: None,
                    yields: false,
                });
            }
            Electrode::Film { active, .. } if lithium > 0.0 => {
                let Some(expansion) = found.expansion(material, active) else {
                    continue;
                };
                let start = active.initial_stoichiometry;
                let x: Vec<f64> = moved.map(|n| start * (1.0 + n / lithium)).collect();
                let volume = |x: &f64| (1.0 + expansion * x) / (1.0 + expansion * start);
                let ratios: Vec<f64> = x.iter().map(volume).collect();
                let elastic = found.elastic(material, start);
                let yield_stress = found.have(material, "yield_strength").map(|p| found.linear(&p));
                let film = match (found.have(material, "youngs_modulus"), found.have(material, "poisson_ratio")) {
                    (Some(young), Some(poisson)) => Some(Film {
                        young: found.linear(&young),
                        poisson: found.linear(&poisson),
                        yield_stress,
                        expansion,
                        initial_stress: 0.0,
                    }),
                    _ => None,
                };
                out.push(Body {
                    word,
                    layer,
                    symbol: found.symbol(material),
                    volume: extremes(&ratios),
                    path: film.and_then(|f| found.followed(material, f.follow(&x))),
                    elastic,
                    yields: yield_stress.is_some(),
                });
            }
            _ => {}
        }
    }
    out
}

fn extremes(values: &[f64]) -> [f64; 2] {
    values
        .iter()
        .fold([f64::INFINITY, f64::NEG_INFINITY], |[a, b], v| [a.min(*v), b.max(*v)])
}
