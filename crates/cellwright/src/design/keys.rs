//! The keys of the tables that every design shares, and the form of a key: what the reader, the error messages and the JSON Schema all use.
//!
//! Masks and process steps have theirs in [`super::process_keys`], the top level and the architectures in [`super::forms`].

use cellwright_base::units::Dimension;
use std::borrow::Cow;

/// A group of keys: the top level or one table.
pub(super) struct Section {
    /// Heading as it is written in a file.
    pub heading: Cow<'static, str>,
    /// What it is for.
    pub doc: &'static str,
    /// Its keys, in the order a reader would expect.
    pub keys: Cow<'static, [Key]>,
}

/// One key.
#[derive(Clone, Copy)]
pub(super) struct Key {
    /// Its name.
    pub name: &'static str,
    /// What may stand behind it.
    pub kind: Kind,
    /// Whether it may be left out.
    pub required: bool,
    /// Meaning, default and effect.
    pub doc: &'static str,
}

/// What may stand behind a key.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Free text, not empty.
    Text,
    /// A list of texts, not empty.
    Texts,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// A number with a unit, of one of these dimensions (ranges are those of the first).
    Quantity(&'static [Dimension], Range),
    /// Two of them.
    Pair(Dimension, Range),
    /// A pure number, bare or as a text with `%`.
    Number(Range),
    /// An angle, a text with `deg` or `rad`.
    Angle(Range),
    /// A list of lengths of this count, such as the corners of a rectangle; the text says what each is.
    Row(usize, &'static str),
    /// A list of such lists.
    Rows(usize, &'static str),
    /// A list of points, each two lengths, at least this many.
    Points(usize),
    /// A list of lists of points, each at least this many.
    Outlines(usize),
    /// Two whole numbers from 1 to this.
    Counts(usize),
    /// A whole number; `true` if the word `"default"` is allowed too.
    Count(usize, usize, bool),
    /// A table.
    Table(&'static Section),
    /// A list of tables.
    Tables(&'static Section),
    /// Protocol steps: texts, or `{ repeat = n, steps = [...] }`.
    Steps,
    /// `[materials."NAME".property]`, read by the material library.
    Materials,
}

/// Allowed values, in SI.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    /// Lowest value.
    pub low: f64,
    /// Highest value, allowed.
    pub high: f64,
    /// Whether `low` itself is refused.
    pub open: bool,
}

impl Range {
    /// Whether `value` is allowed. NaN is not.
    pub fn contains(self, value: f64) -> bool {
        value <= self.high && if self.open { value > self.low } else { value >= self.low }
    }
}

/// More than `low`, at most `high`.
pub(super) const fn above(low: f64, high: f64) -> Range {
    Range { low, high, open: true }
}

/// From `low` to `high`.
pub(super) const fn within(low: f64, high: f64) -> Range {
    Range { low, high, open: false }
}

/// A key that must be there.
pub(super) const fn must(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key {
        name,
        kind,
        required: true,
        doc,
    }
}

/// A key that may be left out.
pub(super) const fn may(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key {
        name,
        kind,
        required: false,
        doc,
    }
}

/// A length.
pub(super) const LENGTH: &[Dimension] = &[Dimension::LENGTH];
/// A temperature.
pub(super) const TEMPERATURE: &[Dimension] = &[Dimension::TEMPERATURE];

/// Words for the role of a film.
pub(super) const ROLES: &[&str] = &[
    "substrate",
    "insulator",
    "adhesion",
    "collector",
    "negative",
    "electrolyte",
    "positive",
    "encapsulation",
];
/// Words for the inner structure of a film.
pub(super) const STRUCTURES: &[&str] = &["dense", "porous"];
/// Words for the heat balance.
pub(super) const THERMAL_MODES: &[&str] = &["isothermal", "lumped", "conduction"];
/// Edges of the die, seen from above.
pub(super) const EDGES: &[&str] = &["left", "right", "bottom", "top"];
/// Words for the model.
pub(super) const MODEL_KINDS: &[&str] = &["auto", "DFN", "SPMe", "SPM"];

pub(super) static FOOTPRINT: Section = Section {
    heading: Cow::Borrowed("[footprint]"),
    doc: "Die and active area.",
    keys: Cow::Borrowed(&[
        must("die", Kind::Pair(Dimension::LENGTH, above(0.0, 1.0)), "Width and depth of the die."),
        may(
            "active",
            Kind::Pair(Dimension::LENGTH, above(0.0, 1.0)),
            "Width and depth of the overlap of both electrodes; fits on the die. Needed by a laminated cell.",
        ),
        may(
            "negative_tab",
            Kind::Choice(EDGES),
            "Edge along which the negative collector is contacted: current then flows along the collectors of a laminated cell, with their \
             resistance. Without tabs the collectors are ideal.",
        ),
        may(
            "positive_tab",
            Kind::Choice(EDGES),
            "The same for the positive collector; both or none.",
        ),
    ]),
};

pub(super) static FILM: Section = Section {
    heading: Cow::Borrowed("[[film]]"),
    doc: "One film of the stack.",
    keys: Cow::Borrowed(&[
        must("name", Kind::Text, "Name of the film, unique in the design."),
        may(
            "role",
            Kind::Choice(ROLES),
            "What the film is for; taken from the material and the order of the films if left out.",
        ),
        must(
            "material",
            Kind::Text,
            "Name of the material in the library (cellwright materials list).",
        ),
        may("technique", Kind::Text, "How the film is made; checked against the thickness."),
        must("thickness", Kind::Quantity(LENGTH, above(0.0, 0.1)), "Thickness of the film."),
        may(
            "anneal",
            Kind::Quantity(TEMPERATURE, within(273.15, 2273.15)),
            "Temperature of the anneal after deposition.",
        ),
        may("structure", Kind::Choice(STRUCTURES), "\"dense\" (default) or \"porous\"."),
        may(
            "porosity",
            Kind::Number(within(0.01, 0.99)),
            "Volume fraction of electrolyte in a porous film.",
        ),
        may(
            "active_fraction",
            Kind::Number(within(0.01, 0.99)),
            "Volume fraction of active material in a porous electrode.",
        ),
        may(
            "particle_radius",
            Kind::Quantity(LENGTH, within(1e-9, 1e-3)),
            "Radius of the active particles of a porous electrode.",
        ),
        may(
            "bruggeman",
            Kind::Number(within(1.0, 5.0)),
            "Bruggeman exponent: effective transport is fraction to this power, for the electrolyte and for the solid.",
        ),
        may(
            "transport_efficiency",
            Kind::Number(within(1e-4, 1.0)),
            "Effective over bulk transport in the electrolyte, instead of `bruggeman`.",
        ),
        may(
            "solid_transport_efficiency",
            Kind::Number(within(1e-4, 1.0)),
            "Effective over bulk electronic conductivity; by default 1 - porosity to the Bruggeman exponent, or 1 with `transport_efficiency`.",
        ),
        may(
            "electrolyte",
            Kind::Text,
            "Electrolyte in the pores; that of the electrolyte film if left out.",
        ),
        may(
            "stoichiometry",
            Kind::Number(within(0.0, 1.0)),
            "Stoichiometry x of an electrode at the start, instead of `state_of_charge` in [cell].",
        ),
        may("note", Kind::Text, "Free text."),
    ]),
};

pub(super) static CELL: Section = Section {
    heading: Cow::Borrowed("[cell]"),
    doc: "Voltage limits, nominal capacity, resistances, initial state.",
    keys: Cow::Borrowed(&[
        must(
            "voltage",
            Kind::Pair(Dimension::VOLTAGE, within(-10.0, 10.0)),
            "Lower and upper voltage limit.",
        ),
        may(
            "capacity",
            Kind::Quantity(&[Dimension::AREAL_CAPACITY, Dimension::CAPACITY], above(0.0, 3.6e6)),
            "Nominal capacity for C-rates, per active area or of the cell; that of the limiting electrode if left out.",
        ),
        may(
            "contact_resistance",
            Kind::Quantity(&[Dimension::AREA_RESISTANCE], within(0.0, 1.0)),
            "Contact resistance per active area; 0 if left out.",
        ),
        may(
            "series_resistance",
            Kind::Quantity(&[Dimension::RESISTANCE], within(0.0, 1e9)),
            "Resistance of the leads; 0 if left out.",
        ),
        may(
            "state_of_charge",
            Kind::Number(within(0.0, 1.0)),
            "State of charge at the start, \"100 %\" is full.",
        ),
    ]),
};

pub(super) static THERMAL: Section = Section {
    heading: Cow::Borrowed("[thermal]"),
    doc: "Heat balance of the device.",
    keys: Cow::Borrowed(&[
        must(
            "mode",
            Kind::Choice(THERMAL_MODES),
            "\"isothermal\", \"lumped\" (one temperature for the whole device) or \"conduction\" (a field, through all films).",
        ),
        may(
            "ambient",
            Kind::Quantity(TEMPERATURE, within(173.15, 573.15)),
            "Temperature of the surroundings; `temperature` if left out.",
        ),
        may(
            "heat_transfer",
            Kind::Quantity(&[Dimension::HEAT_TRANSFER], within(0.0, 1e6)),
            "Heat transfer coefficient to the surroundings; needed unless isothermal.",
        ),
        may(
            "heat_transfer_below",
            Kind::Quantity(&[Dimension::HEAT_TRANSFER], within(0.0, 1e6)),
            "The same of the lower face alone, on a board or a heat sink; `heat_transfer` if left out. With conduction only.",
        ),
        may(
            "area",
            Kind::Quantity(&[Dimension::AREA], above(0.0, 1.0)),
            "Area that exchanges heat, both faces together; both faces of the die if left out.",
        ),
        may(
            "heat_capacity",
            Kind::Quantity(&[Dimension::HEAT_CAPACITY], above(0.0, 1e6)),
            "Heat capacity of the whole device; summed over the films if left out. Lumped only.",
        ),
    ]),
};

pub(super) static MODEL: Section = Section {
    heading: Cow::Borrowed("[model]"),
    doc: "What is computed and how finely.",
    keys: Cow::Borrowed(&[
        may(
            "kind",
            Kind::Choice(MODEL_KINDS),
            "\"auto\" (default: everything the stack contains), \"DFN\", \"SPMe\" or \"SPM\".",
        ),
        may(
            "cells",
            Kind::Count(3, 2000, true),
            "Volumes per film and per particle, in the real geometry across the narrowest gap, or \"default\".",
        ),
        may(
            "collectors",
            Kind::Choice(&["ideal", "resolved"]),
            "For combs: \"resolved\" follows a whole finger of each comb from bus to bus, with the resistance of fingers, buses and pads; \
             \"ideal\" (default) takes the collectors as of one potential.",
        ),
        may(
            "plane",
            Kind::Count(2, 64, true),
            "Pieces of the collectors, or \"default\" (8): along each side of a laminated cell with tabs, along the overlap of two fingers.",
        ),
        may(
            "host_modes",
            Kind::Count(1, 200, true),
            "Diffusion modes per particle or film where diffusion is constant, or \"default\".",
        ),
        may(
            "double_layer",
            Kind::Choice(&["off", "on"]),
            "\"on\" lets interfaces charge like capacitors, with the double-layer capacitance of the materials; \"off\" is the default.",
        ),
        may(
            "relative_tolerance",
            Kind::Number(within(1e-12, 1e-2)),
            "Relative tolerance of the time integration.",
        ),
        may(
            "absolute_tolerance",
            Kind::Number(within(1e-14, 1e-2)),
            "Absolute tolerance of the time integration, in scaled unknowns.",
        ),
    ]),
};

pub(super) static PROTOCOL: Section = Section {
    heading: Cow::Borrowed("[protocol]"),
    doc: "What the cell goes through.",
    keys: Cow::Borrowed(&[must(
        "steps",
        Kind::Steps,
        "Steps in the words of a lab notebook, such as \"Discharge at 1C until 3.0 V\".",
    )]),
};

pub(super) static RATE_SERIES: Section = Section {
    heading: Cow::Borrowed("[rate_series]"),
    doc: "Discharges at several rates, each from the initial state to the lower voltage limit.",
    keys: Cow::Borrowed(&[must(
        "rates",
        Kind::Texts,
        "Rates such as \"C/2\", \"3.2C\", \"2 mA\", \"50 uA/cm2\".",
    )]),
};

pub(super) static PACKAGE: Section = Section {
    heading: Cow::Borrowed("[package]"),
    doc: "What is around the stack: for the device volume, and what it lets through.",
    keys: Cow::Borrowed(&[
        may(
            "thickness",
            Kind::Quantity(LENGTH, within(0.0, 0.1)),
            "Thickness of the cover above the films.",
        ),
        may(
            "height",
            Kind::Quantity(LENGTH, above(0.0, 0.1)),
            "Total height of the device; replaces the sum of stack and cover.",
        ),
        may(
            "margin",
            Kind::Quantity(LENGTH, within(0.0, 0.1)),
            "Margin around the die on every side.",
        ),
        may(
            "water_vapour_transmission",
            Kind::Quantity(&[Dimension::MASS_FLUX], within(0.0, 1.0)),
            "Water that comes through the cover, per area of the die and time, such as \"1e-4 g/m2/day\"; for the life on the shelf.",
        ),
    ]),
};
