//! Elasticity of a section under free strains that differ from place to place: plane strain on four-cornered elements.
//!
//! # Equation
//! `∇·σ = 0`, `σ = λ tr(ε - ε* I) I + 2 μ (ε - ε* I)` with the isotropic free strain ε* of every element (from lithium: `Ω Δc / 3`) and no
//! strain across the section, so that `tr = ε_xx + ε_yy - 3 ε*` and `σ_zz = λ tr - 2 μ ε*`. Bilinear displacements on each element, four
//! Gauss points; sides that are not held are free.
//!
//! # Validity
//! Small strain, linear elasticity, Poisson ratio below about 0.45 (nearly incompressible solids come out too stiff). Displacements, and
//! stresses in the middle of the elements, are second order in the size of elements where the solution is smooth; at corners between
//! materials the stress itself is not finite.
//!
//! # Verification
//! `plane_strain::tests` (patch test, patch of free strain, order against [`crate::coaxial`]), `cellwright validate mechanics-section`

use crate::elastic::Elastic;
use crate::error::{MechanicsError, finite};
use crate::section::Section;
use cellwright_dae::linear::{LinearSolver, SparseLu};

/// A displacement that is given, m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// Node.
    pub node: usize,
    /// 0 for x, 1 for y.
    pub axis: usize,
    /// Displacement, m.
    pub displacement: f64,
}

/// Stress in the middle of an element, Pa; tension positive.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stress {
    /// Along x.
    pub xx: f64,
    /// Along y.
    pub yy: f64,
    /// Shear in the section.
    pub xy: f64,
    /// Across the section.
    pub zz: f64,
}

impl Stress {
    /// Von Mises' equivalent stress, Pa.
    pub fn von_mises(&self) -> f64 {
        let (a, b, c) = (self.xx - self.yy, self.yy - self.zz, self.zz - self.xx);
        (0.5 * (a * a + b * b + c * c) + 3.0 * self.xy * self.xy).sqrt()
    }

    /// Principal stresses, greatest first, Pa.
    pub fn principal(&self) -> [f64; 3] {
        let (middle, half) = (0.5 * (self.xx + self.yy), 0.5 * (self.xx - self.yy));
        let radius = half.hypot(self.xy);
        let mut all = [middle + radius, middle - radius, self.zz];
        all.sort_by(|a, b| b.total_cmp(a));
        all
    }
}

/// The section in equilibrium.
#[derive(Clone, Debug, PartialEq)]
pub struct Equilibrium {
    /// Displacement of every node, m.
    pub displacements: Vec<[f64; 2]>,
    /// Stress in the middle of every element.
    pub stresses: Vec<Stress>,
    /// Largest force that is left on a node which is not held, over the largest force of an element on one of its nodes.
    pub imbalance: f64,
}

