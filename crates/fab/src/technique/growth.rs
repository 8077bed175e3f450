//! The thickness a technique leaves on a surface, by depth and slope: one value type for every technique.

use super::ald::{Precursor, penetration_depth};
use super::ald_profile::{Pulse, profile};
use super::channel::Channel;
use super::error::{TechniqueError, check, check_not_negative, check_positive};
use super::{cvd, line_of_sight};
use std::sync::Arc;

/// Film thickness as a function of the depth below the mouth of the topography and of the slope of the surface.
///
/// Guaranteed for every argument: finite, not negative, and never thicker further down.
#[derive(Clone, Debug, PartialEq)]
pub struct ThicknessModel(Model);

#[derive(Clone, Debug, PartialEq)]
enum Model {
    Uniform(f64),
    Table(Arc<Table>),
}

/// Values on depth × facet, row by row of equal depth.
#[derive(Debug, PartialEq)]
struct Table {
    depths: Vec<f64>,
    facets: Vec<f64>,
    thickness: Vec<f64>,
}

/// Section of an opening through which a line-of-sight source is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Opening {
    /// A long trench of this width, m.
    Trench(f64),
    /// A round hole of this diameter, m.
    Hole(f64),
}

/// Intervals of the tables over depth.
const N_DEPTHS: usize = 128;

impl ThicknessModel {
    /// The same thickness (m) everywhere: full ALD, plating from a seeded surface, thermal oxide.
    ///
    /// # Errors
    /// A thickness that is negative or not finite.
    pub fn uniform(thickness: f64) -> Result<ThicknessModel, TechniqueError> {
        check_not_negative("thickness", thickness)?;
        Ok(ThicknessModel(Model::Uniform(thickness)))
    }

    /// Thickness (m) tabulated on `depths` (m, rising) × `facets` (n_z, rising, within −1 to 1), one row per depth; straight lines between.
    ///
    /// # Errors
    /// Axes that do not rise, a wrong number of values, values that are negative or not finite, a row that is thicker than the one above it.
    pub fn table(depths: Vec<f64>, facets: Vec<f64>, thickness: Vec<f64>) -> Result<ThicknessModel, TechniqueError> {
        let fail = |fault: String| Err(TechniqueError::Table { fault });
        for (name, axis) in [("depths", &depths), ("facets", &facets)] {
            if axis.is_empty() || axis.iter().any(|x| !x.is_finite()) || axis.windows(2).any(|w| w[0] >= w[1]) {
                return fail(format!("{name} must be finite and rise, found {} values", axis.len()));
            }
        }
        if facets[0] < -1.0 || facets[facets.len() - 1] > 1.0 {
            return fail(format!(
                "facets lie within -1 to 1, found {} to {}",
                facets[0],
                facets[facets.len() - 1]
            ));
        }
        let n = facets.len();
        if thickness.len() != depths.len() * n {
            return fail(format!(
                "{} depths × {n} facets need {} values, found {}",
                depths.len(),
                depths.len() * n,
                thickness.len()
            ));
        }
        for (i, &t) in thickness.iter().enumerate() {
            let (depth, facet) = (depths[i / n], facets[i % n]);
            if !t.is_finite() || t < 0.0 {
                return fail(format!(
                    "thickness at depth {depth} m, facet {facet} is {t}; allowed: finite, at least 0"
                ));
            }
            if i >= n && t > thickness[i - n] {
                return fail(format!(
                    "thickness rises with depth at {depth} m, facet {facet}: {} to {t} m",
                    thickness[i - n]
                ));
            }
        }
        Ok(ThicknessModel(Model::Table(Arc::new(Table { depths, facets, thickness }))))
    }

