//! Volumes and areas of coated bodies against closed forms, at the accuracy and with the order that is promised; lengths in µm.

use cellwright_device::field::bound::Block;
use cellwright_device::field::lateral::{Feature, Lateral};
use cellwright_device::field::thickness::Thickness;
use cellwright_device::field::{FieldId, Fields};
use cellwright_device::partition::{Fineness, Partition};
use cellwright_device::tape::{OPEN, RegionId, Tape};
use std::f64::consts::PI;

/// Pt, LiCoO2, LiPON and Si of the coaxial pillar.
const FILMS: [f64; 4] = [0.1, 1.0, 0.02, 0.5];
const FINE: Fineness = Fineness {
    tolerance: 5e-4,
    finest: 0.03,
};

fn disc(radius: f64) -> Lateral {
    Lateral {
        features: vec![Feature::Disc { centre: [0.0; 2], radius }],
    }
}

fn strip(width: f64) -> Lateral {
    let (x, y) = (0.5 * width, 1e3);
    Lateral::from_rings(&[vec![[-x, -y], [x, -y], [x, y], [-x, y]]])
}

/// A wafer with its face at 0, etched to `depth` inside the shapes or outside them.
fn etched(fields: &mut Fields, shapes: Lateral, depth: f64, inside: bool) -> FieldId {
    let shapes = fields.lateral(shapes);
    let (prism, above, wafer) = (fields.prism(shapes), fields.above(-depth), fields.below(0.0));
    let lateral = if inside { prism } else { fields.complement(prism) };
    let cut = fields.intersection(lateral, above);
    fields.difference(wafer, cut)
}

fn coated(shapes: Lateral, depth: f64, inside: bool, pitch: f64, films: &[f64]) -> Tape {
    let mut fields = Fields::default();
    let wafer = etched(&mut fields, shapes, depth, inside);
    let p = 0.5 * pitch;
    let mut tape = Tape::new(fields, Block::between([-p, -p, -depth - 3.0], [p, p, 5.0]));
    tape.add(0, wafer);
    for (i, t) in films.iter().enumerate() {
        tape.grow(i as RegionId + 1, *t);
    }
    tape
}

/// Compares film volumes with differences of `volume(total thickness)`, and the area under the third film with its slope.
fn films_match(tape: &Tape, volume: impl Fn(f64) -> f64, area: impl Fn(f64) -> f64) {
    let partition = Partition::of(tape, FINE);
    let volumes = partition.volumes();
    let mut total = 0.0;
    for (i, t) in FILMS.iter().enumerate() {
        let exact = volume(total + t) - volume(total);
        let found = volumes[&(i as RegionId + 1)];
        assert!((found / exact - 1.0).abs() < 5e-4, "film {}: {found} against {exact}", i + 1);
        total += t;
    }
    let (found, exact) = (partition.area(2, 3), area(1.1));
    assert!((found / exact - 1.0).abs() < 1e-3, "area {found} against {exact}");
    let sum: f64 = volumes.values().sum();
    assert!((sum / tape.block.volume() - 1.0).abs() < 1e-9);
    // 20 nm of electrolyte keep the electrodes apart everywhere.
    assert_eq!(partition.area(2, 4), 0.0);
    assert!(partition.area(2, 3) > 0.0 && partition.area(4, OPEN) > 0.0);
}

#[test]
fn coaxial_pillar() {
    let (r, h, p) = (5.0, 50.0, 20.0);
    let volume = |t: f64| {
        let top = PI * (r * r * t + PI * r * t * t / 2.0 + 2.0 * t.powi(3) / 3.0);
        PI * ((r + t).powi(2) - r * r) * h + top + (p * p - PI * (r + t).powi(2)) * t
    };
    let area = |t: f64| 2.0 * PI * (r + t) * (h - t) + PI * r * r + PI * PI * r * t + 2.0 * PI * t * t + p * p - PI * (r + t).powi(2);
    assert!((volume(0.1) - 198.582).abs() < 1e-3 && (area(1.1) - 2297.738).abs() < 1e-3);
    films_match(&coated(disc(r), h, false, p, &FILMS), volume, area);
}

#[test]
fn coated_hole() {
    let (r, h, p) = (5.0, 30.0, 20.0);
    let volume = |t: f64| {
        let rim = PI * PI * r * t * t / 2.0 - 2.0 * PI * t.powi(3) / 3.0;
        (p * p - PI * r * r) * t + rim + PI * (r * r - (r - t).powi(2)) * h + PI * (r - t).powi(2) * t
    };
    let area = |t: f64| {
        let rim = PI * PI * r * t - 2.0 * PI * t * t;
        p * p - PI * r * r + rim + 2.0 * PI * (r - t) * h + PI * (r - t).powi(2) - 2.0 * PI * (r - t) * t
    };
    films_match(&coated(disc(r), h, true, p, &FILMS), volume, area);
}

#[test]
fn coated_trench() {
    let (w, h, p) = (6.0, 30.0, 20.0);
    let volume = |t: f64| p * ((p - w) * t + PI * t * t / 2.0 + 2.0 * t * h + (w - 2.0 * t) * t);
    let area = |t: f64| p * (p - w + PI * t + 2.0 * h + w - 4.0 * t);
    films_match(&coated(strip(w), h, true, p, &FILMS), volume, area);
}

