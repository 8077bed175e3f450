//! The `[[mask]]` tables: drawn shapes, and files that hold them.

use super::reader::{TableReader, shorten};
use super::{MaskFile, Spanned};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use cellwright_fab::plan::{Mask, Shape};

/// From the numbers of a row to its shape; nothing after a report.
type RowShape<'s> = &'s dyn Fn(&TableReader<'_, '_>, &Spanned<Vec<f64>>) -> Option<Shape>;

/// Keys that draw shapes.
const DRAWN: [&str; 5] = ["rectangles", "circles", "polygons", "paths", "arrays"];

/// One mask, and the file it comes from if its shapes are not drawn in the design.
pub(super) fn mask(t: &TableReader<'_, '_>) -> Option<(Mask, Option<MaskFile>)> {
    let (name, number) = (t.text("name"), layer(t, "layer"));
    let (file, cell, source) = (t.text("file"), t.text("cell"), layer(t, "source_layer"));
    let shapes = shapes(t);
    let (name, layer) = (name?, number?.value);
    let drawn = DRAWN.iter().find(|key| t.entry(key).is_some());
    match (&file, drawn) {
        (Some(file), Some(key)) => {
            let both = Diagnostic::error(ErrorKind::Input, "E019", format!("`file` and `{key}` both draw this mask"));
            t.context
                .report(both.at(file.place.clone()).help("keep one of them, or make two masks"));
            return None;
        }
        (None, None) => {
            let empty = Diagnostic::error(
                ErrorKind::Input,
                "E011",
                format!("the mask \"{}\" has no shapes", shorten(&name.value)),
            );
            let empty = empty.at(t.place.clone()).label("nothing is drawn here");
            t.context
                .report(empty.help("add  rectangles = [[\"0 um\", \"0 um\", \"100 um\", \"50 um\"]]  or  file = \"chip.gds\""));
            return None;
        }
        (None, Some(_)) => {
            for key in ["cell", "source_layer"] {
                if let Some(place) = t.place_of(key) {
                    let idle = Diagnostic::error(
                        ErrorKind::Input,
                        "E019",
                        format!("`{key}` says where in a file, and there is no `file`"),
                    );
                    t.context.report(idle.at(place).help("leave it out"));
                    return None;
                }
            }
        }
        (Some(_), None) => {}
    }
    let import = file.map(|file| MaskFile {
        mask: name.value.clone(),
        file,
        cell: cell.map(|c| c.value),
        layer: source.map_or(layer, |s| s.value),
    });
    let mask = Mask {
        name: name.value,
        layer,
        shapes: shapes?,
        place: Some(name.place),
    };
    Some((mask, import))
}

/// A GDSII layer and datatype: `"3/0"`, or `"3"` for datatype 0.
fn layer(t: &TableReader<'_, '_>, key: &str) -> Option<Spanned<(u16, u16)>> {
    let text = t.text(key)?;
    let (layer, datatype) = text.value.split_once('/').unwrap_or((&text.value, "0"));
    match (layer.trim().parse(), datatype.trim().parse()) {
        (Ok(layer), Ok(datatype)) => Some(Spanned::new((layer, datatype), text.place)),
        _ => {
            let wrong = Diagnostic::error(
                ErrorKind::Input,
                "E014",
                format!("`{}` is not a layer with its datatype", shorten(&text.value)),
            );
            let wrong = wrong.at(text.place).label("two whole numbers from 0 to 65535");
            t.context.report(wrong.help(format!("write {key} = \"3/0\"")));
            None
        }
    }
}

fn shapes(t: &TableReader<'_, '_>) -> Option<Vec<Shape>> {
    let rows = |key: &str, shape: RowShape<'_>| match t.entry(key) {
        None => Some(Vec::new()),
        Some(_) => t.rows(key)?.iter().map(|row| shape(t, row)).collect::<Option<Vec<_>>>(),
    };
    let (rectangles, circles) = (rows("rectangles", &rectangle), rows("circles", &circle));
    let outlines = t.entry("polygons").map(|_| t.outlines("polygons"));
    let paths = t
        .entry("paths")
        .map(|_| t.tables("paths").map(|list| list.iter().map(path).collect::<Vec<_>>()));
    let arrays = t
        .entry("arrays")
        .map(|_| t.tables("arrays").map(|list| list.iter().map(array).collect::<Vec<_>>()));
    let all = |read: Option<Option<Vec<Option<Shape>>>>| match read {
        None => Some(Vec::new()),
        Some(read) => read?.into_iter().collect::<Option<Vec<_>>>(),
    };
    let polygons = match outlines {
        None => Vec::new(),
        Some(read) => read?.into_iter().map(Shape::Polygon).collect(),
    };
    let (paths, arrays) = (all(paths), all(arrays));
    let parts = [rectangles?, circles?, polygons, paths?, arrays?];
    Some(parts.into_iter().flatten().collect())
}

fn rectangle(t: &TableReader<'_, '_>, row: &Spanned<Vec<f64>>) -> Option<Shape> {
    match row.value[..] {
        [left, bottom, right, top] if left < right && bottom < top => Some(Shape::Rectangle([left, bottom], [right, top])),
        _ => {
            let empty = Diagnostic::error(ErrorKind::OutOfRange, "E026", "this rectangle has no area").at(row.place.clone());
            t.context
                .report(empty.help("write left, bottom, right, top, with left < right and bottom < top"));
            None
        }
    }
}

fn circle(t: &TableReader<'_, '_>, row: &Spanned<Vec<f64>>) -> Option<Shape> {
    match row.value[..] {
        [x, y, diameter] if diameter > 0.0 => Some(Shape::Circle { centre: [x, y], diameter }),
        _ => {
            let empty = Diagnostic::error(ErrorKind::OutOfRange, "E026", "this circle has no area").at(row.place.clone());
            t.context.report(empty.help("write x, y, diameter, with a diameter above 0"));
            None
        }
    }
}

fn path(t: &TableReader<'_, '_>) -> Option<Shape> {
    let (points, width) = (t.points("points"), t.quantity("width"));
    Some(Shape::Path {
        points: points?,
        width: width?.value,
    })
}

fn array(t: &TableReader<'_, '_>) -> Option<Shape> {
    let one = [
        t.row("rectangle").map(|row| rectangle(t, &row)),
        t.row("circle").map(|row| circle(t, &row)),
        t.points("polygon").map(|points| Some(Shape::Polygon(points))),
        t.table("path").map(|inner| path(&inner)),
        t.table("array").map(|inner| array(&inner)),
    ];
    let (pitch, count) = (t.pair("pitch"), t.counts("count"));
    let named = ["rectangle", "circle", "polygon", "path", "array"];
    let given = named.iter().filter(|key| t.entry(key).is_some()).count();
    if given != 1 {
        let wrong = Diagnostic::error(
            ErrorKind::Input,
            "E019",
            format!("an array repeats exactly one shape, and this one has {given}"),
        );
        t.context
            .report(wrong.at(t.place.clone()).note(format!("shapes: {}", named.join(", "))));
        return None;
    }
    let pitch = pitch?;
    Some(Shape::Array {
        shape: Box::new(one.into_iter().flatten().next()??),
        pitch: [pitch[0].value, pitch[1].value],
        count: count?,
    })
}
