//! Rules on films from the gas that reach everywhere: exposure and pinch-off.

use super::etch::Opening;
use super::limits::{Kind, PRECURSOR};
use super::{Knowledge, Where, deposits, finding, point, um};
use crate::fabrication::Finding;
use crate::plan::Plan;
use crate::technique::ald::{Precursor, exposure, penetration};
use cellwright_base::units::format_number;
use cellwright_device::Role;

pub(super) fn check(plan: &Plan, know: &Knowledge<'_>, openings: &[Opening<'_>], out: &mut Vec<Finding>) {
    for o in openings {
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
            // Without a stated exposure every cycle lasts until the surface is saturated, as in the emulator.
            if let Some(given) = d.recipe.exposure {
                dose(plan, o, films, (i, name), given, limits.temperature, place, out);
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
    let precursor = Precursor {
        molar_mass: PRECURSOR.0,
        site_density: PRECURSOR.1,
        temperature: plan.steps[step].temperature.unwrap_or(usual),
    };
    let a = o.ratio(films);
    let needed = exposure(&precursor, a);
    if a.is_finite() && given < needed * (1.0 - 1e-9) {
        let share = penetration(&precursor, given) / a;
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
