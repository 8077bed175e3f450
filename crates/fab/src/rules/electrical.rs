//! Rules on electron paths: shorts, thin electrolyte, balance, contact of the electrodes.

use super::geometry::name;
use super::limits::{BALANCE, Kind, continuity, is_metal, limits};
use super::observed::Observed;
use super::{Where, finding, um};
use crate::fabrication::{Finding, Region};
use crate::plan::{Plan, Verb};
use cellwright_base::units::{Dimension, format_number, format_quantity};
use cellwright_device::Role;

pub(super) fn check(plan: &Plan, seen: &Observed, out: &mut Vec<Finding>) {
    let here = Where {
        step: seen.step,
        ..Where::default()
    };
    for group in &seen.joined {
        let of = |role: Role| {
            group
                .iter()
                .copied()
                .filter(move |r| seen.regions.get(*r).is_some_and(|r| r.role == role))
        };
        let (Some(negative), Some(positive)) = (of(Role::Negative).next(), of(Role::Positive).next()) else {
            continue;
        };
        let message = format!("short: {}; 0 um2 is allowed", bridge(seen, group, negative, positive));
        out.push(
            finding(
                plan,
                "SHORT",
                here,
                message,
                "cover the edge with electrolyte or insulator, or draw the two further apart".to_owned(),
            )
            .about(format!("{} {}", name(seen, negative), name(seen, positive))),
        );
    }
    if let Some((t, at)) = seen.electrolyte {
        let needed = continuity(Role::Electrolyte);
        if t < needed {
            let place = Where { at: Some(at), ..here };
            let message = format!(
                "electrolyte is {} thin at ({}, {}, {}), needed {}",
                um(t),
                um(at[0]),
                um(at[1]),
                um(at[2]),
                um(needed)
            );
            out.push(finding(plan, "ELYTE.PIN", place, message, format!("thickness = \"{}\"", um(needed))).about("electrolyte"));
        }
    }
}

pub(super) fn check_finished(plan: &Plan, seen: &Observed, out: &mut Vec<Finding>) {
    let here = Where {
        step: seen.step,
        ..Where::default()
    };
    // A wafer that is itself an electrode is never used up.
    let host = matches!(plan.substrate.role, Role::Negative | Role::Positive);
    if let Some(ratio) = seen.balance.filter(|r| !host && !(BALANCE.0..=BALANCE.1).contains(r)) {
        let message = format!(
            "negative over positive capacity is {}, usual is {} to {}",
            format_number(ratio, 3),
            BALANCE.0,
            BALANCE.1
        );
        let factor = format_number((BALANCE.0 + BALANCE.1) / 2.0 / ratio, 3);
        out.push(
            finding(
                plan,
                "BALANCE",
                here,
                message,
                format!("multiply the thickness of the negative electrode by {factor}"),
            )
            .about("cell"),
        );
    }
    for (body, region) in seen.regions.iter().enumerate() {
        if !matches!(region.role, Role::Negative | Role::Positive) || region.step.is_none() {
            continue;
        }
        let collected = seen.joined.iter().any(|g| {
            g.contains(&body)
                && g.iter()
                    .any(|r| seen.regions.get(*r).is_some_and(|r| r.role == Role::Collector || r.step.is_none()))
        });
        if !collected && !own_contact(plan, region) {
            let message = format!("`{}` touches 0 collectors, needed 1", region.name);
            out.push(
                finding(
                    plan,
                    "TAB",
                    here,
                    message,
                    format!("put a collector under or over `{}`", region.name),
                )
                .about(region.name.as_str()),
            );
        }
    }
}

/// Whether an electrode is a metal foil or wire, which leads its current out itself.
fn own_contact(plan: &Plan, region: &Region) -> bool {
    let step = region.step.and_then(|i| plan.steps.get(i));
    matches!(step.map(|s| &s.verb), Some(Verb::Deposit(d)) if limits(&d.technique).is_some_and(|l| l.kind == Kind::Sheet))
        && is_metal(&region.material)
}

/// The contact that joins the two sides: the first body that touches both, else the contact between them, else the whole group.
fn bridge(seen: &Observed, group: &[usize], negative: usize, positive: usize) -> String {
    let area = |a: f64| format_quantity(a, Dimension::AREA);
    let touch = |a: usize, b: usize| {
        seen.contacts
            .iter()
            .find(|(p, q, _)| (*p, *q) == (a, b) || (*p, *q) == (b, a))
            .map(|c| c.2)
    };
    if let Some(a) = touch(negative, positive) {
        return format!("`{}` touches `{}` over {}", name(seen, negative), name(seen, positive), area(a));
    }
    let both = group.iter().find_map(|r| Some((*r, touch(*r, negative)?, touch(*r, positive)?)));
    match both {
        Some((r, n, p)) => format!(
            "`{}` touches `{}` over {} and `{}` over {}",
            name(seen, r),
            name(seen, negative),
            area(n),
            name(seen, positive),
            area(p)
        ),
        None => {
            let names: Vec<String> = group.iter().map(|r| format!("`{}`", name(seen, *r))).collect();
            format!("{} conduct together", names.join(", "))
        }
    }
}
