//! Conductivity, diffusivity and logarithm of the concentration of an isothermal liquid in one table.

use crate::curve::{Curve, cubic};
use cellwright_dae::lanes::{Lanes, Real, WIDTH};

/// κ, D and ln c of an isothermal liquid side by side: one look-up for all.
#[derive(Clone, Debug)]
pub struct TransportTable {
    per_width: f64,
    /// Concentration below which the logarithm is computed, mol/m³.
    first_logarithm: f64,
    /// κ, dκ per interval, D, dD per interval, ln c, dln c per interval at each grid point from c = 0.
    nodes: Vec<[f64; 6]>,
}

/// Below this grid point the logarithm is computed: the table would be off by more than 1e-9.
const FIRST_LOGARITHM: usize = 64;

/// Intervals of the transport table.
const INTERVALS: usize = 1024;

impl TransportTable {
    /// Samples both curves on 0..=`end`; `None` if one of them is not finite there.
    pub(super) fn new(conductivity: &Curve, diffusion: &Curve, end: f64, temperature: f64) -> Option<TransportTable> {
        let width = end / INTERVALS as f64;
        let nodes: Vec<[f64; 6]> = (0..=INTERVALS)
            .map(|i| {
                let c = width * i as f64;
                let (k, d) = (conductivity.eval(c, temperature), diffusion.eval(c, temperature));
                let (ln, slope) = if i == 0 { (0.0, 0.0) } else { (c.ln(), 1.0 / i as f64) };
                [k.value, k.dx * width, d.value, d.dx * width, ln, slope]
            })
            .collect();
        nodes.iter().flatten().all(|v| v.is_finite()).then_some(TransportTable {
            per_width: 1.0 / width,
            first_logarithm: FIRST_LOGARITHM as f64 * width,
            nodes,
        })
    }

    /// What is stored at the grid points on both sides of `c` and where it is between them, 0 to 1; `None` beyond the table.
    #[inline(always)]
    fn between(&self, c: f64) -> Option<(&[f64; 12], f64)> {
        let s = c * self.per_width;
        let i = s as usize;
        Some((self.nodes.get(i..)?.as_flattened().first_chunk()?, s - i as f64))
    }

    /// `[κ, dκ/dc, D, dD/dc, ln c]`; `None` beyond the table.
    #[inline(always)]
    pub(super) fn eval(&self, c: f64) -> Option<[f64; 5]> {
        let (nodes, t) = self.between(c)?;
        let ends = |of: usize| [nodes[of], nodes[of + 1], nodes[of + 6], nodes[of + 7]];
        let ([kappa, kappa_t], [d, d_t]) = (cubic(t, ends(0)), cubic(t, ends(2)));
        let ln_c = if c < self.first_logarithm { c.ln() } else { cubic(t, ends(4))[0] };
        Some([kappa, kappa_t * self.per_width, d, d_t * self.per_width, ln_c])
    }

    /// The same of several concentrations.
    #[inline(always)]
    pub(super) fn eval_together(&self, c: Lanes) -> Option<[Lanes; 5]> {
        let (nodes, t) = self.between_together(c)?;
        let ([kappa, kappa_t], [d, d_t]) = (cubic(t, ends(&nodes, 0)), cubic(t, ends(&nodes, 2)));
        let ln_c = self.logarithm(c, t, &nodes);
        Some([kappa, kappa_t * self.per_width, d, d_t * self.per_width, ln_c])
    }

    /// `[D, dD/dc, ln c]` of several concentrations; `None` beyond the table.
    #[inline(always)]
    pub(super) fn salt_together(&self, c: Lanes) -> Option<[Lanes; 3]> {
        let (nodes, t) = self.between_together(c)?;
        let [d, d_t] = cubic(t, ends(&nodes, 2));
        Some([d, d_t * self.per_width, self.logarithm(c, t, &nodes)])
    }

    #[inline(always)]
    fn between_together(&self, c: Lanes) -> Option<([&[f64; 12]; WIDTH], Lanes)> {
        let (mut nodes, mut t) = ([&[0.0; 12]; WIDTH], Lanes::all(0.0));
        for ((nodes, t), c) in nodes.iter_mut().zip(&mut t.0).zip(c.0) {
            (*nodes, *t) = self.between(c)?;
        }
        Some((nodes, t))
    }

    #[inline(always)]
    fn logarithm(&self, c: Lanes, t: Lanes, nodes: &[&[f64; 12]; WIDTH]) -> Lanes {
        match c.at_least(self.first_logarithm) {
            true => cubic(t, ends(nodes, 4))[0],
            false => c.ln(),
        }
    }
}

/// Value and slope of the field that begins at `of`, at both ends of the intervals of several concentrations.
#[inline(always)]
fn ends(nodes: &[&[f64; 12]; WIDTH], of: usize) -> [Lanes; 4] {
    [
        Lanes::from_fn(|l| nodes[l][of]),
        Lanes::from_fn(|l| nodes[l][of + 1]),
        Lanes::from_fn(|l| nodes[l][of + 6]),
        Lanes::from_fn(|l| nodes[l][of + 7]),
    ]
}
