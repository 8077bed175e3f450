//! Rules on figures whose distances are known.

use super::*;
use crate::boolean;
use crate::rings::Ring;

fn rectangle(x: i32, y: i32, w: i32, h: i32) -> Ring {
    vec![[x, y], [x + w, y], [x + w, y + h], [x, y + h]]
}

fn disc(x: i32, y: i32, radius: f64, n: u32) -> Ring {
    let angle = |k| std::f64::consts::TAU * f64::from(k) / f64::from(n);
    (0..n)
        .map(|k| {
            [
                x + (radius * angle(k).cos()).round() as i32,
                y + (radius * angle(k).sin()).round() as i32,
            ]
        })
        .collect()
}

#[test]
fn width_and_space_of_two_bars() {
    let bars = boolean::merged(&[rectangle(0, 0, 10, 1000), rectangle(25, 0, 10, 1000)]);
    let width = markers(&bars, Rule::Width, 11);
    assert_eq!(width.len(), 2);
    assert!(width.iter().all(|m| m.distance == 10.0 && m.polygons[0] == m.polygons[1]));
    assert!(markers(&bars, Rule::Width, 10).is_empty());
    let space = markers(&bars, Rule::Space, 16);
    assert_eq!(space.len(), 1);
    assert_eq!(space[0].distance, 15.0);
    assert!(markers(&bars, Rule::Space, 15).is_empty());
    assert!(markers(&bars, Rule::Notch, 16).is_empty());
    assert_eq!(markers(&bars, Rule::Isolation, 16), space);
}

#[test]
fn distance_between_corners_is_euclidean() {
    let squares = boolean::merged(&[rectangle(0, 0, 100, 100), rectangle(103, 104, 100, 100)]);
    assert!(markers(&squares, Rule::Space, 5).is_empty());
    let worst = worst_places(&squares, Rule::Space, 6);
    assert_eq!(worst.len(), 1);
    assert_eq!(worst[0].distance, 5.0);
    let mut ends = [worst[0].from, worst[0].to];
    ends.sort_by(|a, b| a[0].total_cmp(&b[0]));
    assert_eq!(ends, [[100.0, 100.0], [103.0, 104.0]]);
}

#[test]
fn a_notch_is_a_space_within_one_polygon() {
    let u = boolean::merged(&[vec![[0, 0], [30, 0], [30, 50], [20, 50], [20, 10], [10, 10], [10, 50], [0, 50]]]);
    assert_eq!(markers(&u, Rule::Notch, 11).len(), 1);
    assert!(markers(&u, Rule::Isolation, 11).is_empty());
    let holes = boolean::difference(&[rectangle(0, 0, 100, 100)], &[rectangle(40, 40, 8, 20)]);
    assert_eq!(markers(&holes, Rule::Space, 9)[0].distance, 8.0);
    // 40 are left at three sides of the hole, 52 at the fourth.
    assert_eq!(markers(&holes, Rule::Width, 41).len(), 3);
}

#[test]
fn what_stands_behind_another_shape_does_not_count() {
    let three = boolean::merged(&[rectangle(0, 0, 10, 100), rectangle(20, 0, 10, 100), rectangle(40, 0, 10, 100)]);
    // The outer bars are 30 apart, hidden by the middle one over their whole length.
    assert_eq!(worst_places(&three, Rule::Isolation, 35).len(), 2);
    let short = boolean::merged(&[rectangle(0, 0, 10, 100), rectangle(20, 0, 10, 50), rectangle(40, 0, 10, 100)]);
    let pairs = worst_places(&short, Rule::Isolation, 35);
    assert_eq!(pairs.iter().map(|p| p.distance).collect::<Vec<_>>(), [10.0, 10.0, 30.0]);
}

#[test]
fn discs_give_one_place_per_pair_at_the_true_distance() {
    let discs = boolean::merged(&[disc(0, 0, 5000.0, 64), disc(20_000, 0, 5000.0, 64), disc(0, 20_000, 5000.0, 64)]);
    let space = worst_places(&discs, Rule::Space, 11_000);
    assert_eq!(space.iter().map(|p| p.distance).collect::<Vec<_>>(), [10_000.0, 10_000.0]);
    // As many markers per pair as KLayout 0.30.12 finds on this array: 92 720 for the 760 pairs of 20 by 20 discs.
    assert_eq!(markers(&discs, Rule::Space, 11_000).len(), 2 * 122);
}

#[test]
fn rules_between_two_layers() {
    let (inner, outer) = ([rectangle(10, 10, 20, 20)], [rectangle(0, 0, 33, 60)]);
    let enclosure = worst_between(&inner, &outer, RuleBetween::Enclosure, 5);
    assert_eq!(enclosure.iter().map(|p| p.distance).collect::<Vec<_>>(), [3.0]);
    let flush = markers_between(&[rectangle(0, 10, 20, 20)], &outer, RuleBetween::Enclosure, 5);
    assert_eq!(flush.iter().map(|m| m.distance).collect::<Vec<_>>(), [0.0]);
    let crossing = markers_between(&[rectangle(30, 10, 50, 20)], &outer, RuleBetween::Overlap, 5);
    assert_eq!(crossing.iter().map(|m| m.distance).collect::<Vec<_>>(), [3.0]);
    let apart = markers_between(&[rectangle(40, 10, 50, 20)], &outer, RuleBetween::Separation, 8);
    assert_eq!(apart.iter().map(|m| m.distance).collect::<Vec<_>>(), [7.0]);
}

#[test]
fn holes_count_against_the_area_of_their_polygon() {
    let set = boolean::difference(
        &[rectangle(0, 0, 100, 100), rectangle(200, 0, 10, 10)],
        &[rectangle(10, 10, 80, 80)],
    );
    let small: Vec<_> = small_areas(&set, 3601.0).iter().map(|s| s.area).collect();
    assert_eq!(small.len(), 2);
    assert!(small.contains(&3600.0) && small.contains(&100.0));
    assert_eq!(small_areas(&set, 3600.0).len(), 1);
}
