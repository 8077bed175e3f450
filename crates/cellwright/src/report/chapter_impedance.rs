//! Chapter "Impedance": Nyquist and Bode plots, parts by process, relaxation times, consistency.

use super::colour::Colour;
use super::data::{Impedance, ImpedanceSpectrum, Report};
use super::escape::{escape, marked};
use super::figure::{Axis, Figure, Series, Stroke};
use super::figure_html::figure;
use super::kind::{Kind, Unit};
use super::layout::Layout;
use super::number::{self, significant};
use super::plot::Plot;
use std::fmt::Write;

const SIZE: [f64; 2] = [580.0, 360.0];

/// The plots of the chapter.
pub fn figures(report: &Report) -> Vec<Figure> {
    let Some(chapter) = &report.impedance else { return Vec::new() };
    let spectra: Vec<&ImpedanceSpectrum> = chapter.spectra.iter().filter(|s| s.frequency.len() > 1).collect();
    let Some(first) = spectra.first() else { return Vec::new() };
    // The real part shows the arcs; the tail of stored charge may be far larger.
    let largest = spectra.iter().flat_map(|s| &s.real).fold(0.0f64, |a, v| a.max(v.abs()));
    let unit = Kind::AreaResistance.unit(largest);
    let mut out = vec![nyquist(&spectra, &unit, chapter), size(&spectra, &unit), phase(&spectra)];
    out.extend(by_process(first, &unit));
    out.extend(relaxation(&spectra, &unit, chapter));
    out.extend(residual(first, chapter));
    out
}

fn colour(i: usize, n: usize) -> Colour {
    if n == 1 { Colour::Ink } else { Colour::ramp(i, n) }
}

fn nyquist(spectra: &[&ImpedanceSpectrum], unit: &Unit, chapter: &Impedance) -> Figure {
    let n = spectra.len();
    let right = unit.of(spectra.iter().flat_map(|s| &s.real).fold(0.0f64, |a, v| a.max(*v))) * 1.08;
    let mut series = Vec::new();
    for (i, s) in spectra.iter().enumerate() {
        let minus: Vec<f64> = s.imaginary.iter().map(|v| unit.of(-v)).collect();
        series.push(Series::line(s.label.clone(), colour(i, n), unit.all(&s.real), minus.clone()));
        let mut labelled: Option<[f64; 2]> = None;
        for k in decades(s).filter(|_| i == 0) {
            let at = [s.real[k], -s.imaginary[k]].map(|v| unit.of(v) / right);
            let name = decade(s.frequency[k]);
            // Names that would cover each other are left out, not the rings.
            let far = labelled.is_none_or(|p| (at[0] - p[0]).hypot(at[1] - p[1]) > 0.09);
            if far {
                labelled = Some(at);
            }
            series.push(Series {
                end: if far { name.clone() } else { String::new() },
                unlisted: true,
                ..Series::line(name, colour(i, n), vec![unit.of(s.real[k])], vec![minus[k]]).drawn(Stroke::Rings)
            });
        }
    }
    let mut out = Figure {
        id: "p-nyq".into(),
        title: "Nyquist: the whole spectrum".into(),
        finding: chapter.lede.replace("**", ""),
        note: chapter.note.clone(),
        size: SIZE,
        x: Axis::new(unit.label("Re Z · area")),
        y: Axis::new(unit.label("−Im Z · area")),
        series,
        nearest: true,
        ..Figure::default()
    };
    equal_axes(&mut out, right);
    let [x, y] = [out.x.limits, out.y.limits].map(Option::unwrap_or_default);
    out.series
        .retain(|s| !s.unlisted || s.x[0] <= x[1] && s.y[0] <= y[1] && s.y[0] >= y[0]);
    out
}

/// One ohm is as long upwards as to the right; the tail of stored charge may leave through the top.
fn equal_axes(figure: &mut Figure, right: f64) {
    let top = right;
    (figure.x.limits, figure.y.limits) = (Some([0.0, right]), Some([-0.04 * right, top]));
    for _ in 0..2 {
        let area = Layout::new(figure).area;
        let top = right * area[3] / area[2];
        figure.y.limits = Some([-0.06 * top, 0.94 * top]);
    }
}

