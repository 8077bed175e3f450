//! Meshes cut by surfaces: order at curved interfaces, conservation, determinism.

mod potential;

use cellwright_device::field::bound::Block;
use cellwright_device::field::lateral::{Feature, Lateral};
use cellwright_device::field::{FieldId, Fields};
use cellwright_device::mesh::{Class, Classes, GradingOptions, Grid, Growth, Meshed, MixedOptions, Side, Stop, graded, grading, mixed};
use cellwright_device::partition::{Fineness, Partition};
use cellwright_device::tape::{OPEN, RegionId, Tape};
use potential::{Network, conductance};
use std::f64::consts::PI;

fn uniform(low: f64, high: f64, n: usize) -> Vec<f64> {
    (0..=n).map(|i| low + (high - low) * i as f64 / n as f64).collect()
}

/// A cylinder of radius 1 along z in a square box, off its middle, with a plate on top that carries no current.
fn cylinder(shift: [f64; 2]) -> Partition {
    let mut fields = Fields::default();
    let disc = fields.lateral(Lateral {
        features: vec![Feature::Disc {
            centre: shift,
            radius: 1.0,
        }],
    });
    let (prism, plate) = (fields.prism(disc), fields.above(0.5));
    let mut tape = Tape::new(fields, Block::between([-2.0, -2.0, -0.5], [2.0, 2.0, 1.0]));
    tape.add(2, plate);
    tape.add(1, prism);
    Partition::of(
        &tape,
        Fineness {
            tolerance: 2e-5,
            finest: 1e-4,
        },
    )
}

/// Errors of the current (its first harmonic), of the potential (root mean square) and the number of volumes for the field
/// `(r + c a²/r) cos θ` with a linear interface resistance.
fn around_cylinder(partition: &Partition, shift: [f64; 2], n: usize, biot: f64) -> (f64, f64, Meshed) {
    let resistance = 1.0 / biot;
    let grid = Grid {
        lines: [uniform(-2.0, 2.0, n), uniform(-2.0, 2.0, n), vec![-0.5, 0.5, 1.0]],
    };
    let classes = Classes::from([
        (OPEN, Class::Electrolyte),
        (1, Class::Electrode(Side::Negative)),
        (2, Class::Electrode(Side::Positive)),
    ]);
    let options = MixedOptions {
        resistance: [resistance, 1.0],
        ..MixedOptions::default()
    };
    let made = mixed(partition, &grid, &classes, options).expect("a mesh");
    let c = (1.0 - biot) / (1.0 + biot);
    let exact = |x: f64, y: f64| {
        let (x, y) = (x - shift[0], y - shift[1]);
        x * (1.0 + c / (x * x + y * y))
    };
    let mesh = &made.mesh;
    let mut network = Network::of(mesh);
    for f in &mesh.negative {
        network.fix(f.cell, f.area / (resistance + f.distance), 0.0);
    }
    for (i, [low, high]) in mesh.boxes.iter().enumerate() {
        let m = [0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1])];
        for axis in 0..2 {
            for (edge, at) in [(low[axis], -2.0), (high[axis], 2.0)] {
                if edge == at {
                    let mut p = m;
                    p[axis] = at;
                    let area = high[1 - axis] - low[1 - axis];
                    network.fix(i, 2.0 * area / (high[axis] - low[axis]), exact(p[0], p[1]));
                }
            }
        }
    }
    let v = network.solve();
    let mut moment = 0.0;
    for f in &mesh.negative {
        let (x, y) = (f.place[0] - shift[0], f.place[1] - shift[1]);
        moment += f.area / (resistance + f.distance) * v[f.cell] * x / x.hypot(y);
    }
    let exact_moment = PI * (1.0 - c);
    let mut sums = [0.0; 2];
    for (i, [low, high]) in mesh.boxes.iter().enumerate() {
        let (x, y) = (0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1]));
        if (x - shift[0]).hypot(y - shift[1]) > 1.0 {
            let d = v[i] - exact(x, y);
            sums = [sums[0] + d * d * mesh.volumes[i], sums[1] + mesh.volumes[i]];
        }
    }
    (moment / exact_moment - 1.0, (sums[0] / sums[1]).sqrt(), made)
}

