//! Masks that a design takes from files of a layout program.

use crate::design::MaskFile;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, nearest};
use cellwright_fab::plan::{Plan, Shape};
use cellwright_layout::{Layer, LayoutError, gdsii};

/// The shapes of one layer of a GDSII file below one of its cells, m; everything as polygons, as it stands on the chip.
///
/// # Errors
/// `E083` if the file cannot be used: it breaks the format (with the byte), lacks the cell, or has nothing on the layer.
pub fn import(bytes: &[u8], wanted: &MaskFile) -> Result<Vec<Shape>, Diagnostic> {
    let file = &wanted.file.value;
    let refused = |message: String| Diagnostic::error(ErrorKind::Input, "E083", message).at(wanted.file.place.clone());
    let broken = |e: LayoutError| refused(format!("`{file}` cannot be used as a mask")).label(e.to_string());
    let reading =
        gdsii::read(bytes).map_err(|e| broken(e).help("write it again as GDSII stream format, version 6 or lower, uncompressed"))?;
    let layout = &reading.layout;
    let cell = match &wanted.cell {
        Some(name) => layout.find(name).ok_or_else(|| {
            let names: Vec<&str> = layout.cells.iter().map(|c| c.name.as_str()).collect();
            let missing = refused(format!("`{file}` has no cell \"{name}\""));
            let missing = missing.note(format!("cells: {}", listed(&names)));
            match nearest(name, names.iter().copied()) {
                Some(near) => missing.help(format!("did you mean `{near}`?")),
                None => missing,
            }
        })?,
        None => match layout.top_cells()[..] {
            [top] => top,
            [] => return Err(refused(format!("`{file}` holds no cell"))),
            ref tops => {
                let names: Vec<&str> = tops.iter().map(|t| layout.cells[t.0].name.as_str()).collect();
                let several = refused(format!("`{file}` has {} top cells", tops.len()));
                return Err(several.help(format!("say which one: cell = \"{}\"  (there are {})", names[0], listed(&names))));
            }
        },
    };
    let layer = Layer {
        number: wanted.layer.0,
        datatype: wanted.layer.1,
    };
    let rings = layout.flatten(cell, layer, None).map_err(broken)?;
    if rings.is_empty() {
        let there: Vec<String> = layout.layers().iter().map(|l| format!("{}/{}", l.number, l.datatype)).collect();
        let there: Vec<&str> = there.iter().map(String::as_str).collect();
        let empty = refused(format!("`{file}` has nothing on layer {}/{}", layer.number, layer.datatype));
        return Err(empty
            .help("say where the shapes are: source_layer = \"3/0\"")
            .note(format!("layers in the file: {}", listed(&there))));
    }
    let unit = layout.database_unit;
    let metres = |ring: Vec<[i32; 2]>| Shape::Polygon(ring.iter().map(|p| p.map(|v| f64::from(v) * unit)).collect());
    Ok(rings.into_iter().map(metres).collect())
}

/// The first few of a list.
fn listed(names: &[&str]) -> String {
    match names.len() {
        0 => "none".to_owned(),
        n if n > 12 => format!("{}, and {} more", names[..12].join(", "), n - 12),
        _ => names.join(", "),
    }
}

/// Completes the plan with the shapes of the mask files, which `read` finds beside the design.
///
/// # Errors
/// Every file that cannot be read or used.
pub fn complete(
    plan: &mut Plan,
    files: &[MaskFile],
    read: &mut dyn FnMut(&str) -> Result<Vec<u8>, Diagnostic>,
) -> Result<(), Vec<Diagnostic>> {
    let mut faults = Vec::new();
    for file in files {
        let placed = |d: Diagnostic| if d.place.is_none() { d.at(file.file.place.clone()) } else { d };
        match read(&file.file.value).map_err(placed).and_then(|bytes| import(&bytes, file)) {
            Ok(shapes) => {
                let masks = plan.masks.iter_mut().filter(|mask| mask.name == file.mask);
                masks.for_each(|mask| mask.shapes.clone_from(&shapes));
            }
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}
