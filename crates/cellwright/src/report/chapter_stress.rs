//! Part "Stress" of the chapter on limits: what swelling does to the films.

use super::chapter_section_stress;
use super::data::Report;
use super::escape::{escape, marked};
use super::typeset;
use std::fmt::Write;

/// The findings as a table, with what is missing; empty if there is neither.
pub fn block(report: &Report) -> String {
    let Some(stress) = &report.stress else { return String::new() };
    let mut out = String::from(r#"<h3 class="gap" id="stress">Stress</h3>"#);
    if !stress.rows.is_empty() {
        out.push_str(
            r#"<div class="tw"><table class="t"><thead><tr><th>Quantity</th><th class="n">Found</th><th>Meaning</th></tr></thead><tbody>"#,
        );
        for r in &stress.rows {
            let _ = write!(
                out,
                r#"<tr><td>{}</td><td class="n nw">{}</td><td>{}</td></tr>"#,
                escape(&typeset::prose(&r.quantity)),
                escape(&typeset::prose(&r.value)),
                marked(&typeset::prose(&r.meaning))
            );
        }
        out.push_str("</tbody></table></div>");
    }
    if !stress.gaps.is_empty() {
        let _ = write!(
            out,
            r#"<p class="empty">Not judged, because the materials do not have it: {}.</p>"#,
            escape(&typeset::prose(&stress.gaps.join("; ")))
        );
    }
    out.push_str(&stress.section.as_ref().map_or(String::new(), chapter_section_stress::block));
    out
}
