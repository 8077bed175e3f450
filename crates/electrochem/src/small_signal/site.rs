//! One interface site at one frequency: reaction, double layer and the half-volume of electrolyte before it, eliminated by hand.
//!
//! # Equation
//! `Δ = φ_s - φ_e` falls over the interface and over the half-volume h: `Δ = ψ + h i`, `i = j + s C ψ`, `ψ = a j + q`, with
//! `a = ∂step/∂j - G ∂step/∂θ` and `q` what the concentrations do. So `j = (Δ - (1 + h s C) q) / (a + h (1 + s C a))`.

use crate::electrolyte::interface_state;
use crate::interface::SiteEquation;
use crate::model::{BLOCK, Electrons, Group, Model};
use num_complex::Complex64;

/// Columns of a site's law: potentials of solid and electrolyte, concentrations on both sides.
pub(super) const SOLID: usize = 0;
pub(super) const ELECTROLYTE: usize = 1;
pub(super) const SALT: usize = 2;
pub(super) const LITHIUM: usize = 3;

/// The linearised interface.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub cell: usize,
    pub area: f64,
    electrons: Electrons,
    /// Unknown of the lithium behind the interface of a meshed electrode.
    pub far: Option<usize>,
    /// True if the reaction changes an unknown concentration of salt.
    pub feeds_salt: bool,
    /// Double layer, F/m².
    capacitance: f64,
    /// Half-volume: ohm m² and s.
    half: [f64; 2],
    /// Derivatives of the potential step by cause: charge transfer, then salt, in j, c (and θ).
    pub transfer: [f64; 3],
    pub salt: [f64; 2],
    /// Series area resistance, ohm m².
    pub resistance: f64,
    /// Slope of the open-circuit potential, V.
    pub slope: f64,
    /// Of a meshed electrode: minus ∂θ_s/∂j, and ∂θ_s/∂c.
    dense: [f64; 2],
}

/// Reaction and whole current density as functions of the columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Law {
    pub j: [Complex64; 4],
    pub i: [Complex64; 4],
    /// Impedance of the half-volume, ohm m².
    pub half: Complex64,
}

impl Site {
    /// Site `s` of `g` at the state `y`, with its interface condition `e`.
    pub fn new(model: &Model, g: &Group, (s, temperature): (usize, f64), e: &SiteEquation, y: &[f64], permittivity: f64) -> Site {
        let (cell, site) = (g.cells[s], g.sites.start + s);
        let w = &model.work;
        let (c, j) = (y[BLOCK * cell], y[model.sites_offset() + site]);
        let k = &w.coefficients.at(cell);
        let with_c = model.electrolyte.has_concentration();
        let at = interface_state(c, j, g.distances[s], k, model.electrolyte.trace(), with_c && g.distances[s] != 0.0);
        let ohmic = g.distances[s] * k.resistivity;
        let slope = g.potential(w.theta[site], temperature).1;
        let behind = match (g.electrons[s], &g.dense) {
            (Electrons::Volume(k), Some(_)) => Some(k),
            _ => None,
        };
        Site {
            cell,
            area: g.areas[s],
            electrons: g.electrons[s],
            far: behind.map(|k| BLOCK * k),
            feeds_salt: with_c,
            capacitance: g.double_layer,
            half: [ohmic, permittivity * k.resistivity],
            transfer: [
                e.step_j - at.drop_j - g.resistance_at(y, s),
                e.step_c - at.drop_c,
                e.step_theta - slope,
            ],
            salt: [at.drop_j - ohmic, at.drop_c],
            resistance: g.resistance_at(y, s),
            slope,
            dense: behind.map_or([0.0; 2], |_| [w.dense[site].gain, w.dense[site].theta_c]),
        }
    }

    /// G of an interface without host.
    pub fn own_gain(&self) -> Complex64 {
        self.dense[0].into()
    }

    /// Unknown of the potential behind the interface; none at the negative terminal, which is held at zero.
    pub fn solid(&self, terminal: usize) -> Option<usize> {
        match self.electrons {
            Electrons::Volume(k) => Some(BLOCK * k + 2),
            Electrons::Positive => Some(terminal),
            Electrons::Negative => None,
        }
    }

    /// Unknowns that the law depends on, with their columns.
    pub fn columns(&self, terminal: usize) -> impl Iterator<Item = (usize, usize)> {
        let cell = BLOCK * self.cell;
        let all = [
            self.solid(terminal).map(|at| (at, SOLID)),
            Some((cell + 1, ELECTROLYTE)),
            self.feeds_salt.then_some((cell, SALT)),
            self.far.map(|at| (at, LITHIUM)),
        ];
        all.into_iter().flatten()
    }

    /// ∂step/∂θ, V.
    fn step_theta(&self) -> f64 {
        self.slope + self.transfer[2]
    }

    /// The law at `s` with the response G of the lithium behind it.
    pub fn law(&self, s: Complex64, gain: Complex64) -> Law {
        let charging = s * self.capacitance;
        let half = self.half[0] / (1.0 + s * self.half[1]);
        let a = self.transfer[0] + self.salt[0] + self.resistance - gain * self.step_theta();
        let through = 1.0 + charging * a;
        let y = 1.0 / (a + half * through);
        let by_q = -(1.0 + half * charging) * y;
        let q = [self.transfer[1] + self.salt[1], self.step_theta() * self.dense[1]];
        let i_by_q = charging + through * by_q;
        Law {
            j: [y, -y, by_q * q[0], by_q * q[1]],
            i: [through * y, -through * y, i_by_q * q[0], i_by_q * q[1]],
            half,
        }
    }

    /// Change of the surface stoichiometry.
    pub fn theta(&self, gain: Complex64, j: Complex64, lithium: Complex64) -> Complex64 {
        self.dense[1] * lithium - gain * j
    }
}
