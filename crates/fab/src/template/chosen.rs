//! What the user chose, checked against the bounds of the template and looked up by name.

use super::{Film, Misfit, Parameter, Slot, Template, Values};
use cellwright_base::units::{Dimension, format_quantity};
use cellwright_device::Role;

/// Values known to be complete and within their bounds.
pub(super) struct Chosen<'a> {
    /// The values themselves.
    pub values: &'a Values,
    slots: &'static [Slot],
}

/// A film with the role and the default technique of its slot.
#[derive(Clone, Copy)]
pub(super) struct ChosenFilm<'a> {
    /// What was chosen.
    pub film: &'a Film,
    /// What it is for.
    pub role: Role,
    /// True if the technique is the default one, so that the template's temperature holds.
    pub usual: bool,
}

impl<'a> Chosen<'a> {
    /// Checks names, number, bounds and whole numbers.
    pub fn new(template: &'static Template, values: &'a Values) -> Result<Chosen<'a>, Misfit> {
        let same_names = values.parameters.len() == template.parameters.len()
            && values.films.len() == template.films.len()
            && values.parameters.iter().zip(template.parameters).all(|((n, _), p)| *n == p.name)
            && values.films.iter().zip(template.films).all(|(f, s)| f.name == s.name);
        if !same_names {
            return Err(Misfit {
                parameter: template.name,
                message: format!(
                    "{} takes {} dimensions and {} films in its own order, but {} and {} are given",
                    template.name,
                    template.parameters.len(),
                    template.films.len(),
                    values.parameters.len(),
                    values.films.len()
                ),
                hint: "start from the defaults of the template".to_owned(),
            });
        }
        for ((_, value), p) in values.parameters.iter().zip(template.parameters) {
            check_parameter(*value, p)?;
        }
        for (film, slot) in values.films.iter().zip(template.films) {
            check_thickness(film.thickness, slot)?;
        }
        if !values.die.iter().all(|d| d.is_finite() && *d > 0.0) {
            return Err(misfit(
                "die",
                format!("a die of {:?} m has no area", values.die),
                "set `die = [\"5 mm\", \"5 mm\"]`",
            ));
        }
        Ok(Chosen {
            values,
            slots: template.films,
        })
    }

    /// Value of a parameter of this template.
    pub fn get(&self, name: &str) -> f64 {
        let found = self.values.parameters.iter().find(|(n, _)| *n == name);
        found.expect("invariant: templates ask only for their own parameters").1
    }

    /// A whole number.
    pub fn count(&self, name: &str) -> u32 {
        self.get(name).round() as u32
    }

    /// A film of this template.
    pub fn film(&self, name: &str) -> ChosenFilm<'_> {
        let i = self.slots.iter().position(|s| s.name == name);
        let i = i.expect("invariant: templates ask only for their own films");
        ChosenFilm {
            film: &self.values.films[i],
            role: self.slots[i].role,
            usual: self.values.films[i].technique == self.slots[i].technique,
        }
    }

    /// Thickness of a film of this template, m.
    pub fn thickness(&self, name: &str) -> f64 {
        self.film(name).film.thickness
    }
}

fn check_parameter(value: f64, p: &Parameter) -> Result<(), Misfit> {
    let (low, high) = p.bounds;
    // `5 um` is read as 5 × 1e-6, one rounding below the literal 5e-6.
    if !(low * (1.0 - 1e-12)..=high * (1.0 + 1e-12)).contains(&value) {
        let show = |v| format_quantity(v, p.dimension);
        let message = format!("{} = {} is outside {} to {}", p.name, show(value), show(low), show(high));
        return Err(misfit(p.name, message, &format!("set `{} = \"{}\"`", p.name, p.shown)));
    }
    if p.whole && value.fract() != 0.0 {
        let message = format!("{} = {value} is a count, so it must be whole", p.name);
        return Err(misfit(p.name, message, &format!("set `{} = {}`", p.name, value.round())));
    }
    Ok(())
}

fn check_thickness(value: f64, slot: &Slot) -> Result<(), Misfit> {
    let show = |v| format_quantity(v, Dimension::LENGTH);
    if slot.thickness.is_nan() {
        return if value.is_nan() {
            Ok(())
        } else {
            let message = format!(
                "film {} has a thickness of {}, but it follows from the dimensions of the template",
                slot.name,
                show(value)
            );
            Err(misfit(slot.name, message, "leave `thickness` out"))
        };
    }
    if (1e-10..=5e-3).contains(&value) {
        return Ok(());
    }
    let message = format!("film {} has a thickness of {}, outside 0.1 nm to 5 mm", slot.name, show(value));
    Err(misfit(
        slot.name,
        message,
        &format!("set `thickness = \"{}\"`", show(slot.thickness)),
    ))
}

/// A misfit.
pub(super) fn misfit(parameter: &'static str, message: String, hint: &str) -> Misfit {
    Misfit {
        parameter,
        message,
        hint: hint.to_owned(),
    }
}

/// Refuses what needs more room than there is: `what` needs `needed` but has `there`, both lengths in m.
pub(super) fn fits(parameter: &'static str, what: &str, needed: f64, there: f64, hint: &str) -> Result<(), Misfit> {
    // Sums of micrometres carry rounding of 1e-16 of the die; a picometre is far below anything drawn.
    if needed <= there + 1e-12 {
        return Ok(());
    }
    let show = |v| format_quantity(v, Dimension::LENGTH);
    Err(misfit(
        parameter,
        format!("{what}: {} needed, {} there", show(needed), show(there)),
        hint,
    ))
}