/// Finds the equilibrium; `materials` by the numbers of the section, `free_strains` one for each element.
///
/// # Errors
/// [`MechanicsError`] for a section that does not fit together, elements that are turned inside out, values that are no numbers, and
/// sections that are not held.
pub fn solve(section: &Section, materials: &[Elastic], free_strains: &[f64], held: &[Held]) -> Result<Equilibrium, MechanicsError> {
    section.check(materials.len())?;
    let (found, expected) = (free_strains.len(), section.elements.len());
    if found != expected {
        let what = "free strains of elements";
        return Err(MechanicsError::Mismatched { what, found, expected });
    }
    let n = 2 * section.nodes.len();
    let mut given = vec![None; n];
    for h in held {
        let place = 2 * h.node + h.axis;
        if h.axis > 1 || place >= n {
            let (what, found, least) = ("nodes of the section", section.nodes.len(), h.node + 1);
            return Err(MechanicsError::TooFew { what, found, least });
        }
        given[place] = Some(finite("given displacement", h.displacement)?);
    }
    // Nodes of no element stay where they are.
    let mut used = vec![false; section.nodes.len()];
    section.elements.iter().flatten().for_each(|&n| used[n] = true);
    for (node, _) in used.iter().enumerate().filter(|(_, used)| !**used) {
        (given[2 * node], given[2 * node + 1]) = (Some(0.0), Some(0.0));
    }
    holds(section, &given)?;

    let unknowns = |element: &[usize; 4]| element.map(|n| [2 * n, 2 * n + 1]).concat();
    let pattern = section.elements.iter().flat_map(|e| {
        let u = unknowns(e);
        u.clone().into_iter().flat_map(move |i| u.clone().into_iter().map(move |j| (i, j)))
    });
    let mut matrix = SparseLu::<f64>::new(n, pattern.chain((0..n).map(|i| (i, i)))).map_err(|_| MechanicsError::NotHeld)?;
    let mut load = vec![0.0; n];
    // Rows of given displacements are of the size of the others.
    let unit = materials.iter().map(Elastic::young).fold(0.0, f64::max);
    for (k, (element, &free)) in section.elements.iter().zip(free_strains).enumerate() {
        let (stiffness, force) = integrals(section, k, &materials[section.materials[k]], finite("free strain", free)?)?;
        let u = unknowns(element);
        for (a, &i) in u.iter().enumerate().filter(|(_, i)| given[**i].is_none()) {
            load[i] += force[a];
            for (b, &j) in u.iter().enumerate() {
                match given[j] {
                    Some(value) => load[i] -= stiffness[a][b] * value,
                    None => add(&mut matrix, i, j, stiffness[a][b]),
                }
            }
        }
    }
    for (i, value) in given.iter().enumerate() {
        if let Some(value) = value {
            add(&mut matrix, i, i, unit);
            load[i] = unit * value;
        }
    }
    matrix.factor().map_err(|_| MechanicsError::NotHeld)?;
    matrix.solve(&mut load);
    let displacements: Vec<[f64; 2]> = load.chunks_exact(2).map(|u| [u[0], u[1]]).collect();
    let stress = |k: usize| middle_stress(section, k, &materials[section.materials[k]], free_strains[k], &displacements);
    let stresses = (0..section.elements.len()).map(stress).collect::<Result<_, _>>()?;
    Ok(Equilibrium {
        imbalance: imbalance(section, materials, free_strains, &given, &displacements)?,
        displacements,
        stresses,
    })
}

/// What the elements pull and push at the nodes that are not held, from the stresses that the displacements make.
fn imbalance(
    section: &Section,
    materials: &[Elastic],
    free_strains: &[f64],
    given: &[Option<f64>],
    displacements: &[[f64; 2]],
) -> Result<f64, MechanicsError> {
    let mut left = vec![0.0; given.len()];
    let mut largest = f64::MIN_POSITIVE;
    for (k, (element, &free)) in section.elements.iter().zip(free_strains).enumerate() {
        let (stiffness, force) = integrals(section, k, &materials[section.materials[k]], free)?;
        for a in 0..8 {
            let pull: f64 = (0..8).map(|b| stiffness[a][b] * displacements[element[b / 2]][b % 2]).sum();
            largest = largest.max(force[a].abs()).max(pull.abs());
            left[2 * element[a / 2] + a % 2] += pull - force[a];
        }
    }
    let free = left.iter().zip(given).filter(|(_, g)| g.is_none());
    Ok(free.map(|(f, _)| f.abs()).fold(0.0, f64::max) / largest)
}

fn add(matrix: &mut SparseLu<f64>, i: usize, j: usize, value: f64) {
    if let Some(slot) = matrix.slot(i, j) {
        matrix.values_mut()[slot] += value;
    }
}

/// Slopes of the four shape functions along x and y at a point of the unit square from -1 to 1, and the area per area of the square.
fn slopes(section: &Section, element: usize, [s, t]: [f64; 2]) -> Result<([[f64; 2]; 4], f64), MechanicsError> {
    let corners = section.elements[element].map(|n| section.nodes[n]);
    let signs = [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]];
    let local = signs.map(|[a, b]| [0.25 * a * (1.0 + b * t), 0.25 * b * (1.0 + a * s)]);
    let mut jacobian = [[0.0; 2]; 2];
    for (p, d) in corners.iter().zip(&local) {
        for i in 0..2 {
            for j in 0..2 {
                jacobian[i][j] += d[i] * p[j];
            }
        }
    }
    let area = jacobian[0][0] * jacobian[1][1] - jacobian[0][1] * jacobian[1][0];
    if area.is_nan() || area <= 0.0 {
        return Err(MechanicsError::Degenerate { element });
    }
    let at = |d: [f64; 2]| {
        [
            (jacobian[1][1] * d[0] - jacobian[0][1] * d[1]) / area,
            (jacobian[0][0] * d[1] - jacobian[1][0] * d[0]) / area,
        ]
    };
    Ok((local.map(at), area))
}

