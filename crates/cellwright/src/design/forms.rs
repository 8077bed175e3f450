//! The top level of a design file for every architecture, and the tables of the templates, built from their parameter lists.

use super::ageing_keys::AGEING;
use super::keys::{
    CELL, FILM, FOOTPRINT, Key, Kind, LENGTH, MODEL, PACKAGE, PROTOCOL, RATE_SERIES, Range, Section, TEMPERATURE, THERMAL, above, may,
    must, within,
};
use super::process_keys::{MASK, STEP, SUBSTRATE, WINDOW};
use cellwright_base::units::Dimension;
use cellwright_fab::template::{Parameter, TEMPLATES, Template};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Name of the architecture that is a stack of films.
pub(super) const LAMINATED: &str = "laminated";
/// Name of the architecture that is spelled out in masks and steps.
pub(super) const CUSTOM: &str = "custom";

/// The top level for one architecture.
pub(super) struct Form {
    /// Word behind `architecture`.
    pub architecture: &'static str,
    /// The template behind it, if it is one.
    pub template: Option<&'static Template>,
    /// Keys of the top level.
    pub section: Section,
}

/// Every architecture: laminated, the templates, custom.
pub(super) static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let templates = TABLES.iter().map(|tables| Form {
        architecture: tables.template.name,
        template: Some(tables.template),
        section: top_level(&[
            may(
                tables.template.name,
                Kind::Table(&tables.parameters),
                "Dimensions of the architecture; what is left out takes its default.",
            ),
            may(
                "film",
                Kind::Tables(&tables.slots),
                "Films of the architecture with another material, technique or thickness.",
            ),
        ]),
    });
    let plain = |architecture, keys: &[Key]| Form {
        architecture,
        template: None,
        section: top_level(keys),
    };
    let laminated = [must("film", Kind::Tables(&FILM), "The films from the substrate up.")];
    let custom = [
        must("substrate", Kind::Table(&SUBSTRATE), "What everything stands on."),
        may("mask", Kind::Tables(&MASK), "The masks."),
        must("step", Kind::Tables(&STEP), "The process steps in their order."),
        may(
            "window",
            Kind::Table(&WINDOW),
            "The part of the die that is fabricated; all of it if left out.",
        ),
    ];
    let mut forms = vec![plain(LAMINATED, &laminated)];
    forms.extend(templates);
    forms.push(plain(CUSTOM, &custom));
    // A laminated cell is there to be run; the others may be built only.
    for key in forms[0].section.keys.to_mut() {
        key.required |= ["cell", "protocol"].contains(&key.name);
    }
    forms
});

/// Words for the architecture.
static ARCHITECTURES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let templates = TABLES.iter().map(|t| t.template.name);
    [LAMINATED].into_iter().chain(templates).chain([CUSTOM]).collect()
});

/// Every word that may stand behind `architecture`.
pub fn architectures() -> Vec<&'static str> {
    ARCHITECTURES.clone()
}

/// A commented design of the template with this name, everything at its default.
pub fn template_text(name: &str) -> Option<String> {
    form(name)?.template.map(super::write_template)
}

/// The form of an architecture.
pub(super) fn form(architecture: &str) -> Option<&'static Form> {
    FORMS.iter().find(|f| f.architecture == architecture)
}

/// The architecture that has this key at its top level, in words, for a key that stands in a design of another one.
pub(super) fn belongs_to(key: &str) -> Option<&'static str> {
    FORMS
        .iter()
        .find(|f| f.section.keys.iter().any(|k| k.name == key))
        .map(|f| f.architecture)
}

/// Sections of one template.
struct Tables {
    template: &'static Template,
    parameters: Section,
    slots: Section,
}

