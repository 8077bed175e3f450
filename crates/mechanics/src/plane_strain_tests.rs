//! Patches, cylinders and what is refused.

use super::*;
use crate::coaxial::{Coaxial, Part};
use std::f64::consts::FRAC_PI_2;

fn solid(young: f64, poisson: f64) -> Elastic {
    Elastic::new(young, poisson).expect("a solid")
}

/// A unit square of distorted elements.
fn patch() -> Section {
    let shake = |i: usize, j: usize| {
        let inside = (1..4).contains(&i) && (1..4).contains(&j);
        let s = if inside { 0.06 * ((3 * i + 5 * j) as f64).sin() } else { 0.0 };
        [0.25 * i as f64 + s, 0.25 * j as f64 - 0.7 * s]
    };
    Section::mapped([4, 4], shake, |_, _| Some(0))
}

#[test]
fn a_patch_passes_every_constant_strain() {
    let section = patch();
    let elastic = solid(2.0, 0.3);
    for gradient in [[1.0, 0.0, 0.0, 0.0], [0.0, 0.3, 0.7, 0.0], [0.2, -0.5, 0.1, -0.4]] {
        let at = |p: [f64; 2]| [gradient[0] * p[0] + gradient[1] * p[1], gradient[2] * p[0] + gradient[3] * p[1]];
        let rim = section.nodes_where(|p| p.iter().any(|v| *v == 0.0 || *v == 1.0));
        let held: Vec<Held> = rim
            .flat_map(|node| {
                let u = at(section.nodes[node]);
                [0, 1].map(|axis| Held {
                    node,
                    axis,
                    displacement: u[axis],
                })
            })
            .collect();
        let found = solve(&section, &[elastic], &[0.0; 16], &held).expect("a patch");
        let (lame, shear) = (elastic.lame(), elastic.shear());
        let volume = lame * (gradient[0] + gradient[3]);
        let exact = [
            volume + 2.0 * shear * gradient[0],
            volume + 2.0 * shear * gradient[3],
            shear * (gradient[1] + gradient[2]),
            volume,
        ];
        for s in &found.stresses {
            let apart = [s.xx - exact[0], s.yy - exact[1], s.xy - exact[2], s.zz - exact[3]];
            assert!(apart.iter().all(|d| d.abs() < 1e-12), "{apart:?}");
        }
    }
}

#[test]
fn a_free_patch_swells_without_stress_in_the_section() {
    let section = patch();
    let (elastic, free) = (solid(2.0, 0.3), 0.01);
    let held = [(0, 0), (0, 1), (1, 1)].map(|(node, axis)| Held {
        node,
        axis,
        displacement: 0.0,
    });
    // Nodes 0 and 1 lie on the lower side.
    assert_eq!(section.nodes[1][1], 0.0);
    let found = solve(&section, &[elastic], &[free; 16], &held).expect("a patch");
    for s in &found.stresses {
        assert!(s.xx.abs() < 1e-14 && s.yy.abs() < 1e-14 && s.xy.abs() < 1e-14, "{s:?}");
        assert!((s.zz + 2.0 * free).abs() < 1e-14, "held across, it is pressed with E ε*");
    }
    let corner = section.nodes_where(|p| p == [1.0, 1.0]).next().expect("a corner");
    assert!((found.displacements[corner][0] - 1.3 * free).abs() < 1e-13);
}

