//! The temperature field of a run in numbers and words: how warm it got and where, where the heat went, and whether one temperature would do.

use crate::prepare::Prepared;
use crate::report::kind::Kind;
use crate::report::number::significant;
use crate::study::Study;
use crate::summary::symbols;
use cellwright_base::constants::ZERO_CELSIUS;
use cellwright_electrochem::heat::Heat;
use cellwright_electrochem::model::{Model, NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR, REGION_NEGATIVE, REGION_POSITIVE};
use cellwright_lab::results::Quantity;
use serde::Serialize;

/// The temperature field in numbers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TemperatureSummary {
    /// Highest temperature of the cell, K.
    pub highest_k: f64,
    /// When, s.
    pub highest_at_s: f64,
    /// In which part.
    pub hottest_part: String,
    /// Position along a stack from its negative side, or middle of the volume, m.
    pub hottest_place_m: Vec<f64>,
    /// Highest mean temperature of the cell, K.
    pub highest_mean_k: f64,
    /// Largest difference within the cell at one time, K.
    pub largest_difference_k: f64,
    /// When, s.
    pub largest_difference_at_s: f64,
    /// Biot number of a stack; `null` for other cells.
    pub biot_number: Option<f64>,
    /// Heat released since the start, J.
    pub heat_released_j: f64,
    /// Heat given off to the surroundings, J.
    pub heat_given_off_j: f64,
    /// Heat stored, J.
    pub heat_stored_j: f64,
    /// Released minus given off minus stored, over the heat that was moved.
    pub heat_balance: f64,
}

/// Biot number below which one temperature is enough: the inside then differs by less than a hundredth of the rise.
const LUMPED: f64 = 0.01;

/// The numbers; `None` without a field.
pub fn summary(prepared: &Prepared, study: &Study) -> Option<TemperatureSummary> {
    let w = study.solution.temperature_extremes()?;
    let model = prepared.cell.model(prepared.cell.spec.clone());
    let volume = w.highest.2;
    let place = match model.mesh.boxes.get(volume) {
        Some([low, high]) => low.iter().zip(high).map(|(a, b)| 0.5 * (a + b)).collect(),
        None => vec![model.mesh.position[volume]],
    };
    let mean = study.solution.column(Quantity::SurfaceTemperature);
    Some(TemperatureSummary {
        highest_k: w.highest.0,
        highest_at_s: w.highest.1,
        hottest_part: part(&model, &symbols(prepared), volume),
        hottest_place_m: place,
        highest_mean_k: mean.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        largest_difference_k: w.spread.0,
        largest_difference_at_s: w.spread.1,
        biot_number: biot(&model),
        heat_released_j: w.heat[0],
        heat_given_off_j: w.heat[1],
        heat_stored_j: w.heat[2],
        heat_balance: w.gap,
    })
}

fn part(model: &Model, names: &[String; 3], volume: usize) -> String {
    match model.mesh.regions[volume] {
        REGION_NEGATIVE => names[0].clone(),
        REGION_POSITIVE => names[2].clone(),
        NEGATIVE_COLLECTOR => "negative collector".into(),
        POSITIVE_COLLECTOR => "positive collector".into(),
        _ => names[1].clone(),
    }
}

/// Resistance of all layers one behind the other over that of both cooled faces; `None` unless the cell is a stack.
///
/// # Equation
/// `Bi = Σ d/(k A) · Σ h A_c`.
fn biot(model: &Model) -> Option<f64> {
    let Some(Heat::Conduction(law)) = &model.spec.heat else {
        return None;
    };
    if !model.mesh.is_chain() {
        return None;
    }
    let area = model.spec.area;
    let inside = model.mesh.volumes.iter().zip(&model.mesh.regions);
    let inside: f64 = inside.map(|(v, r)| v / (area * area * law.regions[*r].conductivity)).sum();
    let outside: f64 = law
        .outside
        .iter()
        .flatten()
        .map(|s| s.thickness / (s.area * s.material.conductivity))
        .sum();
    Some((inside + outside) * law.cooling.iter().map(|c| c.coefficient * c.area).sum::<f64>())
}

/// What the figure of the temperature says below; empty without a field.
pub fn note(prepared: &Prepared, study: &Study) -> String {
    let Some(s) = summary(prepared, study) else { return String::new() };
    let place = match s.hottest_place_m.as_slice() {
        [along] => format!("{} from the negative side", Kind::Length.text(*along)),
        all => {
            let named = all.iter().zip(["x", "y", "z"]);
            named
                .map(|(v, a)| format!("{a} {}", Kind::Length.text(*v)))
                .collect::<Vec<_>>()
                .join(", ")
        }
    };
    let difference = |v: f64| Kind::TemperatureDifference.text(v);
    let mut out = format!(
        "Highest: {:.2} °C after {}, in {} at {place}. Within the cell temperatures differ by {} at most; its mean is up to {} above the surroundings.",
        s.highest_k - ZERO_CELSIUS,
        Kind::Time.text(s.highest_at_s),
        s.hottest_part,
        difference(s.largest_difference_k),
        difference(s.highest_mean_k - prepared.cell.spec.ambient),
    );
    if let Some(biot) = s.biot_number {
        let enough = if biot < LUMPED {
            ": one temperature for the device would do"
        } else {
            ""
        };
        out.push_str(&format!(" Biot number {}{enough}.", significant(biot, 2)));
    }
    out
}
