//! Where two Ragone curves cross: intersections of polylines on logarithmic axes.

use super::data::Measured;

/// Mean power and energy of every discharge that counts, by increasing rate, W and J over `per`: a footprint, m², or a volume, m³.
pub fn ragone(m: &Measured, per: f64) -> Vec<[f64; 2]> {
    m.discharges()
        .filter(|(_, d)| m.counts(d))
        .map(|(_, d)| [d.mean_power() / per, d.energy / per])
        .filter(|p| p[0] > 0.0 && p[1] > 0.0)
        .collect()
}

/// Powers at which two curves of positive values cross, increasing; straight lines on logarithmic axes between the points.
pub fn crossings(a: &[[f64; 2]], b: &[[f64; 2]]) -> Vec<f64> {
    let log = |c: &[[f64; 2]]| c.iter().map(|p| p.map(f64::ln)).collect::<Vec<_>>();
    let (a, b) = (log(a), log(b));
    let mut out: Vec<f64> = Vec::new();
    for s in a.windows(2) {
        for t in b.windows(2) {
            out.extend(meet([s[0], s[1]], [t[0], t[1]]).map(f64::exp));
        }
    }
    out.sort_by(f64::total_cmp);
    out.dedup_by(|x, y| (*x / *y - 1.0).abs() < 1e-6);
    out
}

/// Abscissa at which two segments meet.
fn meet(s: [[f64; 2]; 2], t: [[f64; 2]; 2]) -> Option<f64> {
    let minus = |p: [f64; 2], q: [f64; 2]| [p[0] - q[0], p[1] - q[1]];
    let cross = |p: [f64; 2], q: [f64; 2]| p[0] * q[1] - p[1] * q[0];
    let (u, v, w) = (minus(s[1], s[0]), minus(t[1], t[0]), minus(t[0], s[0]));
    let area = cross(u, v);
    if area == 0.0 {
        return None;
    }
    let (along, other) = (cross(w, v) / area, cross(w, u) / area);
    let inside = |x: f64| (0.0..=1.0).contains(&x);
    (inside(along) && inside(other)).then(|| s[0][0] + along * u[0])
}
