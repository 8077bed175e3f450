//! The interface conditions of all sites, found for several at a time and stored field by field.

use crate::electrolyte::InterfaceState;
use crate::heat::Temperature;
use crate::interface::SiteEquation;
use crate::model::{BLOCK, Group, Model};
use cellwright_base::constants::{FARADAY, GAS_CONSTANT};
use cellwright_dae::lanes::{Lanes, Real, groups, vectorised};
use cellwright_dae::{Unusable, parallel};
use std::ops::Range;

/// Of every site: the potential step that the condition `E = φ_s - φ_e - step` asks for, and the derivatives of E in θ, c and j without the
/// host; where there are side reactions, their potential and its derivatives in the main current density and in c.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conditions {
    pub step: Vec<f64>,
    pub e_theta: Vec<f64>,
    pub e_c: Vec<f64>,
    pub e_j: Vec<f64>,
    pub potential: Vec<f64>,
    pub potential_j: Vec<f64>,
    pub potential_c: Vec<f64>,
}

/// Number of fields.
const FIELDS: usize = 7;

impl Conditions {
    pub(crate) fn resize(&mut self, n: usize) {
        self.fields().into_iter().for_each(|field| field.resize(n, 0.0));
    }

    fn fields(&mut self) -> [&mut Vec<f64>; FIELDS] {
        [
            &mut self.step,
            &mut self.e_theta,
            &mut self.e_c,
            &mut self.e_j,
            &mut self.potential,
            &mut self.potential_j,
            &mut self.potential_c,
        ]
    }
}

/// The fields of some sites in a row.
type Piece<'a> = [&'a mut [f64]; FIELDS];

/// The fields of a condition in the same order; without derivatives the first alone stays, and without side reactions the last three do
/// not.
#[inline(always)]
fn put<N: Real>(e: &SiteEquation<N>, jacobian: bool, sides: bool, mut to: impl FnMut(usize, N)) {
    to(0, e.step);
    if jacobian {
        to(1, -e.step_theta);
        to(2, -e.step_c);
        to(3, -e.step_j);
    }
    if sides {
        to(4, e.potential);
        if jacobian {
            to(5, e.potential_j);
            to(6, e.potential_c);
        }
    }
}

impl Model {
    /// Finds the conditions at all sites of group `gi`; derivatives with `JAC`.
    pub(crate) fn find_conditions<const JAC: bool, T: Temperature>(
        &mut self,
        gi: usize,
        y: &[f64],
        temperature: T,
    ) -> Result<(), Unusable> {
        let mut conditions = std::mem::take(&mut self.work.conditions);
        let sites = self.groups[gi].sites.clone();
        let length = if parallel::worthwhile(sites.len()) {
            parallel::CHUNK
        } else {
            sites.len()
        };
        let mut fields = conditions.fields().map(|field| field[sites.clone()].chunks_mut(length.max(1)));
        let pieces = (0..sites.len().div_ceil(length.max(1))).map(|_| fields.each_mut().map(|field| field.next().unwrap_or_default()));
        let work = |k: usize, piece| self.conditions_of_piece::<JAC, T>(gi, length * k, y, temperature, piece);
        let done = if length == sites.len() {
            pieces.enumerate().try_for_each(|(k, piece)| work(k, piece))
        } else {
            parallel::each(pieces.collect(), work).into_iter().collect()
        };
        self.work.conditions = conditions;
        done
    }

    /// Those of a piece that begins with site `begin` of the group.
    fn conditions_of_piece<const JAC: bool, T: Temperature>(
        &self,
        gi: usize,
        begin: usize,
        y: &[f64],
        temperature: T,
        mut out: Piece<'_>,
    ) -> Result<(), Unusable> {
        let g = &self.groups[gi];
        let (n, sides) = (out[0].len(), g.sides.is_some());
        vectorised(
            #[inline(always)]
            || {
                for here in groups(n) {
                    let sites = begin + here.start..begin + here.end;
                    let together = match g.kinetics.has_closed_form() {
                        true => self.condition_together(g, sites.clone(), y, temperature),
                        false => None,
                    };
                    match together {
                        Some(e) => put(&e, JAC, sides, |field, v| v.put(&mut out[field][here.clone()])),
                        None => {
                            for s in sites {
                                let e = self.site(gi, s, y, temperature)?;
                                put(&e, JAC, sides, |field, v| out[field][s - begin] = v);
                            }
                        }
                    }
                }
                Ok(())
            },
        )
    }

    /// That of a group of sites in a row; `None` if one of them needs a closer look.
    #[inline(always)]
    fn condition_together<T: Temperature>(&self, g: &Group, sites: Range<usize>, y: &[f64], temperature: T) -> Option<SiteEquation<Lanes>> {
        let (with_c, trace) = (self.electrolyte.has_concentration(), self.electrolyte.trace());
        let number = |l: usize| (sites.start + l).min(sites.end - 1);
        let all = g.sites.start + sites.start..g.sites.start + sites.end;
        let j = Lanes::of(&y[self.sites_offset() + all.start..self.sites_offset() + all.end]);
        let h = if g.sides.is_some() {
            Lanes::of(&self.work.main[all.clone()])
        } else {
            j
        };
        let theta = Lanes::of(&self.work.theta[all.clone()]);
        let resistance = match &g.sides {
            None => Lanes::of(&g.resistance[sites.clone()]),
            Some(_) => Lanes::from_fn(|l| g.resistance_at(y, number(l))),
        };
        let temperature = match temperature.uniform() {
            Some(temperature) => Lanes::all(temperature),
            None => Lanes::from_fn(|l| temperature.site(g.sites.start + number(l))),
        };
        let c = Lanes::from_fn(|l| y[BLOCK * g.cells[number(l)]]);
        let at = if g.distances[sites.start] == 0.0 {
            InterfaceState::ohmic(c, j, Lanes::all(0.0))
        } else {
            let distance = Lanes::of(&g.distances[sites.clone()]);
            let k = self.work.coefficients.gathered(|l| g.cells[number(l)]);
            match with_c {
                false => InterfaceState::ohmic(c, j, distance * k.resistivity),
                true => InterfaceState::of(c, j, distance, &k, |ci, c| {
                    let one = Lanes::all(1.0);
                    [(ci / c).ln(), one / ci, one / c]
                }),
            }
        };
        if with_c && !(at.c.at_least(trace) && c.at_least(trace)) {
            return None;
        }
        let condition = SiteEquation::reversible(&at, j, g.potential_together(theta, temperature), resistance);
        let Some(e) = &g.exchange else { return Some(condition) };
        let [salt, log_c] = e.in_solution(at.c, self.reference_concentration);
        let [base, solid, log_theta] = e.in_solid(e.curve.eval_together(theta, temperature), theta, g.anodic());
        let i0 = base * salt * solid;
        let eta = g.kinetics.in_closed_form(h, i0, temperature * (GAS_CONSTANT / FARADAY));
        let log_c = if with_c { log_c } else { Lanes::all(0.0) };
        Some(condition.with_overpotential(eta, h, &at, log_c, log_theta))
    }
}