    /// Samples `relative(depth, facet)` and scales it by `flat` (m, on an open horizontal surface); ripples that rise with depth are cut off.
    ///
    /// For fluxes from [`super::sky::sky_flux`], whose quadrature error may ripple.
    ///
    /// # Errors
    /// As [`ThicknessModel::table`].
    pub fn sampled(
        flat: f64,
        depths: Vec<f64>,
        facets: Vec<f64>,
        relative: impl Fn(f64, f64) -> f64,
    ) -> Result<ThicknessModel, TechniqueError> {
        check_not_negative("thickness", flat)?;
        let n = facets.len();
        let mut thickness: Vec<f64> = vec![];
        for &z in &depths {
            for &f in &facets {
                let t = flat * relative(z, f);
                let above = thickness.len().checked_sub(n).map_or(f64::INFINITY, |i| thickness[i]);
                // A value that is not a number passes, to be named by the check of the table.
                thickness.push(if t > above { above } else { t });
            }
        }
        ThicknessModel::table(depths, facets, thickness)
    }

    /// A cosine source over a trench or hole of the given depth (m), `flat` (m) thick on the open surface.
    ///
    /// # Equation
    /// Floor and wall from [`super::line_of_sight`]; between them and on inclined facets straight lines in n_z, which is exact on the open
    /// surface: (1 + n_z)/2. Facets that face down get nothing below the mouth.
    ///
    /// # Errors
    /// Lengths that are not positive.
    pub fn sputter(flat: f64, opening: Opening, depth: f64) -> Result<ThicknessModel, TechniqueError> {
        let (Opening::Trench(width) | Opening::Hole(width)) = opening;
        check_positive("width of the opening", width)?;
        check_positive("depth", depth)?;
        check("depth over width", depth / width, depth / width < 1e9, "below 1e9")?;
        let relative = |z: f64, facet: f64| {
            let aspect = z / width;
            let (floor, wall) = match opening {
                Opening::Trench(_) => (line_of_sight::trench_floor(aspect), line_of_sight::trench_wall(aspect)),
                Opening::Hole(_) => (line_of_sight::hole_floor(aspect), line_of_sight::hole_wall(aspect)),
            };
            if facet > 0.5 {
                floor
            } else if facet > -0.5 {
                wall
            } else {
                0.0
            }
        };
        ThicknessModel::sampled(flat, rising_depths(depth), vec![-1.0, 0.0, 1.0], relative)
    }

    /// Straight from above: full thickness `flat` (m) on horizontal ground, nothing on walls and undersides; n_z between.
    ///
    /// Evaporation, and prints and coats that sit on what they meet first.
    ///
    /// # Errors
    /// A thickness that is negative or not finite.
    pub fn evaporation(flat: f64) -> Result<ThicknessModel, TechniqueError> {
        ThicknessModel::table(vec![0.0], vec![-1.0, 0.0, 1.0], vec![0.0, 0.0, flat])
    }

    /// Atomic layer deposition: `cycles` cycles of `growth_per_cycle` (m) at an exposure (Pa s) of `precursor` into `channel`.
    ///
    /// With a `sticking` probability the profile of diffusion and reaction, without one Gordon's front, which falls over one hydraulic diameter
    /// (what diffusion leaves even if every molecule sticks). A front that reaches the bottom gives a uniform film.
    ///
    /// # Errors
    /// Numbers out of range; a profile that does not settle.
    pub fn ald(
        growth_per_cycle: f64,
        cycles: f64,
        precursor: &Precursor,
        channel: &Channel,
        exposure: f64,
        sticking: Option<f64>,
    ) -> Result<ThicknessModel, TechniqueError> {
        check_not_negative("growth per cycle", growth_per_cycle)?;
        check_not_negative("number of cycles", cycles)?;
        check_positive("exposure", exposure)?;
        let sites = precursor.flat_exposure();
        check(
            "exposure that saturates a flat surface",
            sites,
            sites.is_finite() && sites > 0.0,
            "finite, above 0",
        )?;
        check_positive("depth of the channel", channel.depth)?;
        check_positive("a of the channel", channel.a)?;
        let full = growth_per_cycle * cycles;
        let dose = exposure / sites;
        if let Some(sticking) = sticking {
            let pulse = Pulse {
                dose,
                sticking,
                diffusion_ratio: 1.0,
            };
            let p = profile(channel, &pulse, 8 * N_DEPTHS)?;
            let thickness = running_minimum(p.coverage.iter().map(|c| c * full));
            return ThicknessModel::table(p.depth, vec![0.0], thickness);
        }
        let front = penetration_depth(precursor, channel, exposure);
        let open = full * dose.min(1.0);
        if front >= channel.depth {
            return ThicknessModel::uniform(open);
        }
        let half = 0.5 * channel.hydraulic_diameter();
        let from = (front - half).max(0.0);
        ThicknessModel::table(vec![from, from + 2.0 * half], vec![0.0], vec![open, 0.0])
    }

