//! Design rules of plane geometry: least width, space, notch, enclosure, overlap, area; as markers or as worst places.
//!
//! Distances are Euclidean, between facing edges whose directions differ by less than 90° from opposite, strictly less
//! than the limit; what lies behind another edge does not count. These are the defaults of KLayout's checks.
//! On curves the number of markers is that of all pairs of edges, so users are better served by the worst places.

mod check;
mod edges;
mod near;
mod shield;

pub use check::{Marker, Rule, RuleBetween, SmallArea, WorstPlace, markers, markers_between, small_areas, worst_between, worst_places};

#[cfg(test)]
mod tests;
