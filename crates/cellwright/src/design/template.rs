//! A design of one of the templates: its table of dimensions and its changed films, completed with the defaults and expanded to a plan.

use super::forms::is_angle;
use super::reader::TableReader;
use super::{Footprint, Spanned};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place};
use cellwright_base::units::Dimension;
use cellwright_fab::plan::{Plan, Verb};
use cellwright_fab::template::{Film, Parameter, Template, Values};

/// A film of the template as the user changed it.
#[derive(Clone, Debug, PartialEq)]
pub struct FilmChange {
    /// The `[[film]]` heading.
    pub place: Place,
    /// Name of the slot.
    pub name: String,
    /// Another material.
    pub material: Option<Spanned<String>>,
    /// Another technique.
    pub technique: Option<Spanned<String>>,
    /// Another thickness, m.
    pub thickness: Option<Spanned<f64>>,
}

/// Reads dimensions and films and expands the template.
pub(super) fn plan(
    root: &TableReader<'_, '_>,
    template: &'static Template,
    name: Option<&str>,
    footprint: Option<&Footprint>,
) -> Option<(Plan, Vec<FilmChange>)> {
    let table = root.table(template.name);
    let given: Vec<Option<(f64, Option<Place>)>> = template.parameters.iter().map(|p| value(table.as_ref(), p)).collect();
    let changes = match root.entry("film") {
        None => Some(Vec::new()),
        Some(_) => root.tables("film").and_then(|list| {
            list.iter()
                .map(|t| film(t, template))
                .collect::<Vec<_>>()
                .into_iter()
                .collect::<Option<Vec<_>>>()
        }),
    };
    let changes = once(root, changes?)?;
    let given = given.into_iter().collect::<Option<Vec<_>>>()?;
    let die = footprint.map(|f| [f.die[0].value, f.die[1].value])?;
    let values = Values {
        name: name?.to_owned(),
        die,
        parameters: template.parameters.iter().zip(&given).map(|(p, (v, _))| (p.name, *v)).collect(),
        films: template.films.iter().map(|slot| chosen(slot, &changes)).collect(),
    };
    let architecture = root.place_of("architecture");
    match (template.expand)(&values) {
        Ok(mut plan) => {
            place(&mut plan, &changes, architecture.as_ref());
            Some((plan, changes))
        }
        Err(misfit) => {
            let of_parameter = template.parameters.iter().position(|p| p.name == misfit.parameter);
            let place = of_parameter.and_then(|i| given.get(i)).and_then(|(_, place)| place.clone());
            let of_film = changes.iter().find(|c| c.name == misfit.parameter).map(|c| c.place.clone());
            let heading = table.as_ref().map(|t| t.place.clone());
            let mut fault = Diagnostic::error(ErrorKind::OutOfRange, "E053", misfit.message.clone()).help(misfit.hint.clone());
            fault.place = place.or(of_film).or(heading).or(architecture);
            root.context.report(fault);
            None
        }
    }
}

/// The value of a parameter with its place, or its default without; `None` after a report.
fn value(table: Option<&TableReader<'_, '_>>, p: &'static Parameter) -> Option<(f64, Option<Place>)> {
    let Some(t) = table.filter(|t| t.entry(p.name).is_some()) else {
        return Some((p.default, None));
    };
    let place = t.place_of(p.name);
    let value = match p.dimension {
        Dimension::DIMENSIONLESS if p.whole => t.count(p.name)?.value as f64,
        Dimension::DIMENSIONLESS if is_angle(p) => t.angle(p.name)?.value,
        Dimension::DIMENSIONLESS => t.number(p.name)?.value,
        _ => t.quantity(p.name)?.value,
    };
    Some((value, place))
}

fn film(t: &TableReader<'_, '_>, template: &Template) -> Option<FilmChange> {
    let name = t.choice("name");
    let (material, technique, thickness) = (t.text("material"), t.text("technique"), t.quantity("thickness"));
    t.text("note");
    let name = name?;
    let by_geometry = template.films.iter().any(|slot| slot.name == name.value && slot.thickness.is_nan());
    if let (true, Some(thickness)) = (by_geometry, &thickness) {
        let idle = Diagnostic::error(
            ErrorKind::Input,
            "E019",
            format!("the geometry decides the thickness of \"{}\"", name.value),
        );
        t.context.report(
            idle.at(thickness.place.clone())
                .help(format!("leave it out, and change the dimensions under [{}]", template.name)),
        );
        return None;
    }
    Some(FilmChange {
        place: t.place.clone(),
        name: name.value,
        material,
        technique,
        thickness,
    })
}

/// A film that is changed twice is a slip.
fn once(root: &TableReader<'_, '_>, changes: Vec<FilmChange>) -> Option<Vec<FilmChange>> {
    for (i, change) in changes.iter().enumerate() {
        if let Some(first) = changes.iter().take(i).find(|c| c.name == change.name) {
            let twice = Diagnostic::error(ErrorKind::Input, "E018", format!("two films are called `{}`", change.name));
            let label = format!("the first one is on line {}", first.place.line);
            root.context.report(twice.at(change.place.clone()).label(label));
            return None;
        }
    }
    Some(changes)
}

fn chosen(slot: &cellwright_fab::template::Slot, changes: &[FilmChange]) -> Film {
    let change = changes.iter().find(|c| c.name == slot.name);
    let text = |new: Option<&Spanned<String>>, default: &str| new.map_or(default.to_owned(), |v| v.value.clone());
    Film {
        name: slot.name,
        material: text(change.and_then(|c| c.material.as_ref()), slot.material),
        technique: text(change.and_then(|c| c.technique.as_ref()), slot.technique),
        thickness: change.and_then(|c| c.thickness.as_ref()).map_or(slot.thickness, |v| v.value),
    }
}

/// Points every step and mask at the film that the user wrote, else at the architecture.
fn place(plan: &mut Plan, changes: &[FilmChange], architecture: Option<&Place>) {
    for step in &mut plan.steps {
        let material = match &step.verb {
            Verb::Deposit(d) => Some(&d.material),
            Verb::Infill(i) => Some(&i.material),
            _ => None,
        };
        let own = changes.iter().find(|c| c.name == step.name);
        let made_of = || {
            changes
                .iter()
                .find(|c| c.material.as_ref().map(|m| &m.value) == material && material.is_some())
        };
        step.place = own.or_else(made_of).map(|c| c.place.clone()).or_else(|| architecture.cloned());
    }
    for mask in &mut plan.masks {
        mask.place = architecture.cloned();
    }
}
