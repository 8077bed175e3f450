//! The keys of `[ageing]` and of the tables in it.

use super::keys::{Key, Kind, Section, above, may, must, within};
use cellwright_base::units::Dimension;
use std::borrow::Cow;

const SOURCE: Key = must("source", Kind::Text, "Where the numbers of this table come from.");
const ACTIVATION: Key = may(
    "activation_energy",
    Kind::Quantity(&[Dimension::MOLAR_ENERGY], within(0.0, 5e5)),
    "Activation energy of the rates in this table, about 25 degC; 0 if left out.",
);
const TRANSFER: Key = may(
    "transfer_coefficient",
    Kind::Number(above(0.0, 1.0)),
    "Transfer coefficient; 0.5 if left out.",
);

pub(super) static AGEING: Section = Section {
    heading: Cow::Borrowed("[ageing]"),
    doc: "What makes the cell age; nothing if left out.",
    keys: Cow::Borrowed(&[
        may(
            "cycle_jumping",
            Kind::Number(within(1e-6, 0.1)),
            "Jump over passes of a repeat: allowed error of the capacity, such as \"0.1 %\". Every pass is carried out if left out.",
        ),
        may(
            "leakage",
            Kind::Choice(&["off", "on"]),
            "\"on\" lets electrons leak through the electrolyte, with its residual electronic conductivity.",
        ),
        may(
            "water",
            Kind::Choice(&["off", "on"]),
            "\"on\" lets the water that comes through the package take lithium from the negative electrode.",
        ),
        may(
            "interphase",
            Kind::Table(&INTERPHASE),
            "Solid-electrolyte interphase on the negative electrode.",
        ),
        may(
            "plating",
            Kind::Table(&PLATING),
            "Lithium plating on the host of the negative electrode.",
        ),
        may(
            "negative_stress",
            Kind::Table(&NEGATIVE_STRESS),
            "Active material of the negative electrode lost by stress.",
        ),
        may(
            "positive_stress",
            Kind::Table(&POSITIVE_STRESS),
            "Active material of the positive electrode lost by stress.",
        ),
        may(
            "positive_dissolution",
            Kind::Table(&DISSOLUTION),
            "Active material of the positive electrode dissolved, as manganese from spinel.",
        ),
        may(
            "negative_resistance",
            Kind::Table(&NEGATIVE_RESISTANCE),
            "Growth of the interface resistance of the negative electrode.",
        ),
        may(
            "positive_resistance",
            Kind::Table(&POSITIVE_RESISTANCE),
            "Growth of the interface resistance of the positive electrode.",
        ),
    ]),
};

static INTERPHASE: Section = Section {
    heading: Cow::Borrowed("[ageing.interphase]"),
    doc: "Solid-electrolyte interphase: solvent diffuses through the layer and is reduced at the electrode.",
    keys: Cow::Borrowed(&[
        must(
            "solvent_concentration",
            Kind::Quantity(&[Dimension::CONCENTRATION], above(0.0, 1e5)),
            "Solvent in the electrolyte.",
        ),
        must(
            "solvent_diffusivity",
            Kind::Quantity(&[Dimension::DIFFUSIVITY], above(0.0, 1e-8)),
            "Diffusivity of the solvent in the layer.",
        ),
        may(
            "rate_constant",
            Kind::Quantity(&[Dimension::VELOCITY], above(0.0, 1.0)),
            "Rate constant of the reduction; fast, so that diffusion alone limits, if left out.",
        ),
        may(
            "potential",
            Kind::Quantity(&[Dimension::VOLTAGE], within(0.0, 5.0)),
            "Potential of the reduction against lithium; goes with `rate_constant`.",
        ),
        TRANSFER,
        must(
            "molar_volume",
            Kind::Quantity(&[Dimension::MOLAR_VOLUME], above(0.0, 1e-2)),
            "Molar volume of the layer.",
        ),
        must(
            "lithium_per_formula",
            Kind::Number(within(0.1, 10.0)),
            "Lithium in a formula unit of the layer.",
        ),
        may(
            "conductivity",
            Kind::Quantity(&[Dimension::CONDUCTIVITY], above(0.0, 1e3)),
            "Ionic conductivity of the layer; it does not resist if left out.",
        ),
        must(
            "initial_thickness",
            Kind::Quantity(&[Dimension::LENGTH], above(0.0, 1e-6)),
            "Thickness at the start.",
        ),
        may(
            "cracked_share",
            Kind::Number(within(0.0, 1.0)),
            "Part of the surface laid bare by expansion that is covered anew, with the initial thickness; needs `partial_molar_volume`.",
        ),
        may(
            "partial_molar_volume",
            Kind::Quantity(&[Dimension::MOLAR_VOLUME], above(0.0, 1e-3)),
            "Volume that the host grows by per lithium.",
        ),
        ACTIVATION,
        SOURCE,
    ]),
};