#[test]
fn curved_interfaces_are_second_order() {
    let shifts = [[0.013, 0.021], [0.171, 0.083], [0.237, -0.119]];
    let partitions = shifts.map(cylinder);
    for biot in [0.1, 1.0, 10.0, 100.0, 1e4] {
        let mut errors = vec![];
        for n in [20, 40, 80] {
            let (mut current, mut field) = (0.0, 0.0);
            for (partition, shift) in partitions.iter().zip(shifts) {
                let (c, f, made) = around_cylinder(partition, shift, n, biot);
                (current, field) = (current + c * c / 3.0, field + f * f / 3.0);
                if std::env::var("SHOW").is_ok() {
                    println!("  {biot} {n} {shift:?} {c:.6} {f:.6}");
                }
                assert!(made.report.area_error.values().all(|e| e.abs() < 1e-9), "{:?}", made.report);
                assert!(made.report.volume_error.values().all(|e| e.abs() < 1e-10), "{:?}", made.report);
            }
            errors.push([current.sqrt(), field.sqrt()]);
        }
        let order = |k: usize| (errors[0][k] / errors[2][k]).log2() / 2.0;
        println!("Bi {biot}: {errors:.6?} orders {:.2} {:.2}", order(0), order(1));
        assert!(order(0) >= 1.8 && order(1) >= 1.8, "Bi {biot}: {errors:?}");
        assert!(errors[0][0] < 5e-3 && errors[2][0] < 3e-4, "Bi {biot}: {errors:?}");
    }
}

fn etched(fields: &mut Fields, shapes: Lateral, depth: f64, inside: bool) -> FieldId {
    let shapes = fields.lateral(shapes);
    let (prism, above, wafer) = (fields.prism(shapes), fields.above(-depth), fields.below(0.0));
    let lateral = if inside { prism } else { fields.complement(prism) };
    let cut = fields.intersection(lateral, above);
    fields.difference(wafer, cut)
}

/// Metal, positive film, 20 nm of solid electrolyte and negative film on a structured wafer; µm.
fn coated(shapes: Lateral, depth: f64, inside: bool) -> Partition {
    let mut fields = Fields::default();
    let wafer = etched(&mut fields, shapes, depth, inside);
    let mut tape = Tape::new(fields, Block::between([-6.0, -6.0, -depth - 3.0], [6.0, 6.0, 3.0]));
    tape.add(0, wafer);
    for (i, t) in [0.1, 0.6, 0.02, 0.4].iter().enumerate() {
        tape.grow(i as RegionId + 1, *t);
    }
    Partition::of(&tape, Fineness::for_feature(3.0))
}

fn strip(width: f64) -> Lateral {
    let (x, y) = (0.5 * width, 1e3);
    Lateral::from_rings(&[vec![[-x, -y], [x, -y], [x, y], [-x, y]]])
}

fn disc(radius: f64) -> Lateral {
    Lateral {
        features: vec![Feature::Disc { centre: [0.0; 2], radius }],
    }
}

fn coated_mesh(partition: &Partition, depth: f64) -> Meshed {
    let grid = Grid {
        lines: [
            uniform(-6.0, 6.0, 24),
            uniform(-6.0, 6.0, 24),
            graded(&[Stop::new(-depth - 3.0, 0.5), Stop::new(3.0, 0.5)], Growth::default()),
        ],
    };
    let classes = Classes::from([
        (1, Class::Metal(Side::Positive)),
        (2, Class::Film(Side::Positive)),
        (3, Class::Electrolyte),
        (4, Class::Film(Side::Negative)),
    ]);
    mixed(partition, &grid, &classes, MixedOptions::default()).expect("a mesh")
}

