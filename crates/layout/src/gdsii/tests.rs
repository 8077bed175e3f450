//! GDSII files: round trips, what is refused, damaged bytes.

use super::*;
use crate::error::LayoutError;
use crate::hierarchy::{Cell, CellId, Layer, Layout, Path, PathEnd, Reference};
use crate::placement::{Placement, Repetition};
use crate::{boolean, rings};
use proptest::prelude::*;

const L: Layer = Layer { number: 7, datatype: 3 };

fn bytes(layout: &Layout) -> Vec<u8> {
    let mut out = vec![];
    write(layout, &WriteOptions::default(), &mut out).expect("valid layout");
    out
}

fn small() -> Layout {
    let mut layout = Layout::new("lib");
    let mut leaf = Cell::new("leaf");
    leaf.polygons.push_rectangle(L, [0, 0], [100, 50]);
    let leaf = layout.add(leaf);
    let mut top = Cell::new("top");
    top.references.push(Reference {
        cell: leaf,
        placement: Placement::default(),
        repetition: None,
    });
    layout.add(top);
    layout
}

/// Inserts records before the first occurrence of a record type.
fn with_records_before(bytes: &[u8], code: u8, records: &[u8]) -> Vec<u8> {
    let mut at = 0;
    while bytes[at + 2] != code {
        at += usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
    }
    [&bytes[..at], records, &bytes[at..]].concat()
}

#[test]
fn several_xy_records_are_refused_with_their_place() {
    let xy = [0, 12, super::record::XY, 3, 0, 0, 0, 1, 0, 0, 0, 2];
    let broken = with_records_before(&bytes(&small()), super::record::ENDEL, &xy);
    let error = read(broken.as_slice()).expect_err("refused");
    let place = broken.windows(12).position(|w| w == xy).expect("inserted") as u64;
    match error {
        LayoutError::Gdsii { offset, record, found, .. } => {
            assert_eq!((offset, record.as_str()), (place, "XY"));
            assert!(found.contains("second XY"));
        }
        other => panic!("{other}"),
    }
}

#[test]
fn records_of_the_library_header_are_read_over_and_reported() {
    use super::record::{GENERATIONS, LIBDIRSIZE, LIBSECUR, PROPATTR, PROPVALUE, REFLIBS, UNITS};
    let mut records = vec![0, 6, LIBDIRSIZE, 2, 0, 1, 0, 6, LIBSECUR, 2, 0, 1];
    records.extend([0, 8, REFLIBS, 6, b'a', b'b', 0, 0]);
    records.extend([0, 6, GENERATIONS, 2, 0, 3]);
    let file = with_records_before(&bytes(&small()), UNITS, &records);
    let file = with_records_before(&file, super::record::ENDEL, &[0, 6, PROPATTR, 2, 0, 1, 0, 6, PROPVALUE, 6, b'x', 0]);
    let reading = read(file.as_slice()).expect("readable");
    assert_eq!(reading.layout, small());
    assert_eq!(
        reading.skipped.library_records,
        ["LIBDIRSIZE", "LIBSECUR", "REFLIBS", "GENERATIONS"]
    );
    assert_eq!(reading.skipped.properties, 1);
}

#[test]
fn boxes_become_polygons_and_texts_are_counted() {
    use super::record::{BOX, BOXTYPE, ENDEL, ENDSTR, LAYER, STRING, TEXT, TEXTTYPE, XY};
    let mut records = vec![0, 4, BOX, 0, 0, 6, LAYER, 2, 0, 9, 0, 6, BOXTYPE, 2, 0, 1, 0, 44, XY, 3];
    for p in [[0, 0], [5, 0], [5, 5], [0, 5], [0, 0_i32]] {
        records.extend(p.iter().flat_map(|v| v.to_be_bytes()));
    }
    records.extend([
        0, 4, ENDEL, 0, 0, 4, TEXT, 0, 0, 6, LAYER, 2, 0, 9, 0, 6, TEXTTYPE, 2, 0, 1, 0, 12, XY, 3,
    ]);
    records.extend([0; 8]);
    records.extend([0, 6, STRING, 6, b'h', b'i', 0, 4, ENDEL, 0]);
    let reading = read(with_records_before(&bytes(&small()), ENDSTR, &records).as_slice()).expect("readable");
    let layer = Layer { number: 9, datatype: 1 };
    assert_eq!(
        reading.layout.cells[0].polygons.get(1),
        Some((layer, [[0, 0], [5, 0], [5, 5], [0, 5]].as_slice()))
    );
    assert_eq!(reading.skipped.texts, 1);
}

#[test]
fn missing_cells_circles_and_short_files_are_refused() {
    let whole = bytes(&small());
    let name = whole.windows(4).position(|w| w == b"leaf").expect("name");
    let mut broken = whole.clone();
    broken[name] = b'x';
    let message = read(broken.as_slice()).expect_err("missing cell").to_string();
    assert!(message.contains("record SNAME") && message.contains("leaf"), "{message}");
    for length in 0..whole.len() {
        assert!(read(&whole[..length]).is_err(), "{length}");
    }
    let last = whole.windows(4).rposition(|w| w == b"leaf").expect("name");
    let mut circle = whole.clone();
    circle[last..last + 4].copy_from_slice(b"top\0");
    assert!(matches!(read(circle.as_slice()), Err(LayoutError::Recursion { .. })));
}

