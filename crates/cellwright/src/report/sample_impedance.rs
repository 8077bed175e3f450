//! A sample spectrum for the tests: two arcs and a tail in closed form.

use super::colour::Colour;
use super::data::{Impedance, ImpedancePart, ImpedanceSpectrum, Report};
use cellwright_lab::impedance::{frequencies, kramers_kronig, relaxation};
use num_complex::Complex64;

/// The thin-film report with an impedance chapter of `n` spectra.
pub fn measured(n: usize) -> Report {
    Report {
        impedance: Some(Impedance {
            lede: "Two arcs & a **tail**.".into(),
            note: "Equal axes.".into(),
            spectra: (0..n).map(spectrum).collect(),
            lambda: relaxation::LAMBDA,
            test: "A chain.".into(),
        }),
        ..super::sample::thin_film()
    }
}

fn spectrum(number: usize) -> ImpedanceSpectrum {
    let frequency = frequencies(1e-3, 1e6, 10);
    let by = 1.0 + number as f64;
    type Law = fn(Complex64) -> Complex64;
    let laws: [(&str, Colour, Law); 3] = [
        ("LiPON: ohmic", Colour::Electrolyte, |s| 50e-4 / (1.0 + s * 1e-6)),
        ("LiCoO₂: charge transfer", Colour::PositiveLight, |s| 30e-4 / (1.0 + s * 3e-4)),
        ("stored charge <&>", Colour::Pink, |s| 1e-4 / s),
    ];
    let parts: Vec<ImpedancePart> = laws
        .iter()
        .map(|(name, colour, law)| {
            let z: Vec<Complex64> = frequency
                .iter()
                .map(|f| by * law(Complex64::new(0.0, std::f64::consts::TAU * f)))
                .collect();
            ImpedancePart {
                name: (*name).into(),
                colour: *colour,
                real: z.iter().map(|z| z.re).collect(),
                imaginary: z.iter().map(|z| z.im).collect(),
                top: Some(500.0),
            }
        })
        .collect();
    let z: Vec<Complex64> = (0..frequency.len())
        .map(|k| parts.iter().map(|p| Complex64::new(p.real[k], p.imaginary[k])).sum())
        .collect();
    let d = relaxation::distribution(&frequency, &z).expect("enough frequencies");
    let test = kramers_kronig::test(&frequency, &z);
    ImpedanceSpectrum {
        label: format!("3.9{number} V"),
        real: z.iter().map(|z| z.re).collect(),
        imaginary: z.iter().map(|z| z.im).collect(),
        frequency,
        parts,
        time: d.time,
        gamma: d.gamma,
        residual: [
            test.residual.iter().map(|r| r.re).collect(),
            test.residual.iter().map(|r| r.im).collect(),
        ],
    }
}

#[test]
fn the_chapter_shows_arcs_of_equal_axes() {
    let html = super::render(&measured(2));
    for text in [
        "id=\"p-nyq\"",
        "id=\"p-zre\"",
        "id=\"p-drt\"",
        "id=\"p-kk\"",
        "LiPON: ohmic",
        "stored charge &lt;&amp;&gt;",
        "10 kHz",
    ] {
        assert!(html.contains(text), "{text}");
    }
    let report = measured(1);
    let figures = super::chapter_impedance::figures(&report);
    let layout = super::layout::Layout::new(&figures[0]);
    let [along, up] = [layout.x, layout.y].map(|[a, b]| b - a);
    let ratio = (along / layout.area[2]) / (up / layout.area[3]);
    assert!((ratio - 1.0).abs() < 0.01, "an ohm is {ratio} times as long upwards");
    assert!(super::render(&measured(0)).contains("Impedance from 1 mHz to 1 MHz at 10 points per decade"));
}