/// Stiffness of an element and the force of its free strain.
fn integrals(section: &Section, element: usize, elastic: &Elastic, free: f64) -> Result<([[f64; 8]; 8], [f64; 8]), MechanicsError> {
    let (lame, shear) = (elastic.lame(), elastic.shear());
    let pressure = (3.0 * lame + 2.0 * shear) * free;
    let (mut stiffness, mut force) = ([[0.0; 8]; 8], [0.0; 8]);
    let g = 1.0 / 3f64.sqrt();
    for point in [[-g, -g], [g, -g], [g, g], [-g, g]] {
        let (slope, area) = slopes(section, element, point)?;
        for a in 0..8 {
            let (p, i) = (slope[a / 2], a % 2);
            force[a] += area * pressure * p[i];
            for b in 0..8 {
                let (q, j) = (slope[b / 2], b % 2);
                let same = if i == j { p[0] * q[0] + p[1] * q[1] } else { 0.0 };
                stiffness[a][b] += area * (lame * p[i] * q[j] + shear * (p[j] * q[i] + same));
            }
        }
    }
    Ok((stiffness, force))
}

fn middle_stress(
    section: &Section,
    element: usize,
    elastic: &Elastic,
    free: f64,
    displacements: &[[f64; 2]],
) -> Result<Stress, MechanicsError> {
    let (slope, _) = slopes(section, element, [0.0; 2])?;
    let mut gradient = [[0.0; 2]; 2];
    for (d, &node) in slope.iter().zip(&section.elements[element]) {
        for i in 0..2 {
            for j in 0..2 {
                gradient[i][j] += displacements[node][i] * d[j];
            }
        }
    }
    let (lame, shear) = (elastic.lame(), elastic.shear());
    let volume = lame * (gradient[0][0] + gradient[1][1] - 3.0 * free);
    Ok(Stress {
        xx: volume + 2.0 * shear * (gradient[0][0] - free),
        yy: volume + 2.0 * shear * (gradient[1][1] - free),
        xy: shear * (gradient[0][1] + gradient[1][0]),
        zz: volume - 2.0 * shear * free,
    })
}

/// Least independence of the given displacements, relative to the size of the section, to count as holding it.
const GRIP: f64 = 1e-9;

/// Checks that every part of the section that hangs together can neither move nor turn.
fn holds(section: &Section, given: &[Option<f64>]) -> Result<(), MechanicsError> {
    let mut part: Vec<usize> = (0..section.nodes.len()).collect();
    fn root(part: &mut [usize], mut i: usize) -> usize {
        while part[i] != i {
            part[i] = part[part[i]];
            i = part[i];
        }
        i
    }
    for e in &section.elements {
        for pair in e.windows(2) {
            let (a, b) = (root(&mut part, pair[0]), root(&mut part, pair[1]));
            part[a.max(b)] = a.min(b);
        }
    }
    let roots: Vec<usize> = (0..part.len()).map(|i| root(&mut part, i)).collect();
    let mut of_part: Vec<Vec<usize>> = vec![vec![]; roots.len()];
    for (node, r) in roots.iter().enumerate() {
        of_part[*r].push(node);
    }
    for nodes in of_part.iter().filter(|n| !n.is_empty()) {
        let first = section.nodes[nodes[0]];
        let from = |n: usize| [section.nodes[n][0] - first[0], section.nodes[n][1] - first[1]];
        let size = nodes
            .iter()
            .map(|&n| from(n)[0].hypot(from(n)[1]))
            .fold(f64::MIN_POSITIVE, f64::max);
        // What a shift along x, along y and a turn do to the given displacements.
        let mut rows: Vec<[f64; 3]> = vec![];
        for &n in nodes {
            let [x, y] = from(n).map(|v| v / size);
            rows.extend(given[2 * n].map(|_| [1.0, 0.0, -y]));
            rows.extend(given[2 * n + 1].map(|_| [0.0, 1.0, x]));
        }
        let gram = |i: usize, j: usize| rows.iter().map(|r| r[i] * r[j]).sum::<f64>();
        let [a, b, c] = [gram(0, 0), gram(1, 1), gram(2, 2)];
        let [d, e, f] = [gram(0, 1), gram(0, 2), gram(1, 2)];
        let independence = a * (b * c - f * f) - d * (d * c - f * e) + e * (d * f - b * e);
        if independence.is_nan() || independence <= GRIP {
            return Err(MechanicsError::NotHeld);
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "plane_strain_tests.rs"]
mod tests;
