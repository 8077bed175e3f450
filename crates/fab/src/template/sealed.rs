//! Dam, fill and lid: how a liquid or gel electrolyte is kept on a chip.

use super::build::{Flow, Rect, frame, rectangle};
use super::chosen::Chosen;

/// Prints a dam around the cell, fills it with the film `electrolyte` up to a level, and puts the film `lid` on top.
pub(super) fn dam_fill_lid(flow: &mut Flow, chosen: &Chosen<'_>, body: Rect, sealed: Rect, level: f64) {
    flow.mask("dam", frame(sealed, body));
    flow.mask("electrolyte", vec![rectangle(body)]);
    flow.mask("lid", vec![rectangle(sealed)]);
    flow.film(chosen.film("dam"), 25.0, |d| {
        d.thickness = level;
        d.mask = Some("dam".to_owned());
    });
    flow.infill(chosen.film("electrolyte"), level, Some("electrolyte"));
    flow.film(chosen.film("lid"), 25.0, |d| d.mask = Some("lid".to_owned()));
}