/// "10 kHz".
fn decade(f: f64) -> String {
    Kind::Frequency
        .text(10f64.powf(f.log10().round()))
        .replace(".00", "")
        .replace(".0", "")
}

/// Frequencies nearest to whole decades.
fn decades(s: &ImpedanceSpectrum) -> impl Iterator<Item = usize> + '_ {
    let whole = |f: f64| f.log10().round() as i32;
    (0..s.frequency.len()).filter(move |&k| {
        let off = |k: usize| (s.frequency[k].log10() - f64::from(whole(s.frequency[k]))).abs();
        let same = |j: usize| whole(s.frequency[j]) == whole(s.frequency[k]);
        off(k) < 0.02 && !(k > 0 && same(k - 1) && off(k - 1) <= off(k))
    })
}

fn frequency_axis() -> Axis {
    Axis::new("Frequency / Hz").logarithmic().with_column("Frequency / Hz", 1.0)
}

fn size(spectra: &[&ImpedanceSpectrum], unit: &Unit) -> Figure {
    let n = spectra.len();
    let series = spectra.iter().enumerate().map(|(i, s)| {
        let size = s.real.iter().zip(&s.imaginary).map(|(a, b)| unit.of(a.hypot(*b))).collect();
        Series::line(s.label.clone(), colour(i, n), s.frequency.clone(), size)
    });
    Figure {
        id: "p-bode".into(),
        title: "Bode: size".into(),
        finding: "Size of the impedance against frequency.".into(),
        size: SIZE,
        x: frequency_axis(),
        y: Axis::new(unit.label("|Z| · area")).logarithmic(),
        series: series.collect(),
        ..Figure::default()
    }
}

fn phase(spectra: &[&ImpedanceSpectrum]) -> Figure {
    let n = spectra.len();
    let series = spectra.iter().enumerate().map(|(i, s)| {
        let angle = s.real.iter().zip(&s.imaginary).map(|(a, b)| -b.atan2(*a).to_degrees()).collect();
        Series::line(s.label.clone(), colour(i, n), s.frequency.clone(), angle)
    });
    Figure {
        id: "p-phase".into(),
        title: "Bode: phase".into(),
        finding: "Phase of the impedance against frequency.".into(),
        size: SIZE,
        x: frequency_axis(),
        y: Axis::new("−Phase / °"),
        series: series.collect(),
        ..Figure::default()
    }
}

/// Real parts piled up, imaginary parts side by side.
fn by_process(s: &ImpedanceSpectrum, unit: &Unit) -> Vec<Figure> {
    if s.parts.is_empty() {
        return vec![];
    }
    let real = s
        .parts
        .iter()
        .map(|p| Series::line(p.name.clone(), p.colour, s.frequency.clone(), unit.all(&p.real)).drawn(Stroke::Area));
    let imaginary = s.parts.iter().map(|p| {
        let minus = p.imaginary.iter().map(|v| unit.of(-v)).collect();
        Series::line(p.name.clone(), p.colour, s.frequency.clone(), minus)
    });
    // The tail of stored charge must not flatten the arcs.
    let highest = s
        .parts
        .iter()
        .filter(|p| p.top.is_some())
        .flat_map(|p| &p.imaginary)
        .fold(0.0f64, |a, v| a.max(-v));
    let mut y = Axis::new(unit.label("−Im Z · area"));
    if highest > 0.0 {
        let top = 1.6 * unit.of(highest);
        y = y.with_limits(-0.08 * top, top);
    }
    vec![
        Figure {
            id: "p-zre".into(),
            title: format!("Resistance by process, {}", s.label),
            finding: "Real part of the impedance of every process, piled up: their sum is the whole.".into(),
            note: "A process fades out above its own frequency. Each takes the voltage over its own elements times its share of the current; the parts add up exactly (Tellegen's theorem).".into(),
            size: SIZE,
            x: frequency_axis(),
            y: Axis::new(unit.label("Re Z · area")),
            series: real.collect(),
            ..Figure::default()
        },
        Figure {
            id: "p-zim".into(),
            title: format!("Arcs by process, {}", s.label),
            finding: "Negative imaginary part of the impedance of every process.".into(),
            note: "A maximum is the top of that process's arc.".into(),
            size: SIZE,
            x: frequency_axis(),
            y,
            series: imaginary.collect(),
            ..Figure::default()
        },
    ]
}

