//! What must hold between the values of a design, and what looks like a slip.

use super::{Design, Film, Spanned, Structure};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Severity, nearest};
use cellwright_base::units::{Dimension, format_quantity};
use cellwright_device::Role;
use cellwright_fab::technique;

/// Checks a design that was read without error; errors and warnings in one list, behind the warnings found while reading.
pub(super) fn check(design: &Design, warnings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut findings = warnings;
    duplicate_names(design, &mut findings);
    footprint(design, &mut findings);
    voltage(design, &mut findings);
    roles(design, &mut findings);
    initial_state(design, &mut findings);
    package(design, &mut findings);
    rate_series(design, &mut findings);
    for film in &design.films {
        if let Some(technique) = &film.technique {
            size(&film.material.value, technique, &film.thickness, &mut findings);
        }
        porous(film, &mut findings);
    }
    for change in &design.changes {
        if let (Some(technique), Some(thickness)) = (&change.technique, &change.thickness) {
            let made_of = change.material.as_ref().map_or(change.name.as_str(), |m| m.value.as_str());
            size(made_of, technique, thickness, &mut findings);
        }
    }
    findings.sort_by_key(|d| (d.severity == Severity::Warning, d.place.as_ref().map_or(0, |p| p.line)));
    findings
}

fn error<T>(code: &'static str, message: impl Into<String>, at: &Spanned<T>) -> Diagnostic {
    Diagnostic::error(ErrorKind::Input, code, message).at(at.place.clone())
}

fn length(si: f64) -> String {
    format_quantity(si, Dimension::LENGTH)
}

fn duplicate_names(design: &Design, findings: &mut Vec<Diagnostic>) {
    for (i, film) in design.films.iter().enumerate() {
        if let Some(first) = design.films.iter().take(i).find(|f| f.name.value == film.name.value) {
            let twice = error("E018", format!("two films are called `{}`", film.name.value), &film.name);
            findings.push(
                twice
                    .label(format!("the first one is on line {}", first.name.place.line))
                    .help("give every film its own name"),
            );
        }
    }
}

fn footprint(design: &Design, findings: &mut Vec<Diagnostic>) {
    let die = &design.footprint.die;
    let Some(active) = &design.footprint.active else { return };
    for (i, side) in ["wide", "deep"].into_iter().enumerate() {
        if active[i].value > die[i].value * (1.0 + 1e-12) {
            let over = error("E026", "the active area does not fit on the die", &active[i]);
            let label = format!("{} {side}, the die is {}", length(active[i].value), length(die[i].value));
            findings.push(over.label(label).help("make the die larger or the active area smaller"));
        }
    }
}

fn voltage(design: &Design, findings: &mut Vec<Diagnostic>) {
    let Some([low, high]) = design.cell.as_ref().map(|c| &c.voltage) else {
        return;
    };
    if low.value >= high.value {
        let label = format!("the lower limit is {}", format_quantity(low.value, Dimension::VOLTAGE));
        findings.push(
            error("E026", "the voltage limits are not in order", high)
                .label(label)
                .help("write the lower limit first"),
        );
    }
}

fn roles(design: &Design, findings: &mut Vec<Diagnostic>) {
    let with = |role: Role| design.films.iter().filter_map(move |f| f.role.as_ref().filter(|r| r.value == role));
    for role in [Role::Negative, Role::Positive, Role::Electrolyte] {
        if let Some(second) = with(role).nth(1) {
            let twice = error("E051", format!("two films have the role `{}`", role.as_str()), second);
            findings.push(twice.label("a laminated cell has one of each in this version"));
        }
    }
    for (i, film) in design.films.iter().enumerate().skip(1) {
        if let Some(role) = film.role.as_ref().filter(|r| r.value == Role::Substrate) {
            let label = format!("this is film {} from below", i + 1);
            findings.push(
                error("E051", "the substrate is not the first film", role)
                    .label(label)
                    .note("films are listed from the substrate up"),
            );
        }
    }
}

fn initial_state(design: &Design, findings: &mut Vec<Diagnostic>) {
    let given = design.films.iter().find_map(|f| f.stoichiometry.as_ref());
    let charge = design.cell.as_ref().and_then(|c| c.state_of_charge.as_ref());
    if let (Some(soc), Some(x)) = (charge, given) {
        let both = error("E019", "`state_of_charge` and `stoichiometry` both say where the cell starts", soc);
        findings.push(
            both.label(format!("a film says stoichiometry on line {}", x.place.line))
                .help("keep one of them"),
        );
    }
}

/// Below this state of charge a discharge has little to show.
const ALMOST_EMPTY: f64 = 0.1;

