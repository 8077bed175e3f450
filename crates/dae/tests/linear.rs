//! Linear back ends against dense LU.
#![allow(clippy::unwrap_used)]

use cellwright_dae::linear::{BlockTridiagonal, Bordered, DenseLu, Field, LinearSolver, MultifrontalLu, SparseLu, Stored, Totals};
use num_complex::Complex64;

/// Reproducible numbers in [-1, 1).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

trait Sample: Field {
    fn sample(noise: &mut Noise) -> Self;
}

impl Sample for f64 {
    fn sample(noise: &mut Noise) -> Self {
        noise.next()
    }
}

impl Sample for Complex64 {
    fn sample(noise: &mut Noise) -> Self {
        Complex64::new(noise.next(), noise.next())
    }
}

/// A random block-tridiagonal matrix whose diagonal blocks need pivoting, and its dense twin.
fn block_pair<S: Sample, const B: usize>(n_blocks: usize) -> (BlockTridiagonal<S, B>, DenseLu<S>) {
    let mut noise = Noise(7 + B as u64);
    let n = n_blocks * B;
    let (mut blocks, mut dense) = (BlockTridiagonal::<S, B>::new(n_blocks), DenseLu::new(n));
    for i in 0..n_blocks {
        let (lower, diagonal, upper) = blocks.blocks_mut();
        for r in 0..B {
            for c in 0..B {
                // The large entries sit off the diagonal of the block.
                let large = if c == (r + 1) % B { 4.0 } else { 0.0 };
                diagonal[i][r][c] = S::sample(&mut noise) + S::from_real(large);
                dense.add(i * B + r, i * B + c, diagonal[i][r][c]);
                if i > 0 {
                    lower[i][r][c] = S::sample(&mut noise);
                    dense.add(i * B + r, (i - 1) * B + c, lower[i][r][c]);
                }
                if i + 1 < n_blocks {
                    upper[i][r][c] = S::sample(&mut noise);
                    dense.add(i * B + r, (i + 1) * B + c, upper[i][r][c]);
                }
            }
        }
    }
    (blocks, dense)
}

fn compare<S: Sample>(a: &mut impl LinearSolver<S>, b: &mut impl LinearSolver<S>) {
    let n = a.len();
    assert_eq!(n, b.len());
    let mut noise = Noise(3);
    let rhs: Vec<S> = (0..3 * n).map(|_| S::sample(&mut noise)).collect();
    // Twice: the second factorisation must not depend on the first.
    for _ in 0..2 {
        a.factor().unwrap();
        b.factor().unwrap();
        let (mut x, mut y) = (rhs.clone(), rhs.clone());
        a.solve_many(&mut x);
        b.solve_many(&mut y);
        let scale = y.iter().map(|v| v.magnitude()).fold(0.0, f64::max);
        for (x, y) in x.iter().zip(&y) {
            assert!((*x - *y).magnitude() < 1e-10 * scale, "{x:?} {y:?}");
        }
    }
}

#[test]
fn block_tridiagonal_agrees_with_dense() {
    let (mut a, mut b) = block_pair::<f64, 1>(17);
    compare(&mut a, &mut b);
    let (mut a, mut b) = block_pair::<f64, 2>(20);
    compare(&mut a, &mut b);
    let (mut a, mut b) = block_pair::<f64, 3>(60);
    compare(&mut a, &mut b);
    let (mut a, mut b) = block_pair::<f64, 4>(30);
    compare(&mut a, &mut b);
    let (mut a, mut b) = block_pair::<Complex64, 4>(9);
    compare(&mut a, &mut b);
    let (mut a, mut b) = block_pair::<f64, 6>(5);
    compare(&mut a, &mut b);
    let (mut a, mut b) = block_pair::<Complex64, 3>(12);
    compare(&mut a, &mut b);
    let (mut a, mut b) = block_pair::<f64, 3>(1);
    compare(&mut a, &mut b);
}