#[test]
fn coated_wire() {
    let (r, l) = (10.0, 40.0);
    let mut fields = Fields::default();
    let wire = fields.tube([0.0, 0.0], r);
    let mut tape = Tape::new(fields, Block::between([-20.0; 3], [20.0; 3]));
    tape.add(0, wire);
    for (i, t) in FILMS.iter().enumerate() {
        tape.grow(i as RegionId + 1, *t);
    }
    films_match(&tape, |t| PI * ((r + t).powi(2) - r * r) * l, |t| 2.0 * PI * (r + t) * l);
}

#[test]
fn a_film_that_thins_with_depth_has_its_volume_and_spread() {
    // From 1.0 at the mouth of a wide hole to 0.6 at its foot, the floor as the foot, the top as the mouth.
    let (r, h, p) = (8.0, 20.0, 24.0);
    let mut tape = coated(disc(r), h, true, p, &[]);
    let table = Thickness::new(vec![-h, 0.0], vec![0.0], vec![vec![0.6], vec![1.0]]).expect("a table");
    tape.coat(1, table);
    let partition = Partition::of(&tape, FINE);
    let spread = partition.spreads[&1];
    assert!((spread.least - 0.6).abs() < 1e-9 && (spread.greatest - 1.0).abs() < 1e-9);
    // Wall by Pappus' rule (measured along the normal), floor, top and the quarter round of the rim.
    let n = 1000;
    let wall: f64 = (0..n)
        .map(|i| {
            let t = 0.6 + 0.4 * (f64::from(i) + 0.5) / f64::from(n);
            PI * (r * r - (r - t).powi(2)) * h / f64::from(n)
        })
        .sum();
    let foot: f64 = PI * (r - 0.6f64).powi(2) * 0.6;
    let rim = PI * PI * r / 2.0 - 2.0 * PI / 3.0;
    let exact = wall + foot + p * p - PI * r * r + rim;
    let found = partition.volumes()[&1];
    // The fillet between floor and wall differs by the slope of the wall film over 0.6: 2e-4 of the volume.
    assert!((found / exact - 1.0).abs() < 1e-3, "{found} against {exact}");
}

/// Root mean square over several radii of the relative errors of a disc, of a thin film on it and of the area between.
fn errors(tolerance: f64) -> [f64; 3] {
    let mut sums = [0.0; 3];
    for k in 0..8 {
        let (r, t) = (4.0 + 0.31 * f64::from(k), 0.1);
        let mut fields = Fields::default();
        let shape = fields.lateral(disc(r));
        let prism = fields.prism(shape);
        let mut tape = Tape::new(fields, Block::between([-10.0, -10.0, -1.0], [10.0, 10.0, 1.0]));
        tape.add(0, prism);
        tape.grow(1, t);
        let partition = Partition::of(&tape, Fineness { tolerance, finest: 1e-4 });
        let volumes = partition.volumes();
        let found = [
            volumes[&0] / (2.0 * PI * r * r),
            volumes[&1] / (2.0 * PI * ((r + t).powi(2) - r * r)),
            partition.area(0, 1) / (4.0 * PI * r),
        ];
        sums = [0, 1, 2].map(|i| sums[i] + (found[i] - 1.0f64).powi(2) / 8.0);
    }
    sums.map(f64::sqrt)
}

#[test]
fn volumes_converge_with_second_order_and_areas_to_a_hundredth_of_a_percent() {
    // The tolerance goes with the square of the leaf: a factor of 1024 is a factor of 32 in the leaf.
    let (coarse, fine) = (errors(0.064), errors(0.064 / 1024.0));
    let order = |i: usize| (coarse[i] / fine[i]).ln() / 32f64.ln();
    assert!(order(0) >= 1.8, "volume {coarse:?} {fine:?}");
    assert!(order(1) >= 1.6, "film {coarse:?} {fine:?}");
    assert!(order(2) >= 0.9 && fine[2] < 1e-4, "area {coarse:?} {fine:?}");
}

#[test]
fn a_closed_gap_leaves_no_space_and_a_bridged_one_a_sealed_void() {
    // Two films of 0.6 fill a trench of 1.0.
    let mut tape = coated(strip(1.0), 5.0, true, 8.0, &[0.6]);
    tape.block = Block::between([-4.0, -4.0, -6.0], [4.0, 4.0, 1.5]);
    let partition = Partition::of(&tape, Fineness::for_feature(1.0));
    let open: Vec<_> = partition.components.iter().filter(|c| c.label == OPEN).collect();
    assert_eq!(open.len(), 1);
    // A film that is thick at the mouth and thin below bridges the mouth and seals the rest.
    let mut tape = coated(strip(1.0), 5.0, true, 8.0, &[]);
    tape.block = Block::between([-4.0, -4.0, -6.0], [4.0, 4.0, 1.5]);
    let table = Thickness::new(vec![-5.0, -2.0, 0.0], vec![0.0], vec![vec![0.1], vec![0.1], vec![0.7]]).expect("a table");
    tape.coat(1, table);
    let partition = Partition::of(&tape, Fineness::for_feature(1.0));
    let mut open: Vec<f64> = partition
        .components
        .iter()
        .filter(|c| c.label == OPEN && c.volume > 0.01)
        .map(|c| if c.reaches[5] { -c.volume } else { c.volume })
        .collect();
    open.sort_by(f64::total_cmp);
    assert_eq!(open.len(), 2);
    // Below -2 the gap is 0.8 wide and ends 0.1 above the floor; above, it narrows until the mouth closes at half its width.
    let straight = 8.0 * 0.8 * 2.9;
    let wedge = 8.0 * 0.8 * 0.5 * (2.0 * 0.4 / 0.6);
    assert!((open[1] / (straight + wedge) - 1.0).abs() < 0.01, "{open:?} {}", straight + wedge);
}
