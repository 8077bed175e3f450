//! What is seen along a vertical line of a painted section.

use super::picture::SectionPicture;

/// A stretch of one region, bottom and top, m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// The region on top of the painting.
    pub region: usize,
    /// Its lower end, m.
    pub bottom: f64,
    /// Its upper end, m.
    pub top: f64,
}

/// The regions along the line at `s` (m) from the bottom up, open space left out: exact for the polygons.
pub fn visible(picture: &SectionPicture, s: f64) -> Vec<Stretch> {
    let spans: Vec<Vec<f64>> = picture
        .layers
        .iter()
        .map(|(_, rings)| {
            let mut z: Vec<f64> = rings.iter().flat_map(|ring| crossings(ring, s)).collect();
            z.sort_by(f64::total_cmp);
            z
        })
        .collect();
    let mut cuts: Vec<f64> = spans.iter().flatten().map(|z| z.clamp(picture.bottom, picture.top)).collect();
    cuts.sort_by(f64::total_cmp);
    cuts.dedup();
    let mut out: Vec<Stretch> = Vec::new();
    for pair in cuts.windows(2) {
        let middle = 0.5 * (pair[0] + pair[1]);
        let owner = spans.iter().rposition(|z| z.partition_point(|v| *v < middle) % 2 == 1);
        let Some(region) = owner.map(|k| picture.layers[k].0) else {
            continue;
        };
        match out.last_mut() {
            Some(last) if last.region == region && last.top == pair[0] => last.top = pair[1],
            _ => out.push(Stretch {
                region,
                bottom: pair[0],
                top: pair[1],
            }),
        }
    }
    out
}

fn crossings(ring: &[[f64; 2]], s: f64) -> impl Iterator<Item = f64> {
    (0..ring.len()).filter_map(move |i| {
        let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
        ((a[0] > s) != (b[0] > s)).then(|| a[1] + (s - a[0]) / (b[0] - a[0]) * (b[1] - a[1]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_layers_hide_younger_ones() {
        let slab = |z: f64| vec![vec![[0.0, 0.0], [4.0, 0.0], [4.0, z], [0.0, z]]];
        let picture = SectionPicture {
            width: 4.0,
            bottom: -1.0,
            top: 5.0,
            layers: vec![(2, slab(3.0)), (1, slab(2.0)), (0, slab(1.5))],
            thickness: Vec::new(),
            cut: String::new(),
            title: String::new(),
        };
        let seen: Vec<(usize, f64, f64)> = visible(&picture, 1.0).iter().map(|v| (v.region, v.bottom, v.top)).collect();
        assert_eq!(seen, [(0, 0.0, 1.5), (1, 1.5, 2.0), (2, 2.0, 3.0)]);
        assert!(visible(&picture, 9.0).is_empty());
    }
}
