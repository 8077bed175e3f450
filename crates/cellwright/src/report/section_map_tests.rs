//! Scale, colours and arrows of section maps.

use super::super::data::{MapField, MapView};
use super::super::kind::Kind;
use super::{Scale, Shading, direction};

fn view(width: f64, height: f64) -> MapView {
    MapView {
        directions: ["y".into(), "z".into()],
        boxes: vec![[[5.0, 1.0, 2.0], [6.0, 1.0 + width, 2.0 + height]]],
        ..MapView::default()
    }
}

#[test]
fn sections_are_true_to_scale_unless_too_flat() {
    let even = Scale::new(&view(2e-5, 1e-5));
    assert_eq!((even.stretch, even.axes), ([1.0; 2], [1, 2]));
    assert!((even.per_metre[0] / even.per_metre[1] - 1.0).abs() < 1e-12);
    let flat = Scale::new(&view(4e-4, 1e-5));
    assert_eq!(flat.stretch, [1.0, 10.0]);
    assert!((flat.per_metre[1] / flat.per_metre[0] - 10.0).abs() < 1e-9);
    let tall = Scale::new(&view(1e-5, 1e-4));
    assert!(tall.size[1] < 381.0 && tall.stretch == [1.0; 2]);
    let slender = Scale::new(&view(5e-5, 5e-3));
    assert!(slender.size[0] >= 200.0 && slender.stretch == [100.0, 1.0], "{:?}", slender.stretch);
}

#[test]
fn a_few_outliers_do_not_take_the_colours() {
    let mut field = MapField {
        kind: Kind::Fraction,
        values: (0..1000).map(|i| i as f32 / 1000.0).collect(),
        ..MapField::default()
    };
    let shading = Shading::new(&field);
    assert!(!shading.clipped && shading.limits[0] == 0.0 && shading.byte(0.999) == 255 && shading.byte(0.0) == 0);
    field.values[7] = 50.0;
    let shading = Shading::new(&field);
    assert!(shading.clipped && shading.limits[1] < 1.0 && shading.byte(50.0) == 255);
}

#[test]
fn arrows_turn_clockwise_from_the_right() {
    let field = MapField {
        kind: Kind::Fraction,
        values: vec![1.0, 1.0, 1.0, 0.0],
        arrows: vec![[1.0, 0.0], [0.0, -1.0], [0.0, 1.0], [1.0, 0.0]],
        ..MapField::default()
    };
    let (scale, shading) = (Scale::new(&view(2e-5, 1e-5)), Shading::new(&field));
    let bytes: Vec<u8> = (0..4).map(|i| direction(&field, &scale, &shading, i)).collect();
    assert_eq!(bytes, [0, 64, 191, 255], "right, down, up, none");
}