fn rate_series(design: &Design, findings: &mut Vec<Diagnostic>) {
    let charge = design.cell.as_ref().and_then(|c| c.state_of_charge.as_ref());
    let Some(soc) = charge.filter(|soc| soc.value < ALMOST_EMPTY) else {
        return;
    };
    if let Some(rate) = design.rate_series.as_ref().and_then(|series| series.rates.first()) {
        let empty = Diagnostic::warning("W107", "the rate series starts from an almost empty cell").at(rate.text.place.clone());
        let label = format!("line {} says {:.0} %", soc.place.line, 100.0 * soc.value);
        findings.push(
            empty
                .label(label)
                .note("each rate starts from the initial state")
                .help("write state_of_charge = \"100 %\", or leave [rate_series] out"),
        );
    }
}

fn package(design: &Design, findings: &mut Vec<Diagnostic>) {
    let stack: f64 = design.films.iter().map(|f| f.thickness.value).sum();
    if let Some(height) = design.package.height.as_ref().filter(|h| h.value < stack) {
        let low = error("E026", "the package is lower than the stack inside it", height);
        findings.push(low.label(format!("the films are {} high", length(stack))));
    }
}

fn size(material: &str, named: &Spanned<String>, thickness: &Spanned<f64>, findings: &mut Vec<Diagnostic>) {
    let Some(known) = technique::find(&named.value) else {
        let unknown = Diagnostic::warning(
            "W105",
            format!(
                "the technique `{}` is not known here, so the thickness is not checked against it",
                named.value
            ),
        );
        let names = || technique::all().iter().filter(|t| t.thickness.is_some()).map(|t| t.name.as_str());
        let label = nearest(&named.value, names()).map_or_else(String::new, |n| format!("help: did you mean \"{n}\"?"));
        let note = format!("known: {}", names().collect::<Vec<_>>().join(", "));
        findings.push(unknown.at(named.place.clone()).label(label).note(note));
        return;
    };
    let found = thickness.value;
    let Some((thinnest, thickest)) = known.thickness.as_ref().and_then(|t| t.range) else {
        return;
    };
    if found >= thinnest && found <= thickest {
        return;
    }
    let (times, word) = if found > thickest {
        (found / thickest, "the thickest")
    } else {
        (thinnest / found, "thinner than the thinnest")
    };
    let factor = if times >= 9.5 {
        format!("{times:.0}")
    } else {
        format!("{times:.1}")
    };
    let message = format!(
        "{material} of {} is {factor} times {word} film usual for this technique",
        length(found)
    );
    let range = format!("{} makes {} .. {}", known.name, length(thinnest), length(thickest));
    let mut warning = Diagnostic::warning("W104", message).at(thickness.place.clone()).label(range);
    if let Some(guess) = slip(&thickness.place.text, found, [thinnest, thickest]) {
        warning = warning.help(format!("did you mean \"{guess}\"?"));
    }
    findings.push(warning);
}

/// The same number with the length unit that brings it into the range of the technique.
fn slip(line: &str, found: f64, [thinnest, thickest]: [f64; 2]) -> Option<String> {
    let number = line.split('"').nth(1)?.split_whitespace().next()?;
    let units = [("mm", 1e-3), ("um", 1e-6), ("nm", 1e-9)];
    let value: f64 = number.parse().ok()?;
    let fits = |size: f64| (thinnest..=thickest).contains(&(value * size)) && (value * size - found).abs() > 1e-3 * found;
    units
        .into_iter()
        .find(|(_, size)| fits(*size))
        .map(|(unit, _)| format!("{number} {unit}"))
}

fn porous(film: &Film, findings: &mut Vec<Diagnostic>) {
    let Structure::Porous(p) = &film.structure else { return };
    let role = film.role.as_ref().map(|r| r.value);
    let incomplete = match (&p.active_fraction, &p.particle_radius, role) {
        (Some(given), None, _) => Some(("particle_radius", &given.place)),
        (None, Some(given), _) => Some(("active_fraction", &given.place)),
        (None, None, Some(Role::Negative | Role::Positive)) => Some(("active_fraction", &film.place)),
        _ => None,
    };
    if let Some((key, place)) = incomplete {
        let missing = Diagnostic::error(
            ErrorKind::Input,
            "E011",
            format!("missing key `{key}` in [[film]] \"{}\"", film.name.value),
        );
        findings.push(
            missing
                .at(place.clone())
                .label("a porous electrode needs `active_fraction` and `particle_radius`"),
        );
    }
    if let (Some(given), Some(Role::Electrolyte)) = (&p.active_fraction, role) {
        findings.push(error("E019", "a separator has no active material", given).help("leave out `active_fraction` and `particle_radius`"));
    }
    if let Some(radius) = p.particle_radius.as_ref().filter(|r| 2.0 * r.value > film.thickness.value) {
        let label = format!(
            "a particle is {} wide, the film {} thick",
            length(2.0 * radius.value),
            length(film.thickness.value)
        );
        findings.push(
            Diagnostic::warning("W106", "the particles are larger than their film")
                .at(radius.place.clone())
                .label(label),
        );
    }
}
