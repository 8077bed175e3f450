//! Virtual fabrication: films on pillars, holes, trenches and wires, what atoms see of the sky, how far a precursor reaches.

use super::reference::Table;
use super::{Fault, Sheet};
use cellwright_device::field::bound::Block;
use cellwright_device::field::lateral::{Feature, Lateral};
use cellwright_device::field::{FieldId, Fields};
use cellwright_device::partition::{Fineness, Partition};
use cellwright_device::tape::{OPEN, RegionId, Tape};
use cellwright_fab::technique::ald::{Precursor, exposure};
use cellwright_fab::technique::{Quadrature, Source, sky_flux};
use std::f64::consts::PI;

const UM: f64 = 1e-6;
/// Pt, LiCoO2, LiPON, Si, µm.
const FILMS: [f64; 4] = [0.1, 1.0, 0.02, 0.5];
const NAMES: [&str; 4] = ["Pt", "LiCoO2", "LiPON", "Si"];

/// Films on bodies of revolution and trenches, within 0.05 % of volume and 0.1 % of area; nothing crosses 20 nm of electrolyte.
pub(super) fn films(sheet: &mut Sheet) -> Result<(), Fault> {
    let (r, h, p) = (5.0, 50.0, 20.0);
    let volume = |t: f64| {
        let top = PI * (r * r * t + PI * r * t * t / 2.0 + 2.0 * t.powi(3) / 3.0);
        PI * ((r + t).powi(2) - r * r) * h + top + (p * p - PI * (r + t).powi(2)) * t
    };
    let area = |t: f64| 2.0 * PI * (r + t) * (h - t) + PI * r * r + PI * PI * r * t + 2.0 * PI * t * t + p * p - PI * (r + t).powi(2);
    compare(sheet, "pillar", &etched(disc(r), h, p, false), volume, area);

    let (r, h) = (5.0, 30.0);
    let volume = |t: f64| {
        let rim = PI * PI * r * t * t / 2.0 - 2.0 * PI * t.powi(3) / 3.0;
        (p * p - PI * r * r) * t + rim + PI * (r * r - (r - t).powi(2)) * h + PI * (r - t).powi(2) * t
    };
    let area = |t: f64| {
        let rim = PI * PI * r * t - 2.0 * PI * t * t;
        p * p - PI * r * r + rim + 2.0 * PI * (r - t) * h + PI * (r - t).powi(2) - 2.0 * PI * (r - t) * t
    };
    compare(sheet, "hole", &etched(disc(r), h, p, true), volume, area);

    let (w, h) = (6.0, 30.0);
    let volume = |t: f64| p * ((p - w) * t + PI * t * t / 2.0 + 2.0 * t * h + (w - 2.0 * t) * t);
    let area = |t: f64| p * (p - w + PI * t + 2.0 * h + w - 4.0 * t);
    compare(sheet, "trench", &etched(strip(w), h, p, true), volume, area);

    let mut fields = Fields::default();
    let wire = fields.tube([0.0, 0.0], r * UM);
    let half = 2.0 * p * UM;
    let tape = coated(fields, wire, Block::between([-half; 3], [half; 3]));
    compare(
        sheet,
        "wire",
        &tape,
        |t| PI * ((r + t).powi(2) - r * r) * 4.0 * p,
        |t| 2.0 * PI * (r + t) * 4.0 * p,
    );
    Ok(())
}

fn disc(radius: f64) -> Lateral {
    Lateral {
        features: vec![Feature::Disc {
            centre: [0.0; 2],
            radius: radius * UM,
        }],
    }
}

fn strip(width: f64) -> Lateral {
    let (x, y) = (0.5 * width * UM, 1e-3);
    Lateral::from_rings(&[vec![[-x, -y], [x, -y], [x, y], [-x, y]]])
}

/// A wafer etched inside or outside the shapes, with the four films; lengths in µm.
fn etched(shapes: Lateral, depth: f64, pitch: f64, inside: bool) -> Tape {
    let mut fields = Fields::default();
    let shapes = fields.lateral(shapes);
    let (prism, above, wafer) = (fields.prism(shapes), fields.above(-depth * UM), fields.below(0.0));
    let lateral = if inside { prism } else { fields.complement(prism) };
    let cut = fields.intersection(lateral, above);
    let wafer = fields.difference(wafer, cut);
    let half = 0.5 * pitch * UM;
    coated(
        fields,
        wafer,
        Block::between([-half, -half, -(depth + 3.0) * UM], [half, half, 5.0 * UM]),
    )
}

