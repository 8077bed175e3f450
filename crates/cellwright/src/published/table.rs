//! The table of published cells: what is drawn, on which basis, from where, how far to trust it, and what is not drawn and why.

use super::{Point, System, systems};
use crate::report::escape::{escape, marked};
use crate::report::figure_html::details_named;
use crate::report::kind::Kind;
use crate::report::number::significant;
use crate::report::typeset::prose;
use std::fmt::Write;

/// All published cells, folded away.
pub fn table() -> String {
    let head = r#"<table class="t"><thead><tr><th>Published cell</th><th>Rate</th><th class="n">Energy</th><th class="n">Mean power</th><th class="n">Kept</th><th>Footprint; how come by</th><th>Source; confidence</th></tr></thead><tbody>"#;
    let rows: String = systems().iter().map(rows).collect();
    details_named("Published cells: values, bases, sources", &format!("{head}{rows}</tbody></table>"))
}

fn rows(s: &System) -> String {
    let list = |f: &dyn Fn(&Point) -> String| s.points.iter().map(f).collect::<Vec<_>>().join("<br>");
    let value = |v: Option<f64>, kind: Kind| v.map_or("—".to_owned(), |v| escape(&kind.text(v)));
    let mut remarks = vec![format!("{}.", s.how.word())];
    if let Some(why) = &s.left_out {
        remarks.insert(0, format!("**Not drawn**: {why}."));
    }
    if !s.kept_of.is_empty() {
        remarks.push(format!("Kept: relative to {}.", s.kept_of));
    }
    remarks.extend((!s.note.is_empty()).then(|| s.note.clone()));
    let mut out = String::new();
    let _ = write!(
        out,
        r#"<tr><td><b>{}</b><br>{}</td><td>{}</td><td class="n">{}</td><td class="n">{}</td><td class="n">{}</td><td>{}; {}</td><td>{}; {}</td></tr>"#,
        escape(&s.short),
        escape(&prose(&s.cell)),
        list(&|p| escape(&prose(&p.rate).replace(' ', "\u{a0}"))),
        list(&|p| value(p.energy, Kind::ArealEnergy)),
        list(&|p| value(p.power, Kind::ArealPower)),
        list(&|p| p.kept.map_or("—".to_owned(), |k| format!("{} %", significant(100.0 * k, 3)))),
        escape(&prose(&s.footprint)),
        marked(&prose(&remarks.join(" "))),
        escape(&s.source),
        escape(&s.confidence)
    );
    out
}
