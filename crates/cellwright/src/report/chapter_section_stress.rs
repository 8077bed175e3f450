//! Stress on the section of a device: maps, greatest values with their places, verdicts.

use super::data::StressOnSection;
use super::escape::{escape, marked};
use super::number;
use super::section_map::{Scale, Shading, drawing};
use super::typeset;
use std::fmt::Write;

/// The maps and the table.
pub fn block(section: &StressOnSection) -> String {
    let mut out = format!(
        r#"<h3 class="gap" id="section-stress">Stress on the section</h3><p class="lede">{}</p>"#,
        marked(&typeset::prose(&section.lede))
    );
    let drawn: Vec<_> = section.maps.iter().filter(|m| m.holds()).collect();
    if !drawn.is_empty() {
        out.push_str(r#"<div class="g2 maps">"#);
    }
    for (i, view) in drawn.iter().enumerate() {
        let (Some(field), scale) = (view.fields.first(), Scale::new(view)) else {
            continue;
        };
        let _ = write!(
            out,
            r#"<figure class="fig" id="smap{i}-f"><figcaption><b>{}</b></figcaption><div class="pw">{}</div><p class="note">{} {}</p></figure>"#,
            escape(&number::formula(&field.title)),
            drawing(view, field, &scale, &Shading::new(field), &format!("smap{i}"), 0),
            marked(&field.note),
            scale.words()
        );
    }
    if !drawn.is_empty() {
        out.push_str("</div>");
    }
    if !section.rows.is_empty() {
        out.push_str(
            r#"<div class="tw gap"><table class="t"><thead><tr><th>When</th><th>Greatest</th><th class="n">Value</th><th>Where</th><th>In</th></tr></thead><tbody>"#,
        );
        for r in &section.rows {
            let _ = write!(
                out,
                r#"<tr><td>{}</td><td>{}</td><td class="n nw">{}</td><td class="nw">{}</td><td>{}</td></tr>"#,
                escape(&r.moment),
                escape(&r.quantity),
                escape(&r.value),
                escape(&r.place),
                escape(&r.body)
            );
        }
        out.push_str("</tbody></table></div>");
    }
    for note in &section.notes {
        let _ = write!(out, r#"<p class="note">{}</p>"#, marked(&typeset::prose(note)));
    }
    out
}