fn relaxation(spectra: &[&ImpedanceSpectrum], unit: &Unit, chapter: &Impedance) -> Option<Figure> {
    let n = spectra.len();
    let drawn = spectra.iter().enumerate().filter(|(_, s)| !s.time.is_empty());
    let series: Vec<Series> = drawn
        .map(|(i, s)| Series::line(s.label.clone(), colour(i, n), s.time.clone(), unit.all(&s.gamma)))
        .collect();
    (!series.is_empty()).then(|| Figure {
        id: "p-drt".into(),
        title: "Distribution of relaxation times".into(),
        finding: "Which time constants the spectrum is made of.".into(),
        note: format!(
            "Area under a peak: its resistance. Non-negative, smoothed with λ = {}: peaks closer than about a third of a decade merge.",
            number::compact(chapter.lambda, 2)
        ),
        size: SIZE,
        x: Axis::new("Relaxation time / s").logarithmic(),
        y: Axis::new(unit.label("γ(ln τ) · area")),
        series,
        ..Figure::default()
    })
}

fn residual(s: &ImpedanceSpectrum, chapter: &Impedance) -> Option<Figure> {
    let [real, imaginary] = &s.residual;
    let largest = real.iter().chain(imaginary).fold(0.0f64, |a, v| a.max(v.abs()));
    if real.is_empty() || largest == 0.0 {
        return None;
    }
    let power = largest.log10().floor() as i32;
    let scale = 10f64.powi(-power);
    let line = |name: &str, colour, v: &[f64]| Series::line(name, colour, s.frequency.clone(), v.iter().map(|v| v * scale).collect());
    Some(Figure {
        id: "p-kk".into(),
        title: format!("Kramers–Kronig residual, {}", s.label),
        finding: format!("The largest residual is {} of |Z|.", number::compact(largest, 2)),
        note: chapter.test.clone(),
        size: SIZE,
        x: frequency_axis(),
        y: Axis::new(format!("Residual / (10{} |Z|)", number::superscript(power))),
        series: vec![
            line("real", Colour::Positive, real),
            line("imaginary", Colour::Electrolyte, imaginary),
        ],
        ..Figure::default()
    })
}

/// Body of the chapter.
pub fn chapter(report: &Report, plots: &[Plot]) -> String {
    let Some(chapter) = report.impedance.as_ref().filter(|c| !c.spectra.is_empty()) else {
        return concat!(
            r#"<p class="lede">Not asked for in this run.</p><p class="empty">Nyquist and Bode plots at any state, arcs by process, relaxation times. "#,
            r#"A step of the protocol measures it: <code>Impedance from 1 mHz to 1 MHz at 10 points per decade</code></p>"#
        )
        .into();
    };
    let body: String = plots.iter().map(figure).collect();
    let table = chapter.spectra.first().map_or(String::new(), table);
    format!(
        r#"<p class="lede">{}</p><div class="g2">{body}</div>{table}"#,
        marked(&chapter.lede)
    )
}

/// The parts of the first spectrum in numbers.
fn table(s: &ImpedanceSpectrum) -> String {
    let unit = Kind::AreaResistance.unit(s.real.iter().fold(0.0f64, |a, v| a.max(*v)));
    let low = s.frequency.last().map_or(String::new(), |f| Kind::Frequency.text(*f));
    let mut out = format!(
        r#"<div class="tw gap"><table class="t"><thead><tr><th>Process at {}</th><th class="n">Re Z at {low} / {}</th><th class="n">Top of its arc</th></tr></thead><tbody>"#,
        escape(&s.label),
        escape(&unit.symbol)
    );
    for p in &s.parts {
        let _ = write!(
            out,
            r#"<tr><td>{}</td><td class="n">{}</td><td class="n">{}</td></tr>"#,
            escape(&p.name),
            p.real.last().map_or("—".into(), |v| significant(unit.of(*v), 3)),
            p.top.map_or("—".into(), |f| escape(&Kind::Frequency.text(f)).to_string())
        );
    }
    out + "</tbody></table></div>"
}
