//! Promises of the thickness model: finite, not negative, never thicker further down, and the closed forms it is built from.
#![allow(clippy::unwrap_used)]

use cellwright_fab::technique::ald::{Precursor, exposure};
use cellwright_fab::technique::channel::Channel;
use cellwright_fab::technique::{Opening, ThicknessModel, line_of_sight};
use proptest::prelude::*;

const TMA: Precursor = Precursor {
    molar_mass: 0.072_09,
    site_density: 4.7e18,
    temperature: 473.15,
};

fn models() -> Vec<ThicknessModel> {
    let hole = Channel::hole(50e-6, 2e-6);
    let part = 0.3 * exposure(&TMA, hole.a);
    let table = ThicknessModel::table(
        vec![0.0, 1e-6, 3e-6],
        vec![-0.5, 0.2, 0.9],
        vec![3.0, 2.0, 1.0, 0.3, 0.2, 0.1, 0.3, 0.0, 0.1],
    );
    vec![
        ThicknessModel::uniform(1e-6).unwrap(),
        table.unwrap(),
        ThicknessModel::sputter(1e-6, Opening::Trench(2e-6), 20e-6).unwrap(),
        ThicknessModel::sputter(1e-6, Opening::Hole(2e-6), 20e-6).unwrap(),
        ThicknessModel::evaporation(0.2e-6).unwrap(),
        ThicknessModel::ald(0.1e-9, 300.0, &TMA, &hole, part, None).unwrap(),
        ThicknessModel::ald(0.1e-9, 300.0, &TMA, &hole, part, Some(0.01)).unwrap(),
        ThicknessModel::cvd(2e-6, 0.05, &hole).unwrap(),
    ]
}

proptest! {
    #[test]
    fn promises_hold_for_every_argument(z1 in -1e-4f64..1e-4, z2 in -1e-4f64..1e-4, facet in -1.5f64..1.5) {
        for m in models() {
            let (shallow, deep) = (m.at(z1.min(z2), facet), m.at(z1.max(z2), facet));
            prop_assert!(shallow.is_finite() && deep >= 0.0 && deep <= shallow && shallow <= m.largest(), "{m:?}");
        }
    }
}

#[test]
fn odd_arguments_are_answered() {
    for m in models() {
        for x in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0] {
            for y in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0] {
                let t = m.at(x, y);
                assert!(t.is_finite() && t >= 0.0);
            }
        }
    }
}

#[test]
fn sputtered_trenches_follow_the_closed_forms() {
    let (flat, width) = (1e-6, 2e-6);
    let m = ThicknessModel::sputter(flat, Opening::Trench(width), 20e-6).unwrap();
    let h = ThicknessModel::sputter(flat, Opening::Hole(width), 20e-6).unwrap();
    for i in 0..=1000 {
        let z = 20e-6 * f64::from(i) / 1000.0;
        let ar = z / width;
        for (x, y) in [
            (m.at(z, 1.0), line_of_sight::trench_floor(ar)),
            (m.at(z, 0.0), line_of_sight::trench_wall(ar)),
            (h.at(z, 1.0), line_of_sight::hole_floor(ar)),
            (h.at(z, 0.0), line_of_sight::hole_wall(ar)),
        ] {
            assert!((x / (flat * y) - 1.0).abs() < 0.01, "{ar}: {x} {y}");
        }
        assert_eq!(m.at(z, -1.0), 0.0);
    }
    // Open inclined ground: (1 + n_z)/2.
    assert!((m.at(0.0, 0.3) / (0.65 * flat) - 1.0).abs() < 1e-12);
    assert_eq!(m.flat(), flat);
    assert!((m.conformality(2e-6) / line_of_sight::trench_wall(1.0) - 1.0).abs() < 0.01);
    assert_eq!(ThicknessModel::uniform(0.0).unwrap().conformality(1e-6), 1.0);
}

#[test]
fn deposited_layers_by_exposure() {
    let hole = Channel::hole(50e-6, 2e-6);
    let enough = exposure(&TMA, hole.a);
    let full = ThicknessModel::ald(0.1e-9, 300.0, &TMA, &hole, enough, None).unwrap();
    assert!((full.as_uniform().unwrap() / 30e-9 - 1.0).abs() < 1e-14);
    // The front of half the exposure: all above it, nothing below, half at it.
    let k = 0.5 * enough;
    let part = ThicknessModel::ald(0.1e-9, 300.0, &TMA, &hole, k, None).unwrap();
    let front = cellwright_fab::technique::ald::penetration_depth(&TMA, &hole, k);
    assert!((part.at(front, 0.0) / 15e-9 - 1.0).abs() < 1e-9);
    assert_eq!((part.at(front - 1.1e-6, 0.0), part.at(front + 1.1e-6, 0.0)), (part.flat(), 0.0));
    // Too little even for the open surface.
    let little = ThicknessModel::ald(0.1e-9, 300.0, &TMA, &hole, 0.25 * TMA.flat_exposure(), None).unwrap();
    assert!((little.flat() / 7.5e-9 - 1.0).abs() < 1e-12 && little.at(10e-6, 0.0) == 0.0);
    // Plenty covers everything at any sticking probability.
    let smooth = ThicknessModel::ald(0.1e-9, 300.0, &TMA, &hole, 100.0 * enough, Some(0.01)).unwrap();
    assert!((smooth.at(50e-6, 1.0) / 30e-9 - 1.0).abs() < 1e-9);
}

#[test]
fn vapour_without_sticking_is_conformal_and_evaporation_leaves_walls_bare() {
    let hole = Channel::hole(50e-6, 2e-6);
    let m = ThicknessModel::cvd(1e-6, 0.0, &hole).unwrap();
    assert!((m.at(50e-6, 0.0) - 1e-6).abs() < 1e-18 && (m.at(0.0, 1.0) - 1e-6).abs() < 1e-18);
    let e = ThicknessModel::evaporation(1e-6).unwrap();
    assert_eq!((e.at(10e-6, 1.0), e.at(0.0, 0.0), e.at(0.0, -1.0)), (1e-6, 0.0, 0.0));
    assert!((e.at(0.0, 0.25) - 0.25e-6).abs() < 1e-20);
}

#[test]
fn bad_tables_are_named() {
    let t = |d: &[f64], f: &[f64], v: &[f64]| ThicknessModel::table(d.to_vec(), f.to_vec(), v.to_vec()).unwrap_err().to_string();
    assert_eq!(
        t(&[0.0, 1.0], &[0.0], &[1.0, 2.0]),
        "table of thicknesses: thickness rises with depth at 1 m, facet 0: 1 to 2 m"
    );
    assert!(t(&[1.0, 0.0], &[0.0], &[1.0, 1.0]).contains("depths must be finite and rise"));
    assert!(t(&[], &[0.0], &[]).contains("depths"));
    assert!(t(&[0.0], &[-2.0, 0.0], &[1.0, 1.0]).contains("within -1 to 1"));
    assert!(t(&[0.0], &[0.0, 1.0], &[1.0]).contains("need 2 values, found 1"));
    assert!(t(&[0.0], &[0.0], &[f64::NAN]).contains("finite, at least 0"));
    assert!(ThicknessModel::uniform(-1.0).is_err() && ThicknessModel::cvd(1e-6, 2.0, &Channel::hole(1.0, 1.0)).is_err());
    assert!(ThicknessModel::sampled(1.0, vec![0.0], vec![0.0], |_, _| f64::NAN).is_err());
    assert!(ThicknessModel::ald(0.1e-9, 10.0, &TMA, &Channel::pillars(1.0, 1.0, 1.0), 1.0, None).is_err());
}