static TABLES: LazyLock<Vec<Tables>> = LazyLock::new(|| {
    templates()
        .enumerate()
        .map(|(i, template)| Tables {
            template,
            parameters: Section {
                heading: Cow::Owned(format!("[{}]", template.name)),
                doc: template.doc,
                keys: template.parameters.iter().map(parameter).collect(),
            },
            slots: Section {
                heading: Cow::Borrowed("[[film]]"),
                doc: "A film of the architecture that is made otherwise than by default.",
                keys: Cow::Owned(vec![
                    must(
                        "name",
                        Kind::Choice(SLOT_NAMES.get(i).map_or(&[], |names| names.as_slice())),
                        "Which film of the architecture.",
                    ),
                    may(
                        "material",
                        Kind::Text,
                        "Name of the material in the library (cellwright materials list).",
                    ),
                    may("technique", Kind::Text, "How the film is made."),
                    may(
                        "thickness",
                        Kind::Quantity(LENGTH, above(0.0, 0.1)),
                        "Thickness on an open flat surface.",
                    ),
                    may("note", Kind::Text, "Free text."),
                ]),
            },
        })
        .collect()
});

static SLOT_NAMES: LazyLock<Vec<Vec<&'static str>>> =
    LazyLock::new(|| templates().map(|t| t.films.iter().map(|slot| slot.name).collect()).collect());

/// The templates; the tests add one of their own.
fn templates() -> impl Iterator<Item = &'static Template> {
    #[cfg(test)]
    let own = std::slice::from_ref(&super::tests::POSTS);
    #[cfg(not(test))]
    let own: &[Template] = &[];
    // A laminated cell is described by its films, with everything that its simulation needs.
    TEMPLATES.iter().filter(|t| t.name != "laminated").chain(own)
}

/// Whether a parameter is an angle: it is a pure number, and its default is written in degrees.
pub(super) fn is_angle(p: &Parameter) -> bool {
    p.dimension == Dimension::DIMENSIONLESS && ["deg", "rad", "\u{b0}"].iter().any(|unit| p.shown.trim_end().ends_with(unit))
}

fn parameter(p: &'static Parameter) -> Key {
    let range: Range = within(p.bounds.0, p.bounds.1);
    let kind = match p.dimension {
        Dimension::DIMENSIONLESS if p.whole => Kind::Count(p.bounds.0.max(0.0) as usize, p.bounds.1 as usize, false),
        Dimension::DIMENSIONLESS if is_angle(p) => Kind::Angle(range),
        Dimension::DIMENSIONLESS => Kind::Number(range),
        _ => Kind::Quantity(std::slice::from_ref(&p.dimension), range),
    };
    may(p.name, kind, p.doc)
}

/// The keys that every design has, with those of one architecture behind the footprint.
fn top_level(own: &[Key]) -> Section {
    let mut keys = vec![
        must("format", Kind::Count(1, 1, false), "Version of this file format; always 1."),
        must("name", Kind::Text, "Title of the design, shown on the report."),
        must("architecture", Kind::Choice(&ARCHITECTURES), "How the cell is built."),
        must(
            "temperature",
            Kind::Quantity(TEMPERATURE, within(173.15, 573.15)),
            "Temperature of the cell at the start, and throughout unless [thermal] says otherwise.",
        ),
        must("footprint", Kind::Table(&FOOTPRINT), "Die and active area."),
    ];
    keys.extend_from_slice(own);
    keys.extend([
        may(
            "cell",
            Kind::Table(&CELL),
            "Voltage limits, nominal capacity, resistances, initial state.",
        ),
        may("thermal", Kind::Table(&THERMAL), "Heat balance; isothermal if left out."),
        may(
            "model",
            Kind::Table(&MODEL),
            "What is computed and how finely; defaults if left out.",
        ),
        may("protocol", Kind::Table(&PROTOCOL), "What the cell goes through."),
        may(
            "rate_series",
            Kind::Table(&RATE_SERIES),
            "Discharges at several rates for the report.",
        ),
        may(
            "package",
            Kind::Table(&PACKAGE),
            "What is around the stack: for the device volume, and what it lets through.",
        ),
        may("ageing", Kind::Table(&AGEING), "What makes the cell age; nothing if left out."),
        may(
            "materials",
            Kind::Materials,
            "Property values that replace or complete the library: [materials.\"NAME\".property].",
        ),
    ]);
    Section {
        heading: Cow::Borrowed("the top level"),
        doc: "A Cellwright design: one on-chip lithium-ion cell, how it is made, the protocol it runs and what is computed.",
        keys: Cow::Owned(keys),
    }
}
