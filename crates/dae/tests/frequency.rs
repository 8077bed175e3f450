//! Frequency response of circuits and diffusion against closed forms.
#![allow(clippy::unwrap_used)]

use cellwright_dae::linear::{BlockTridiagonal, Bordered, DenseLu, SparseLu};
use cellwright_dae::*;
use num_complex::Complex64;

fn decades(from: i32, to: i32) -> Vec<f64> {
    (4 * from..=4 * to).map(|k| 10f64.powf(k as f64 / 4.0)).collect()
}

/// `C v' + (v - u)/R = 0`: v/u = 1/(1 + iωRC).
#[test]
fn rc_circuit() {
    let (r, c) = (50.0, 2e-3);
    let (mut jacobian, mut mass) = (DenseLu::new(1), DenseLu::new(1));
    jacobian.add(0, 0, 1.0 / r);
    mass.add(0, 0, c);
    let mut pencil = Pencil::new(&jacobian, &mass, DenseLu::<Complex64>::new(1));
    let omega = decades(-2, 4);
    let response = frequency_response(&mut pencil, &omega, &[Complex64::new(1.0 / r, 0.0)], |_, x| x[0]).unwrap();
    for (w, z) in omega.iter().zip(&response) {
        let exact = 1.0 / Complex64::new(1.0, w * r * c);
        assert!((z - exact).norm() < 1e-14);
    }
}

/// Finite diffusion layer of n cells, flux in at one end, concentration zero at the other: Z = tanh(√(iω)) / √(iω) for unit
/// thickness and diffusivity. The surface value is extrapolated by half a cell.
fn chain(n: usize, mut add: impl FnMut(usize, usize, f64, f64)) -> f64 {
    let dx = 1.0 / n as f64;
    for i in 0..n {
        add(i, i, 0.0, dx);
        if i + 1 < n {
            let g = 1.0 / dx;
            add(i, i, g, 0.0);
            add(i, i + 1, -g, 0.0);
            add(i + 1, i, -g, 0.0);
            add(i + 1, i + 1, g, 0.0);
        } else {
            add(i, i, 2.0 / dx, 0.0);
        }
    }
    dx
}

fn worst(n: usize) -> f64 {
    let omega = decades(-3, 2);
    let (mut j, mut m) = (BlockTridiagonal::<f64, 1>::new(n), BlockTridiagonal::<f64, 1>::new(n));
    let dx = chain(n, |r, c, jv, mv| {
        for (matrix, v) in [(&mut j, jv), (&mut m, mv)] {
            let (lower, diagonal, upper) = matrix.blocks_mut();
            match c as isize - r as isize {
                0 => diagonal[r][0][0] += v,
                1 => upper[r][0][0] += v,
                _ => lower[r][0][0] += v,
            }
        }
    });
    let mut b = vec![Complex64::ZERO; n];
    b[0] = Complex64::ONE;
    let surface = |_w: f64, x: &[Complex64]| x[0] + 0.5 * dx;
    let blocks = frequency_response(
        &mut Pencil::new(&j, &m, BlockTridiagonal::<Complex64, 1>::new(n)),
        &omega,
        &b,
        surface,
    )
    .unwrap();

    let mut positions = Vec::new();
    chain(n, |r, c, _, _| positions.push((r, c)));
    let real = || SparseLu::<f64>::new(n, positions.iter().copied()).unwrap();
    let (mut j, mut m) = (real(), real());
    chain(n, |r, c, jv, mv| {
        let slot = j.slot(r, c).unwrap();
        j.values_mut()[slot] += jv;
        m.values_mut()[slot] += mv;
    });
    let solver = SparseLu::<Complex64>::new(n, positions.iter().copied()).unwrap();
    let sparse = frequency_response(&mut Pencil::new(&j, &m, solver), &omega, &b, surface).unwrap();

    let mut error = 0.0_f64;
    for ((w, z), y) in omega.iter().zip(&blocks).zip(&sparse) {
        let root = Complex64::new(0.0, *w).sqrt();
        let exact = root.tanh() / root;
        assert!((z - y).norm() < 1e-12, "back ends agree");
        error = error.max((z - exact).norm() / exact.norm());
    }
    error
}

#[test]
fn diffusion_chain_converges_to_warburg() {
    let (coarse, fine) = (worst(50), worst(100));
    let order = (coarse / fine).log2();
    println!("{coarse:e} {fine:e} order {order:.2}");
    assert!(fine < 2e-3 && (order - 2.0).abs() < 0.1);
}

/// The same chain driven by a prescribed surface value with the flux as border unknown: admittance instead of impedance.
#[test]
fn a_border_unknown_inverts_the_response() {
    let n = 30;
    let omega = decades(-2, 2);
    let build = |mass: bool| {
        let mut a = Bordered::new(BlockTridiagonal::<f64, 1>::new(n), 1);
        let dx = chain(n, |r, c, jv, mv| {
            let v = if mass { mv } else { jv };
            let (lower, diagonal, upper) = a.inner.blocks_mut();
            match c as isize - r as isize {
                0 => diagonal[r][0][0] += v,
                1 => upper[r][0][0] += v,
                _ => lower[r][0][0] += v,
            }
        });
        if !mass {
            a.column_mut(0)[0] = -1.0;
            a.row_mut(0)[0] = 1.0;
            a.corner_mut()[0] = 0.5 * dx;
        }
        a
    };
    let (j, m) = (build(false), build(true));
    let mut b = vec![Complex64::ZERO; n + 1];
    b[n] = Complex64::ONE;
    let solver = Bordered::new(BlockTridiagonal::<Complex64, 1>::new(n), 1);
    let admittance = frequency_response(&mut Pencil::new(&j, &m, solver), &omega, &b, |_, x| x[n]).unwrap();

    let mut b = vec![Complex64::ZERO; n];
    b[0] = Complex64::ONE;
    let mut inner = Pencil::new(&j.inner, &m.inner, BlockTridiagonal::<Complex64, 1>::new(n));
    let impedance = frequency_response(&mut inner, &omega, &b, |_, x| x[0] + 0.5 / n as f64).unwrap();
    for (y, z) in admittance.iter().zip(&impedance) {
        assert!((y * z - 1.0).norm() < 1e-12);
    }
}

#[test]
fn a_resonance_without_damping_is_singular() {
    let (mut jacobian, mut mass) = (DenseLu::new(2), DenseLu::new(2));
    jacobian.matrix_mut().copy_from_slice(&[0.0, 1.0, -1.0, 0.0]);
    mass.matrix_mut().copy_from_slice(&[1.0, 0.0, 0.0, 1.0]);
    let mut pencil = Pencil::new(&jacobian, &mass, DenseLu::<Complex64>::new(2));
    let error = frequency_response(&mut pencil, &[0.5, 1.0], &[Complex64::ONE; 2], |_, x| x[0]).unwrap_err();
    assert!(matches!(error, DaeError::Singular { t, .. } if t == 1.0));
}