#[test]
fn thin_films_keep_their_volumes_and_areas() {
    for (name, shapes, depth, inside) in [
        ("pillar", disc(3.0), 8.0, false),
        ("hole", disc(3.0), 8.0, true),
        ("trench", strip(5.0), 8.0, true),
        ("wall", strip(4.0), 8.0, false),
    ] {
        let partition = coated(shapes, depth, inside);
        let start = std::time::Instant::now();
        let made = coated_mesh(&partition, depth);
        let seconds = start.elapsed().as_secs_f64();
        let volumes = partition.volumes();
        println!(
            "{name}: {} pieces, {} volumes, {} faces, {} + {} outer in {seconds:.2} s, {:?}",
            partition.pieces.len(),
            made.mesh.n_cells(),
            made.mesh.faces.len(),
            made.mesh.negative.len(),
            made.mesh.positive.len(),
            made.report
        );
        let electrolyte: f64 = made.mesh.volumes.iter().sum();
        assert!((electrolyte / volumes[&3] - 1.0).abs() < 1e-10, "{name}");
        for (faces, film) in [(&made.mesh.positive, 2), (&made.mesh.negative, 4)] {
            let area: f64 = faces.iter().map(|f| f.area).sum();
            assert!((area / partition.area(3, film) - 1.0).abs() < 1e-9, "{name}");
            let volume: f64 = faces
                .iter()
                .map(|f| f.film.map_or(0.0, |c| f.area * c.thickness * c.fullness))
                .sum();
            let inactive = made.report.inactive.get(&film).copied().unwrap_or(0.0);
            assert!(((volume + inactive) / volumes[&film] - 1.0).abs() < 1e-12, "{name}");
            assert!(inactive < 1e-9 * volume, "{name} {inactive}");
            let wanted = if film == 2 { 0.6 } else { 0.4 };
            let (mut least, mut most, mut off) = (f64::INFINITY, 0.0f64, 0.0);
            for f in faces {
                let film = f.film.expect("a film");
                (least, most) = (least.min(film.thickness), most.max(film.thickness));
                off += f.area * (film.thickness / wanted - 1.0).abs() / area;
                assert!(film.fullness > 0.0 && f.distance > 0.0, "{name} {f:?}");
            }
            let fullness: Vec<f64> = faces.iter().filter_map(|f| f.film.map(|c| c.fullness)).collect();
            let uneven: f64 = faces
                .iter()
                .map(|f| f.area / area * (f.film.map_or(0.0, |c| c.fullness) - 1.0).abs())
                .sum();
            println!("  uneven {uneven:.4}");
            println!(
                "  film {film}: thickness {least:.4} to {most:.4}, mean deviation {off:.4}, fullness {:.3} to {:.3}",
                fullness.iter().fold(9.0f64, |m, f| m.min(*f)),
                fullness.iter().fold(0.0f64, |m, f| m.max(*f))
            );
        }
        // The electrolyte is 20 nm thick between its two surfaces.
        assert!(made.report.findings.is_empty(), "{name} {:?}", made.report.findings);
        let resistance: f64 = 1.0 / made.mesh.positive.iter().map(|f| f.area / (2.0 * f.distance)).sum::<f64>();
        let exact = 0.02 / partition.area(2, 3);
        println!("  resistance across {:.5}", resistance / exact);
        assert!((resistance / exact - 1.0).abs() < 0.02, "{name}");
        let again = coated_mesh(&partition, depth);
        assert_eq!(again.mesh, made.mesh, "{name}");
    }
}

