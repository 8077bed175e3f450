//! Fewer points, the same curve: thinning for drawing, and the choice of time frames by curve length.

/// Indices of the points that keep a polyline within `tolerance` of itself (Douglas–Peucker), never more than `cap` of them:
/// the tolerance grows until they fit. First and last point stay.
///
/// Points are in the coordinates of the drawing, so that `tolerance` is a distance a reader could see.
pub fn thin(points: &[(f64, f64)], tolerance: f64, cap: usize) -> Vec<usize> {
    let cap = cap.max(2);
    let mut kept = if points.len() > 20 * cap {
        buckets(points, 5 * cap)
    } else {
        (0..points.len()).collect()
    };
    let mut tolerance = tolerance.max(1e-9);
    loop {
        kept = douglas_peucker(points, &kept, tolerance);
        if kept.len() <= cap {
            return kept;
        }
        tolerance *= 1.5;
    }
}

/// Lowest and highest point of each bucket: a first reduction of very long series in one pass.
fn buckets(points: &[(f64, f64)], count: usize) -> Vec<usize> {
    let size = points.len().div_ceil(count / 2);
    let mut out = vec![0];
    for start in (0..points.len()).step_by(size) {
        let range = start..(start + size).min(points.len());
        let low = range.clone().min_by(|&a, &b| points[a].1.total_cmp(&points[b].1)).unwrap_or(start);
        let high = range.clone().max_by(|&a, &b| points[a].1.total_cmp(&points[b].1)).unwrap_or(start);
        out.extend([low.min(high), low.max(high)]);
    }
    out.push(points.len() - 1);
    out.dedup();
    out
}

fn douglas_peucker(points: &[(f64, f64)], from: &[usize], tolerance: f64) -> Vec<usize> {
    if from.len() < 3 {
        return from.to_vec();
    }
    let mut keep = vec![false; from.len()];
    keep[0] = true;
    keep[from.len() - 1] = true;
    let mut stack = vec![(0, from.len() - 1)];
    while let Some((a, b)) = stack.pop() {
        let (pa, pb) = (points[from[a]], points[from[b]]);
        let (dx, dy) = (pb.0 - pa.0, pb.1 - pa.1);
        let length2 = dx * dx + dy * dy;
        let mut worst = (0.0, a);
        for i in a + 1..b {
            let p = points[from[i]];
            let (ex, ey) = (p.0 - pa.0, p.1 - pa.1);
            let s = if length2 > 0.0 {
                ((ex * dx + ey * dy) / length2).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let distance = (ex - s * dx).hypot(ey - s * dy);
            if distance > worst.0 {
                worst = (distance, i);
            }
        }
        if worst.0 > tolerance {
            keep[worst.1] = true;
            stack.extend([(a, worst.1), (worst.1, b)]);
        }
    }
    from.iter().zip(keep).filter(|(_, k)| *k).map(|(i, _)| *i).collect()
}

/// Indices of the time points to keep as frames: evenly spread along the length of the voltage curve, so that a steep end gets as
/// many as a long plateau; the first, the last and the ends of steps are always among them. Times of the result increase strictly.
pub fn choose_frames(time: &[f64], voltage: &[f64], step_ends: &[f64], most: usize) -> Vec<usize> {
    let n = time.len().min(voltage.len());
    if n == 0 {
        return Vec::new();
    }
    let range = |v: &[f64]| v.iter().fold((f64::MAX, f64::MIN), |a, &x| (a.0.min(x), a.1.max(x)));
    let ((t0, t1), (v0, v1)) = (range(&time[..n]), range(&voltage[..n]));
    let (dt, dv) = ((t1 - t0).max(f64::MIN_POSITIVE), (v1 - v0).max(1e-9));
    let mut length = vec![0.0; n];
    for i in 1..n {
        length[i] = length[i - 1] + (1.5 * (time[i] - time[i - 1]) / dt).hypot((voltage[i] - voltage[i - 1]) / dv);
    }
    let mut kept: Vec<usize> = step_ends
        .iter()
        .map(|&end| time[..n].partition_point(|&t| t < end * (1.0 - 1e-12)).min(n - 1))
        .collect();
    kept.extend([0, n - 1]);
    kept.sort_unstable();
    kept.dedup();
    let free = most.saturating_sub(kept.len()).max(1);
    for k in 1..=free {
        let target = length[n - 1] * k as f64 / (free + 1) as f64;
        kept.push(length.partition_point(|&l| l < target).min(n - 1));
    }
    kept.sort_unstable();
    kept.dedup_by(|b, a| time[*b] <= time[*a]);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_shape_ends_and_cap() {
        let wave: Vec<(f64, f64)> = (0..5000)
            .map(|i| (f64::from(i) * 0.1, 100.0 * (f64::from(i) * 0.01).sin()))
            .collect();
        let kept = thin(&wave, 0.05, 600);
        assert!(kept.len() < 600 && kept[0] == 0 && kept[kept.len() - 1] == 4999);
        for (i, p) in wave.iter().enumerate() {
            let j = kept.partition_point(|&k| k < i).clamp(1, kept.len() - 1);
            let (a, b) = (wave[kept[j - 1]], wave[kept[j]]);
            let y = a.1 + (b.1 - a.1) * (p.0 - a.0) / (b.0 - a.0);
            assert!((y - p.1).abs() < 0.6, "{i}");
        }
        let noise: Vec<(f64, f64)> = (0..100_000).map(|i| (f64::from(i), f64::from((i * 7919) % 1009))).collect();
        assert!(thin(&noise, 0.05, 600).len() <= 600);
        assert_eq!(thin(&[(1.0, 1.0)], 0.1, 10), [0]);
        assert!(thin(&[], 0.1, 10).is_empty());
    }

    #[test]
    fn frames_keep_step_ends_and_increase() {
        let time: Vec<f64> = (0..1000).map(f64::from).chain([999.0, 1000.0]).collect();
        let voltage: Vec<f64> = time
            .iter()
            .map(|t| if *t > 990.0 { 3.0 - 0.1 * (t - 990.0) } else { 4.0 - 1e-3 * t })
            .collect();
        let frames = choose_frames(&time, &voltage, &[500.0, 999.0], 60);
        assert!(frames.len() <= 60 && frames.contains(&500) && frames.contains(&999) && frames.contains(&0));
        assert!(frames.windows(2).all(|w| time[w[1]] > time[w[0]]));
        assert!(
            frames.iter().filter(|&&i| time[i] > 985.0).count() > 5,
            "the steep end has frames of its own"
        );
        assert!(choose_frames(&[], &[], &[], 10).is_empty());
    }
}
