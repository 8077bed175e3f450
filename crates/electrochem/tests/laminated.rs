//! The one-dimensional mesh of a laminated cell: even without double layers, closer at the ends that current enters with them.
#![allow(clippy::unwrap_used)]
mod common;

use cellwright_electrochem::model::{Model, REGION_NEGATIVE, REGION_POSITIVE};
use cellwright_electrochem::spec::{CellSpec, Electrode, ModelKind, Resolution};

/// Widths over their mean of the volumes of a region, from the separator on.
fn widths(spec: &CellSpec, region: usize) -> Vec<f64> {
    let mesh = Model::new(spec.clone()).mesh;
    let inside = mesh.regions.iter().zip(&mesh.volumes).filter(|(r, _)| **r == region);
    let mut out: Vec<f64> = inside.map(|(_, v)| *v).collect();
    let mean = out.iter().sum::<f64>() / out.len() as f64;
    out.iter_mut().for_each(|w| *w /= mean);
    if region == REGION_NEGATIVE {
        out.reverse();
    }
    out
}

fn charging(mut spec: CellSpec) -> CellSpec {
    for electrode in [&mut spec.negative, &mut spec.positive] {
        if let Electrode::Porous { active, .. } = electrode {
            active.double_layer = 0.2;
        }
    }
    spec
}

fn even(w: &[f64]) -> bool {
    w.iter().all(|w| (w - 1.0).abs() < 1e-9)
}

#[test]
fn only_interfaces_that_charge_draw_volumes_to_the_ends() {
    let plain = common::chen();
    for region in [REGION_NEGATIVE, REGION_POSITIVE] {
        assert!(even(&widths(&plain, region)));
        assert!(!even(&widths(&charging(plain.clone()), region)));
        let single = CellSpec {
            kind: ModelKind::Spme,
            ..charging(plain.clone())
        };
        assert!(even(&widths(&single, region)));
        let mut uniform = charging(plain.clone());
        uniform.resolution.edge_density = 0.0;
        assert!(even(&widths(&uniform, region)));
    }
}

#[test]
fn the_end_that_more_current_crosses_at_is_the_finer_one() {
    let spec = charging(common::chen());
    // Graphite conducts far better than its pores: electrons come all the way to the separator.
    let negative = widths(&spec, REGION_NEGATIVE);
    assert!(negative.windows(2).all(|w| w[1] > w[0] * (1.0 - 1e-3)), "{negative:?}");
    assert!(negative[19] / negative[0] > 2.0, "{negative:?}");
    // The oxide conducts as well as its pores: half of the current crosses at either end.
    let positive = widths(&spec, REGION_POSITIVE);
    assert!((positive[0] / positive[19] - 1.0).abs() < 0.05, "{positive:?}");
    assert!(positive[10] / positive[0] > 2.0, "{positive:?}");
    // A solid that conducts worse than the pores turns it round.
    let mut poor = spec;
    if let Electrode::Porous { solid_conductivity, .. } = &mut poor.positive {
        *solid_conductivity *= 0.01;
    }
    let poor = widths(&poor, REGION_POSITIVE);
    assert!(poor[0] / poor[19] > 2.0, "{poor:?}");
}

#[test]
fn the_coarse_partner_has_the_same_shape() {
    let fine = charging(common::chen());
    let coarse = CellSpec {
        resolution: fine.resolution.coarsened(),
        ..fine.clone()
    };
    assert_eq!(coarse.resolution.cells, [10; 3]);
    assert_eq!(
        (coarse.resolution.edge_density, coarse.resolution.edge_depth),
        (Resolution::default().edge_density, Resolution::default().edge_depth)
    );
    for region in [REGION_NEGATIVE, REGION_POSITIVE] {
        let (fine, coarse) = (widths(&fine, region), widths(&coarse, region));
        for (pair, one) in fine.chunks(2).zip(&coarse) {
            assert!((0.5 * (pair[0] + pair[1]) / one - 1.0).abs() < 1e-9);
        }
    }
}