#[test]
fn lines_of_a_pillar_and_of_a_trench_follow_their_surfaces() {
    let classes = Classes::from([
        (1, Class::Metal(Side::Positive)),
        (2, Class::Film(Side::Positive)),
        (3, Class::Electrolyte),
        (4, Class::Film(Side::Negative)),
    ]);
    let options = GradingOptions::default();
    let partition = coated(strip(5.0), 8.0, true);
    let section = grading(&partition, &classes, &options).expect("lines");
    assert_eq!(section.grid.shape()[1], 1);
    let made = mixed(&partition, &section.grid, &classes, MixedOptions::default()).expect("a mesh");
    println!(
        "trench {:?} gap {} coarsened {}: {} volumes {:?}",
        section.grid.shape(),
        section.gap,
        section.coarsened,
        made.mesh.n_cells(),
        made.report
    );
    assert!(made.mesh.n_cells() > 30 && made.report.findings.is_empty());
    let partition = coated(disc(3.0), 8.0, false);
    let pillar = grading(&partition, &classes, &options).expect("lines");
    let made = mixed(&partition, &pillar.grid, &classes, MixedOptions::default()).expect("a mesh");
    println!(
        "pillar {:?} gap {} coarsened {}: {} volumes {:?}",
        pillar.grid.shape(),
        pillar.gap,
        pillar.coarsened,
        made.mesh.n_cells(),
        made.report
    );
    assert!(pillar.grid.shape()[0] >= 16 && made.report.findings.is_empty());
}

/// Half a finger to half the next, flush with the insulator or `thick` above it; unit: half the pitch.
fn fingers(eta: f64, height: f64, thick: f64, fineness: f64) -> Partition {
    let mut fields = Fields::default();
    let floor = fields.below(0.0);
    let mut tape = Tape::new(fields, Block::between([0.0, 0.0, -0.3], [2.0, 1.0, height]));
    for (region, [low, high]) in [(1, [-1.0, eta]), (2, [2.0 - eta, 3.0])] {
        let (a, b) = (
            tape.fields.half_space([-1.0, 0.0, 0.0], -low),
            tape.fields.half_space([1.0, 0.0, 0.0], high),
        );
        let strip = tape.fields.intersection(a, b);
        let (bottom, top) = (tape.fields.above(-0.1), tape.fields.below(thick));
        let slab = tape.fields.intersection(bottom, top);
        let finger = tape.fields.intersection(strip, slab);
        tape.add(region, finger);
    }
    tape.add(0, floor);
    Partition::of(&tape, Fineness::for_feature(fineness))
}

#[test]
fn flush_and_thick_fingers_have_corrected_edges() {
    let classes = Classes::from([
        (OPEN, Class::Electrolyte),
        (1, Class::Film(Side::Negative)),
        (2, Class::Film(Side::Positive)),
    ]);
    let options = MixedOptions {
        resistance: [0.0; 2],
        ..MixedOptions::default()
    };
    let mesh_of = |partition: &Partition, eta: f64, height: f64, thick: f64, d0: f64, growth: Growth| {
        let d = d0.min(eta.min(1.0 - eta).min(height) / 3.0);
        let x = [
            Stop::new(0.0, f64::INFINITY),
            Stop::new(eta, d),
            Stop::new(2.0 - eta, d),
            Stop::new(2.0, f64::INFINITY),
        ];
        let z = [
            Stop::new(-0.3, f64::INFINITY),
            Stop::new(0.0, d),
            Stop::new(thick, d),
            Stop::new(height, f64::INFINITY),
        ];
        let grid = Grid {
            lines: [graded(&x, growth), vec![0.0, 1.0], graded(&z, growth)],
        };
        mixed(partition, &grid, &classes, options).expect("a mesh").mesh
    };
    // Exact: (part that is finger, height) from the table of the tensor meshes.
    for (eta, height, exact) in [(0.5, 6.0, 0.5), (0.3, 0.8, 0.322_668_97), (0.7, 0.4, 0.419_057_13)] {
        let partition = fingers(eta, height, 0.0, 1.0);
        let mesh = mesh_of(&partition, eta, height, 0.0, 0.03, Growth::default());
        let found = conductance(&mesh);
        println!(
            "flush {eta} {height}: {:.4} %, {} volumes",
            100.0 * (found / exact - 1.0),
            mesh.n_cells()
        );
        assert!((found / exact - 1.0).abs() < 2e-3);
        let films: f64 = mesh
            .negative
            .iter()
            .map(|f| f.film.map_or(0.0, |c| f.area * c.thickness * c.fullness))
            .sum();
        assert!((films / (0.1 * eta) - 1.0).abs() < 1e-9);
    }
    // Thick: against itself on a finer grid.
    let partition = fingers(0.5, 1.5, 0.3, 1.0);
    let [coarse, fine] = [1, 4].map(|k| conductance(&mesh_of(&partition, 0.5, 1.5, 0.3, 0.03, Growth::default().refined(k))));
    println!("thick: {:.4} %", 100.0 * (coarse / fine - 1.0));
    assert!((coarse / fine - 1.0).abs() < 2e-3);
}

