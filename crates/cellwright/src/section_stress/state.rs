//! The section in equilibrium at one state of charge: stresses, displacements, and where they are greatest.

use super::grid::{Grid, Sides, held};
use cellwright_mechanics::MechanicsError;
use cellwright_mechanics::elastic::Elastic;
use cellwright_mechanics::plane_strain::{Stress, solve};

/// A value, where it is and in which body.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Extreme {
    /// Pa, or m for a displacement.
    pub value: f64,
    /// Coordinates in the section, m.
    pub place: [f64; 2],
    /// Number of the body.
    pub body: usize,
}

/// Stresses of the elements that hold a body, in the order of the grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// By element of the section.
    pub stresses: Vec<Stress>,
    /// Greatest equivalent stress after von Mises.
    pub von_mises: Extreme,
    /// Greatest mean stress, tension.
    pub tension: Extreme,
    /// Least mean stress, pressure.
    pub pressure: Extreme,
    /// Greatest principal stress.
    pub principal: Extreme,
    /// Greatest displacement.
    pub displacement: Extreme,
    /// By body: greatest von Mises stress and greatest principal stress, Pa.
    pub by_body: Vec<[f64; 2]>,
    /// Root of the mean square of the von Mises stress over the area, Pa.
    pub mean: f64,
    /// Largest force left on a node that is not held, relative.
    pub imbalance: f64,
}

/// Mean of the three normal stresses, Pa.
pub fn hydrostatic(s: &Stress) -> f64 {
    (s.xx + s.yy + s.zz) / 3.0
}

/// Solves for the section; one elastic solid for each body, one free strain for each element with a body.
///
/// # Errors
/// [`MechanicsError`] for values that are none, and sections that cannot be solved.
pub fn balance(grid: &Grid, bodies: &[Elastic], free_strains: &[f64], span: [[f64; 2]; 2], sides: Sides) -> Result<State, MechanicsError> {
    let section = grid.section();
    let found = solve(&section, bodies, free_strains, &held(&section, span, sides))?;
    let extreme = |of: &dyn Fn(&Stress) -> f64, sign: f64| {
        let values = found.stresses.iter().map(of).enumerate();
        let best = values.max_by(|a, b| (sign * a.1).total_cmp(&(sign * b.1)));
        best.map_or(Extreme::default(), |(k, value)| Extreme {
            value,
            place: section.middle(k),
            body: section.materials[k],
        })
    };
    let mut by_body = vec![[0.0f64; 2]; bodies.len()];
    let (mut square, mut area) = (0.0, 0.0);
    let mut displacement = Extreme::default();
    for (k, s) in found.stresses.iter().enumerate() {
        let worst = &mut by_body[section.materials[k]];
        *worst = [worst[0].max(s.von_mises()), worst[1].max(s.principal()[0])];
        let [low, _, high, _] = section.elements[k].map(|n| section.nodes[n]);
        let size = (high[0] - low[0]) * (high[1] - low[1]);
        square += size * s.von_mises().powi(2);
        area += size;
        for node in section.elements[k] {
            let [u, v] = found.displacements[node];
            if u.hypot(v) > displacement.value {
                displacement = Extreme {
                    value: u.hypot(v),
                    place: section.nodes[node],
                    body: section.materials[k],
                };
            }
        }
    }
    Ok(State {
        von_mises: extreme(&Stress::von_mises, 1.0),
        tension: extreme(&hydrostatic, 1.0),
        pressure: extreme(&hydrostatic, -1.0),
        principal: extreme(&|s| s.principal()[0], 1.0),
        displacement,
        by_body,
        mean: if area > 0.0 { (square / area).sqrt() } else { 0.0 },
        imbalance: found.imbalance,
        stresses: found.stresses,
    })
}
