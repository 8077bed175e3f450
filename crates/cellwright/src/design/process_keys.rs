//! The keys of masks, substrate, process steps and window: what a custom design is made of.

use super::keys::{EDGES, Key, Kind, LENGTH, ROLES, Section, TEMPERATURE, above, may, must, within};
use cellwright_base::units::Dimension;
use std::borrow::Cow;

/// Words for what a step does.
pub(super) const VERBS: &[&str] = &["deposit", "etch", "lift-off", "anneal", "planarise", "infill", "lithiate"];
/// Which part of a mask is etched.
pub(super) const SIDES: &[&str] = &["etched", "kept"];
/// Most columns or rows of an array.
const MOST_COPIES: usize = 1_000_000;

/// `[[mask]]`.
pub(super) static MASK: Section = Section {
    heading: Cow::Borrowed("[[mask]]"),
    doc: "One mask, stencil, screen or tool path: where a step acts. The union of its shapes counts.",
    keys: Cow::Borrowed(&[
        must("name", Kind::Text, "Name that the steps refer to, unique in the design."),
        must("layer", Kind::Text, "GDSII layer and datatype, such as \"3/0\"."),
        may("file", Kind::Text, "GDSII or OASIS file beside the design that holds the shapes."),
        may("cell", Kind::Text, "Cell of that file; its top cell if left out."),
        may("source_layer", Kind::Text, "Layer and datatype in that file; `layer` if left out."),
        may(
            "rectangles",
            Kind::Rows(4, "left, bottom, right, top"),
            "Rectangles: left, bottom, right, top.",
        ),
        may(
            "circles",
            Kind::Rows(3, "x, y, diameter"),
            "Discs: x and y of the middle, diameter.",
        ),
        may(
            "polygons",
            Kind::Outlines(3),
            "Polygons: lists of points, the last one not repeated.",
        ),
        may("paths", Kind::Tables(&PATH), "Lines of constant width with round ends."),
        may("arrays", Kind::Tables(&ARRAY), "One shape repeated on a grid."),
    ]),
};

static PATH: Section = Section {
    heading: Cow::Borrowed("a path"),
    doc: "A line of constant width with round ends.",
    keys: Cow::Borrowed(&[
        must("points", Kind::Points(2), "Points of its middle line."),
        must("width", Kind::Quantity(LENGTH, above(0.0, 1.0)), "Full width."),
    ]),
};

/// An entry of `arrays`; it may hold another array.
pub(super) static ARRAY: Section = Section {
    heading: Cow::Borrowed("an array"),
    doc: "One shape repeated on a grid: exactly one of rectangle, circle, polygon, path, array.",
    keys: Cow::Borrowed(&[
        may(
            "rectangle",
            Kind::Row(4, "left, bottom, right, top"),
            "The shape at column 0, row 0: left, bottom, right, top.",
        ),
        may(
            "circle",
            Kind::Row(3, "x, y, diameter"),
            "The shape at column 0, row 0: x, y, diameter.",
        ),
        may("polygon", Kind::Points(3), "The shape at column 0, row 0, as a list of points."),
        may("path", Kind::Table(&PATH), "The shape at column 0, row 0, as a line with a width."),
        may("array", Kind::Table(&ARRAY), "The shape at column 0, row 0 is an array itself."),
        must(
            "pitch",
            Kind::Pair(Dimension::LENGTH, within(-1.0, 1.0)),
            "Distance from one column, and one row, to the next.",
        ),
        must("count", Kind::Counts(MOST_COPIES), "Columns and rows."),
    ]),
};

/// `[substrate]`.
pub(super) static SUBSTRATE: Section = Section {
    heading: Cow::Borrowed("[substrate]"),
    doc: "What everything stands on: a wafer with a thickness, or a fibre with a diameter.",
    keys: Cow::Borrowed(&[
        must(
            "material",
            Kind::Text,
            "Name of the material in the library (cellwright materials list).",
        ),
        may(
            "thickness",
            Kind::Quantity(LENGTH, above(0.0, 0.1)),
            "Thickness of a wafer or foil.",
        ),
        may("diameter", Kind::Quantity(LENGTH, above(0.0, 0.1)), "Diameter of a fibre along x."),
        may(
            "role",
            Kind::Choice(ROLES),
            "\"substrate\" (default), or an electrode if the wafer is one.",
        ),
    ]),
};

/// `[window]`.
pub(super) static WINDOW: Section = Section {
    heading: Cow::Borrowed("[window]"),
    doc: "The part of the die that is fabricated and counted, mirrored at its sides; the whole die if left out.",
    keys: Cow::Borrowed(&[
        must(
            "from",
            Kind::Pair(Dimension::LENGTH, within(0.0, 1.0)),
            "Lower left corner on the die.",
        ),
        must(
            "to",
            Kind::Pair(Dimension::LENGTH, above(0.0, 1.0)),
            "Upper right corner on the die.",
        ),
        may(
            "repeats",
            Kind::Number(above(0.0, 1e12)),
            "How many such windows the chip holds; 1 if left out.",
        ),
        may(
            "negative_tab",
            Kind::Choice(EDGES),
            "Side of the window where the metal of the negative electrode is contacted: its resistance is then followed. Without tabs the \
             collectors are ideal.",
        ),
        may(
            "positive_tab",
            Kind::Choice(EDGES),
            "The same for the positive electrode; both or none.",
        ),
        may(
            "finger_length",
            Kind::Quantity(LENGTH, above(0.0, 1.0)),
            "Length of the fingers if the window is one slice of many along them; their tips are then left out.",
        ),
        may(
            "bus",
            Kind::Pair(Dimension::LENGTH, above(0.0, 1.0)),
            "Width and length of the bus that the windows hang on side by side, as thick as their metal; each window is contacted by itself if \
             left out.",
        ),
        may(
            "pad",
            Kind::Pair(Dimension::LENGTH, above(0.0, 1.0)),
            "The pad in the middle of each bus: its width along the bus, and the way from the bus to where it is contacted.",
        ),
    ]),
};