#[test]
fn a_porous_electrode_against_electrolyte_conducts_in_series() {
    // Porous below a slanting or level surface, electrolyte above, a plate on top; the levels are off the grid lines.
    for level in [0.37, 0.4, 0.45] {
        let mut fields = Fields::default();
        let (metal, porous, plate) = (fields.below(0.0), fields.below(level), fields.above(1.0));
        let mut tape = Tape::new(fields, Block::between([0.0, 0.0, -0.2], [1.0, 0.7, 1.2]));
        tape.add(0, metal);
        tape.add(1, porous);
        tape.add(2, plate);
        let partition = Partition::of(&tape, Fineness::for_feature(1.0));
        let classes = Classes::from([
            (0, Class::Metal(Side::Negative)),
            (1, Class::Porous(Side::Negative)),
            (OPEN, Class::Electrolyte),
            (2, Class::Electrode(Side::Positive)),
        ]);
        let grid = Grid {
            lines: [
                uniform(0.0, 1.0, 3),
                vec![0.0, 0.7],
                vec![-0.2, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2],
            ],
        };
        let made = mixed(&partition, &grid, &classes, MixedOptions::default()).expect("a mesh");
        let kappa = |i: usize| if made.mesh.regions[i] == 0 { 0.2 } else { 1.0 };
        let mut network = Network::with(&made.mesh, kappa);
        for f in &made.mesh.negative {
            network.fix(f.cell, 0.2 * f.area / f.distance, 1.0);
        }
        for f in &made.mesh.positive {
            network.fix(f.cell, f.area / f.distance, 0.0);
        }
        let v = network.solve();
        let current: f64 = made.mesh.positive.iter().map(|f| f.area / f.distance * v[f.cell]).sum();
        let exact = 0.7 / (level / 0.2 + (1.0 - level));
        assert!((current / exact - 1.0).abs() < 1e-9, "{level} {current} {exact}");
        assert!(made.report.findings.is_empty(), "{:?}", made.report);
    }
}

/// Errors of the first harmonic of the current and of the potential around a sphere of radius 1, for the field
/// `(r + c a³/r²) cos θ` with a linear interface resistance.
fn around_sphere(partition: &Partition, shift: [f64; 3], n: usize, biot: f64) -> (f64, f64) {
    let resistance = 1.0 / biot;
    let mut z = uniform(-2.0, 2.0, n);
    z.push(2.2);
    let grid = Grid {
        lines: [uniform(-2.0, 2.0, n), uniform(-2.0, 2.0, n), z],
    };
    let classes = Classes::from([
        (OPEN, Class::Electrolyte),
        (1, Class::Electrode(Side::Negative)),
        (2, Class::Electrode(Side::Positive)),
    ]);
    let options = MixedOptions {
        resistance: [resistance, 1.0],
        ..MixedOptions::default()
    };
    let mesh = mixed(partition, &grid, &classes, options).expect("a mesh").mesh;
    let c = (1.0 - biot) / (2.0 + biot);
    let exact = |p: [f64; 3]| {
        let q = [0, 1, 2].map(|i| p[i] - shift[i]);
        let r2: f64 = q.iter().map(|v| v * v).sum();
        q[0] * (1.0 + c / (r2 * r2.sqrt()))
    };
    let mut network = Network::of(&mesh);
    for f in &mesh.negative {
        network.fix(f.cell, f.area / (resistance + f.distance), 0.0);
    }
    for (i, [low, high]) in mesh.boxes.iter().enumerate() {
        let m = [0, 1, 2].map(|i| 0.5 * (low[i] + high[i]));
        for axis in 0..3 {
            for (edge, at) in [(low[axis], -2.0), (high[axis], 2.0)] {
                if edge == at {
                    let mut p = m;
                    p[axis] = at;
                    let area: f64 = (0..3).filter(|j| *j != axis).map(|j| high[j] - low[j]).product();
                    network.fix(i, 2.0 * area / (high[axis] - low[axis]), exact(p));
                }
            }
        }
    }
    let v = network.solve();
    let radius = |p: [f64; 3]| (0..3).map(|i| (p[i] - shift[i]).powi(2)).sum::<f64>().sqrt();
    let moment: f64 = mesh
        .negative
        .iter()
        .map(|f| f.area / (resistance + f.distance) * v[f.cell] * (f.place[0] - shift[0]) / radius(f.place))
        .sum();
    let (mut square, mut volume) = (0.0, 0.0);
    for (i, [low, high]) in mesh.boxes.iter().enumerate() {
        let m = [0, 1, 2].map(|i| 0.5 * (low[i] + high[i]));
        if radius(m) > 1.0 {
            square += (v[i] - exact(m)).powi(2) * mesh.volumes[i];
            volume += mesh.volumes[i];
        }
    }
    (moment / (4.0 * PI / 3.0 * (1.0 - 2.0 * c)) - 1.0, (square / volume).sqrt())
}