/// Rows and columns scaled over many decades must not cost accuracy: unknowns carry different units.
#[test]
fn block_tridiagonal_is_insensitive_to_scaling() {
    fn check<const B: usize>() {
        let n_blocks = 12;
        let (mut a, mut reference) = block_pair::<f64, B>(n_blocks);
        let scale = |i: usize| 10f64.powi([0, 9, -7, 4][i % B]);
        let (lower, diagonal, upper) = a.blocks_mut();
        for blocks in [lower, diagonal, upper] {
            for block in blocks {
                for (r, row) in block.iter_mut().enumerate() {
                    for (c, x) in row.iter_mut().enumerate() {
                        *x *= scale(r) * scale(c + 1);
                    }
                }
            }
        }
        a.factor().unwrap();
        reference.factor().unwrap();
        let rhs: Vec<f64> = (0..n_blocks * B).map(|i| (i as f64).sin()).collect();
        let mut x: Vec<f64> = rhs.iter().enumerate().map(|(i, b)| b * scale(i % B)).collect();
        let mut y = rhs;
        a.solve(&mut x);
        reference.solve(&mut y);
        for (i, (x, y)) in x.iter().zip(&y).enumerate() {
            assert!((x * scale(i % B + 1) - y).abs() < 1e-10, "B = {B}, {i}: {x} {y}");
        }
    }
    check::<2>();
    check::<3>();
    check::<4>();
}

#[test]
fn block_tridiagonal_multiplies_and_names_the_singular_column() {
    let (mut a, dense) = block_pair::<f64, 3>(6);
    let x: Vec<f64> = (0..18).map(|i| (i as f64).cos()).collect();
    let (mut p, mut q) = (vec![0.0; 18], vec![0.0; 18]);
    a.multiply(&x, &mut p);
    dense.multiply(&x, &mut q);
    assert!(p.iter().zip(&q).all(|(p, q)| (p - q).abs() < 1e-13));
    a.diagonal_mut()[2] = [[0.0; 3]; 3];
    a.lower_mut()[2] = [[0.0; 3]; 3];
    assert_eq!(a.factor().unwrap_err().index, Some(6));
}

/// A five-point Laplacian with convection on an m×m grid, as sparse and dense matrix.
fn grid<S: Sample>(m: usize) -> (SparseLu<S>, DenseLu<S>) {
    let n = m * m;
    let mut entries = Vec::new();
    let mut noise = Noise(11);
    for i in 0..m {
        for j in 0..m {
            let here = i * m + j;
            let mut couple = |row, column, v: f64| entries.push((row, column, S::from_real(v) + S::sample(&mut noise) * S::from_real(0.1)));
            couple(here, here, 4.3);
            if i > 0 {
                couple(here, here - m, -1.2);
            }
            if i + 1 < m {
                couple(here, here + m, -0.8);
            }
            if j > 0 {
                couple(here, here - 1, -1.1);
            }
            if j + 1 < m {
                couple(here, here + 1, -0.9);
            }
        }
    }
    let mut sparse = SparseLu::new(n, entries.iter().map(|(r, c, _)| (*r, *c))).unwrap();
    let mut dense = DenseLu::new(n);
    for (r, c, v) in &entries {
        let slot = sparse.slot(*r, *c).unwrap();
        sparse.values_mut()[slot] += *v;
        dense.add(*r, *c, *v);
    }
    (sparse, dense)
}

#[test]
fn sparse_agrees_with_dense() {
    let (mut a, mut b) = grid::<f64>(12);
    let x: Vec<f64> = (0..144).map(|i| (i as f64 * 0.7).sin()).collect();
    let (mut p, mut q) = (vec![0.0; 144], vec![0.0; 144]);
    a.multiply(&x, &mut p);
    b.multiply(&x, &mut q);
    assert!(p.iter().zip(&q).all(|(p, q)| (p - q).abs() < 1e-13));
    compare(&mut a, &mut b);
    let (mut a, mut b) = grid::<Complex64>(9);
    compare(&mut a, &mut b);
}

/// Entries of a grid with three unknowns a node whose diagonal blocks need exchanges of rows, one long-range coupling, and a piece
/// that is coupled to nothing; and the places of the unknowns.
type Entries<S> = Vec<(usize, usize, S)>;

