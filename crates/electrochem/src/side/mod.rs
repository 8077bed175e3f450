//! Side reactions: lithium that goes into a layer, onto or away from an electrode instead of into its host.
//!
//! # Equations
//! At every site the whole current density is `J = h + Σ j_k`: h of the main reaction, j_k of the side reactions ([`laws`]) at the local
//! potential `E = U(θ) + η(h)`. The lithium that each has taken follows from `dn_k/dt = -j_k/F` (plated lithium also turns into isolated
//! lithium). A layer resists the whole current: `R = L/κ`.
//!
//! # Unknowns
//! After the hosts, for every reaction of a group and all its sites: the current densities j_k, then the amounts n_k.

pub mod laws;

use crate::model::{CHARGE, Model};
use cellwright_base::constants::FARADAY;
use laws::Rate;
pub use laws::{Arrhenius, FreshSurface, Plating, Sei, SideReaction};
use std::ops::Range;

/// The side reactions of one electrode.
#[derive(Clone, Debug)]
pub struct Sides {
    /// The laws.
    pub reactions: Vec<SideReaction>,
    /// First unknown.
    pub(crate) offset: usize,
    pub(crate) n_sites: usize,
    /// What the last factorisation left of each reaction at each site.
    eliminated: Vec<Eliminated>,
    /// The same of all reactions together at each site.
    sums: Vec<Sums>,
}

/// A reaction without its amount: `δj = (q + s δE + p δh)/d`.
#[derive(Clone, Copy, Debug, Default)]
struct Eliminated {
    rate: Rate,
    divisor: f64,
    /// `∂j/∂n/(cj + γ)`: what a change of the amount adds to q.
    by_amount: f64,
    /// `1/(cj + γ)`.
    storage: f64,
    isolation: f64,
}

/// `Σ δj = Q + σ δE + π δh`.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    /// σ, S/m².
    potential: f64,
    /// π.
    current: f64,
    /// `1 + π + σ ∂E/∂h`.
    divisor: f64,
    /// `∂E/∂h` with the host.
    gain: f64,
    /// Q of the present right-hand side.
    known: f64,
    /// What the surface of the host and the salt change E by.
    shift: f64,
}

impl Sides {
    pub(crate) fn new(reactions: Vec<SideReaction>, n_sites: usize) -> Sides {
        Sides {
            eliminated: vec![Eliminated::default(); reactions.len() * n_sites],
            sums: vec![Sums::default(); n_sites],
            reactions,
            offset: 0,
            n_sites,
        }
    }

    /// Range of all unknowns.
    pub fn range(&self) -> Range<usize> {
        let blocks: usize = self.reactions.iter().map(|r| 1 + r.places().len()).sum();
        self.offset..self.offset + blocks * self.n_sites
    }