/// Greatest error of displacement and mean error of stress in a quarter of two cylinders, relative to their sizes.
fn cylinder_errors(exact: &Coaxial, n: usize) -> [f64; 2] {
    let [a, m, b] = exact.radii;
    let radius = |i: usize| {
        if i <= n {
            a + (m - a) * i as f64 / n as f64
        } else {
            m + (b - m) * (i - n) as f64 / n as f64
        }
    };
    let place = |i: usize, j: usize| {
        let angle = FRAC_PI_2 * j as f64 / (2 * n) as f64;
        // Exactly on the axes at both ends.
        let (s, c) = if j == 2 * n { (1.0, 0.0) } else { angle.sin_cos() };
        [radius(i) * c, radius(i) * s]
    };
    let section = Section::mapped([2 * n, 2 * n], place, |i, _| Some(usize::from(i >= n)));
    let hold = |axis: usize| {
        let nodes: Vec<usize> = section.nodes_where(|p| p[axis] == 0.0).collect();
        nodes.into_iter().map(move |node| Held {
            node,
            axis,
            displacement: 0.0,
        })
    };
    let held: Vec<Held> = hold(0).chain(hold(1)).collect();
    let free: Vec<f64> = section.materials.iter().map(|&k| exact.parts[k].free_strain).collect();
    let found = solve(&section, &exact.parts.map(|p| p.elastic), &free, &held).expect("an equilibrium");
    let p = exact.pressure().expect("a pressure");
    let mut errors = [0.0f64; 2];
    let size = exact.displacement(p, b).abs();
    for (place, u) in section.nodes.iter().zip(&found.displacements) {
        let r = place[0].hypot(place[1]);
        errors[0] = errors[0].max(((u[0] * place[0] + u[1] * place[1]) / r - exact.displacement(p, r)).abs() / size);
    }
    let mut squares = 0.0;
    for (k, s) in found.stresses.iter().enumerate() {
        let [x, y] = section.middle(k);
        let r = x.hypot(y);
        let (c, d) = (x / r, y / r);
        let radial = s.xx * c * c + s.yy * d * d + 2.0 * s.xy * c * d;
        let sharp = exact.stress(p, r);
        squares += (radial - sharp.radial).powi(2) + (s.zz - sharp.axial).powi(2);
    }
    errors[1] = (squares / found.stresses.len() as f64).sqrt() / p.abs();
    errors
}

#[test]
fn core_and_shell_converge_with_second_order() {
    let part = |young, poisson, free_strain| Part {
        elastic: solid(young, poisson),
        free_strain,
    };
    let exact = Coaxial {
        radii: [1.0, 2.0, 3.0],
        parts: [part(130.0, 0.28, 0.0), part(40.0, 0.22, 0.03)],
    };
    let errors = [4, 8, 16].map(|n| cylinder_errors(&exact, n));
    for quantity in 0..2 {
        let order = (errors[0][quantity] / errors[2][quantity]).log2() / 2.0;
        assert!(order > 1.8, "{quantity}: {order} {errors:?}");
        assert!(errors[2][quantity] < 1e-2, "{errors:?}");
    }
}

#[test]
fn stresses_by_hand() {
    let s = Stress {
        xx: 3.0,
        yy: -1.0,
        xy: 2.0,
        zz: 0.5,
    };
    let [a, b, c] = s.principal();
    // Mohr's circle around 1 with the radius √8.
    assert!((a - (1.0 + 8f64.sqrt())).abs() < 1e-15 && b == 0.5 && (c - (1.0 - 8f64.sqrt())).abs() < 1e-15);
    let from_principal = (0.5 * ((a - b).powi(2) + (b - c).powi(2) + (c - a).powi(2))).sqrt();
    assert!((s.von_mises() / from_principal - 1.0).abs() < 1e-14);
}

#[test]
fn sections_that_cannot_be_solved_are_refused() {
    let section = patch();
    let elastic = [solid(2.0, 0.3)];
    let hold = |node, axis| Held {
        node,
        axis,
        displacement: 0.0,
    };
    assert_eq!(solve(&section, &elastic, &[0.0; 16], &[]), Err(MechanicsError::NotHeld));
    // Held along one line only: it can still turn, or slide.
    assert_eq!(
        solve(&section, &elastic, &[0.0; 16], &[hold(0, 0), hold(0, 1)]),
        Err(MechanicsError::NotHeld)
    );
    assert!(solve(&section, &elastic, &[0.0; 3], &[]).is_err());
    assert!(solve(&section, &elastic, &[0.0; 16], &[hold(99, 0)]).is_err());
    assert!(solve(&section, &[], &[0.0; 16], &[]).is_err());
    assert!(solve(&Section::default(), &elastic, &[], &[]).is_err());
    let mut turned = patch();
    turned.elements[3].reverse();
    let held = [hold(0, 0), hold(0, 1), hold(1, 1)];
    assert_eq!(
        solve(&turned, &elastic, &[0.0; 16], &held),
        Err(MechanicsError::Degenerate { element: 3 })
    );
    // Two parts, one of them not held.
    let apart = Section::tensor(&[0.0, 1.0, 2.0, 3.0], &[0.0, 1.0], |i, _| (i != 1).then_some(0));
    let held = [hold(0, 0), hold(0, 1), hold(1, 1)];
    assert_eq!(solve(&apart, &elastic, &[0.0; 2], &held), Err(MechanicsError::NotHeld));
}
