//! Many small shapes as a tone: the share of each square that they cover.

use super::simplify::ring_area;

/// Scan lines per square.
const LINES: usize = 4;

/// Share of each square (row by row from `corner` upwards) that is covered by the rings, 0 to 1; overlaps count once at most in full.
pub fn coverage(rings: &[Vec<[f64; 2]>], corner: [f64; 2], side: f64, [columns, rows]: [usize; 2]) -> Vec<f64> {
    let mut out = vec![0.0; columns * rows];
    let mut cross = Vec::new();
    for ring in rings {
        let at = |p: &[f64; 2]| [(p[0] - corner[0]) / side, (p[1] - corner[1]) / side];
        let Some([low, high]) = bounds(ring.iter().map(at)) else { continue };
        if high[0] < 0.0 || high[1] < 0.0 || low[0] > columns as f64 || low[1] > rows as f64 {
            continue;
        }
        if high[0] - low[0] < 1.0 && high[1] - low[1] < 1.0 {
            spread_out(&mut out, [low, high], ring_area(ring).abs() / (side * side), [columns, rows]);
            continue;
        }
        let first = (low[1].max(0.0) * LINES as f64) as usize;
        let last = ((high[1].min(rows as f64) * LINES as f64).ceil() as usize).min(rows * LINES);
        for line in first..last {
            let y = (line as f64 + 0.5) / LINES as f64;
            cross.clear();
            for i in 0..ring.len() {
                let (a, b) = (at(&ring[i]), at(&ring[(i + 1) % ring.len()]));
                if (a[1] > y) != (b[1] > y) {
                    cross.push(a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]));
                }
            }
            cross.sort_by(f64::total_cmp);
            for pair in cross.chunks_exact(2) {
                let [from, to] = [pair[0], pair[1]].map(|x| x.clamp(0.0, columns as f64));
                for column in from as usize..(to.ceil() as usize).min(columns) {
                    let share = to.min(column as f64 + 1.0) - from.max(column as f64);
                    out[line / LINES * columns + column] += share.max(0.0) / LINES as f64;
                }
            }
        }
    }
    out.iter_mut().for_each(|v| *v = v.min(1.0));
    out
}

/// The area of a shape smaller than a square, over the squares that its bounding box touches.
fn spread_out(out: &mut [f64], [low, high]: [[f64; 2]; 2], area: f64, [columns, rows]: [usize; 2]) {
    let share = |k: usize, i: usize| {
        let width = high[i] - low[i];
        let cut = high[i].min(k as f64 + 1.0) - low[i].max(k as f64);
        if width > 0.0 { (cut / width).max(0.0) } else { 0.0 }
    };
    let range = |i: usize, n: usize| (low[i].max(0.0) as usize)..(high[i].max(0.0).ceil() as usize).min(n);
    for row in range(1, rows) {
        for column in range(0, columns) {
            out[row * columns + column] += area * share(column, 0) * share(row, 1);
        }
    }
}

/// Lower left and upper right corner of points; nothing if there is none, or one that is not finite.
pub fn bounds(points: impl Iterator<Item = [f64; 2]>) -> Option<[[f64; 2]; 2]> {
    let mut out: Option<[[f64; 2]; 2]> = None;
    for p in points {
        if !p.iter().all(|v| v.is_finite()) {
            return None;
        }
        let [low, high] = out.get_or_insert([p, p]);
        for i in 0..2 {
            low[i] = low[i].min(p[i]);
            high[i] = high[i].max(p[i]);
        }
    }
    out
}

/// The mean of each covered square and its covered neighbours: takes out the beat between squares and a regular array, keeps edges.
pub fn smoothed(tone: &[f64], [columns, rows]: [usize; 2]) -> Vec<f64> {
    (0..tone.len())
        .map(|k| {
            if tone[k] == 0.0 {
                return 0.0;
            }
            let (x, y) = (k % columns, k / columns);
            let near = (y.saturating_sub(2)..(y + 3).min(rows))
                .flat_map(|r| (x.saturating_sub(2)..(x + 3).min(columns)).map(move |c| tone[r * columns + c]))
                .filter(|v| *v > 0.0);
            let (sum, count) = near.fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
            sum / count
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn area_is_kept() {
        let square = |x: f64, y: f64, a: f64| vec![[x, y], [x + a, y], [x + a, y + a], [x, y + a]];
        let total = |rings: &[Vec<[f64; 2]>]| coverage(rings, [0.0, 0.0], 1.0, [10, 10]).iter().sum::<f64>();
        assert!((total(&[square(1.0, 1.0, 3.5)]) - 12.25).abs() < 1e-12);
        assert!((total(&[square(1.9, 1.9, 0.2)]) - 0.04).abs() < 1e-12);
        let many: Vec<Vec<[f64; 2]>> = (0..900)
            .map(|i| square(f64::from(i % 30) * 0.33, f64::from(i / 30) * 0.33, 0.1))
            .collect();
        assert!((total(&many) - 9.0).abs() < 1e-9);
        assert_eq!(total(&[vec![[f64::NAN, 0.0], [1.0, 1.0], [2.0, 0.0]]]), 0.0);
        assert_eq!(total(&[square(-5.0, -5.0, 2.0), square(50.0, 50.0, 2.0)]), 0.0);
        assert!((total(&[square(-5.0, -5.0, 100.0)]) - 100.0).abs() < 1e-9);
    }
}
