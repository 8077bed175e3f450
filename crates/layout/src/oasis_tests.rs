//! OASIS bytes of a small cell, what is refused.

use super::*;

#[test]
fn a_rectangle_in_a_cell_byte_by_byte() {
    let mut layout = Layout::new("x");
    let mut cell = Cell::new("A");
    cell.polygons.push_rectangle(Layer { number: 1, datatype: 2 }, [-1, 3], [9, 23]);
    layout.add(cell);
    let mut bytes = vec![];
    write(&layout, &mut bytes).expect("valid");
    let mut expected = b"%SEMI-OASIS\r\n\x01\x031.0\x00\xe8\x07".to_vec();
    expected.extend([0; 13]);
    expected.extend(b"\x03\x01A\x0d\x00");
    // Layer 1, datatype 2, width 10, height 20, x = -1, y = 3.
    expected.extend([20, 0b0111_1011, 1, 2, 10, 20, 3, 6]);
    let end = expected.len();
    assert_eq!(bytes[..end], expected);
    assert_eq!(bytes.len(), end + 256);
    assert_eq!(bytes[end..end + 3], [2, 0xfc, 1]);
}

#[test]
fn names_with_spaces_and_degenerate_shapes_are_refused() {
    let mut layout = Layout::new("x");
    layout.add(Cell::new("a b"));
    assert!(matches!(write(&layout, &mut vec![]), Err(LayoutError::Name { .. })));
    layout.cells[0].name = String::from("a");
    layout.cells[0].polygons.push(Layer::default(), &[[0, 0], [1, 1]]);
    assert!(matches!(write(&layout, &mut vec![]), Err(LayoutError::Range { .. })));
}
