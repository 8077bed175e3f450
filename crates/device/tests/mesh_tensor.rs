//! Tensor and axial meshes against closed forms.

mod potential;

use cellwright_device::mesh::{Class, Frame, Grid, Growth, Mesh, Side, Stop, TensorOptions, axial, graded, tensor};
use potential::conductance;
use std::f64::consts::PI;

/// Half a finger to half the next, in units of half the pitch.
fn fingers(eta: f64, height: f64, d0: f64, growth: Growth) -> Mesh {
    let d = d0.min(eta.min(1.0 - eta).min(height) / 3.0);
    let x = [
        Stop::new(0.0, f64::INFINITY),
        Stop::new(eta, d),
        Stop::new(2.0 - eta, d),
        Stop::new(2.0, f64::INFINITY),
    ];
    let z = [Stop::new(-0.1, f64::INFINITY), Stop::new(0.0, d), Stop::new(height, f64::INFINITY)];
    let grid = Grid {
        lines: [graded(&x, growth), vec![0.0, 1.0], graded(&z, growth)],
    };
    let body = |p: [f64; 3]| match p {
        [_, _, z] if z > 0.0 => (1, Class::Electrolyte),
        [x, _, _] if x < eta => (2, Class::Film(Side::Negative)),
        [x, _, _] if x > 2.0 - eta => (3, Class::Film(Side::Positive)),
        _ => (0, Class::Inert),
    };
    tensor(&grid, body, TensorOptions::default()).expect("a mesh").mesh
}

/// Exact primary conductance over conductivity and length, for each part of the pitch that is finger: infinite height, then heights over
/// twice the pitch. From elliptic functions (Igreja and Dias 2004, doi 10.1016/j.sna.2004.01.040).
fn table() -> (Vec<f64>, Vec<Vec<f64>>) {
    let text = include_str!("data/interdigitated_conductance.csv");
    let mut lines = text.lines();
    let heights = lines.next().expect("a head").split(',').skip(2);
    let heights = heights
        .map(|h| h.trim_start_matches("h/lambda=").parse().expect("a height"))
        .collect();
    let rows = lines
        .map(|l| l.split(',').map(|v| v.parse().expect("a number")).collect())
        .collect();
    (heights, rows)
}

fn worst(d0: f64, growth: Growth, step: usize) -> (f64, usize) {
    let (heights, rows) = table();
    let (mut worst, mut cells) = (0.0f64, 0);
    for row in rows.iter().step_by(step) {
        for k in 0..=heights.len() {
            // A height of 1.5 times twice the pitch is infinite to 1e-8.
            let height = if k == 0 { 6.0 } else { 4.0 * heights[k - 1] };
            let mesh = fingers(row[0], height, d0, growth);
            let found = conductance(&mesh);
            let error = found / row[1 + k] - 1.0;
            if std::env::var("SHOW").is_ok() {
                println!("eta {} k {k} cells {} error {:.4} %", row[0], mesh.n_cells(), 100.0 * error);
            }
            worst = worst.max(error.abs());
            cells = cells.max(mesh.n_cells());
        }
    }
    (worst, cells)
}

#[test]
fn fingers_have_their_exact_conductance() {
    let (error, cells) = worst(0.03, Growth::default(), 1);
    println!("default: {:.4} % with {cells} cells at most", 100.0 * error);
    assert!(error <= 2e-3, "{error}");
}

#[test]
fn refined_fingers_have_it_to_a_fiftieth_of_a_percent() {
    let (error, cells) = worst(0.03, Growth::default().refined(4), 4);
    println!("refined: {:.4} % with {cells} cells at most", 100.0 * error);
    assert!(error <= 2e-4, "{error}");
}

#[test]
fn coaxial_films_conduct_exactly() {
    for (a, b, height) in [(1.0, 1.02, 5.0), (0.3, 2.0, 1.0), (5.0, 6.0, 50.0)] {
        let stops = [
            Stop::new(0.5 * a, f64::INFINITY),
            Stop::new(a, 0.1 * (b - a)),
            Stop::new(b, 0.3 * (b - a)),
            Stop::new(2.0 * b, f64::INFINITY),
        ];
        let radii = graded(
            &stops,
            Growth {
                ratio: 1.3,
                ..Growth::default()
            },
        );
        let body = |r: f64, _: f64| match r {
            r if r < a => (0, Class::Film(Side::Negative)),
            r if r > b => (2, Class::Film(Side::Positive)),
            _ => (1, Class::Electrolyte),
        };
        let made = axial(radii, vec![0.0, 0.3 * height, height], body, TensorOptions::default()).expect("a mesh");
        let exact = 2.0 * PI * height / (b / a).ln();
        let found = conductance(&made.mesh);
        assert!((found / exact - 1.0).abs() < 1e-9, "{found} {exact}");
        // The films behind hold their true volume: more than a slab outside, less inside.
        let inner: f64 = made
            .mesh
            .negative
            .iter()
            .map(|f| f.film.map_or(0.0, |c| f.area * c.thickness * c.fullness))
            .sum();
        assert!((inner / (PI * 0.75 * a * a * height) - 1.0).abs() < 1e-12);
        assert!(made.mesh.negative[0].film.expect("a film").fullness < 1.0 && made.mesh.positive[0].film.expect("a film").fullness > 1.0);
        let volume: f64 = made.mesh.volumes.iter().sum();
        assert!((volume / (PI * (b * b - a * a) * height) - 1.0).abs() < 1e-12);
    }
}

#[test]
fn a_stack_is_a_chain_with_half_widths() {
    let grid = Grid {
        lines: [vec![-1.0, 0.0, 0.5, 1.5, 2.0, 4.0], vec![0.0, 2.0], vec![0.0, 3.0]],
    };
    let body = |p: [f64; 3]| match p[0] {
        x if x < 0.0 => (0, Class::Metal(Side::Negative)),
        x if x < 1.5 => (1, Class::Porous(Side::Negative)),
        x if x < 2.0 => (2, Class::Electrolyte),
        _ => (3, Class::Electrode(Side::Positive)),
    };
    let made = tensor(
        &grid,
        body,
        TensorOptions {
            frame: Frame::Cartesian,
            ..TensorOptions::default()
        },
    )
    .expect("a mesh");
    assert!(made.mesh.is_chain() && made.mesh.n_cells() == 3);
    assert_eq!(made.mesh.regions, vec![0, 0, 1]);
    assert_eq!((made.mesh.negative[0].area, made.mesh.negative[0].distance), (6.0, 0.25));
    assert_eq!(made.mesh.faces[1].distance, [0.5, 0.25]);
    assert!(made.report.findings.is_empty());
}
