//! Rules on plating: what it grows on and how far.

use super::limits::Kind;
use super::{Knowledge, Where, deposits, earlier, finding, resist_at, um};
use crate::fabrication::Finding;
use crate::plan::{Plan, Verb};
use cellwright_device::Role;

pub(super) fn check(plan: &Plan, know: &Knowledge<'_>, out: &mut Vec<Finding>) {
    for (i, name, d, _) in deposits(plan, know).filter(|(.., l)| l.kind == Kind::Plating) {
        let place = Where {
            step: Some(i),
            ..Where::default()
        };
        let conducts = |role: Role| matches!(role, Role::Collector | Role::Negative | Role::Positive | Role::Adhesion);
        let seeds = d.on.iter().map(|on| {
            let role = if on == "substrate" {
                Some(plan.substrate.role)
            } else {
                earlier(plan, i, on).and_then(|k| match &plan.steps[k].verb {
                    Verb::Deposit(seed) => Some(seed.role),
                    Verb::Etch(_) => Some(plan.substrate.role),
                    _ => None,
                })
            };
            (on, role)
        });
        for (on, role) in seeds {
            let why = match role {
                None => "is not made before",
                Some(role) if !conducts(role) => "does not conduct",
                Some(_) => continue,
            };
            let message = format!("`{name}` is plated on `{on}`, which {why}");
            out.push(finding(
                plan,
                "ED.SEED",
                place,
                message,
                "on = [\"the step that made the collector\"]".to_owned(),
            ));
        }
        if d.on.is_empty() {
            let message = format!("`{name}` is plated, but 0 steps are named that it grows on and 1 is needed");
            out.push(finding(
                plan,
                "ED.SEED",
                place,
                message,
                "on = [\"the step that made the collector\"]".to_owned(),
            ));
        }
        let Some((r, _)) = resist_at(plan, know, i) else { continue };
        let Verb::Deposit(resist) = &plan.steps[r].verb else { continue };
        if d.thickness > resist.thickness {
            let message = format!(
                "`{name}` grows to {}, but its resist `{}` is {} tall",
                um(d.thickness),
                plan.steps[r].name,
                um(resist.thickness)
            );
            out.push(finding(
                plan,
                "ED.OVER",
                place,
                message,
                format!("thickness = \"{}\" for `{}`", um(1.1 * d.thickness), plan.steps[r].name),
            ));
        }
    }
}
