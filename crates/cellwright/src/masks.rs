//! Masks that a design takes from files of a layout program.

use crate::design::MaskFile;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use cellwright_fab::plan::{Plan, Shape};

/// The shapes of one layer of a layout file, m.
///
/// # Errors
/// `E083` if the file cannot be used.
pub fn import(bytes: &[u8], wanted: &MaskFile) -> Result<Vec<Shape>, Diagnostic> {
    let message = format!("masks from a file are not in this version: `{}`", wanted.file.value);
    let refused = Diagnostic::error(ErrorKind::Unsupported, "E083", message).at(wanted.file.place.clone());
    Err(refused
        .label(format!("{} bytes", bytes.len()))
        .help("draw the shapes in the design: rectangles, circles, polygons, paths, arrays"))
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
