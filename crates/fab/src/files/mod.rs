//! The masks of a plan as a layout with its hierarchy, for mask shops and layout programs.

use crate::emulate::shapes::outline;
use crate::plan::{Plan, Shape};
use cellwright_layout::{Cell, CellId, Layer, Layout, LayoutError, Path, PathEnd, Placement, Point, Reference, Repetition, gdsii, oasis};

/// Name of the cell that holds everything.
pub const TOP: &str = "TOP";
/// Most that the polygon of a round departs from it, m. Its area is that of the round.
pub const SAGITTA: f64 = 10e-9;
/// Length of one database unit, m.
const UNIT: f64 = 1e-9;

/// The masks as cells below [`TOP`]: one cell per mask, one small cell per array, referred to as an array, so that a quarter million
/// pillars stay a few hundred bytes. Rounds are polygons of the same area. Layer numbers are those of the masks.
///
/// # Errors
/// [`LayoutError::Range`] for a coordinate beyond ±2.147 m or a pitch that is not a number.
pub fn layout(plan: &Plan) -> Result<Layout, LayoutError> {
    let mut layout = Layout::new("CELLWRIGHT");
    let mut masks = Vec::new();
    for mask in &plan.masks {
        let mut cell = Cell::new(&unique(&layout, &format!("MASK_{}", safe(&mask.name))));
        let layer = Layer {
            number: mask.layer.0,
            datatype: mask.layer.1,
        };
        for shape in &mask.shapes {
            draw(&mut layout, &mut cell, layer, shape)?;
        }
        masks.push(layout.add(cell));
    }
    let mut top = Cell::new(TOP);
    top.references = masks.into_iter().map(|cell| placed(cell, None)).collect();
    layout.add(top);
    Ok(layout)
}

/// The layout as a GDSII stream.
///
/// # Errors
/// Those of [`layout`] and [`gdsii::write`].
pub fn gds(layout: &Layout) -> Result<Vec<u8>, LayoutError> {
    let mut bytes = Vec::new();
    gdsii::write(layout, &gdsii::WriteOptions::default(), &mut bytes)?;
    Ok(bytes)
}

/// The layout as an OASIS stream.
///
/// # Errors
/// Those of [`layout`] and [`oasis::write`].
pub fn oas(layout: &Layout) -> Result<Vec<u8>, LayoutError> {
    let mut bytes = Vec::new();
    oasis::write(layout, &mut bytes)?;
    Ok(bytes)
}

fn placed(cell: CellId, repetition: Option<Repetition>) -> Reference {
    Reference {
        cell,
        placement: Placement::at([0, 0]),
        repetition,
    }
}

fn draw(layout: &mut Layout, cell: &mut Cell, layer: Layer, shape: &Shape) -> Result<(), LayoutError> {
    match shape {
        Shape::Rectangle(a, b) => {
            let (a, b) = (point(*a, &cell.name)?, point(*b, &cell.name)?);
            if a[0] != b[0] && a[1] != b[1] {
                cell.polygons.push_rectangle(layer, a, b);
            }
        }
        Shape::Circle { .. } | Shape::Polygon(_) => {
            for ring in outline(shape, SAGITTA) {
                let points: Vec<Point> = ring.iter().map(|p| point(*p, &cell.name)).collect::<Result<_, _>>()?;
                cell.polygons.push(layer, &points);
            }
        }
        Shape::Path { points, width } => {
            let [width, _] = point([*width, 0.0], &cell.name)?;
            let points = points.iter().map(|p| point(*p, &cell.name)).collect::<Result<_, _>>()?;
            cell.paths.push(Path {
                layer,
                width,
                end: PathEnd::Round,
                points,
            });
        }
        Shape::Array { shape, pitch, count } => {
            let name = unique(layout, &format!("ONE_OF_{}", cell.name));
            let mut element = Cell::new(&name);
            draw(layout, &mut element, layer, shape)?;
            let ([dx, _], [_, dy]) = (point([pitch[0], 0.0], &cell.name)?, point([0.0, pitch[1]], &cell.name)?);
            let whole = [f64::from(dx) * UNIT - pitch[0], f64::from(dy) * UNIT - pitch[1]];
            let drift = (0..2).map(|i| whole[i].abs() * f64::from(count[i])).fold(0.0, f64::max);
            let id = layout.add(element);
            if drift < 0.5 * UNIT {
                cell.references
                    .push(placed(id, Some(Repetition::grid(count[0], count[1], [dx, 0], [0, dy]))));
            } else {
                // The pitch is no whole number of units: every place is rounded for itself, so that errors do not add up.
                for i in 0..count[0] {
                    for j in 0..count[1] {
                        let origin = point([f64::from(i) * pitch[0], f64::from(j) * pitch[1]], &cell.name)?;
                        cell.references.push(Reference {
                            cell: id,
                            placement: Placement::at(origin),
                            repetition: None,
                        });
                    }
                }
            }
        }
    }
    Ok(())
}

/// A point in database units.
fn point(p: [f64; 2], cell: &str) -> Result<Point, LayoutError> {
    let mut units = [0; 2];
    for (unit, v) in units.iter_mut().zip(p) {
        let scaled = (v / UNIT).round();
        if scaled.is_nan() || scaled.abs() > f64::from(i32::MAX) {
            return Err(LayoutError::Range {
                quantity: "coordinate of a mask, m",
                cell: cell.to_owned(),
                found: v,
                allowed: "-2.147 m to 2.147 m",
            });
        }
        *unit = scaled as i32;
    }
    Ok(units)
}

/// Letters, digits and underscores: what every reader of GDSII takes.
fn safe(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
        .collect()
}

/// The name, shortened to the 32 characters that every reader of GDSII takes, with a number where it is taken.
fn unique(layout: &Layout, name: &str) -> String {
    let taken = |name: &str| name == TOP || layout.find(name).is_some();
    let short = |room: usize| name.chars().take(room).collect::<String>();
    let numbered = (2..).map(|k| format!("{}_{k}", short(24)));
    let mut all = std::iter::once(short(32)).chain(numbered);
    all.find(|n| !taken(n)).unwrap_or_else(|| short(32))
}