fn blocks_on_grid<S: Sample>([nx, ny]: [usize; 2]) -> (Vec<[f64; 3]>, Entries<S>) {
    let mut noise = Noise(23);
    let (mut places, mut entries) = (vec![], vec![]);
    let mut couple = |a: usize, b: usize, size: f64| {
        for i in 0..3 {
            for j in 0..3 {
                let v = S::sample(&mut noise) * S::from_real(size);
                // Large entries beside the diagonal.
                let large = if a == b && (i + 1) % 3 == j { S::from_real(8.0) } else { S::ZERO };
                entries.push((3 * a + i, 3 * b + j, v + large));
            }
        }
    };
    for i in 0..nx {
        for j in 0..ny {
            let here = i * ny + j;
            places.extend([[i as f64, j as f64, 0.0]; 3]);
            couple(here, here, 0.5);
            for (beyond, other) in [(i + 1 < nx, here + ny), (j + 1 < ny, here + 1), (here == 0, nx * ny - 1)] {
                if beyond {
                    couple(here, other, 1.0);
                    couple(other, here, 1.0);
                }
            }
        }
    }
    let alone = nx * ny;
    places.extend([[0.5 * nx as f64, 0.5 * ny as f64, 0.0]; 3]);
    couple(alone, alone, 0.5);
    (places, entries)
}

fn multifrontal<S: Field, F: Stored<S>>(places: &[[f64; 3]], entries: &Entries<S>) -> MultifrontalLu<S, F> {
    let mut out = MultifrontalLu::new(places, entries.iter().map(|(r, c, _)| (*r, *c)));
    for (r, c, v) in entries {
        let slot = out.slot(*r, *c).unwrap();
        out.values_mut()[slot] += *v;
    }
    out
}

#[test]
fn multifrontal_agrees_with_dense() {
    fn check<S: Sample>(shape: [usize; 2]) {
        let (places, entries) = blocks_on_grid::<S>(shape);
        let mut dense = DenseLu::new(places.len());
        entries.iter().for_each(|(r, c, v)| dense.add(*r, *c, *v));
        compare(&mut multifrontal::<S, S>(&places, &entries), &mut dense);
    }
    check::<f64>([1, 1]);
    check::<f64>([40, 1]);
    check::<f64>([12, 9]);
    check::<Complex64>([9, 9]);
}

#[test]
fn multifrontal_agrees_with_sparse_on_any_number_of_threads() {
    let (places, entries) = blocks_on_grid::<f64>([70, 50]);
    let mut sparse = SparseLu::new(places.len(), entries.iter().map(|(r, c, _)| (*r, *c))).unwrap();
    for (r, c, v) in &entries {
        let slot = sparse.slot(*r, *c).unwrap();
        sparse.values_mut()[slot] += *v;
    }
    compare(&mut multifrontal::<f64, f64>(&places, &entries), &mut sparse);
    let solve = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut a = multifrontal::<f64, f32>(&places, &entries);
            let mut x: Vec<f64> = (0..places.len()).map(|k| (0.3 * k as f64).sin()).collect();
            a.factor().unwrap();
            a.solve(&mut x);
            x
        })
    };
    assert_eq!(solve(1), solve(3));
}

/// Conductors of 1 on a square of `m` by `m` nodes, each with a leak of 1e-3, among them a floating square of metal that conducts so much
/// better. Beside each potential a concentration that diffuses and is coupled to it.
fn metal_among_poor_conductors(m: usize, better: f64) -> (Vec<[f64; 3]>, Entries<f64>) {
    let (mut places, mut entries) = (vec![], vec![]);
    let in_metal = |i: usize| (m / 3..2 * m / 3).contains(&i);
    let is_metal = |k: usize| in_metal(k / m) && in_metal(k % m);
    for k in 0..m * m {
        places.extend([[(k / m) as f64, (k % m) as f64, 0.0]; 2]);
        let (c, phi) = (2 * k, 2 * k + 1);
        let leak = if is_metal(k) { 0.0 } else { 1e-3 };
        entries.extend([(c, c, 0.5), (c, phi, 0.2 * leak), (phi, c, 0.3 * leak), (phi, phi, leak)]);
        for (there, other) in [(k / m + 1 < m, k + m), (k % m + 1 < m, k + 1)] {
            let conductance = if is_metal(k) && is_metal(other) { better } else { 1.0 };
            for (a, b) in [(k, other), (other, k)] {
                if there {
                    entries.extend([(2 * a, 2 * a, 1.0), (2 * a, 2 * b, -1.0)]);
                    entries.extend([(2 * a + 1, 2 * a + 1, conductance), (2 * a + 1, 2 * b + 1, -conductance)]);
                    entries.extend([(2 * a + 1, 2 * a, 0.1), (2 * a + 1, 2 * b, -0.1)]);
                }
            }
        }
    }
    (places, entries)
}

