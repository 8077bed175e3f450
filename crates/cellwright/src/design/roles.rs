//! What each film is for: as the design says, else from the class of its material and its neighbours.

use super::{Design, Film, Structure};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use cellwright_device::Role;
use cellwright_materials::{Class, Library, Role as Usual};

/// The role of every film of the design, from the substrate up.
///
/// Explicit roles win. The rest: lithium is negative; a host takes the side that its material usually has, or the one left free by the
/// other electrode; electrolytes and porous films without active material are the electrolyte; a conductor is a collector; an inert film
/// is the substrate if it is the first, encapsulation above the upper electrode, an insulator otherwise.
///
/// # Errors
/// A material missing from `library` (`E030`), a film whose role cannot be told (`E052`), or a stack without one negative electrode,
/// electrolyte and positive electrode in a row (`E051`).
pub fn assign(design: &Design, library: &Library) -> Result<Vec<Role>, Vec<Diagnostic>> {
    let mut roles = Vec::new();
    let mut hosts = Vec::new();
    for (i, film) in design.films.iter().enumerate() {
        let material = library
            .get(&film.material.value)
            .map_err(|e| vec![e.diagnostic().at(film.material.place.clone())])?;
        let separator = matches!(&film.structure, Structure::Porous(p) if p.active_fraction.is_none());
        roles.push(match (&film.role, material.class) {
            (Some(role), _) => Some(role.value),
            (None, _) if separator => Some(Role::Electrolyte),
            (None, Class::Metal) => Some(Role::Negative),
            (None, Class::Electrode) => usual_side(&material.roles),
            (None, Class::Collector) => Some(Role::Collector),
            (None, class) if class.is_electrolyte() => Some(Role::Electrolyte),
            (None, _) => None,
        });
        if material.class == Class::Electrode && film.role.is_none() {
            hosts.push(i);
        }
    }
    settle_hosts(&mut roles, &hosts);
    if let Some(untold) = hosts
        .iter()
        .copied()
        .find(|&i| roles[i].is_none())
        .and_then(|i| design.films.get(i))
    {
        return Err(vec![cannot_tell(untold)]);
    }
    let top = roles
        .iter()
        .rposition(|r| matches!(r, Some(Role::Negative | Role::Positive)))
        .unwrap_or(usize::MAX);
    let inert = |i: usize| match i {
        0 => Role::Substrate,
        _ if i > top => Role::Encapsulation,
        _ => Role::Insulator,
    };
    let roles: Vec<Role> = roles
        .into_iter()
        .enumerate()
        .map(|(i, role)| role.unwrap_or_else(|| inert(i)))
        .collect();
    in_a_row(design, &roles)?;
    Ok(roles)
}

fn usual_side(usual: &[Usual]) -> Option<Role> {
    match (usual.contains(&Usual::Negative), usual.contains(&Usual::Positive)) {
        (true, false) => Some(Role::Negative),
        (false, true) => Some(Role::Positive),
        _ => None,
    }
}

/// A host takes the free side when the other one is taken; two that claim one side are told apart by neither.
fn settle_hosts(roles: &mut [Option<Role>], hosts: &[usize]) {
    for side in [Role::Negative, Role::Positive] {
        let other = if side == Role::Negative { Role::Positive } else { Role::Negative };
        let taken = roles.iter().filter(|r| **r == Some(side)).count();
        let open: Vec<usize> = hosts.iter().copied().filter(|&i| roles[i].is_none()).collect();
        let claims: Vec<usize> = hosts.iter().copied().filter(|&i| roles[i] == Some(side)).collect();
        match (taken, &open[..], &claims[..]) {
            (1, &[only], _) if !roles.contains(&Some(other)) => roles[only] = Some(other),
            // An explicit electrode and a host of the same usual side: the host is the other one.
            (2, _, &[only]) if !roles.contains(&Some(other)) => roles[only] = Some(other),
            (2, _, &[_, _]) => claims.iter().for_each(|&i| roles[i] = None),
            _ => {}
        }
    }
}

fn cannot_tell(film: &Film) -> Diagnostic {
    let message = format!(
        "cannot tell whether `{}` is the negative or the positive electrode",
        film.name.value
    );
    let finding = Diagnostic::error(ErrorKind::Input, "E052", message).at(film.material.place.clone());
    finding
        .label("a host of lithium")
        .help("add  role = \"positive\"  or  role = \"negative\"")
}

fn in_a_row(design: &Design, roles: &[Role]) -> Result<(), Vec<Diagnostic>> {
    let cell = [Role::Negative, Role::Electrolyte, Role::Positive];
    for role in cell {
        let count = roles.iter().filter(|r| **r == role).count();
        if count != 1 {
            let found = if count == 0 {
                "no film".to_owned()
            } else {
                format!("{count} films")
            };
            let message = format!("the stack has {found} with the role `{}`", role.as_str());
            let mut finding = Diagnostic::error(ErrorKind::Input, "E051", message).label("a laminated cell has exactly one");
            let last = roles.iter().rposition(|r| *r == role).and_then(|i| design.films.get(i));
            if let Some(place) = last.map(|f| &f.name.place).or(design.films.first().map(|f| &f.place)) {
                finding = finding.at(place.clone());
            }
            return Err(vec![
                finding
                    .help("films are listed from the substrate up; add `role` where it cannot be told")
                    .note(order(roles)),
            ]);
        }
    }
    let positions: Vec<usize> = (0..roles.len()).filter(|&i| cell.contains(&roles[i])).collect();
    if let &[below, middle, above] = &positions[..]
        && (roles[middle] != Role::Electrolyte || middle != below + 1 || above != middle + 1)
    {
        let stray = if middle == below + 1 && roles[middle] == Role::Electrolyte {
            middle + 1
        } else {
            below + 1
        };
        let message = "negative electrode, electrolyte and positive electrode do not follow each other";
        let finding = Diagnostic::error(ErrorKind::Input, "E051", message).note(order(roles));
        let place = design.films.get(stray).map(|f| f.name.place.clone()).unwrap_or_default();
        return Err(vec![finding.at(place).label("this film is between them, or in the wrong order")]);
    }
    Ok(())
}

fn order(roles: &[Role]) -> String {
    let words: Vec<&str> = roles.iter().map(|r| r.as_str()).collect();
    format!("found, from the substrate up: {}", words.join(", "))
}
