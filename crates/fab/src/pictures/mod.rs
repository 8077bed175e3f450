//! From the made device to what is shown of it: sections, process strip, masks, proofs of broken rules, three-dimensional models.
//!
//! The shapes come from the fields of the tape themselves, sampled only near surfaces; [`crate::export`] draws them.
//!
//! | picture | function |
//! |---|---|
//! | where a section tells most | [`cut::telling`] |
//! | section after any step | [`section::Sections`] |
//! | one frame per step | [`strip::strip`] |
//! | all masks, and the window | [`masks::plan`] |
//! | the place where a rule is broken | [`proof::proof`] |
//! | coloured surfaces with a section plane | [`body::glb`], [`body::stl`] |
//! | the regions as cells | [`cells::vtu`] |
//! | tool paths | [`print::prints`] |

pub mod body;
pub mod cells;
pub mod cut;
pub mod layers;
pub mod masks;
pub mod print;
pub mod proof;
mod sample;
pub mod section;
pub mod strip;

use crate::export::{Paint, palette};
use crate::fabrication::Region;

/// Colours and names of all regions.
pub fn paints(regions: &[Region]) -> Vec<Paint> {
    let named: Vec<(&str, &str, _)> = regions.iter().map(|r| (r.name.as_str(), r.material.as_str(), r.role)).collect();
    palette(&named)
}
