//! The process flow as a strip: one small section per step, all to one scale.

use super::legend::View;
use super::picture::{Paint, SectionPicture};
use super::section_svg::{fitted, paint, scale_words};
use super::svg::Drawing;
use super::text::{escape, formula, length};
use std::fmt::Write;

/// One step and the section after it.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowStep {
    /// Name of the step.
    pub name: String,
    /// Technique in words.
    pub technique: String,
    /// What matters most about it: "1.0 µm at 300 °C".
    pub parameter: String,
    /// The region that it made, if it made one.
    pub region: Option<usize>,
    /// The section after it.
    pub picture: SectionPicture,
}

/// The strip as an HTML fragment: a list that makes as many columns as there is room for, numbered in the order of the flow.
pub fn flow_strip(steps: &[FlowStep], palette: &[Paint], id: &str) -> String {
    let Some(first) = steps.first() else { return String::new() };
    // One frame for all steps.
    let mut frame = first.picture.clone();
    for step in steps {
        frame.width = frame.width.max(step.picture.width);
        frame.bottom = frame.bottom.min(step.picture.bottom);
        frame.top = frame.top.max(step.picture.top);
    }
    let ([w, h], stretch) = fitted(&frame, [220.0, 190.0], [96.0, 70.0]);
    let mut out = format!(
        r#"<style>{STYLE}</style><figure class="cwx-flow"><figcaption>{} wide, {}</figcaption><ol>"#,
        escape(&length(frame.width)),
        scale_words(stretch)
    );
    for (i, step) in steps.iter().enumerate() {
        let mut drawing = Drawing::new(&format!("{id}-{}", i + 1));
        let view = View {
            corner: [0.5, 0.5],
            scale: [w / frame.width.max(1e-30), h / (frame.top - frame.bottom).max(1e-30)],
            size: [w, h],
        };
        let clip = drawing.part("c");
        let edge = format!(r#"x="0.5" y="0.5" width="{w:.1}" height="{h:.1}""#);
        let _ = write!(drawing.body, r#"<clipPath id="{clip}"><rect {edge}/></clipPath>"#);
        let mut picture = step.picture.clone();
        picture.top = frame.top;
        paint(&mut drawing, &picture, palette, &view, &clip, 1);
        let _ = write!(drawing.body, r#"<rect class="gr" {edge}/>"#);
        let swatch = step.region.and_then(|r| palette.get(r)).map(|p| {
            let class = drawing.fill(p.colour);
            format!(
                r#"<svg class="cwx" width="11" height="11" aria-hidden="true"><rect class="{class}" width="11" height="11" rx="2"/></svg>"#
            )
        });
        let title = format!("Step {}: {}", i + 1, formula(&step.name));
        let _ = write!(
            out,
            r#"<li>{}<p><b>{}</b> {}<span>{}</span></p><p class="k">{}{}{}</p></li>"#,
            drawing.finish([w + 1.0, h + 1.0], &title, &format!("Section after {}", formula(&step.name))),
            i + 1,
            swatch.unwrap_or_default(),
            escape(&formula(&step.name)),
            escape(&formula(&step.technique)),
            if step.parameter.is_empty() || step.technique.is_empty() {
                ""
            } else {
                ", "
            },
            escape(&formula(&step.parameter))
        );
    }
    out.push_str("</ol></figure>");
    out
}

const STYLE: &str = ".cwx-flow{margin:0;font:12.5px/1.4 Inter,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;color:var(--ink,#1b1f24)}.cwx-flow figcaption{color:var(--mut,#646b73);margin:0 0 8px}.cwx-flow ol{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(190px,100%),1fr));gap:18px 20px}.cwx-flow li{min-width:0;break-inside:avoid}.cwx-flow li>svg{display:block}.cwx-flow p{margin:5px 0 0;overflow-wrap:anywhere;display:flex;gap:6px;align-items:baseline}.cwx-flow p b{flex:none;font-weight:600;color:var(--mut,#646b73)}.cwx-flow p svg{flex:none;width:11px;height:11px}.cwx-flow p span{font-weight:600}.cwx-flow p.k{margin:0;color:var(--mut,#646b73)}";

#[cfg(test)]
mod tests {
    use super::super::picture::palette;
    use super::*;
    use cellwright_device::Role;

    #[test]
    fn steps_are_numbered_and_share_a_frame() {
        let paints = palette(&[("wafer", "Si", Role::Substrate), ("cathode", "LiCoO2", Role::Positive)]);
        let step = |top: f64, region: usize| FlowStep {
            name: paints[region].name.clone(),
            technique: "rf-sputter".into(),
            parameter: "1 µm".into(),
            region: Some(region),
            picture: SectionPicture {
                width: 10e-6,
                bottom: -1e-6,
                top,
                layers: vec![(region, vec![vec![[0.0, 0.0], [10e-6, 0.0], [10e-6, top], [0.0, top]]])],
                thickness: Vec::new(),
                cut: String::new(),
                title: String::new(),
            },
        };
        let html = flow_strip(&[step(1e-6, 0), step(2e-6, 1)], &paints, "f");
        assert_eq!(html.matches("<li>").count(), 2);
        assert!(html.contains("Step 2: cathode") && html.contains("rf-sputter, 1 µm"));
        let boxes: Vec<&str> = html.split("viewBox=\"").skip(1).filter_map(|t| t.split('"').next()).collect();
        assert!(boxes.len() == 2 && boxes[0] == boxes[1], "{boxes:?}");
        assert_eq!(flow_strip(&[], &paints, "f"), "");
    }
}
