//! The fabricated device in the chapter "Device": key figures, pictures, parts, process steps, masks, broken rules.

use super::data::{Fabricated, Part, RuleFinding};
use super::escape::{escape, marked};
use super::kind::Kind;
use super::number::{formula, significant};
use super::picture::picture;
use std::fmt::Write;

/// Everything that fabrication says.
pub fn fabricated(f: &Fabricated) -> String {
    let mut out = String::new();
    if !f.lede.is_empty() {
        let _ = write!(out, r#"<p class="lede">{}</p>"#, marked(&f.lede));
    }
    out.push_str(&findings(f));
    let mut pictures = f.pictures.iter();
    if let Some(section) = pictures.next() {
        let _ = write!(out, r#"<div class="gap">{}</div>"#, picture(section));
    }
    out.push_str(&figures(f));
    out.push_str(&parts(&f.parts));
    let rest: String = pictures.map(|p| format!(r#"<div class="gap">{}</div>"#, picture(p))).collect();
    let _ = write!(out, r#"{rest}<div class="g2 gap">{}{}</div>"#, steps(f), masks(f));
    out
}

fn figures(f: &Fabricated) -> String {
    if f.figures.is_empty() {
        return String::new();
    }
    let rows: String = f
        .figures
        .iter()
        .map(|k| {
            format!(
                r#"<tr><td>{}</td><td class="n">{}</td><td>{}</td></tr>"#,
                escape(&k.label),
                escape(format!("{} {}", k.value, k.unit).trim_end()),
                escape(&k.basis)
            )
        })
        .collect();
    format!(
        r#"<div class="tw gap"><table class="t"><thead><tr><th>Key figure</th><th class="n">Value</th><th>Basis</th></tr></thead><tbody>{rows}</tbody></table></div>"#
    )
}

fn parts(parts: &[Part]) -> String {
    if parts.is_empty() {
        return r#"<p class="empty gap">Nothing is left on the chip.</p>"#.into();
    }
    let mut out = String::from(
        r#"<div class="tw gap"><table class="t films"><thead><tr><th>Part of the whole chip</th><th>Made by</th><th class="n">Thickness, least / mean / most</th><th class="n">Volume</th><th class="n">Mass</th><th class="n">Capacity</th><th class="n">Surface</th><th>Hottest later</th></tr></thead><tbody>"#,
    );
    let text = |value: Option<f64>, kind: Kind| value.map_or("—".to_owned(), |v| kind.text(v));
    for p in parts.iter().rev() {
        let pores = if p.porosity > 0.0 {
            format!(", {} % pores", significant(100.0 * p.porosity, 2))
        } else {
            String::new()
        };
        let _ = write!(
            out,
            r#"<tr><td><i class="sw" style="background:{}"></i>{}<br><small>{}{}</small></td><td>{}</td><td class="n">{}</td><td class="n">{}</td><td class="n">{}</td><td class="n">{}</td><td class="n">{}</td><td><small>{}</small></td></tr>"#,
            p.role.colour().css(),
            escape(&formula(&p.name)),
            escape(&formula(&p.material)),
            escape(&pores),
            if p.technique.is_empty() {
                "—".into()
            } else {
                escape(&p.technique)
            },
            escape(&p.thickness.map_or("—".into(), thickness)),
            escape(&Kind::Volume.text(p.volume)),
            escape(&text(p.mass, Kind::Mass)),
            escape(&text(p.capacity, Kind::Capacity)),
            escape(&Kind::Area.text(p.surface)),
            escape(if p.heat.is_empty() { "—" } else { &p.heat })
        );
    }
    out + "</tbody></table></div>"
}

/// "0.95 / 1.00 / 1.02 µm"; one number where they agree to a thousandth.
fn thickness([least, mean, most]: [f64; 3]) -> String {
    if most - least <= 1e-3 * mean.abs() {
        return Kind::Length.text(mean);
    }
    let unit = Kind::Length.unit(mean);
    let [a, b, c] = [least, mean, most].map(|v| significant(unit.of(v), 3));
    format!("{a} / {b} / {c} {}", unit.symbol)
}

fn steps(f: &Fabricated) -> String {
    if f.steps.is_empty() {
        return String::new();
    }
    let mut out = String::from(
        r#"<div class="tw"><table class="t"><thead><tr><th class="n">Step</th><th>Does</th><th class="n">At</th><th class="n">Takes</th><th class="n">Cost, 1 to 5</th></tr></thead><tbody>"#,
    );
    for (i, s) in f.steps.iter().enumerate() {
        let _ = write!(
            out,
            r#"<tr><td class="n">{}</td><td>{}<br><small>{}</small></td><td class="n">{}</td><td class="n">{}</td><td class="n">{}</td></tr>"#,
            i + 1,
            escape(&s.name),
            escape(&s.words),
            escape(&Kind::Temperature.text(s.temperature).replace(".0 ", " ")),
            escape(&Kind::Time.text(s.duration)),
            significant(s.cost, 2)
        );
    }
    out + "</tbody></table></div>"
}

fn masks(f: &Fabricated) -> String {
    if f.masks.is_empty() {
        return r#"<p class="empty">No mask is needed.</p>"#.into();
    }
    let mut out = String::from(
        r#"<div class="tw"><table class="t"><thead><tr><th>Mask</th><th>Layer / datatype</th><th class="n">Shapes</th><th>Used by</th></tr></thead><tbody>"#,
    );
    for m in &f.masks {
        let _ = write!(
            out,
            r#"<tr><td>{}</td><td>{}</td><td class="n">{}</td><td>{}</td></tr>"#,
            escape(&m.name),
            escape(&m.layer),
            m.shapes,
            escape(&if m.used_by.is_empty() {
                "—".to_owned()
            } else {
                m.used_by.join(", ")
            })
        );
    }
    out + "</tbody></table></div>"
}

fn findings(f: &Fabricated) -> String {
    if f.findings.is_empty() {
        return match f.rules_hold {
            0 => String::new(),
            n => format!(r#"<p><span class="ok">✓ {n} design rules hold</span></p>"#),
        };
    }
    let list: String = f.findings.iter().map(finding).collect();
    let hold = match f.rules_hold {
        0 => String::new(),
        n => format!(r#"<p class="note">{n} other rules hold.</p>"#),
    };
    format!(r#"<h3>Broken design rules</h3><div class="rules">{list}</div>{hold}"#)
}

fn finding(r: &RuleFinding) -> String {
    let (class, word) = if r.error { ("no", "✗ error") } else { ("warnw", "! warning") };
    let mut where_: Vec<String> = [&r.place, &r.step]
        .into_iter()
        .filter(|t| !t.is_empty())
        .map(|t| escape(t))
        .collect();
    if let Some([x, y, z]) = r.at {
        where_.push(escape(&format!(
            "at x {}, y {}, z {}",
            Kind::Length.text(x),
            Kind::Length.text(y),
            Kind::Length.text(z)
        )));
    }
    let label = if r.label.is_empty() {
        String::new()
    } else {
        format!("<br>{}", escape(&r.label))
    };
    let notes: String = r.notes.iter().map(|n| format!(r#"<p class="note">{}</p>"#, escape(n))).collect();
    format!(
        r#"<div class="card"><p class="rule"><span class="{class}">{word}</span> <code>{}</code> <b>{}</b>{label}</p><p class="note">{}</p>{notes}{}</div>"#,
        escape(&r.code),
        escape(&r.message),
        where_.join(" · "),
        r.picture.as_ref().map_or(String::new(), picture)
    )
}