/// `[[step]]`.
pub(super) static STEP: Section = Section {
    heading: Cow::Borrowed("[[step]]"),
    doc: "One process step; which keys it takes depends on `do`.",
    keys: Cow::Borrowed(STEP_KEYS),
};

const STEP_KEYS: &[Key] = &[
    must(
        "name",
        Kind::Text,
        "Name of the step and of the film it makes, unique in the design.",
    ),
    must(
        "do",
        Kind::Choice(VERBS),
        "What is done: deposit, etch, lift-off, anneal, planarise, infill or lithiate.",
    ),
    may("technique", Kind::Text, "How a film is deposited or etched."),
    may(
        "material",
        Kind::Text,
        "Name of the material in the library (cellwright materials list).",
    ),
    may("role", Kind::Choice(ROLES), "What the film is for."),
    may(
        "thickness",
        Kind::Quantity(LENGTH, above(0.0, 0.1)),
        "Thickness on an open flat surface after drying; left out where cycles, charge or wet thickness decide it.",
    ),
    may("mask", Kind::Text, "Name of the mask; everywhere if left out."),
    may(
        "on",
        Kind::Texts,
        "Grows only on the exposed surface of these steps (electrodeposition).",
    ),
    may(
        "porosity",
        Kind::Number(within(0.0, 0.99)),
        "Void fraction that electrolyte will fill; 0 if left out.",
    ),
    may(
        "temperature",
        Kind::Quantity(TEMPERATURE, within(73.15, 2273.15)),
        "Temperature of the wafer; the technique's usual one if left out.",
    ),
    may("cycles", Kind::Number(above(0.0, 1e7)), "Number of atomic-layer-deposition cycles."),
    may(
        "exposure",
        Kind::Quantity(&[Dimension::EXPOSURE], above(0.0, 1e9)),
        "Pressure times time of the precursor per cycle.",
    ),
    may(
        "sticking",
        Kind::Number(above(0.0, 1.0)),
        "Sticking probability in chemical vapour deposition.",
    ),
    may(
        "current_density",
        Kind::Quantity(&[Dimension::CURRENT_DENSITY], above(0.0, 1e7)),
        "Current density of plating.",
    ),
    may(
        "duration",
        Kind::Quantity(&[Dimension::TIME], above(0.0, 3.2e8)),
        "How long the step takes.",
    ),
    may(
        "wet_thickness",
        Kind::Quantity(LENGTH, above(0.0, 0.1)),
        "Thickness of a print or coat before drying.",
    ),
    may(
        "solids",
        Kind::Number(above(0.0, 1.0)),
        "Volume fraction of solids in the ink or paste.",
    ),
    may(
        "nozzle",
        Kind::Quantity(LENGTH, above(0.0, 0.01)),
        "Inner diameter of the nozzle (direct ink writing).",
    ),
    may("layers", Kind::Count(1, 100_000, false), "Number of printed layers or passes."),
    may(
        "pore_diameter",
        Kind::Quantity(LENGTH, above(0.0, 0.01)),
        "Pore diameter of a template (holographic, imprint, inverse opal).",
    ),
    may(
        "area_per_volume",
        Kind::Quantity(&[Dimension::PER_LENGTH], above(0.0, 1e12)),
        "Surface per volume of a template.",
    ),
    may(
        "inside",
        Kind::Choice(SIDES),
        "Whether the shapes of the mask are \"etched\" (default) or \"kept\".",
    ),
    may(
        "depth",
        Kind::Quantity(LENGTH, within(-0.1, 0.1)),
        "Depth below the upper face of the substrate, negative above it; through all of `only` if left out.",
    ),
    may(
        "sidewall",
        Kind::Angle(above(0.0, std::f64::consts::PI)),
        "Angle of the wall to the floor; 90 deg (default) is vertical, less narrows a hole downwards.",
    ),
    may(
        "only",
        Kind::Texts,
        "Steps whose films are attacked, \"substrate\" for the substrate; everything if left out.",
    ),
    may("resist", Kind::Text, "Step whose film is dissolved in a lift-off."),
    may(
        "height",
        Kind::Quantity(LENGTH, within(-0.1, 0.1)),
        "Height above the upper face of the substrate that is polished down to.",
    ),
    may(
        "level",
        Kind::Quantity(LENGTH, within(-0.1, 0.1)),
        "Height above the upper face of the substrate that a liquid fills up to.",
    ),
    may("electrode", Kind::Text, "Step that made the electrode which is lithiated."),
    may("stoichiometry", Kind::Number(within(0.0, 1.0)), "Stoichiometry that is reached."),
];
