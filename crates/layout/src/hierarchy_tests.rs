//! Hierarchy: areas, boxes and windows of arrays, circles and gaps.

use super::*;

const L: Layer = Layer { number: 1, datatype: 0 };

fn square(name: &str) -> Cell {
    let mut cell = Cell::new(name);
    cell.polygons.push_rectangle(L, [0, 0], [10, 10]);
    cell
}

fn array(cell: CellId, columns: u32, rows: u32, step: i32) -> Reference {
    Reference {
        cell,
        placement: Placement::at([5, 7]),
        repetition: Some(Repetition::grid(columns, rows, [step, 0], [0, step])),
    }
}

#[test]
fn areas_counts_and_boxes_of_an_array_are_those_of_its_elements() {
    let mut chip = Layout::new("chip");
    let leaf = chip.add(square("leaf"));
    let mut top = Cell::new("top");
    top.references.push(array(leaf, 30, 20, 100));
    let top = chip.add(top);
    assert_eq!(chip.top_cells(), [top]);
    assert_eq!(chip.find("leaf"), Some(leaf));
    assert_eq!(chip.flat_count(top).expect("acyclic"), 600);
    assert_eq!(chip.drawn_areas(top).expect("acyclic")[&L], 60_000.0);
    let boxes = chip.bounds().expect("acyclic");
    assert_eq!(
        boxes[top.0],
        Some(Bounds {
            min: [5, 7],
            max: [2915, 1917]
        })
    );
    assert_eq!(chip.flatten(top, L, None).expect("acyclic").len(), 600);
}

#[test]
fn a_window_of_a_huge_array_shows_only_what_touches_it() {
    let mut chip = Layout::new("chip");
    let leaf = chip.add(square("leaf"));
    let mut top = Cell::new("top");
    // A billion squares: walking through all of them would take minutes.
    top.references.push(array(leaf, 32_000, 32_000, 20));
    let mut turned = array(leaf, 32_000, 32_000, 20);
    turned.placement = Placement {
        rotation: 90.0,
        mirror: true,
        ..Placement::at([1_000_000_000, 0])
    };
    top.references.push(turned);
    let top = chip.add(top);
    let clip = Bounds {
        min: [1000, 1000],
        max: [1100, 1060],
    };
    let found = chip.flatten(top, L, Some(clip)).expect("acyclic");
    let expected = (0..32_000_i64).filter(|i| 20 * i + 5 <= 1100 && 20 * i + 15 >= 1000).count()
        * (0..32_000_i64).filter(|j| 20 * j + 7 <= 1060 && 20 * j + 17 >= 1000).count();
    assert_eq!(found.len(), expected);
    let halo = chip.flatten(top, L, Some(clip.grown(40))).expect("acyclic");
    assert!(halo.len() > found.len());
}

#[test]
fn circles_and_gaps_of_the_hierarchy_are_refused() {
    let mut chip = Layout::new("chip");
    let (a, b) = (chip.add(Cell::new("a")), chip.add(Cell::new("b")));
    chip.cells[a.0].references.push(array(b, 1, 1, 0));
    chip.cells[b.0].references.push(array(a, 1, 1, 0));
    let error = chip.bottom_up().expect_err("circle");
    assert_eq!(
        error.to_string(),
        "cells contain each other: a > b > a; allowed: a hierarchy without circle"
    );
    chip.cells[b.0].references[0].cell = CellId(9);
    assert!(matches!(chip.visit(a, None, &mut |_, _| {}), Err(LayoutError::MissingCell { .. })));
    chip.cells[b.0].references.clear();
    chip.cells[b.0].name = String::from("a");
    assert!(matches!(chip.bottom_up(), Err(LayoutError::DuplicateCell { .. })));
}

#[test]
fn points_beyond_32_bits_are_refused() {
    let mut chip = Layout::new("chip");
    let leaf = chip.add(square("leaf"));
    let mut top = Cell::new("top");
    top.references.push(Reference {
        cell: leaf,
        placement: Placement::at([i32::MAX - 3, 0]),
        repetition: None,
    });
    let top = chip.add(top);
    assert!(matches!(chip.visit(top, None, &mut |_, _| {}), Err(LayoutError::Range { .. })));
}
