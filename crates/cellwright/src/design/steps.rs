//! The `[[step]]` tables: which keys each verb takes, and what they become.

use super::process_keys::STEP;
use super::reader::{TableReader, example_line};
use super::sections::role_of;
use super::{Spanned, keys::Key};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use cellwright_device::Role;
use cellwright_fab::plan::{Deposit, Etch, Infill, Recipe, Step, Verb};
use std::f64::consts::FRAC_PI_2;

/// What a verb needs and what it takes beside `name`, `do` and `temperature`.
struct Grammar {
    verb: &'static str,
    needs: &'static [&'static str],
    takes: &'static [&'static str],
}

const fn grammar(verb: &'static str, needs: &'static [&'static str], takes: &'static [&'static str]) -> Grammar {
    Grammar { verb, needs, takes }
}

const GRAMMAR: &[Grammar] = &[
    grammar(
        "deposit",
        &["technique", "material", "role"],
        &[
            "thickness",
            "mask",
            "on",
            "porosity",
            "cycles",
            "exposure",
            "sticking",
            "current_density",
            "duration",
            "wet_thickness",
            "solids",
            "nozzle",
            "layers",
            "pore_diameter",
            "area_per_volume",
        ],
    ),
    grammar("etch", &["technique"], &["mask", "inside", "depth", "sidewall", "only"]),
    grammar("lift-off", &["resist"], &[]),
    grammar("anneal", &["duration", "temperature"], &[]),
    grammar("planarise", &["height"], &[]),
    grammar("infill", &["material", "level"], &["mask"]),
    grammar("lithiate", &["electrode", "stoichiometry"], &[]),
];

/// One step.
pub(super) fn step(t: &TableReader<'_, '_>) -> Option<Step> {
    if t.entry("do").is_none() {
        t.check_all();
        return None;
    }
    let (name, word) = (t.text("name"), t.choice("do"));
    let temperature = optional(t, "temperature", t.quantity("temperature").map(|v| v.value));
    let word = word?;
    let grammar = GRAMMAR.iter().find(|g| g.verb == word.value)?;
    let fits = fits(t, grammar, &word);
    let verb = verb(t, grammar.verb);
    fits?;
    Some(Step {
        name: name?.value,
        verb: verb?,
        temperature: temperature?,
        place: Some(t.place.clone()),
    })
}

/// Reports keys that this verb does not take and those it lacks.
fn fits(t: &TableReader<'_, '_>, grammar: &Grammar, word: &Spanned<String>) -> Option<()> {
    let mut fits = Some(());
    let takes =
        |name: &str| ["name", "do", "temperature"].contains(&name) || grammar.needs.contains(&name) || grammar.takes.contains(&name);
    for key in STEP.keys.iter().filter(|key| !takes(key.name)) {
        let Some((_, (found, _))) = t.entry(key.name) else { continue };
        let idle = Diagnostic::error(
            ErrorKind::Input,
            "E019",
            format!("`{}` means nothing in a step with do = \"{}\"", key.name, grammar.verb),
        );
        let mut keys: Vec<&str> = grammar.needs.iter().chain(grammar.takes).copied().collect();
        if !keys.contains(&"temperature") {
            keys.push("temperature");
        }
        t.context.report(
            idle.at(t.context.place(found.span()))
                .note(format!("keys of this step: {}", keys.join(", "))),
        );
        fits = None;
    }
    for name in grammar.needs.iter().filter(|name| t.entry(name).is_none()) {
        let missing = Diagnostic::error(ErrorKind::Input, "E011", format!("missing key `{name}` {}", t.heading()));
        let missing = missing.at(word.place.clone()).label(format!("`{}` needs it", grammar.verb));
        let key: Option<&Key> = STEP.keys.iter().find(|key| key.name == *name);
        t.context.report(match key {
            Some(key) => missing.note(key.doc).help(format!("add  {}", example_line(key))),
            None => missing,
        });
        fits = None;
    }
    fits
}

/// An optional key that was given must be readable; `None` inside is a key that is not there.
fn optional<T>(t: &TableReader<'_, '_>, key: &str, value: Option<T>) -> Option<Option<T>> {
    match (t.entry(key), value) {
        (None, _) => Some(None),
        (Some(_), Some(value)) => Some(Some(value)),
        (Some(_), None) => None,
    }
}

fn verb(t: &TableReader<'_, '_>, verb: &str) -> Option<Verb> {
    let text = |key: &str| t.text(key).map(|v| v.value);
    match verb {
        "deposit" => deposit(t).map(Verb::Deposit),
        "etch" => etch(t).map(Verb::Etch),
        "lift-off" => Some(Verb::LiftOff { resist: text("resist")? }),
        "anneal" => Some(Verb::Anneal {
            duration: t.quantity("duration")?.value,
        }),
        "planarise" => Some(Verb::Planarise {
            height: t.quantity("height")?.value,
        }),
        "infill" => {
            let (material, level, mask) = (text("material"), t.quantity("level"), text("mask"));
            Some(Verb::Infill(Infill {
                material: material?,
                level: level?.value,
                mask: optional(t, "mask", mask)?,
            }))
        }
        _ => {
            let (electrode, stoichiometry) = (text("electrode"), t.number("stoichiometry"));
            Some(Verb::Lithiate {
                electrode: electrode?,
                stoichiometry: stoichiometry?.value,
            })
        }
    }
}

/// The role in words; `None` after a report.
pub(super) fn role(t: &TableReader<'_, '_>) -> Option<Role> {
    role_of(&t.choice("role")?.value)
}

/// A list of names; empty if the key is not there.
fn names(t: &TableReader<'_, '_>, key: &str) -> Option<Vec<String>> {
    let list = t.texts(key).map(|list| list.into_iter().map(|n| n.value).collect());
    Some(optional(t, key, list)?.unwrap_or_default())
}

fn deposit(t: &TableReader<'_, '_>) -> Option<Deposit> {
    let text = |key: &str| t.text(key).map(|v| v.value);
    let quantity = |key: &str| optional(t, key, t.quantity(key).map(|v| v.value));
    let number = |key: &str| optional(t, key, t.number(key).map(|v| v.value));
    let (technique, material, role) = (text("technique"), text("material"), role(t));
    let (thickness, mask, on) = (quantity("thickness"), optional(t, "mask", text("mask")), names(t, "on"));
    let porosity = number("porosity");
    let numbers = ["cycles", "sticking", "solids"].map(number);
    let quantities = [
        "exposure",
        "current_density",
        "duration",
        "wet_thickness",
        "nozzle",
        "pore_diameter",
        "area_per_volume",
    ]
    .map(quantity);
    let layers = optional(t, "layers", t.count("layers").and_then(|v| u32::try_from(v.value).ok()));
    let [cycles, sticking, solids] = numbers;
    let [
        exposure,
        current_density,
        duration,
        wet_thickness,
        nozzle,
        pore_diameter,
        area_per_volume,
    ] = quantities;
    Some(Deposit {
        technique: technique?,
        material: material?,
        role: role?,
        thickness: thickness?.unwrap_or(f64::NAN),
        mask: mask?,
        on: on?,
        porosity: porosity?.unwrap_or(0.0),
        recipe: Recipe {
            cycles: cycles?,
            exposure: exposure?,
            sticking: sticking?,
            current_density: current_density?,
            duration: duration?,
            wet_thickness: wet_thickness?,
            solids: solids?,
            nozzle: nozzle?,
            layers: layers?,
            pore_diameter: pore_diameter?,
            area_per_volume: area_per_volume?,
        },
    })
}

fn etch(t: &TableReader<'_, '_>) -> Option<Etch> {
    let (technique, mask) = (t.text("technique"), t.text("mask").map(|v| v.value));
    let inside = optional(t, "inside", t.choice("inside"));
    let (depth, sidewall) = (t.quantity("depth").map(|v| v.value), t.angle("sidewall").map(|v| v.value));
    let only = names(t, "only");
    Some(Etch {
        technique: technique?.value,
        mask: optional(t, "mask", mask)?,
        inside: inside?.is_none_or(|word| word.value == "etched"),
        depth: optional(t, "depth", depth)?,
        sidewall: optional(t, "sidewall", sidewall)?.unwrap_or(FRAC_PI_2),
        only: only?,
    })
}
