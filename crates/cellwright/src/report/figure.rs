//! A figure as a value: axes, series, bands and marks, independent of how it is drawn.

use super::colour::Colour;
use serde::{Deserialize, Serialize};

/// One line plot. Coordinates are in display units (the labels say which).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figure {
    /// Letters, digits and dashes; unique in the page.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What the plot shows, in words, for those who cannot see it.
    pub finding: String,
    /// Text below, *marked text*.
    pub note: String,
    /// Width and height in user units; text is 12 units high.
    pub size: [f64; 2],
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// Curves, in drawing order (areas stack in this order).
    pub series: Vec<Series>,
    /// Vertical bands behind the curves, with names.
    pub bands: Vec<Band>,
    /// Horizontal limits.
    pub limits: Vec<Limit>,
    /// Straight reference lines, dotted, with names.
    pub guides: Vec<Guide>,
    /// Position of the time mark; present in plots over time.
    pub now: Option<f64>,
    /// Read-out by nearest point instead of by x.
    pub nearest: bool,
    /// A picture that fills the plot area, with its colour scale.
    pub raster: Option<Raster>,
    /// Horizontal strata with names, drawn over the picture.
    pub strata: Vec<Band>,
}

/// A picture behind the axes and the scale of its colours.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Raster {
    /// Data address of the picture.
    pub uri: String,
    /// Values at the ends of the colour scale.
    pub limits: [f64; 2],
    /// "x in LiₓCoO₂", with unit.
    pub label: String,
    /// Which field of the script's data it shows.
    pub field: usize,
}

/// An axis of a figure.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Axis {
    /// "Test time / h".
    pub label: String,
    /// Limits; none takes them from the data.
    pub limits: Option<[f64; 2]>,
    /// Logarithmic.
    pub log: bool,
    /// Ticks with labels; empty chooses them.
    pub ticks: Vec<(f64, String)>,
    /// Column label for copied data ("Test Time / s"); empty uses `label`.
    pub column: String,
    /// Factor from shown to copied data.
    pub column_factor: f64,
    /// Piecewise linear map from axis position to the value read out, for stretched axes; empty is the identity.
    pub warp: Vec<[f64; 2]>,
}

impl Axis {
    /// An axis that chooses limits and ticks itself.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            column_factor: 1.0,
            ..Self::default()
        }
    }

    /// The same with fixed limits.
    pub fn with_limits(self, lo: f64, hi: f64) -> Self {
        Self {
            limits: Some([lo, hi]),
            ..self
        }
    }

    /// The same, logarithmic.
    pub fn logarithmic(self) -> Self {
        Self { log: true, ..self }
    }

    /// The same, with the name and unit that copied data carry.
    pub fn with_column(self, label: &str, factor: f64) -> Self {
        Self {
            column: label.into(),
            column_factor: factor,
            ..self
        }
    }
}

/// How a series is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stroke {
    /// Full line.
    #[default]
    Line,
    /// Dashed line.
    Dashed,
    /// Thin line, for comparison.
    Thin,
    /// Area stacked on the areas before it.
    Area,
    /// Line with a ring at each point.
    Rings,
    /// Thin line with a filled square at each point: values of others.
    Squares,
    /// Thin line with an open square at each point: values of others that rest on an assumption.
    OpenSquares,
}

/// One curve.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Series {
    /// Name in the legend and the read-out.
    pub name: String,
    /// Colour.
    pub colour: Colour,
    /// Form.
    pub stroke: Stroke,
    /// Positions; a value that is not finite breaks the line.
    pub x: Vec<f64>,
    /// Values.
    pub y: Vec<f64>,
    /// Text written at the last visible point.
    pub end: String,
    /// Keep every point (the script writes new values into it).
    pub exact: bool,
    /// Leave out of the legend.
    pub unlisted: bool,
}

impl Series {
    /// A full line.
    pub fn line(name: impl Into<String>, colour: Colour, x: Vec<f64>, y: Vec<f64>) -> Self {
        Self {
            name: name.into(),
            colour,
            x,
            y,
            ..Self::default()
        }
    }

    /// The same in another form.
    pub fn drawn(self, stroke: Stroke) -> Self {
        Self { stroke, ..self }
    }
}

/// A vertical band, such as a protocol step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Band {
    /// Left and right end.
    pub span: [f64; 2],
    /// Written at the top where it fits.
    pub label: String,
    /// Shaded; neighbours alternate.
    pub shaded: bool,
    /// Shade with a place colour instead of grey.
    pub colour: Option<Colour>,
}

/// A horizontal limit.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limit {
    /// Where.
    pub y: f64,
    /// What it limits.
    pub label: String,
}

/// A straight dotted reference between two points.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Guide {
    /// From.
    pub from: [f64; 2],
    /// To.
    pub to: [f64; 2],
    /// Written at `to`.
    pub label: String,
}