#[test]
fn large_polygons_are_cut_without_changing_the_covered_area() {
    let disc = |n: u32| {
        let angle = move |k| std::f64::consts::TAU * f64::from(k) / f64::from(n);
        (0..n)
            .map(move |k| [(9e6 * angle(k).cos()).round() as i32, (9e6 * angle(k).sin()).round() as i32])
            .collect::<Vec<_>>()
    };
    let mut comb = vec![[0, -400], [24_000_000, -400], [24_000_000, 0]];
    for i in (0..6000).rev() {
        let x = 4000 * i;
        comb.extend([[x + 2000, 0], [x + 2000, 90_000], [x, 90_000], [x, 0]]);
    }
    for polygon in [disc(20_000), comb] {
        let mut layout = Layout::new("lib");
        let mut cell = Cell::new("top");
        cell.polygons.push(L, &polygon);
        layout.add(cell);
        let reading = read(bytes(&layout).as_slice()).expect("readable");
        let parts = reading.layout.flatten(CellId(0), L, None).expect("flat");
        assert!(parts.len() > 1 && parts.iter().all(|part| part.len() <= 8190));
        assert_eq!(
            parts.iter().map(|part| rings::signed_area(part).abs()).sum::<f64>(),
            rings::signed_area(&polygon).abs()
        );
        assert!(boolean::exclusive(&boolean::merged(&parts), &boolean::merged(&[polygon])).is_empty());
    }
}

#[test]
fn arrays_beyond_the_limits_are_split_and_stay_in_place() {
    let mut layout = small();
    layout.cells[1].references[0] = Reference {
        cell: CellId(0),
        placement: Placement::at([-2_000_000_000, 0]),
        repetition: Some(Repetition::grid(50_000, 3, [80_000, 0], [0, 1_500_000_000 / 2])),
    };
    let expected = layout.bounds().expect("acyclic")[1];
    let reading = read(bytes(&layout).as_slice()).expect("readable");
    assert_eq!(reading.layout.bounds().expect("acyclic")[1], expected);
    assert_eq!(reading.layout.flat_count(CellId(1)).expect("acyclic"), 150_000);
}

fn layouts() -> impl Strategy<Value = Layout> {
    let point = || [-1_000_000..1_000_000_i32, -1_000_000..1_000_000_i32];
    let polygon = (any::<u16>(), any::<u16>(), proptest::collection::vec(point(), 3..9));
    let end = prop_oneof![
        Just(PathEnd::Flush),
        Just(PathEnd::Round),
        Just(PathEnd::Extended),
        (-50..50_i32, -50..50_i32).prop_map(|(begin, end)| PathEnd::Custom { begin, end })
    ];
    let path = (any::<u16>(), (1..5000_i32), end, proptest::collection::vec(point(), 1..5));
    let angle = prop_oneof![Just(0.0), Just(90.0), 0.0..360.0_f64];
    let array = proptest::option::of((1..9_u32, 1..9_u32, point(), point()));
    let reference = (
        any::<proptest::sample::Index>(),
        any::<bool>(),
        angle,
        0.1..10.0_f64,
        point(),
        array,
    );
    let cell = (
        proptest::collection::vec(polygon, 0..4),
        proptest::collection::vec(path, 0..3),
        proptest::collection::vec(reference, 0..3),
    );
    (proptest::collection::vec(cell, 1..5), 1e-10..1e-6_f64).prop_map(|(cells, database_unit)| {
        let mut layout = Layout {
            database_unit,
            ..Layout::new("LIB")
        };
        for (i, (polygons, paths, references)) in cells.into_iter().enumerate() {
            let mut cell = Cell::new(&format!("cell_{i}"));
            for (number, datatype, mut points) in polygons {
                if points.first() == points.last() {
                    points.pop();
                }
                if points.len() >= 3 {
                    cell.polygons.push(Layer { number, datatype }, &points);
                }
            }
            for (number, width, end, points) in paths {
                cell.paths.push(Path {
                    layer: Layer { number, datatype: 0 },
                    width,
                    end,
                    points,
                });
            }
            for (index, mirror, rotation, magnification, origin, array) in references {
                if i > 0 {
                    cell.references.push(Reference {
                        cell: CellId(index.index(i)),
                        placement: Placement {
                            mirror,
                            rotation,
                            magnification,
                            origin,
                        },
                        repetition: array.map(|(c, r, dc, dr)| Repetition::grid(c, r, dc, dr)),
                    });
                }
            }
            layout.add(cell);
        }
        layout
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(layout in layouts()) {
        let reading = read(bytes(&layout).as_slice()).expect("own file");
        prop_assert_eq!(reading.layout, layout);
        prop_assert_eq!(reading.skipped, Skipped::default());
    }

    #[test]
    fn damaged_files_never_end_the_program(
        layout in layouts(),
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..12),
        cut in proptest::option::of(any::<proptest::sample::Index>()),
    ) {
        let mut file = bytes(&layout);
        for (at, value) in damage {
            let at = at.index(file.len());
            file[at] = value;
        }
        if let Some(cut) = cut {
            file.truncate(cut.index(file.len()));
        }
        if let Ok(reading) = read(file.as_slice()) {
            let layout = reading.layout;
            for top in layout.top_cells() {
                // Damaged counts make arrays of any size: only a window is looked at unless there is little.
                if layout.flat_count(top).is_ok_and(|n| n < 100_000) {
                    let _ = layout.visit(top, None, &mut |_, _| {});
                }
                let _ = layout.drawn_areas(top);
            }
            let _ = layout.bounds();
            let _ = write(&layout, &WriteOptions::default(), &mut vec![]);
        }
    }

    #[test]
    fn noise_is_refused(noise in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read(noise.as_slice()).is_err());
    }
}
