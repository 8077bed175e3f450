//! Impedance spectra for the report, and what to distrust in them.

use super::heading::COLOURS;
use crate::prepare::Prepared;
use crate::report::colour::Colour;
use crate::report::data::{Impedance, ImpedancePart, ImpedanceSpectrum};
use crate::report::kind::Kind;
use crate::report::number::compact;
use crate::spectra::{Reading, top};
use crate::study::Study;
use crate::summary::loss_names;
use cellwright_base::diagnostic::Diagnostic;
use cellwright_electrochem::spec::ModelKind;
use cellwright_lab::impedance::Spectrum;
use cellwright_lab::impedance::relaxation::LAMBDA;

/// Most spectra that are drawn.
const MOST_SPECTRA: usize = 8;
/// Error of the mesh from which on a spectrum gets a warning, relative.
const COARSE: f64 = 0.01;
/// Parts below this share of |Z| everywhere are not drawn.
const NOTHING: f64 = 1e-4;

/// The chapter; none without a spectrum.
pub fn chapter(prepared: &Prepared, study: &Study) -> Option<Impedance> {
    let s = &study.solution;
    let first = s.spectra.first()?;
    let area = prepared.cell.device.active_area;
    let spectra: Vec<ImpedanceSpectrum> = s
        .spectra
        .iter()
        .zip(&study.readings)
        .take(MOST_SPECTRA)
        .map(|(s, r)| spectrum(prepared, s, r, area))
        .collect();
    let unit = |z: f64| Kind::AreaResistance.text(z * area);
    let last = first.frequency.len() - 1;
    let mut lede = format!(
        "From {} to {} at {:.3} V the real part grows from {} to **{}** ({} for the whole cell).",
        Kind::Frequency.text(first.frequency[0]),
        Kind::Frequency.text(first.frequency[last]),
        first.voltage,
        unit(first.impedance[0].re),
        unit(first.impedance[last].re),
        cellwright_base::units::format_quantity(first.impedance[last].re, cellwright_base::units::Dimension::RESISTANCE),
    );
    if let Some(p) = spectra[0].parts.iter().max_by(|a, b| end(a).total_cmp(&end(b))) {
        lede.push_str(&format!(" Most of it is {}: {}.", p.name, Kind::AreaResistance.text(end(p))));
    }
    let more = s.spectra.len().saturating_sub(MOST_SPECTRA);
    let note = match more {
        0 => "Equal axes. The tail of stored charge may leave through the top; all of it is in `impedance.csv`.".to_owned(),
        n => format!("Equal axes. The first {MOST_SPECTRA} spectra; the other {n} are in `impedance.csv`."),
    };
    let elements = study.readings.first().map_or(0, |r| r.test.elements);
    Some(Impedance {
        lede,
        note,
        spectra,
        lambda: LAMBDA,
        test: format!(
            "What a chain of {elements} relaxation times, which obeys the Kramers–Kronig relations whatever its values, leaves of the spectrum (least squares, weight 1/|Z|). A computed spectrum leaves rounding; a measured one its noise and drift."
        ),
    })
}

fn end(p: &ImpedancePart) -> f64 {
    p.real.last().copied().unwrap_or(0.0)
}

fn spectrum(prepared: &Prepared, s: &Spectrum, reading: &Reading, area: f64) -> ImpedanceSpectrum {
    let names = loss_names(prepared).into_iter().chain(["stored charge".to_owned()]);
    let colours = COLOURS.into_iter().chain([Colour::Pink]);
    let parts = names.zip(colours).enumerate().map(|(k, (name, colour))| ImpedancePart {
        name,
        colour,
        real: s.parts.iter().map(|p| p[k].re * area).collect(),
        imaginary: s.parts.iter().map(|p| p[k].im * area).collect(),
        top: top(s, k),
    });
    let size: Vec<f64> = s.impedance.iter().map(|z| z.norm() * area).collect();
    let matters = |p: &ImpedancePart| {
        let pairs = p.real.iter().zip(&p.imaginary).zip(&size);
        pairs.map(|((a, b), z)| a.hypot(*b) / z).fold(0.0, f64::max) > NOTHING
    };
    let (time, gamma) = reading
        .distribution
        .as_ref()
        .map_or((vec![], vec![]), |d| (d.time.clone(), d.gamma.iter().map(|g| g * area).collect()));
    ImpedanceSpectrum {
        label: format!("{:.3} V", s.voltage),
        frequency: s.frequency.clone(),
        real: s.impedance.iter().map(|z| z.re * area).collect(),
        imaginary: s.impedance.iter().map(|z| z.im * area).collect(),
        parts: parts.filter(matters).collect(),
        time,
        gamma,
        residual: [
            reading.test.residual.iter().map(|r| r.re).collect(),
            reading.test.residual.iter().map(|r| r.im).collect(),
        ],
    }
}

/// What to distrust in the spectra.
pub fn warnings(prepared: &Prepared, study: &Study) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    if study.solution.spectra.is_empty() {
        return out;
    }
    let rough = study.solution.spectra.iter().zip(&study.readings).filter_map(|(s, r)| {
        let first = r.mesh_error.iter().rposition(|e| *e > COARSE)?;
        let worst = r.mesh_error.iter().copied().fold(0.0, f64::max);
        Some((s.frequency[first], worst))
    });
    if let Some((from, worst)) = rough.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) {
        out.push(
            Diagnostic::warning(
                "W212",
                format!("the mesh decides the spectrum somewhere from {} up", Kind::Frequency.text(from)),
            )
            .note(format!("estimated error of |Z| up to {} % there", compact(100.0 * worst, 2)))
            .help("raise  cells  under [model], or stop the spectrum earlier"),
        );
    }
    let spec = &prepared.cell.spec;
    let charged = spec.kind == ModelKind::Dfn && [&spec.negative, &spec.positive].iter().any(|e| e.double_layer() > 0.0);
    if !charged {
        out.push(
            Diagnostic::warning(
                "W211",
                "the interfaces do not charge: charge transfer shows as a resistance, without an arc",
            )
            .help(if spec.kind == ModelKind::Dfn {
                "double_layer = \"on\"  under [model]"
            } else {
                "kind = \"DFN\"  and  double_layer = \"on\"  under [model]"
            }),
        );
    }
    out
}