/// Cells along each side of the cube, 5.5 and 11 a radius.
const GRIDS: [usize; 2] = [22, 44];

/// A ball of radius 1 in a cube, off its middle, under a plate that carries no current. Its facets lie within 2.5e-5 of it: at 5e-4 they
/// were what was left of the error at Biot numbers around one.
fn ball(shift: [f64; 3]) -> Partition {
    let mut fields = Fields::default();
    let point = fields.lateral(Lateral {
        features: vec![Feature::Disc {
            centre: [shift[0], shift[1]],
            radius: 1e-9,
        }],
    });
    let (ball, plate) = (fields.ridge(point, 0.0, shift[2], 1.0), fields.above(2.0));
    let mut tape = Tape::new(fields, Block::between([-2.0; 3], [2.0, 2.0, 2.2]));
    tape.add(2, plate);
    tape.add(1, ball);
    Partition::of(
        &tape,
        Fineness {
            tolerance: 2.5e-5,
            finest: 5e-5,
        },
    )
}

#[test]
fn a_sphere_is_second_order() {
    let shifts = [[0.071, 0.033, -0.049], [0.137, -0.083, 0.021]];
    let biots = [0.1, 1.0, 10.0, 100.0];
    // Where a surface cuts the cells differs from grid to grid: root mean squares over several places of the ball.
    let mut squares = [[[0.0; 2]; GRIDS.len()]; 4];
    std::thread::scope(|scope| {
        let of_place = |shift: [f64; 3]| {
            let ball = ball(shift);
            biots.map(|biot| GRIDS.map(|n| around_sphere(&ball, shift, n, biot)))
        };
        let places = shifts.map(|shift| scope.spawn(move || of_place(shift)));
        for place in places {
            for (sums, found) in squares.iter_mut().zip(place.join().expect("errors at a place")) {
                for (sum, (current, field)) in sums.iter_mut().zip(found) {
                    *sum = [sum[0] + current * current / 2.0, sum[1] + field * field / 2.0];
                }
            }
        }
    });
    for (biot, squares) in biots.into_iter().zip(squares) {
        let errors = squares.map(|sum| sum.map(f64::sqrt));
        let order = [0, 1].map(|k| (errors[0][k] / errors[1][k]).ln() / (GRIDS[1] as f64 / GRIDS[0] as f64).ln());
        println!("sphere Bi {biot}: {errors:.6?} orders {order:.2?}");
        assert!(order[0] >= 1.8 && order[1] >= 1.8, "Bi {biot}: {errors:?} {order:?}");
        assert!(errors[0][0] < 3e-3 && errors[1][0] < 7e-4, "Bi {biot}: {errors:?}");
    }
}