static PLATING: Section = Section {
    heading: Cow::Borrowed("[ageing.plating]"),
    doc: "Lithium plated on the host, stripped again, or isolated.",
    keys: Cow::Borrowed(&[
        must(
            "exchange_current_density",
            Kind::Quantity(&[Dimension::CURRENT_DENSITY], above(0.0, 1e6)),
            "Exchange-current density of lithium on the host.",
        ),
        TRANSFER,
        may(
            "isolation_rate",
            Kind::Quantity(&[Dimension::FREQUENCY], within(0.0, 1.0)),
            "Part of the plated lithium that is cut off per time; 0 if left out.",
        ),
        ACTIVATION,
        SOURCE,
    ]),
};

const STRESS_KEYS: &[Key] = &[
    must(
        "rate",
        Kind::Quantity(&[Dimension::FREQUENCY], above(0.0, 1.0)),
        "Part of the active material lost per time at the critical stress.",
    ),
    must(
        "critical_stress",
        Kind::Quantity(&[Dimension::PRESSURE], above(0.0, 1e12)),
        "Stress that the rate belongs to.",
    ),
    must("exponent", Kind::Number(within(0.0, 20.0)), "Exponent of the stress."),
    must(
        "youngs_modulus",
        Kind::Quantity(&[Dimension::PRESSURE], above(0.0, 1e13)),
        "Young's modulus of the host.",
    ),
    must("poisson_ratio", Kind::Number(within(0.0, 0.49)), "Poisson ratio of the host."),
    must(
        "partial_molar_volume",
        Kind::Quantity(&[Dimension::MOLAR_VOLUME], above(0.0, 1e-3)),
        "Volume that the host grows by per lithium.",
    ),
    ACTIVATION,
    SOURCE,
];

const fn stress(heading: &'static str) -> Section {
    Section {
        heading: Cow::Borrowed(heading),
        doc: "Active material that stress in the host breaks off.",
        keys: Cow::Borrowed(STRESS_KEYS),
    }
}

static NEGATIVE_STRESS: Section = stress("[ageing.negative_stress]");
static POSITIVE_STRESS: Section = stress("[ageing.positive_stress]");

static DISSOLUTION: Section = Section {
    heading: Cow::Borrowed("[ageing.positive_dissolution]"),
    doc: "Active material that dissolves in the electrolyte.",
    keys: Cow::Borrowed(&[
        must(
            "rate",
            Kind::Quantity(&[Dimension::FREQUENCY], above(0.0, 1.0)),
            "Part of the active material lost per time at the potential.",
        ),
        must(
            "potential",
            Kind::Quantity(&[Dimension::VOLTAGE], within(0.0, 10.0)),
            "Potential against lithium that the rate belongs to.",
        ),
        TRANSFER,
        ACTIVATION,
        SOURCE,
    ]),
};

const RESISTANCE_KEYS: &[Key] = &[
    must(
        "increase",
        Kind::Quantity(&[Dimension::AREA_RESISTANCE], above(0.0, 100.0)),
        "Area resistance that a fresh interface has grown to after `time`; it grows with the square root of time.",
    ),
    must(
        "time",
        Kind::Quantity(&[Dimension::TIME], above(0.0, 1e10)),
        "Time of the increase.",
    ),
    ACTIVATION,
    SOURCE,
];

const fn resistance(heading: &'static str) -> Section {
    Section {
        heading: Cow::Borrowed(heading),
        doc: "Interface resistance that grows with the square root of time.",
        keys: Cow::Borrowed(RESISTANCE_KEYS),
    }
}

static NEGATIVE_RESISTANCE: Section = resistance("[ageing.negative_resistance]");
static POSITIVE_RESISTANCE: Section = resistance("[ageing.positive_resistance]");
