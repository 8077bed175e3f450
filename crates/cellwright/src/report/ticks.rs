//! Where an axis is marked and what is written there.

use super::number;

/// Evenly spaced round numbers (1, 2, 2.5 or 5 times a power of ten) inside `lo..=hi`, at most `most` of them and at least two
/// for a span that is not empty.
pub fn linear(lo: f64, hi: f64, most: usize) -> Vec<f64> {
    let span = hi - lo;
    if !span.is_finite() || span <= 0.0 || span < 1e-12 * lo.abs().max(hi.abs()) {
        return vec![lo];
    }
    let most = most.max(2);
    let mut power = 10f64.powf((span / most as f64).log10().floor());
    loop {
        for m in [1.0, 2.0, 2.5, 5.0] {
            let step = m * power;
            let (first, last) = ((lo / step - 1e-9).ceil(), (hi / step + 1e-9).floor());
            let count = last - first + 1.0;
            if count <= most as f64 {
                if count >= 2.0 {
                    return (0..count as usize).map(|i| (first + i as f64) * step).collect();
                }
                return vec![lo, hi];
            }
        }
        power *= 10.0;
    }
}

/// Round limits that contain `lo..=hi` with a little room.
pub fn round_limits(lo: f64, hi: f64, most: usize) -> (f64, f64) {
    if !(lo.is_finite() && hi.is_finite()) {
        return (0.0, 1.0);
    }
    let (mut lo, mut hi) = (lo.min(hi), lo.max(hi));
    if hi - lo <= 1e-9 * lo.abs().max(hi.abs()) {
        let pad = if lo == 0.0 { 1.0 } else { 0.05 * lo.abs() };
        (lo, hi) = (lo - pad, hi + pad);
    }
    let ticks = linear(lo, hi, most);
    let step = if ticks.len() > 1 { ticks[1] - ticks[0] } else { hi - lo };
    let half = step / 2.0;
    ((lo / half + 1e-9).floor() * half, (hi / half - 1e-9).ceil() * half)
}

/// Labels of linear ticks: as many decimals as the step needs, one power of ten for very large or small numbers.
pub fn linear_labels(ticks: &[f64]) -> Vec<String> {
    let step = ticks.windows(2).map(|w| (w[1] - w[0]).abs()).fold(f64::INFINITY, f64::min);
    let largest = ticks.iter().fold(0.0f64, |a, t| a.max(t.abs()));
    if !step.is_finite() || step == 0.0 {
        return ticks.iter().map(|&t| number::significant(t, 3)).collect();
    }
    if !(1e-3..1e5).contains(&largest) {
        let digits = (largest / step).log10().ceil().max(0.0) as usize + 2;
        return ticks
            .iter()
            .map(|&t| if t.abs() < 1e-9 * step { "0".into() } else { trimmed(t, digits) })
            .collect();
    }
    let decimals = (0..12)
        .find(|&d| {
            ticks
                .iter()
                .all(|t| (t * 10f64.powi(d) - (t * 10f64.powi(d)).round()).abs() < 1e-6 * (1.0 + (t * 10f64.powi(d)).abs()))
        })
        .unwrap_or(3);
    ticks
        .iter()
        .map(|&t| {
            if t.abs() < 1e-9 * step {
                "0".into()
            } else {
                number::fixed(t, decimals as usize)
            }
        })
        .collect()
}

/// Ticks of a logarithmic axis with labels; the label is empty where only a fine mark belongs.
pub fn logarithmic(lo: f64, hi: f64) -> Vec<(f64, String)> {
    if !(lo > 0.0 && hi > lo && hi.is_finite()) {
        return Vec::new();
    }
    let (first, last) = (lo.log10().floor() as i32, hi.log10().ceil() as i32);
    let decades = (hi / lo).log10();
    let mut out = Vec::new();
    for exponent in first..=last {
        for m in 1..10 {
            let value = f64::from(m) * 10f64.powi(exponent);
            if value < lo * (1.0 - 1e-9) || value > hi * (1.0 + 1e-9) {
                continue;
            }
            let named = m == 1 || (decades < 2.2 && matches!(m, 2 | 5)) || (decades < 0.7 && m != 9);
            let text = if !named {
                String::new()
            } else if (-2..=3).contains(&exponent) {
                format!("{}", (value * 1e3).round() / 1e3)
            } else if m == 1 {
                format!("10{}", number::superscript(exponent))
            } else {
                format!("{m} × 10{}", number::superscript(exponent))
            };
            out.push((value, text));
        }
    }
    out
}

fn trimmed(value: f64, digits: usize) -> String {
    let exponent = value.abs().log10().floor() as i32;
    let mantissa = number::compact(value / 10f64.powi(exponent), digits).replace('-', "−");
    format!("{mantissa} × 10{}", number::superscript(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_span_gets_few_round_increasing_ticks_inside_it() {
        let mut state = 0x2545_f491_4f6c_dd1du64;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        for _ in 0..20_000 {
            let span = 10f64.powf(random() * 24.0 - 12.0);
            let lo = (random() - 0.5) * span * 10f64.powf(random() * 4.0);
            let (hi, most) = (lo + span, 2 + (random() * 10.0) as usize);
            let ticks = linear(lo, hi, most);
            assert!(ticks.len() >= 2 && ticks.len() <= most.max(2), "{lo} {hi} {most}: {ticks:?}");
            assert!(ticks.windows(2).all(|w| w[1] > w[0]));
            assert!(
                ticks.iter().all(|t| *t >= lo - 1e-8 * span && *t <= hi + 1e-8 * span),
                "{lo} {hi}: {ticks:?}"
            );
            let labels = linear_labels(&ticks);
            let mut unique = labels.clone();
            unique.dedup();
            assert_eq!(unique.len(), labels.len(), "{lo} {hi}: {labels:?}");
            let (a, b) = round_limits(lo, hi, most);
            assert!(a <= lo + 1e-6 * span && b >= hi - 1e-6 * span, "{lo} {hi}: {a} {b}");
        }
    }

    #[test]
    fn degenerate_spans_do_not_hang() {
        assert_eq!(linear(1.0, 1.0, 5), vec![1.0]);
        assert_eq!(linear(f64::NAN, 1.0, 5).len(), 1);
        assert_eq!(round_limits(f64::NAN, 1.0, 5), (0.0, 1.0));
        assert!(logarithmic(0.0, 1.0).is_empty());
        let (a, b) = round_limits(3.0, 3.0, 5);
        assert!(a < 3.0 && b > 3.0);
    }

    #[test]
    fn labels() {
        assert_eq!(linear_labels(&linear(0.0, 3.3, 8)), ["0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0"]);
        assert_eq!(linear_labels(&linear(-30.0, 30.0, 4)), ["−20", "0", "20"]);
        let log: Vec<_> = logarithmic(0.01, 100.0)
            .into_iter()
            .filter(|t| !t.1.is_empty())
            .map(|t| t.1)
            .collect();
        assert_eq!(log, ["0.01", "0.1", "1", "10", "100"]);
    }
}
