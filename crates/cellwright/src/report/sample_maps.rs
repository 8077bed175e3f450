//! Invented maps for the tests of the page: a block of electrolyte between two electrodes.

use super::colour::Colour;
use super::data::{Body, MapField, MapView, Maps, Report};
use super::kind::Kind;
use super::sample;

/// The thin-film sample with maps on `n` × `n` boxes, and on `n` × `n` × `n` of the window.
pub fn mapped(n: usize) -> Report {
    let report = sample::thin_film();
    let frames: Vec<usize> = (0..report.frames.len()).step_by(3).collect();
    Report {
        maps: Some(Maps {
            lede: "An invented window.".into(),
            section: view(n, 1, &frames),
            solid: Some(view(n, n, &frames)),
        }),
        ..report
    }
}

fn view(n: usize, deep: usize, frames: &[usize]) -> MapView {
    let size = [40e-6, 20e-6, 20e-6];
    let count = [n, deep, n];
    let at = |c: [usize; 3], up: usize| std::array::from_fn(|i| size[i] * (c[i] + up) as f64 / count[i] as f64);
    let cells: Vec<[usize; 3]> = (0..n * deep * n).map(|k| [k % n, k / n % deep, k / n / deep]).collect();
    let boxes: Vec<[[f64; 3]; 2]> = cells.iter().map(|c| [at(*c, 0), at(*c, 1)]).collect();
    let field = |id: &str, title: &str, kind, arrows: bool| {
        let values: Vec<f32> = frames
            .iter()
            .flat_map(|f| cells.iter().map(move |c| 100.0 + (c[0] * (f + 1)) as f32 + c[2] as f32))
            .collect();
        MapField {
            id: id.into(),
            title: title.into(),
            quantity: "Quantity".into(),
            kind,
            boxes: (0..boxes.len() as u32).collect(),
            arrows: if arrows { vec![[1.0, 0.5]; values.len()] } else { vec![] },
            values,
            note: String::new(),
        }
    };
    MapView {
        directions: ["x".into(), "z".into()],
        outlines: vec![[[10e-6, 0.0], [10e-6, 20e-6]]],
        bodies: vec![Body {
            name: "LiCoO2".into(),
            colour: Colour::Positive,
            span: [[0.0, 0.0], [10e-6, 20e-6]],
        }],
        frames: frames.to_vec(),
        fields: vec![
            field("salt", "Mobile lithium", Kind::Concentration, false),
            field("current", "Ionic current", Kind::CurrentDensity, deep == 1),
        ],
        boxes,
    }
}