    /// Chemical vapour deposition with a sticking probability into `channel`, `flat` (m) thick on the open surface.
    ///
    /// # Errors
    /// Numbers out of range.
    pub fn cvd(flat: f64, sticking: f64, channel: &Channel) -> Result<ThicknessModel, TechniqueError> {
        check("sticking probability", sticking, (0.0..=1.0).contains(&sticking), "0 to 1")?;
        check_positive("depth of the channel", channel.depth)?;
        check_positive("a of the channel", channel.a)?;
        let relative = |z: f64, _: f64| cvd::relative_growth(sticking, channel, z);
        ThicknessModel::sampled(flat, rising_depths(channel.depth), vec![0.0], relative)
    }

    /// Thickness, m, at `depth` (m below the mouth; 0 is the top surface) on a surface whose normal has the vertical part `facet` (1 faces up,
    /// 0 is a wall, −1 faces down). Arguments outside the table take its nearest edge.
    pub fn at(&self, depth: f64, facet: f64) -> f64 {
        match &self.0 {
            Model::Uniform(t) => *t,
            Model::Table(t) => {
                let (i, u) = locate(&t.depths, depth);
                let (j, v) = locate(&t.facets, facet);
                let n = t.facets.len();
                // Written so that rounding keeps the promises: each form is monotone in every operand.
                let along = |i: usize| {
                    let a = t.thickness[i * n + j];
                    let b = t.thickness[i * n + (j + 1).min(n - 1)];
                    a * (1.0 - v) + b * v
                };
                let a = along(i);
                let b = along((i + 1).min(t.depths.len() - 1));
                (b + (1.0 - u) * (a - b)).min(a)
            }
        }
    }

    /// Thickness on the open horizontal surface, m.
    pub fn flat(&self) -> f64 {
        self.at(0.0, 1.0)
    }

    /// Thickness on a wall at `depth` (m) over that on the open horizontal surface; 1 if there is no film at all.
    pub fn conformality(&self, depth: f64) -> f64 {
        let flat = self.flat();
        if flat > 0.0 { self.at(depth, 0.0) / flat } else { 1.0 }
    }

    /// Largest thickness anywhere, m: what the grid around a surface must leave room for.
    pub fn largest(&self) -> f64 {
        match &self.0 {
            Model::Uniform(t) => *t,
            Model::Table(t) => t.thickness.iter().copied().fold(0.0, f64::max),
        }
    }

    /// The thickness if it is the same everywhere.
    pub fn as_uniform(&self) -> Option<f64> {
        match &self.0 {
            Model::Uniform(t) => Some(*t),
            Model::Table(_) => None,
        }
    }
}

/// Interval and place in it, 0 to 1; values outside the axis and NaN go to an end.
fn locate(axis: &[f64], x: f64) -> (usize, f64) {
    let n = axis.len();
    if n == 1 || x.is_nan() || x <= axis[0] {
        return (0, 0.0);
    }
    if x >= axis[n - 1] {
        return (n - 1, 0.0);
    }
    let i = axis.partition_point(|&a| a <= x) - 1;
    (i, (x - axis[i]) / (axis[i + 1] - axis[i]))
}

/// Depths from 0 to `depth`, denser near the mouth where coverage falls fastest.
fn rising_depths(depth: f64) -> Vec<f64> {
    let s = |i: usize| i as f64 / N_DEPTHS as f64;
    (0..=N_DEPTHS).map(|i| depth * s(i) * s(i)).collect()
}

/// Cuts off rises from rounding.
fn running_minimum(values: impl Iterator<Item = f64>) -> Vec<f64> {
    values
        .scan(f64::INFINITY, |least, t| {
            *least = least.min(t);
            Some(*least)
        })
        .collect()
}
