//! Vectors of three components, as plain arrays.

/// A point or a direction, m.
pub type Vector = [f64; 3];

/// Scalar product.
pub fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Vector product.
pub fn cross(a: Vector, b: Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// `a + s b`.
pub fn add(a: Vector, s: f64, b: Vector) -> Vector {
    [a[0] + s * b[0], a[1] + s * b[1], a[2] + s * b[2]]
}

/// Length.
pub fn norm(a: Vector) -> f64 {
    dot(a, a).sqrt()
}

/// `√(x² + y²)` for lengths on a chip, where neither square leaves the range of a number: a third of the time of `f64::hypot`.
pub fn hypotenuse(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt()
}
