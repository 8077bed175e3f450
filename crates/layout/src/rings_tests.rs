//! Areas, conversions and slits of rings.

use super::*;
use crate::boolean;

#[test]
fn area_and_perimeter_of_a_frame() {
    let frame = vec![vec![[0, 0], [10, 0], [10, 10], [0, 10]], vec![[3, 3], [3, 7], [7, 7], [7, 3]]];
    assert_eq!(area(&frame), 84.0);
    assert_eq!(perimeter(&frame), 56.0);
}

#[test]
fn metres_round_to_database_units_and_back() {
    let ring = vec![[0.0, 0.0], [1.0004e-6, 0.0], [1.0e-6, 2.0e-6], [1.0e-6, 2.0001e-6]];
    let units = from_metres(&[ring], 1e-9).expect("in range");
    assert_eq!(units, [vec![[0, 0], [1000, 0], [1000, 2000]]]);
    assert!((to_metres(&units, 1e-9)[0][2][1] - 2e-6).abs() < 1e-20);
    assert_eq!(from_metres(&[vec![[f64::NAN, 0.0]]], 1e-9), None);
    assert_eq!(from_metres(&[vec![[3.0, 0.0]]], 1e-9), None);
}

#[test]
fn slits_keep_the_covered_area_exactly() {
    let plate = vec![vec![[0, 0], [1000, 0], [1000, 1000], [0, 1000]]];
    let mut holes = vec![];
    for i in 0..9 {
        for j in 0..9 {
            let (x, y) = (50 + 100 * i, 60 + 97 * j + 3 * i);
            holes.push(vec![[x, y], [x + 40, y + 5], [x + 20, y + 50]]);
        }
    }
    let pierced = boolean::difference(&plate, &boolean::merged(&holes));
    assert_eq!(pierced.len(), 82);
    let outlines = without_holes(&pierced);
    assert_eq!(outlines.len(), 1);
    assert_eq!(area(&outlines), area(&pierced));
    let again = boolean::merged(&outlines);
    assert!(boolean::exclusive(&again, &pierced).is_empty());
}
