//! Times films on a pillar and in a trench: one line of JSON, keys as in `oracles/viennaps_bench.py`.
//!
//! `cargo run --release -p cellwright-fab --example bench_films`

#[path = "../../layout/examples/support/clock.rs"]
mod clock;

use cellwright_device::Role;
use cellwright_device::field::Fields;
use cellwright_device::field::bound::Block;
use cellwright_device::field::lateral::{Feature, Lateral};
use cellwright_device::partition::{Fineness, Partition};
use cellwright_device::tape::{OPEN, Tape};
use cellwright_fab::emulate::{Made, Options, fabricate};
use cellwright_fab::plan::{Deposit, Etch, Form, Mask, Plan, Recipe, Shape, Step, Substrate, Verb, Window};
use cellwright_fab::technique::line_of_sight::{trench_floor, trench_wall};
use cellwright_materials::Library;
use std::f64::consts::PI;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Radius, height and pitch of the pillar and thickness of its film, µm.
const PILLAR: [f64; 4] = [5.0, 50.0, 20.0, 1.0];
/// Width, depth and pitch of the trench and thickness of the film on open ground, µm.
const TRENCH: [f64; 4] = [5.0, 10.0, 10.0, 0.1];
const UM: f64 = 1e-6;
/// Places of the pillar within the leaves: the error depends on them.
const PLACES: u32 = 8;
const REPEATS: usize = 5;
/// CPU time of a sample, ms.
const SAMPLE: f64 = 200.0;

fn main() -> Outcome<()> {
    let mut line = vec![String::from("\"program\":\"cellwright-fab\"")];
    // The middle one is what the emulator takes for a pillar of this diameter.
    for (name, fineness) in [
        ("coarse", Fineness::for_feature(PILLAR[2])),
        ("usual", Fineness::for_feature(2.0 * PILLAR[0])),
        (
            "fine",
            Fineness {
                tolerance: 5e-4,
                finest: 0.03,
            },
        ),
    ] {
        line.push(format!("\"pillar_{name}\":{}", pillars(fineness)));
    }
    let (plan, library) = (trench(), Library::embedded());
    let options = Options {
        coarseness: 1.0,
        every_step: false,
    };
    let (time, made) = median(|| fabricate(&plan, &library, &options));
    let made = made.map_err(|faults| faults.iter().map(ToString::to_string).collect::<String>())?;
    // The same geometry once more, without asking for the flux again.
    let fineness = Fineness::for_feature(TRENCH[2] * UM);
    let (geometry, _) = median(|| Partition::of(&made.tape, fineness));
    let flat = TRENCH[3];
    let floor = thickness(&made, [0.0, 0.0, -TRENCH[1]], [0.0, 0.0, 1.0]);
    let wall = thickness(&made, [0.5 * TRENCH[0], 0.0, -0.5 * TRENCH[1]], [-1.0, 0.0, 0.0]);
    let aspect = TRENCH[1] / TRENCH[0];
    line.push(format!(
        "\"trench\":{{\"cpu_ms\":{time:.3},\"geometry_cpu_ms\":{geometry:.3},\"floor_mean\":{:.5},\"wall\":{:.5},\"floor_mean_exact\":{:.5},\"floor_middle_exact\":{:.5},\"wall_exact\":{:.5}}}",
        floor / flat,
        wall / flat,
        (1.0 + aspect * aspect).sqrt() - aspect,
        trench_floor(aspect),
        trench_wall(0.5 * aspect)
    ));
    println!("{{{}}}", line.join(","));
    Ok(())
}

/// Time and errors over all places, as JSON.
fn pillars(fineness: Fineness) -> String {
    let (time, found) = median(|| (0..PLACES).map(|k| pillar(fineness, k)).collect::<Vec<_>>());
    let (area, volume) = exact();
    let errors: Vec<[f64; 2]> = found.iter().map(|(a, v)| [a / area - 1.0, v / volume - 1.0]).collect();
    let n = f64::from(PLACES);
    let mean = errors.iter().map(|e| e[0]).sum::<f64>() / n;
    let rms = |i: usize| (errors.iter().map(|e| e[i] * e[i]).sum::<f64>() / n).sqrt();
    let most = errors.iter().map(|e| e[0].abs()).fold(0.0, f64::max);
    format!(
        "{{\"tolerance_um\":{},\"finest_um\":{},\"cpu_ms\":{:.3},\"area_error_mean\":{mean:.3e},\"area_error\":{:.3e},\"area_error_most\":{most:.3e},\"volume_error\":{:.3e}}}",
        fineness.tolerance,
        fineness.finest,
        time / n,
        rms(0),
        rms(1)
    )
}

