//! Potential in a mesh: conjugate gradients on the two-point fluxes.

use cellwright_device::mesh::Mesh;

/// Conductances between volumes and to fixed potentials.
pub struct Network {
    pub links: Vec<(usize, usize, f64)>,
    pub fixed: Vec<(usize, f64, f64)>,
    pub n: usize,
}

impl Network {
    /// All faces of a mesh with one conductivity of 1.
    pub fn of(mesh: &Mesh) -> Network {
        Network::with(mesh, |_| 1.0)
    }

    pub fn with(mesh: &Mesh, kappa: impl Fn(usize) -> f64) -> Network {
        let conductance =
            |f: &cellwright_device::mesh::Face| f.area / (f.distance[0] / kappa(f.cells[0]) + f.distance[1] / kappa(f.cells[1]));
        let links = mesh.faces.iter().map(|f| (f.cells[0], f.cells[1], conductance(f))).collect();
        Network {
            links,
            fixed: vec![],
            n: mesh.n_cells(),
        }
    }

    pub fn fix(&mut self, cell: usize, conductance: f64, potential: f64) {
        self.fixed.push((cell, conductance, potential));
    }

    /// Potentials of all volumes.
    pub fn solve(&self) -> Vec<f64> {
        let n = self.n;
        let mut rows: Vec<Vec<(usize, f64)>> = vec![vec![]; n];
        let (mut diagonal, mut right) = (vec![0.0; n], vec![0.0; n]);
        for &(a, b, t) in &self.links {
            rows[a].push((b, -t));
            rows[b].push((a, -t));
            diagonal[a] += t;
            diagonal[b] += t;
        }
        for &(a, t, v) in &self.fixed {
            diagonal[a] += t;
            right[a] += t * v;
        }
        for r in &mut rows {
            r.sort_by_key(|e| e.0);
        }
        let apply = |x: &[f64]| -> Vec<f64> {
            (0..n)
                .map(|i| diagonal[i] * x[i] + rows[i].iter().map(|(j, t)| t * x[*j]).sum::<f64>())
                .collect()
        };
        // Symmetric Gauss-Seidel.
        let smooth = |r: &[f64]| -> Vec<f64> {
            let mut x = vec![0.0; n];
            for i in 0..n {
                let s: f64 = rows[i].iter().take_while(|e| e.0 < i).map(|(j, t)| t * x[*j]).sum();
                x[i] = (r[i] - s) / diagonal[i];
            }
            for i in (0..n).rev() {
                let s: f64 = rows[i].iter().rev().take_while(|e| e.0 > i).map(|(j, t)| t * x[*j]).sum();
                x[i] -= s / diagonal[i];
            }
            x
        };
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        let mut x = vec![0.0; n];
        let mut r = right;
        let mut z = smooth(&r);
        let mut p = z.clone();
        let mut rz = product(&r, &z);
        let start = rz;
        for _ in 0..5000 {
            if rz <= 1e-22 * start {
                break;
            }
            let q = apply(&p);
            let alpha = rz / product(&p, &q);
            for i in 0..n {
                x[i] += alpha * p[i];
                r[i] -= alpha * q[i];
            }
            z = smooth(&r);
            let next = product(&r, &z);
            let beta = next / rz;
            rz = next;
            for i in 0..n {
                p[i] = z[i] + beta * p[i];
            }
        }
        x
    }
}

/// Conductance between both electrodes without interface resistance.
pub fn conductance(mesh: &Mesh) -> f64 {
    let mut network = Network::of(mesh);
    for f in &mesh.negative {
        network.fix(f.cell, f.area / f.distance, 1.0);
    }
    for f in &mesh.positive {
        network.fix(f.cell, f.area / f.distance, 0.0);
    }
    let v = network.solve();
    mesh.positive.iter().map(|f| f.area / f.distance * v[f.cell]).sum()
}