/// What each row or column is multiplied by.
type Units<'a> = &'a dyn Fn(usize) -> f64;

/// Metal keeps its level against the poor conductors that hold it, in usual and in huge units: no unknown is off by more than some
/// roundings of single precision, nor is any correction, however much of the right-hand side cancels inside the metal.
#[test]
fn short_factors_keep_every_unknown_accurate() {
    let (places, entries) = metal_among_poor_conductors(24, 1e9);
    let n = places.len();
    // Powers of two, so that the matrix stays singular but for the leaks.
    let one = |_: usize| 1.0;
    let by_kind = |i: usize| if i.is_multiple_of(2) { 8f64.exp2() } else { (-8f64).exp2() };
    let (huge, tiny) = (|_: usize| 110f64.exp2(), |_: usize| (-110f64).exp2());
    let one_by_one = |i: usize| ((7 * i % 21) as f64 - 10.0).exp2();
    let cases: [(&str, Units, Units, f64); 7] = [
        ("as they are", &one, &one, 1e-6),
        ("huge", &huge, &one, 1e-6),
        ("tiny with huge unknowns", &tiny, &huge, 1e-6),
        ("equations in other units", &by_kind, &one, 1e-6),
        ("unknowns in other units", &one, &by_kind, 1e-6),
        // Pivots are then exchanged between metal and what is around it, and digits are lost; an iteration still gains two each time.
        ("charge in small units", &|i| by_kind(i + 1), &one, 1e-2),
        ("rows out of scale", &one_by_one, &one, 1e-2),
    ];
    for (name, rows, columns, most) in cases {
        let scaled: Entries<f64> = entries.iter().map(|(i, j, v)| (*i, *j, v * rows(*i) * columns(*j))).collect();
        let mut exact = multifrontal::<f64, f64>(&places, &scaled);
        let mut short = multifrontal::<f64, f32>(&places, &scaled);
        exact.factor().unwrap();
        short.factor().unwrap();
        let mut solve = |b: &[f64]| {
            let (mut x, mut y) = (b.to_vec(), b.to_vec());
            exact.solve(&mut x);
            short.solve(&mut y);
            let off = x.iter().zip(&y).map(|(x, y)| (x - y).abs() / x.abs()).fold(0.0, f64::max);
            (y, off)
        };
        let mut rhs: Vec<f64> = (0..n).map(|i| (1.0 + (0.37 * i as f64).sin()) * rows(i)).collect();
        let (y, off) = solve(&rhs);
        assert!(off < most, "{name}: {off:e}");
        scaled.iter().for_each(|(i, j, v)| rhs[*i] -= v * y[*j]);
        let (_, off) = solve(&rhs);
        assert!(off < most, "correction, {name}: {off:e}");
    }
}

/// All rows and columns have a one, but after the first elimination that of the second column is gone.
#[test]
fn factors_too_large_to_be_short_are_refused() {
    let places = [[0.0; 3], [1.0, 0.0, 0.0], [2.0, 0.0, 0.0]];
    let entries = [(0, 0, 1.0), (0, 1, 1.0), (1, 1, 1e-45), (1, 2, 1.0), (2, 1, 1e-45), (2, 2, 2.0)];
    let entries: Entries<f64> = (0..9).map(|k| (k / 3, k % 3, 0.0)).chain(entries).collect();
    assert!(multifrontal::<f64, f64>(&places, &entries).factor().is_ok());
    assert!(multifrontal::<f64, f32>(&places, &entries).factor().is_err());
}

