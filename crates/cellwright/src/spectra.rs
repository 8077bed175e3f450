//! Impedance spectra read the way a laboratory reads them: arcs, relaxation times, consistency, and what the mesh leaves open.

use cellwright_lab::impedance::features::Mark;
use cellwright_lab::impedance::kramers_kronig::{self, Test};
use cellwright_lab::impedance::relaxation::{self, Distribution};
use cellwright_lab::impedance::{Spectrum, columns, part_names};
use cellwright_lab::results::TimeSeries;
use cellwright_lab::solution::Solution;
use num_complex::Complex64;
use serde::Serialize;

/// What is found in one spectrum.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Relaxation times; none for too few frequencies.
    pub distribution: Option<Distribution>,
    /// Kramers–Kronig test.
    pub test: Test,
    /// Estimated error from the mesh, relative, at every frequency; empty if it was not estimated.
    pub mesh_error: Vec<f64>,
}

/// Reads all spectra; `coarse` holds the same ones from a mesh with half the volumes.
pub fn read(solution: &Solution, coarse: &[Spectrum]) -> Vec<Reading> {
    let one = |(k, s): (usize, &Spectrum)| Reading {
        distribution: relaxation::distribution(&s.frequency, &s.impedance),
        test: kramers_kronig::test(&s.frequency, &s.impedance),
        // Second order: the error of the fine mesh is a third of the difference.
        mesh_error: coarse.get(k).filter(|c| c.frequency == s.frequency).map_or(vec![], |c| {
            let pairs = s.impedance.iter().zip(&c.impedance);
            pairs.map(|(fine, coarse)| (fine - coarse).norm() / (3.0 * fine.norm())).collect()
        }),
    };
    solution.spectra.iter().enumerate().map(one).collect()
}

/// The spectra as a file.
pub fn file(solution: &Solution, area: f64) -> TimeSeries {
    columns(&solution.spectra, area)
}

/// A point of a spectrum in numbers.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Point {
    /// Hz.
    pub frequency_hz: f64,
    /// Re Z, ohm cm².
    pub real_ohm_cm2: f64,
    /// -Im Z, ohm cm².
    pub minus_imaginary_ohm_cm2: f64,
}

/// A peak of the distribution of relaxation times in numbers.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Relaxation {
    /// s.
    pub time_s: f64,
    /// ohm cm².
    pub resistance_ohm_cm2: f64,
}

/// What one process adds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Part {
    /// Process.
    pub process: String,
    /// Re Z of it at the lowest frequency, ohm cm².
    pub real_ohm_cm2: f64,
    /// Where its -Im Z is largest inside the spectrum, Hz.
    pub top_hz: Option<f64>,
}

/// A spectrum in numbers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SpectrumSummary {
    /// As written.
    pub step: String,
    /// V.
    pub voltage_v: f64,
    /// Mean stoichiometries, negative first.
    pub stoichiometry: [Option<f64>; 2],
    /// Number of frequencies.
    pub frequencies: usize,
    /// At the highest frequency.
    pub high: Point,
    /// At the lowest frequency.
    pub low: Point,
    /// Tops of the arcs.
    pub tops: Vec<Point>,
    /// Feet between arcs.
    pub feet: Vec<Point>,
    /// Relaxation times.
    pub relaxations: Vec<Relaxation>,
    /// By process.
    pub parts: Vec<Part>,
    /// Largest residual of the Kramers–Kronig test, relative.
    pub kramers_kronig: Option<f64>,
    /// Estimated error from the mesh, relative: the largest of all frequencies.
    pub mesh_error: Option<f64>,
}

/// The numbers of a spectrum over the area (m²) of the ohm cm².
pub fn summarise(s: &Spectrum, reading: &Reading, area: f64) -> SpectrumSummary {
    let cm2 = area * 1e4;
    let point = |m: Mark| Point {
        frequency_hz: m.frequency,
        real_ohm_cm2: m.real * cm2,
        minus_imaginary_ohm_cm2: -m.imaginary * cm2,
    };
    let last = s.frequency.len().saturating_sub(1);
    let part = |(k, name): (usize, &&str)| Part {
        process: (*name).to_owned(),
        real_ohm_cm2: s.parts[last][k].re * cm2,
        top_hz: top(s, k),
    };
    SpectrumSummary {
        step: s.text.clone(),
        voltage_v: s.voltage,
        stoichiometry: s.stoichiometry,
        frequencies: s.frequency.len(),
        high: point(s.mark(0)),
        low: point(s.mark(last)),
        tops: s.tops().into_iter().map(point).collect(),
        feet: s.feet().into_iter().map(point).collect(),
        relaxations: reading
            .distribution
            .iter()
            .flat_map(Distribution::peaks)
            .map(|p| Relaxation {
                time_s: p.time,
                resistance_ohm_cm2: p.resistance * cm2,
            })
            .collect(),
        parts: part_names().iter().enumerate().map(part).collect(),
        kramers_kronig: (!reading.test.residual.is_empty()).then(|| reading.test.largest()),
        mesh_error: reading.mesh_error.iter().copied().reduce(f64::max),
    }
}

/// Frequency at which part `k` has its largest -Im Z, unless that is at an end of the spectrum or nothing.
pub fn top(s: &Spectrum, k: usize) -> Option<f64> {
    let size = |z: &Complex64| -z.im;
    let best = (0..s.parts.len()).max_by(|a, b| size(&s.parts[*a][k]).total_cmp(&size(&s.parts[*b][k])))?;
    let inside = best > 0 && best + 1 < s.parts.len() && size(&s.parts[best][k]) > 1e-6 * s.impedance[best].norm();
    inside.then(|| s.frequency[best])
}
