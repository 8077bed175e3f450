//! Chapter "Tests": voltammograms, peak currents against rate, diffusivities from titration, trains of pulses.

use super::chapter_pulses;
use super::chapter_transference;
use super::colour::Colour;
use super::data::{Electrical, Report};
use super::escape::marked;
use super::figure::{Axis, Figure, Series, Stroke};
use super::figure_html::figure;
use super::kind::Kind;
use super::plot::Plot;

const SIZE: [f64; 2] = [580.0, 360.0];

/// The plots of the chapter.
pub fn figures(report: &Report) -> Vec<Figure> {
    let Some(tests) = &report.electrical else { return Vec::new() };
    [voltammogram(tests), peaks(tests), titration(tests)]
        .into_iter()
        .flatten()
        .chain(chapter_pulses::figures(report))
        .chain(chapter_transference::figures(report))
        .collect()
}

/// Charging is drawn upwards, as oxidation of the positive electrode usually is.
fn voltammogram(tests: &Electrical) -> Option<Figure> {
    let n = tests.voltammograms.len();
    let largest = tests
        .voltammograms
        .iter()
        .flat_map(|v| &v.current)
        .fold(0.0f64, |a, i| a.max(i.abs()));
    if n == 0 || largest == 0.0 || tests.area <= 0.0 {
        return None;
    }
    let unit = Kind::CurrentDensity.unit(largest / tests.area);
    let series = tests.voltammograms.iter().enumerate().map(|(i, v)| {
        let current = v.current.iter().map(|i| unit.of(-i / tests.area)).collect();
        Series::line(v.label.clone(), Colour::ramp(i, n), v.voltage.clone(), current)
    });
    Some(Figure {
        id: "p-cv".into(),
        title: "Voltammogram".into(),
        finding: format!("Current against voltage at {n} rates."),
        note: "Charge upwards, discharge downwards. Slow is light, fast is dark.".into(),
        size: SIZE,
        x: Axis::new("Voltage / V").with_column("Voltage / V", 1.0),
        y: Axis::new(unit.label("Current, charge positive")),
        series: series.collect(),
        nearest: true,
        ..Figure::default()
    })
}

fn peaks(tests: &Electrical) -> Option<Figure> {
    let lines: Vec<_> = tests.peaks.iter().filter(|p| p.rate.len() > 1).collect();
    if lines.is_empty() || tests.area <= 0.0 {
        return None;
    }
    let largest = lines.iter().flat_map(|p| &p.current).fold(0.0f64, |a, i| a.max(*i));
    let unit = Kind::CurrentDensity.unit(largest / tests.area);
    let colours = [Colour::Positive, Colour::Electrolyte];
    let series = lines.iter().zip(colours).map(|(p, colour)| {
        let rate = p.rate.iter().map(|r| 1e3 * r).collect();
        let current = p.current.iter().map(|i| unit.of(i / tests.area)).collect();
        Series::line(p.label.clone(), colour, rate, current).drawn(Stroke::Rings)
    });
    Some(Figure {
        id: "p-b".into(),
        title: "Peak current against rate".into(),
        finding: lines.iter().map(|p| p.label.clone()).collect::<Vec<_>>().join("; "),
        note: "b is the slope: 0.5 where diffusion decides, 1 where the host follows its surface.".into(),
        size: SIZE,
        x: Axis::new("Rate / mV s⁻¹").logarithmic(),
        y: Axis::new(unit.label("Peak current")).logarithmic(),
        series: series.collect(),
        nearest: true,
        ..Figure::default()
    })
}

fn titration(tests: &Electrical) -> Option<Figure> {
    if tests.titration.iter().all(|t| t.stoichiometry.is_empty()) {
        return None;
    }
    let colours = [Colour::Muted, Colour::Positive, Colour::Pink, Colour::Electrolyte, Colour::Metal];
    let series = tests.titration.iter().zip(colours).map(|(t, colour)| {
        let d = t.diffusivity.iter().map(|d| 1e4 * d).collect();
        let line = Series {
            exact: true,
            ..Series::line(t.label.clone(), colour, t.stoichiometry.clone(), d)
        };
        line.drawn(if t.truth { Stroke::Dashed } else { Stroke::Rings })
    });
    Some(Figure {
        id: "p-titr".into(),
        title: "Diffusivity from titration".into(),
        finding: "The diffusion coefficient that a laboratory would extract, beside that of the model.".into(),
        note: tests.doubts.clone(),
        size: SIZE,
        x: Axis::new(tests.stoichiometry.clone()),
        y: Axis::new("D / cm² s⁻¹").logarithmic(),
        series: series.collect(),
        nearest: true,
        ..Figure::default()
    })
}

/// Body of the chapter.
pub fn chapter(report: &Report, plots: &[Plot]) -> String {
    let Some(tests) = report.electrical.as_ref().filter(|_| !plots.is_empty()) else {
        return concat!(
            r#"<p class="lede">Not asked for in this run.</p><p class="empty">Voltammograms with peaks and exponent, from <code>Sweep to 3.0 V at 0.1 mV/s</code>; "#,
            r#"diffusivities from pulses between rests (GITT) or from steps of voltage (PITT); resistance and lowest voltage by pulse, from "#,
            r#"<code>Repeat 100 times: (Discharge at 5C for 10 ms; Rest for 1 s)</code>; transference number, from <code>Hold at 10 mV for 2 h</code> "#,
            r#"between two spectra of a cell with lithium on both sides.</p>"#
        )
        .into();
    };
    let body: String = plots.iter().map(figure).collect();
    let pulses = tests.pulses.as_ref().map_or(String::new(), chapter_pulses::table);
    let transference = tests.transference.as_ref().map_or(String::new(), chapter_transference::table);
    format!(
        r#"<p class="lede">{}</p><div class="g2">{body}</div>{pulses}{transference}"#,
        marked(&tests.lede)
    )
}
