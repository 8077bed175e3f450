//! Rules on films from the gas that reach everywhere: exposure and pinch-off.

use super::etch::{Opening, openings};
use super::limits::Kind;
use super::{Knowledge, Where, deposits, finding, point, um};
use crate::fabrication::Finding;
use crate::plan::Plan;
use cellwright_base::constants::{AVOGADRO, BOLTZMANN};
use cellwright_base::units::format_number;
use cellwright_device::Role;
use std::f64::consts::TAU;

/// Molar mass of the precursor, kg/mol, and sites on the surface, 1/m² (assumed: a heavy metal amide, the hardest usual case).
const PRECURSOR: (f64, f64) = (0.3548, 2.5e18);

/// Exposure that saturates a flat surface, Pa s: S sqrt(2 π m k T).
fn flat(temperature: f64) -> f64 {
    PRECURSOR.1 * (TAU * PRECURSOR.0 / AVOGADRO * BOLTZMANN * temperature).sqrt()
}

/// Exposure that coats an opening of Gordon's aspect ratio `a` to its bottom, Pa s.
///
/// # Equation
/// P t = S sqrt(2 π m k T) (1 + 19 a/4 + 3 a²/2)
///
/// # Source
/// Gordon et al. 2003, doi:10.1002/cvde.200390005
pub(super) fn exposure(a: f64, temperature: f64) -> f64 {
    flat(temperature) * (1.0 + 4.75 * a + 1.5 * a * a)
}

/// Aspect ratio that an exposure reaches.
pub(super) fn reached(exposure: f64, temperature: f64) -> f64 {
    let k = exposure / flat(temperature);
    if k <= 1.0 {
        0.0
    } else {
        (-4.75 + (4.75f64 * 4.75 + 6.0 * (k - 1.0)).sqrt()) / 3.0
    }
}

pub(super) fn check(plan: &Plan, know: &Knowledge<'_>, out: &mut Vec<Finding>) {
    for o in openings(plan, know) {
        let mut films = 0.0;
        for (i, name, d, limits) in deposits(plan, know).filter(|(i, ..)| *i > o.step) {
            if limits.kind != Kind::Conformal || !d.thickness.is_finite() {
                continue;
            }
            films += d.thickness;
            let place = Where {
                step: Some(i),
                mask: Some(o.mask),
                at: Some([o.gap.1[0], o.gap.1[1], 0.0]),
            };
            if 2.0 * films >= o.gap.0 && d.role != Role::Encapsulation {
                let message = format!(
                    "the {} opening of mask `{}` at {} closes under {} of films once `{name}` is {} thick",
                    um(o.gap.0),
                    o.mask.name,
                    point(o.gap.1),
                    um(2.0 * films),
                    um(d.thickness)
                );
                let help = format!(
                    "open more than \"{}\", or thin the films to less than \"{}\" together",
                    um(2.0 * films),
                    um(o.gap.0 / 2.0)
                );
                out.push(finding(plan, "ALD.PINCH", place, message, help));
                break;
            }
            if limits.exposure.is_finite() {
                dose(
                    plan,
                    &o,
                    films,
                    (i, name),
                    d.recipe.exposure.unwrap_or(limits.exposure),
                    limits.temperature,
                    place,
                    out,
                );
            }
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one caller, all different things")]
fn dose(
    plan: &Plan,
    o: &Opening<'_>,
    films: f64,
    (step, name): (usize, &str),
    given: f64,
    usual: f64,
    place: Where<'_>,
    out: &mut Vec<Finding>,
) {
    let temperature = plan.steps[step].temperature.unwrap_or(usual);
    let a = o.ratio(films);
    let needed = exposure(a, temperature);
    if a.is_finite() && given < needed * (1.0 - 1e-9) {
        let share = reached(given, temperature) / a;
        let message = format!(
            "`{name}` is exposed for {} Pa s per cycle, but the bottom of `{}`, {} deep, needs {} Pa s; it is coated down to {}",
            format_number(given, 3),
            o.mask.name,
            um(o.depth),
            format_number(needed, 3),
            um(share * o.depth)
        );
        out.push(finding(
            plan,
            "ALD.EXP",
            place,
            message,
            format!("exposure = \"{} Pa s\"", format_number(1.2 * needed, 2)),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exposure_of_a_hole() {
        // TDMA-Hf, S = 2.5e18, M = 354.8 g/mol, 473.15 K, a = 43: 1.158 Pa s.
        assert!((exposure(43.0, 473.15) / 1.158 - 1.0).abs() < 1e-3);
        assert!((reached(exposure(43.0, 473.15), 473.15) - 43.0).abs() < 1e-9);
    }
}