fn coated(fields: Fields, body: FieldId, block: Block) -> Tape {
    let mut tape = Tape::new(fields, block);
    tape.add(0, body);
    for (i, t) in FILMS.iter().enumerate() {
        tape.grow(i as RegionId + 1, t * UM);
    }
    tape
}

/// `volume` and `area` in µm³ and µm² over the total thickness in µm.
fn compare(sheet: &mut Sheet, shape: &str, tape: &Tape, volume: impl Fn(f64) -> f64, area: impl Fn(f64) -> f64) {
    let fineness = Fineness {
        tolerance: 0.5e-3 * UM,
        finest: 0.03 * UM,
    };
    let partition = Partition::of(tape, fineness);
    let volumes = partition.volumes();
    let mut total = 0.0;
    for (i, t) in FILMS.iter().enumerate() {
        let exact = volume(total + t) - volume(total);
        let found = volumes.get(&(i as RegionId + 1)).copied().unwrap_or(0.0) / UM.powi(3);
        sheet.close(format!("{shape}, volume of {}", NAMES[i]), exact, found, 5e-4, "um3");
        total += t;
    }
    let found = partition.area(2, 3) / UM.powi(2);
    sheet.close(format!("{shape}, area under the LiPON"), area(1.1), found, 1e-3, "um2");
    let all: f64 = volumes.values().sum();
    sheet.close(
        format!("{shape}, bodies and open space add up"),
        tape.block.volume(),
        all,
        1e-9,
        "m3",
    );
    sheet.below(format!("{shape}, LiCoO2 touching Si"), partition.area(2, 4), 0.0, "m2");
    debug_assert!(partition.area(4, OPEN) > 0.0);
}

/// Exposure that coats a hole, Gordon 2003.
pub(super) fn gordon(sheet: &mut Sheet) -> Result<(), Fault> {
    let table = Table::new(include_str!("data/ald_gordon_exposure.csv"));
    let precursor = Precursor {
        molar_mass: 0.07209,
        site_density: 4.7e18,
        temperature: 473.15,
    };
    for row in table.rows() {
        let found = exposure(&precursor, row[0]);
        sheet.close(format!("hole of aspect ratio {}", row[0]), row[2], found, 1e-2, "Pa s");
    }
    Ok(())
}

/// Share of a cosine source seen from the middle of a floor and from a wall.
pub(super) fn step_coverage(sheet: &mut Sheet) -> Result<(), Fault> {
    let quadrature = Quadrature {
        n_polar: 48,
        n_azimuthal: 192,
        n_splits: 2,
    };
    let flux = |normal, seen: &dyn Fn([f64; 3]) -> bool| sky_flux(normal, seen, Source::Cosine, &quadrature);
    for ratio in [0.5, 1.0, 2.0, 5.0, 10.0f64] {
        let up = [0.0, 0.0, 1.0];
        let trench = flux(up, &|w| w[0].abs() * ratio < 0.5 * w[2]);
        sheet.close(
            format!("floor of a trench of aspect ratio {ratio}"),
            1.0 / (1.0 + 4.0 * ratio * ratio).sqrt(),
            trench,
            1e-2,
            "",
        );
        let hole = flux(up, &|w| w[0].hypot(w[1]) * ratio < 0.5 * w[2]);
        sheet.close(
            format!("floor of a hole of aspect ratio {ratio}"),
            1.0 / (1.0 + 4.0 * ratio * ratio),
            hole,
            1e-2,
            "",
        );
        let wall = flux([1.0, 0.0, 0.0], &|w| w[0] > 0.0 && w[2] > ratio * w[0]);
        sheet.close(
            format!("wall of a trench at {ratio} of its width"),
            0.5 * (1.0 - (1.0 / ratio).atan().cos()),
            wall,
            1e-2,
            "",
        );
    }
    Ok(())
}