    /// What an unknown is, if it is one of these.
    pub(crate) fn describe(&self, index: usize) -> Option<&'static str> {
        if !self.range().contains(&index) {
            return None;
        }
        let amount = self.amounts().any(|i| i == index);
        Some(if amount {
            "lithium taken by a side reaction"
        } else {
            "side reaction current"
        })
    }

    /// First unknown of reaction `k`: its current densities, followed by its amounts.
    fn first(&self, k: usize) -> usize {
        let before: usize = self.reactions[..k].iter().map(|r| 1 + r.places().len()).sum();
        self.offset + before * self.n_sites
    }

    /// Marks the amounts as differential.
    pub(crate) fn mark(&self, differential: &mut [bool]) {
        self.amounts().for_each(|i| differential[i] = true);
    }

    /// Current density of all side reactions at site `s`, A/m².
    #[inline]
    pub fn current(&self, y: &[f64], s: usize) -> f64 {
        (0..self.reactions.len()).map(|k| y[self.first(k) + s]).sum()
    }

    /// Area resistance of the layers at site `s`, ohm m².
    #[inline]
    pub fn resistance(&self, y: &[f64], s: usize) -> f64 {
        let each = |(k, r): (usize, &SideReaction)| r.resistance(y[self.first(k) + self.n_sites + s]);
        self.reactions.iter().enumerate().map(each).sum()
    }

    /// Lithium by what took it, mol, with the interface area (m²) of every site.
    pub fn taken(&self, y: &[f64], areas: &[f64]) -> Vec<(&'static str, f64)> {
        let mut out = vec![];
        for (k, reaction) in self.reactions.iter().enumerate() {
            for (m, place) in reaction.places().iter().enumerate() {
                let first = self.first(k) + (1 + m) * self.n_sites;
                out.push((*place, areas.iter().zip(&y[first..]).map(|(a, n)| a * n).sum()));
            }
        }
        out
    }

    /// Indices of the amounts (mol/m²) in the vector of unknowns: every state of every reaction, site by site.
    pub fn amounts(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.reactions.len()).flat_map(|k| {
            let first = self.first(k) + self.n_sites;
            first..first + self.reactions[k].places().len() * self.n_sites
        })
    }

    /// Mean square of the error of the amounts in units of their tolerance, relative and absolute (mol/m²).
    pub(crate) fn error_square(&self, y: &[f64], v: &[f64], rtol: f64, floor: f64) -> f64 {
        let (mut sum, mut n) = (0.0, 0.0);
        for i in self.amounts() {
            let e = v[i] / (rtol * y[i].abs() + floor);
            (sum, n) = (sum + e * e, n + 1.0);
        }
        sum / n
    }

    /// Rows of site `s`, with the potential E and the main current density h there.
    pub(crate) fn rows<const JAC: bool>(&mut self, s: usize, potential: f64, state: Point<'_>, r: &mut [f64]) {
        for k in 0..self.reactions.len() {
            let reaction = &self.reactions[k];
            let at = self.first(k) + s;
            let amount = at + self.n_sites;
            let (j, n) = (state.y[at], state.y[amount]);
            let rate = reaction.rate(potential, state.h, n, state.temperature);
            let isolation = reaction.isolation(state.temperature);
            r[at] = j - rate.j;
            r[amount] = state.yp[amount] + j / FARADAY + isolation * n;
            if reaction.places().len() > 1 {
                let dead = amount + self.n_sites;
                r[dead] = state.yp[dead] - isolation * n;
            }
            if JAC {
                let storage = 1.0 / (state.cj + isolation);
                self.eliminated[k * self.n_sites + s] = Eliminated {
                    rate,
                    divisor: 1.0 + rate.by_amount * storage / FARADAY,
                    by_amount: rate.by_amount * storage,
                    storage,
                    isolation,
                };
            }
        }
    }

    /// Sums over the reactions at site `s`, where the main current changes E by `gain`: the factor that is left of `gain` for the whole
    /// current, and that of what else changes E.
    pub(crate) fn condense(&mut self, s: usize, gain: f64) -> [f64; 2] {
        let (mut potential, mut current) = (0.0, 0.0);
        for k in 0..self.reactions.len() {
            let e = &self.eliminated[k * self.n_sites + s];
            potential += e.rate.by_potential / e.divisor;
            current += e.rate.by_current / e.divisor;
        }
        let divisor = 1.0 + current + potential * gain;
        self.sums[s] = Sums {
            potential,
            current,
            divisor,
            gain,
            ..Sums::default()
        };
        [1.0 / divisor, (1.0 + current) / divisor]
    }

    /// What the side reactions add to the right-hand side of site `s`, whose host alone would change E by `shift`: the change of E at
    /// constant whole current.
    pub(crate) fn reduce(&mut self, s: usize, r: &[f64], shift: f64) -> f64 {
        let mut known = 0.0;
        for k in 0..self.reactions.len() {
            let (at, e) = (self.first(k) + s, &self.eliminated[k * self.n_sites + s]);
            known += (r[at] + e.by_amount * r[at + self.n_sites]) / e.divisor;
        }
        let sums = &mut self.sums[s];
        (sums.known, sums.shift) = (known, shift);
        (shift * (1.0 + sums.current) - sums.gain * known) / sums.divisor
    }

    /// Completes the corrections at site `s`, given that of the whole current and what the salt changes E by; returns the correction of
    /// the main current.
    pub(crate) fn complete(&self, s: usize, r: &mut [f64], dj: f64, by_salt: f64) -> f64 {
        let sums = &self.sums[s];
        let shift = sums.shift + by_salt;
        let dh = (dj - sums.known - sums.potential * shift) / sums.divisor;
        let de = sums.gain * dh + shift;
        for (k, reaction) in self.reactions.iter().enumerate() {
            let (at, e) = (self.first(k) + s, &self.eliminated[k * self.n_sites + s]);
            let amount = at + self.n_sites;
            let own = r[at] + e.by_amount * r[amount];
            r[at] = (own + e.rate.by_potential * de + e.rate.by_current * dh) / e.divisor;
            r[amount] = (r[amount] - r[at] / FARADAY) * e.storage;
            if reaction.places().len() > 1 {
                let dead = amount + self.n_sites;
                // 1/cj = storage/(1 - γ storage).
                let inverse = e.storage / (1.0 - e.isolation * e.storage);
                r[dead] = (r[dead] + e.isolation * r[amount]) * inverse;
            }
        }
        dh
    }
}