#[test]
fn totals_are_kept_by_short_factors() {
    let (places, entries) = metal_among_poor_conductors(20, 1e3);
    let kinds: Vec<u8> = (0..places.len()).map(|k| (k % 2) as u8).collect();
    let mut lu = multifrontal::<f64, f32>(&places, &entries);
    let mut totals = Totals::new(kinds.clone());
    totals.fill(lu.positions().zip(lu.values().iter().copied()));
    lu.factor().unwrap();
    let rhs: Vec<f64> = (0..places.len()).map(|i| 1.0 + (0.37 * i as f64).sin()).collect();
    // What each total is off by, relative to the sum of the sizes of the right-hand side.
    let off = |x: &[f64]| {
        let (mut sums, mut sizes) = ([0.0; 2], [0.0; 2]);
        for (k, v) in kinds.iter().zip(&rhs) {
            sums[usize::from(*k)] += v;
            sizes[usize::from(*k)] += v.abs();
        }
        entries.iter().for_each(|(i, j, v)| sums[usize::from(kinds[*i])] -= v * x[*j]);
        [sums[0].abs() / sizes[0], sums[1].abs() / sizes[1]]
    };
    let mut x = rhs.clone();
    totals.take(&x);
    lu.solve(&mut x);
    let before = off(&x);
    let solved = x.clone();
    assert!(totals.close(&mut x));
    let after = off(&x);
    // Rounding in conductances of 1e9 remains of the charge.
    assert!(before[0] > 1e-10 && after[0] < 1e-13, "{before:?} {after:?}");
    println!(
        "{before:?} {after:?} {:e}",
        x.iter().zip(&solved).map(|(x, y)| (x - y).abs() / y.abs()).fold(0.0, f64::max)
    );
    assert!(x.iter().zip(&solved).all(|(x, y)| (x - y).abs() < 1e-5 * y.abs().max(1.0)));
}

#[test]
fn multifrontal_reports_singular_matrices() {
    let places = [[0.0; 3], [1.0, 0.0, 0.0]];
    let mut a = MultifrontalLu::<f64>::new(&places, [(0, 0), (0, 1), (1, 0), (1, 1)]);
    a.values_mut().copy_from_slice(&[1.0, 2.0, 2.0, 4.0]);
    assert!(a.factor().is_err());
    a.values_mut().copy_from_slice(&[1.0, 2.0, 2.0, 5.0]);
    assert!(a.factor().is_ok());
    assert_eq!((a.slot(1, 0), a.slot(0, 1)), (Some(2), Some(1)));
}

#[test]
fn sparse_reports_singular_matrices() {
    assert_eq!(SparseLu::<f64>::new(3, [(0, 0), (1, 1)]).unwrap_err().index, Some(2));
    let mut a = SparseLu::<f64>::new(2, [(0, 0), (0, 1), (1, 0), (1, 1)]).unwrap();
    a.values_mut().copy_from_slice(&[1.0, 2.0, 2.0, 4.0]);
    assert!(a.factor().is_err());
    a.values_mut().copy_from_slice(&[1.0, 2.0, 2.0, 5.0]);
    assert!(a.factor().is_ok());
    assert_eq!(a.slot(1, 0), Some(1));
}

fn bordered<A: LinearSolver<f64>>(inner: A, dense: &DenseLu<f64>, m: usize) {
    let n = inner.len();
    let mut noise = Noise(5);
    let mut a = Bordered::new(inner, m);
    let mut b = DenseLu::new(n + m);
    for r in 0..n {
        for c in 0..n {
            b.add(r, c, dense.matrix()[r * n + c]);
        }
    }
    for k in 0..m {
        for i in 0..n {
            let (u, v) = (noise.next(), noise.next());
            a.column_mut(k)[i] = u;
            a.row_mut(k)[i] = v;
            b.add(i, n + k, u);
            b.add(n + k, i, v);
        }
        for l in 0..m {
            let v = noise.next();
            a.corner_mut()[k * m + l] = v;
            b.add(n + k, n + l, v);
        }
    }
    assert_eq!(a.n_border(), m);
    compare(&mut a, &mut b);
}

#[test]
fn bordered_agrees_with_dense() {
    let (a, dense) = block_pair::<f64, 2>(15);
    bordered(a, &dense, 3);
    let (a, dense) = grid::<f64>(7);
    bordered(a, &dense, 1);
    let (a, dense) = block_pair::<f64, 3>(4);
    bordered(a, &dense, 0);
}

#[test]
fn a_singular_border_is_named() {
    let (a, _) = block_pair::<f64, 2>(3);
    let mut a = Bordered::new(a, 1);
    assert_eq!(a.factor().unwrap_err().index, Some(6));
}
