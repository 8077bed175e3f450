//! Every error text, letter by letter: one small change to a good design each, and what the user then reads (`errors.txt`).

use super::{SMALL, against, parse};

/// Name of the case, text to find in the small design, text to put there.
const CASES: &[(&str, &str, &str)] = &[
    ("unknown key with a slip of the pen", "thickness = \"2 um\"", "thicknes = \"2 um\""),
    ("unknown key of no resemblance", "kind  = \"DFN\"", "colour = \"blue\""),
    ("a tab without the other", "[footprint]\n", "[footprint]\nnegative_tab = \"left\"\n"),
    ("unknown table", "[package]", "[wrapping]"),
    ("missing key in a film", "material  = \"LiCoO2\"\n", ""),
    (
        "missing table",
        "[protocol]\nsteps = [\"Discharge at 1C until 3.0 V\", \"Rest for 10 min\"]\n",
        "",
    ),
    (
        "wrong unit",
        "\"2 um\"\n\n[[film]]\nname            = \"sep",
        "\"2.5 mg/cm2\"\n\n[[film]]\nname            = \"sep",
    ),
    ("unknown unit", "capacity = \"100 uAh/cm2\"", "capacity = \"100 uAhh/cm2\""),
    (
        "charge where a voltage belongs",
        "[\"3.0 V\", \"4.2 V\"]",
        "[\"3.0 V\", \"4.2 Ah\"]",
    ),
    ("bare number for a length", "thickness = \"300 um\"", "thickness = 300"),
    ("no unit in the text", "thickness = \"300 um\"", "thickness = \"300\""),
    ("not a number", "thickness = \"300 um\"", "thickness = \"thick\""),
    ("NaN", "thickness = \"300 um\"", "thickness = \"nan um\""),
    ("infinite bare number", "porosity        = 0.4", "porosity        = inf"),
    ("negative thickness", "thickness = \"300 um\"", "thickness = \"-300 um\""),
    ("zero thickness", "thickness = \"300 um\"", "thickness = \"0 um\""),
    ("below absolute zero", "temperature  = \"25 degC\"", "temperature  = \"-300 degC\""),
    ("temperature out of range", "temperature  = \"25 degC\"", "temperature  = \"25 K\""),
    ("list for a text", "name         = \"small\"", "name         = [\"small\"]"),
    ("empty text", "name         = \"small\"", "name         = \" \""),
    ("three sides of a die", "[\"5 mm\", \"5 mm\"]", "[\"5 mm\", \"5 mm\", \"5 mm\"]"),
    ("one length instead of two", "[\"5 mm\", \"5 mm\"]", "\"5 mm\""),
    ("unknown role", "role      = \"positive\"", "role      = \"positve\""),
    ("other architecture", "\"laminated\"", "\"custom\""),
    ("unknown architecture", "\"laminated\"", "\"laminate\""),
    ("other format", "format       = 1", "format       = 2"),
    ("film called twice", "name            = \"anode\"", "name            = \"cathode\""),
    ("key given twice", "kind  = \"DFN\"", "kind  = \"DFN\"\nkind  = \"SPM\""),
    ("no active area", "active = [\"4 mm\", \"4 mm\"]\n", ""),
    (
        "active area larger than the die",
        "active = [\"4 mm\", \"4 mm\"]",
        "active = [\"4 mm\", \"6 mm\"]",
    ),
    ("voltage limits swapped", "[\"3.0 V\", \"4.2 V\"]", "[\"4.2 V\", \"3.0 V\"]"),
    ("porous key in a dense film", "technique = \"rf-sputter\"", "porosity = 0.3"),
    (
        "porous film without transport",
        "porosity        = 0.4\nbruggeman       = 1.5\n",
        "porosity        = 0.4\n",
    ),
    (
        "transport said twice",
        "porosity        = 0.4\n",
        "porosity        = 0.4\ntransport_efficiency = 0.2\n",
    ),
    (
        "porous electrode without particles",
        "active_fraction = 0.55\nparticle_radius = \"2 um\"\n",
        "",
    ),
    ("particles without a fraction", "active_fraction = 0.55\n", ""),
    ("fractions above one", "active_fraction = 0.55", "active_fraction = 0.75"),
    ("lumped without heat transfer", "heat_transfer = \"10 W/(m2 K)\"\n", ""),
    (
        "isothermal with heat transfer",
        "mode          = \"lumped\"",
        "mode          = \"isothermal\"",
    ),
    (
        "unknown thermal mode",
        "mode          = \"lumped\"",
        "mode          = \"conducting\"",
    ),
    (
        "lumped with a lower face",
        "heat_transfer = \"10 W/(m2 K)\"",
        "heat_transfer = \"10 W/(m2 K)\"\nheat_transfer_below = \"100 W/(m2 K)\"",
    ),
    (
        "conduction with a heat capacity",
        "mode          = \"lumped\"",
        "mode          = \"conduction\"\nheat_capacity = \"1 J/K\"",
    ),
    (
        "conduction without heat transfer",
        "mode          = \"lumped\"\nheat_transfer = \"10 W/(m2 K)\"",
        "mode          = \"conduction\"",
    ),
    (
        "negative heat transfer",
        "heat_transfer = \"10 W/(m2 K)\"",
        "heat_transfer = \"-10 W/(m2 K)\"",
    ),
    (
        "state of charge and stoichiometry",
        "particle_radius = \"2 um\"",
        "particle_radius = \"2 um\"\nstoichiometry = 0.5",
    ),
    (
        "stoichiometry above one",
        "particle_radius = \"2 um\"",
        "particle_radius = \"2 um\"\nstoichiometry = 1.5",
    ),
    ("state of charge of 110 %", "\"100 %\"", "\"110 %\""),
    ("too few cells", "cells = 20", "cells = 1"),
    ("cells as a word", "cells = 20", "cells = \"many\""),
    ("step that cannot be read", "\"Rest for 10 min\"", "\"Relax for 10 min\""),
    ("step without an end", "\"Discharge at 1C until 3.0 V\"", "\"Discharge at 1C\""),
    ("step with a wrong unit", "\"Rest for 10 min\"", "\"Rest for 10 mA\""),
    ("step that is a number", "\"Rest for 10 min\"", "10"),
    ("repeat without a count", "\"Rest for 10 min\"", "{ steps = [\"Rest for 10 min\"] }"),
    ("rate that is none", "rates = [\"C/2\", \"1C\"]", "rates = [\"C/2\", \"fast\"]"),
    ("rate that is a power", "rates = [\"C/2\", \"1C\"]", "rates = [\"3 mW\"]"),
    (
        "two positive electrodes",
        "role            = \"negative\"",
        "role            = \"positive\"",
    ),
    (
        "substrate on top",
        "role            = \"negative\"",
        "role            = \"substrate\"",
    ),
    ("package lower than the stack", "margin    = \"100 um\"", "height = \"0.1 mm\""),
    ("megaohm", "state_of_charge = \"100 %\"", "contact_resistance = \"3 MOhm cm2\""),
    ("open quote", "name         = \"small\"", "name         = \"small"),
    ("unit without quotes", "thickness = \"300 um\"", "thickness = 300 um"),
    (
        "materials that is a number",
        "format       = 1",
        "format       = 1\nmaterials    = 3",
    ),
    ("warning: suspicious size", "thickness = \"2 um\"", "thickness = \"2 mm\""),
    ("warning: suspiciously thin", "thickness = \"300 um\"", "thickness = \"300 nm\""),
    ("warning: unknown technique", "\"rf-sputter\"", "\"rf-spluttering\""),
    (
        "warning: particles larger than the film",
        "particle_radius = \"2 um\"",
        "particle_radius = \"20 um\"",
    ),
    ("warning: rate series from an empty cell", "\"100 %\"", "\"0 %\""),
    (
        "warning: step that ends at once",
        "\"Rest for 10 min\"",
        "\"Charge at 1C until 2.9 V\"",
    ),
];

#[test]
fn every_error_text_is_as_reviewed() {
    let changed = |(name, old, new): &(&'static str, &str, &str)| {
        assert_eq!(SMALL.matches(old).count(), 1, "`{old}` must stand once in the small design");
        (*name, SMALL.replacen(old, new, 1))
    };
    let cases: Vec<_> = CASES.iter().map(changed).collect();
    against("errors.txt", "the small design", &cases);
}

#[test]
fn several_errors_come_at_once_in_the_order_of_the_file() {
    let text = SMALL
        .replace("thickness = \"300 um\"", "thickness = \"-1 um\"")
        .replace("kind  =", "kidn  =")
        .replace("10 min", "10 miles");
    let Err(errors) = parse(&text) else { panic!("accepted") };
    let codes: Vec<&str> = errors.iter().map(|d| d.code).collect();
    assert_eq!(codes, ["E023", "E012", "E042"]);
    assert!(
        errors
            .windows(2)
            .all(|w| w[0].place.as_ref().unwrap().line < w[1].place.as_ref().unwrap().line)
    );
}
