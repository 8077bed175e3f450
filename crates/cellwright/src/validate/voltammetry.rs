//! Cyclic voltammetry through the whole laboratory: sweeps of the voltage on a thick and on a thin host, against their closed forms.

use super::cells::{HOST_AREA, HOST_RADIUS, TEMPERATURE, host_cell, number, reversible_active};
use super::reference::Table;
use super::{Fault, Sheet};
use cellwright_base::constants::{FARADAY, GAS_CONSTANT};
use cellwright_dae::Tolerance;
use cellwright_electrochem::host::Curvature;
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::model::Model;
use cellwright_electrochem::spec::Resolution;
use cellwright_lab::protocol::{Protocol, RateBasis};
use cellwright_lab::run::{RunOptions, Silent, run};
use cellwright_lab::voltammetry::{Scan, exponent, pairs, scans};
use std::collections::BTreeMap;

/// Half-wave potential, V.
const HALF: f64 = 3.0;
/// Exchange current over peak current.
const NEARLY_REVERSIBLE: f64 = 1e3;
/// Stoichiometry at the start: 1e-4, where the sweep begins 9.2 RT/F above the half-wave potential.
const EMPTY: f64 = 1e-4;

fn thermal() -> f64 {
    GAS_CONSTANT * TEMPERATURE / FARADAY
}

/// Sweeps of a host in which lithium and vacancies mix ideally, `U = U½ + RT/F ln((1-θ)/θ)`: the couple of a reversible electrode, with the
/// same diffusion coefficient on both sides. One fall and one rise per rate (V/s).
fn sweep(diffusivity: f64, rates: &[f64], tolerance: f64) -> Result<Vec<Scan>, Fault> {
    let potential = format!("{HALF} + {:?} * ln((1 - x) / x)", thermal());
    let mut active = reversible_active(&potential, number("diffusion", diffusivity), EMPTY);
    let resolution = Resolution {
        modes: 60,
        ..Resolution::default()
    };
    let mut out = vec![];
    for rate in rates {
        let (low, high) = (HALF - 9.0 * thermal(), HALF + 9.0 * thermal());
        let steps = [
            format!("Sweep to {low:?} V at {rate:?} V/s"),
            format!("Sweep to {high:?} V at {rate:?} V/s"),
        ];
        let (protocol, _) = Protocol::parse(&steps).map_err(|e| Fault::Input(e.to_string()))?;
        let peak = surface_peak(*rate).min(semi_infinite_peak(diffusivity, *rate));
        // Almost reversible: a thousandth of RT/F at the peak. With no resistance at all the current would follow from the rate of the voltage
        // alone, which no time step can do.
        active.kinetics = Kinetics::Linear;
        active.exchange_current.property = number("exchange_current_density", NEARLY_REVERSIBLE * peak / HOST_AREA);
        let mut spec = host_cell(Curvature::Slab, active.clone(), resolution);
        // The tolerance of the current follows the peak.
        spec.current_1c = peak;
        let options = RunOptions {
            tolerance: Tolerance::new(tolerance, 1e-2 * tolerance),
            basis: RateBasis {
                capacity: 1.0,
                area: spec.area,
            },
            profiles: BTreeMap::new(),
            details: false,
            jump: None,
        };
        let solution = run(&mut Model::new(spec), &protocol, &options, None, &mut Silent)?;
        out.extend(scans(&protocol, &solution));
    }
    Ok(out)
}

/// Lithium at stoichiometry one, mol/m³.
const MAXIMUM: f64 = 5e4;

/// `F A c √(D F ν/RT)`, A.
fn scale(diffusivity: f64, rate: f64) -> f64 {
    FARADAY * HOST_AREA * MAXIMUM * (diffusivity * rate / thermal()).sqrt()
}

fn semi_infinite_peak(diffusivity: f64, rate: f64) -> f64 {
    0.4463 * scale(diffusivity, rate)
}

/// `F² ν A Γ/(4RT)` with Γ the lithium of the whole host per area, A.
fn surface_peak(rate: f64) -> f64 {
    FARADAY * rate * HOST_AREA * MAXIMUM * HOST_RADIUS / (4.0 * thermal())
}

pub(super) fn solve(sheet: &mut Sheet) -> Result<(), Fault> {
    // Thick: the diffusion layer of the whole sweep is a quarter of the host.
    let rates = [4e-4, 1.6e-3];
    let d = (HOST_RADIUS / 20.0).powi(2) * rates[0] / thermal();
    let table = Table::new(include_str!("data/cv_reversible_semi_infinite.csv"));
    let found = sweep(d, &rates, 1e-5)?;
    for (rate, scan) in rates.iter().zip(found.iter().step_by(2)) {
        let peak = scan.peak.ok_or_else(|| Fault::Input("no peak".into()))?;
        let words = format!("thick host, {} mV/s", 1e3 * rate);
        sheet.close(
            format!("{words}: peak over F A c √(D F ν/RT)"),
            0.4463,
            peak.current / scale(d, *rate),
            5e-3,
            "",
        );
        sheet.near(
            format!("{words}: place of the peak"),
            -1.109,
            (peak.voltage - HALF) / thermal(),
            0.02,
            "RT/F",
        );
        let psi: Vec<(f64, f64)> = scan
            .voltage
            .iter()
            .zip(&scan.current)
            .map(|(v, i)| ((v - HALF) / thermal(), i / scale(d, *rate)))
            .collect();
        let at = |x: f64| {
            let k = psi.partition_point(|p| p.0 > x).clamp(1, psi.len() - 1);
            let (a, b) = (psi[k - 1], psi[k]);
            a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0)
        };
        // The reference starts 8 RT/F above the half-wave potential, where its first values still settle.
        let rows = table.rows().iter().filter(|r| r[0] < 5.0 && r[0] > -7.9);
        let worst = rows.map(|r| (at(r[0]) - r[1]).abs()).fold(0.0, f64::max);
        sheet.below(
            format!("{words}: whole wave, largest difference over the peak"),
            worst / 0.4463,
            5e-3,
            "",
        );
    }
    let points: Vec<(f64, f64)> = found
        .iter()
        .step_by(2)
        .filter_map(|s| Some((s.rate.abs(), s.peak?.current)))
        .collect();
    sheet.close(
        "thick host: exponent b of the peak in the rate",
        0.5,
        exponent(&points).unwrap_or(f64::NAN),
        5e-3,
        "",
    );
    // Thin: L²/D times F ν/RT is 1/250.
    let found = sweep(1e5 * d, &rates, 1e-4)?;
    let pairs = pairs(&found);
    for pair in &pairs {
        let words = format!("thin host, {} mV/s", 1e3 * pair.rate);
        sheet.close(
            format!("{words}: peak over F² ν A Γ/(4RT)"),
            1.0,
            pair.falling.current / surface_peak(pair.rate),
            5e-3,
            "",
        );
        let width = pair.falling.width.unwrap_or(f64::NAN);
        sheet.close(format!("{words}: width at half height"), 90.6, 1e3 * width, 5e-3, "mV");
        sheet.near(format!("{words}: distance of the peaks"), 0.0, 1e3 * pair.separation(), 0.5, "mV");
    }
    let points: Vec<(f64, f64)> = pairs.iter().map(|p| (p.rate, p.falling.current)).collect();
    sheet.close(
        "thin host: exponent b of the peak in the rate",
        1.0,
        exponent(&points).unwrap_or(f64::NAN),
        5e-3,
        "",
    );
    Ok(())
}