/// Area of the film towards the open and its volume, µm² and µm³; everything from an empty tape on.
fn pillar(fineness: Fineness, place: u32) -> (f64, f64) {
    let [radius, height, pitch, film] = PILLAR;
    let centre = [0.37 * f64::from(7 * place % 8) / 8.0, 0.41 * f64::from(3 * place % 8) / 8.0];
    let mut fields = Fields::default();
    let disc = fields.lateral(Lateral {
        features: vec![Feature::Disc { centre, radius }],
    });
    let (column, below, plane) = (fields.prism(disc), fields.below(height), fields.below(0.0));
    let column = fields.intersection(column, below);
    let body = fields.union(column, plane);
    let half = 0.5 * pitch;
    let mut tape = Tape::new(fields, Block::between([-half, -half, -3.0], [half, half, height + 5.0]));
    tape.add(0, body);
    tape.grow(1, film);
    let partition = Partition::of(&tape, fineness);
    (partition.area(1, OPEN), partition.volumes().get(&1).copied().unwrap_or(0.0))
}

/// Area and volume of the film: rounded at the upper rim, sharp at the foot.
fn exact() -> (f64, f64) {
    let [r, h, p, t] = PILLAR;
    let area = 2.0 * PI * (r + t) * (h - t) + PI * r * r + PI * PI * r * t + 2.0 * PI * t * t + p * p - PI * (r + t).powi(2);
    let top = PI * (r * r * t + PI * r * t * t / 2.0 + 2.0 * t.powi(3) / 3.0);
    let volume = PI * ((r + t).powi(2) - r * r) * h + top + (p * p - PI * (r + t).powi(2)) * t;
    (area, volume)
}

/// A long trench in silicon and a sputtered film, whose flux the emulator finds on the real surface.
fn trench() -> Plan {
    let [width, depth, pitch, film] = TRENCH.map(|v| v * UM);
    let step = |name: &str, verb: Verb| Step {
        name: name.to_owned(),
        verb,
        temperature: None,
        place: None,
    };
    let etch = Etch {
        technique: "drie".to_owned(),
        mask: Some("trench".to_owned()),
        inside: true,
        depth: Some(depth),
        sidewall: 0.5 * PI,
        only: vec![],
    };
    let sputter = Deposit {
        technique: "dc-sputter".to_owned(),
        material: "Pt".to_owned(),
        role: Role::Collector,
        thickness: film,
        mask: None,
        on: vec![],
        porosity: 0.0,
        recipe: Recipe::default(),
    };
    let (x, y) = (0.5 * pitch, 0.5 * pitch);
    Plan {
        finger: None,
        name: "trench".to_owned(),
        die: [pitch, 2.0 * y],
        substrate: Substrate {
            material: "Si".to_owned(),
            role: Role::Substrate,
            form: Form::Wafer { thickness: 2.0 * depth },
        },
        masks: vec![Mask {
            name: "trench".to_owned(),
            layer: (1, 0),
            shapes: vec![Shape::Rectangle([-0.5 * width, -10.0 * pitch], [0.5 * width, 10.0 * pitch])],
            place: None,
        }],
        steps: vec![step("etch", Verb::Etch(etch)), step("film", Verb::Deposit(sputter))],
        window: Window {
            from: [-x, -y],
            to: [x, y],
            repeats: 1.0,
            tabs: None,
        },
    }
}

/// Thickness of the film from a point of the surface along its normal, µm, by halving.
fn thickness(made: &Made, from: [f64; 3], normal: [f64; 3]) -> f64 {
    let at = |s: f64| [0, 1, 2].map(|i| (from[i] + s * normal[i]) * UM);
    let (mut inside, mut outside) = (1e-6, 1.0);
    for _ in 0..40 {
        let middle = 0.5 * (inside + outside);
        if made.tape.region_at(at(middle)) == OPEN {
            outside = middle;
        } else {
            inside = middle;
        }
    }
    inside
}

/// Median CPU time of one run, ms, and the last value. Each sample is of many runs, because clocks tick every few milliseconds.
fn median<T>(mut work: impl FnMut() -> T) -> (f64, T) {
    let (once, mut value) = timed(&mut work, 1);
    let runs = (SAMPLE / once.max(0.5)).ceil().max(1.0) as u32;
    let mut times = Vec::with_capacity(REPEATS);
    for _ in 0..REPEATS {
        let (time, last) = timed(&mut work, runs);
        value = last;
        times.push(time / f64::from(runs));
    }
    times.sort_by(f64::total_cmp);
    (times[REPEATS / 2], value)
}

/// CPU time of some runs, ms, and the last value.
fn timed<T>(work: &mut impl FnMut() -> T, runs: u32) -> (f64, T) {
    clock::timed(|| {
        let mut value = work();
        for _ in 1..runs {
            value = work();
        }
        value
    })
}
