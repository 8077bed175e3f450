//! A plot as data for the script that reads values out.

use super::figure::{Axis, Stroke};
use super::number;
use super::plot::Plot;
use std::fmt::Write;

impl Plot {
    /// The JSON the script needs to read values out.
    pub fn json(&self) -> String {
        let (f, l) = (&self.figure, &self.layout);
        let text = |s: &str| serde_json::Value::from(s).to_string();
        let five = |v: &[f64]| v.iter().map(|&x| number::compact(x, 5)).collect::<Vec<_>>().join(",");
        let column = |axis: &Axis| {
            let label = if axis.column.is_empty() { &axis.label } else { &axis.column };
            format!(
                "[{},{}]",
                text(label),
                number::compact(if axis.column.is_empty() { 1.0 } else { axis.column_factor }, 9)
            )
        };
        let warp = |axis: &Axis| axis.warp.iter().map(|w| format!("[{}]", five(w))).collect::<Vec<_>>().join(",");
        let mut out = format!(
            r#"{{"b":[{}],"x":[{}],"y":[{}],"xl":{},"yl":{},"xn":{},"yn":{},"xc":{},"yc":{},"t":{},"p":{},"m":{},"w":[{}],"v":[{}],"s":["#,
            five(&l.area),
            l.x.map(|v| number::compact(v, 9)).join(","),
            l.y.map(|v| number::compact(v, 9)).join(","),
            u8::from(f.x.log),
            u8::from(f.y.log),
            text(&f.x.label),
            text(&f.y.label),
            column(&f.x),
            column(&f.y),
            u8::from(f.now.is_some()),
            u8::from(f.nearest),
            f.raster.as_ref().map_or("null".into(), |r| r.field.to_string()),
            warp(&f.x),
            warp(&f.y)
        );
        for (i, s) in f.series.iter().enumerate() {
            let same_x = i > 0 && s.x == f.series[i - 1].x;
            let _ = write!(
                out,
                r#"{}{{"n":{},"c":"{}","k":{},"x":{},"y":[{}]}}"#,
                if i > 0 { "," } else { "" },
                text(&s.name),
                s.colour.css(),
                match s.stroke {
                    Stroke::Area => 1,
                    Stroke::Thin => 2,
                    _ => 0,
                },
                if same_x { "0".into() } else { format!("[{}]", five(&s.x)) },
                five(&s.y)
            );
        }
        out.push_str("]}");
        out
    }
}