/// Where the rows are evaluated.
#[derive(Clone, Copy)]
pub(crate) struct Point<'a> {
    pub y: &'a [f64],
    pub yp: &'a [f64],
    pub cj: f64,
    /// Main current density, A/m².
    pub h: f64,
    pub temperature: f64,
}

impl Model {
    /// Adds side reactions to the negative (0) or positive (1) electrode; states of before do not fit any more.
    ///
    /// # Panics
    /// If the electrode is meshed: the reactions belong to hosts and to metal.
    pub fn add_side_reactions(&mut self, electrode: usize, reactions: Vec<SideReaction>) {
        let group = &mut self.groups[electrode];
        assert!(group.dense.is_none(), "side reactions belong to hosts and to metal");
        let mut all = group.sides.take().map_or(vec![], |s| s.reactions);
        all.extend(reactions);
        group.sides = (!all.is_empty()).then(|| Sides::new(all, group.cells.len()));
        self.finish_layout();
    }

    /// Rows of the side reactions at site `s` of group `gi`, where side reactions see `potential`.
    pub(crate) fn side_rows<const JAC: bool>(
        &mut self,
        (gi, s): (usize, usize),
        potential: f64,
        [y, yp]: [&[f64]; 2],
        (cj, temperature): (f64, f64),
        r: &mut [f64],
    ) {
        let first = self.sites_offset();
        let g = &mut self.groups[gi];
        if let Some(sides) = &mut g.sides {
            let site = g.sites.start + s;
            let point = Point {
                y,
                yp,
                cj,
                h: y[first + site] - sides.current(y, s),
                temperature,
            };
            sides.rows::<JAC>(s, potential, point, r);
        }
    }

    /// Lets side reactions take more lithium at once, mol/m² for every amount in the order of [`Sides::amounts`]: out of the host of the
    /// same electrode, or, with `from_other`, out of the other electrode by charging the cell.
    pub fn take_at_once(&self, y: &mut [f64], electrode: usize, amounts: &[f64], from_other: bool) {
        let g = &self.groups[electrode];
        let Some(sides) = &g.sides else { return };
        let mut taken = vec![0.0; g.cells.len()];
        for (m, (i, n)) in sides.amounts().zip(amounts).enumerate() {
            y[i] += n;
            taken[m % g.cells.len()] += n;
        }
        let total: f64 = taken.iter().zip(&g.areas).map(|(n, a)| n * a).sum();
        match (&g.hosts, from_other) {
            (Some(h), false) => (0..taken.len()).for_each(|s| h.shift(y, s, -taken[s] / h.content(s))),
            (None, false) => {}
            (_, true) => {
                let other = &self.groups[1 - electrode];
                y[self.border_offset() + CHARGE] -= g.sign * FARADAY * total;
                if let Some(h) = &other.hosts {
                    let whole: f64 = other.areas.iter().enumerate().map(|(s, a)| a * h.content(s)).sum();
                    (0..other.areas.len()).for_each(|s| h.shift(y, s, -total / whole));
                }
            }
        }
    }

    /// Lithium that side reactions took since the start, by electrode and by what took it, mol.
    pub fn taken(&self, y: &[f64]) -> Vec<(usize, &'static str, f64)> {
        let mut out = vec![];
        for (e, g) in self.groups.iter().enumerate() {
            if let Some(sides) = &g.sides {
                out.extend(sides.taken(y, &g.areas).into_iter().map(|(name, n)| (e, name, n)));
            }
        }
        out
    }
}
