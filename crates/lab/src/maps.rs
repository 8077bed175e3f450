//! Maps in a checkpoint: two numbers of 32 bits in the place of one of 64.

use crate::solution::Frame;
use cellwright_electrochem::maps::Map;

/// The maps of all frames, one after the other.
pub(crate) fn packed(frames: &[Frame]) -> Vec<f64> {
    let mut out = Vec::new();
    for map in frames.iter().filter_map(|f| f.map.as_ref()) {
        let mut values = map.values();
        while let Some(first) = values.next() {
            let second = values.next().unwrap_or(0.0);
            out.push(f64::from_bits(u64::from(first.to_bits()) << 32 | u64::from(second.to_bits())));
        }
    }
    out
}

/// Gives every frame its map back; false if the numbers do not fit.
pub(crate) fn unpack(packed: &[f64], shape: [usize; 3], frames: &mut [Frame]) -> bool {
    let len = Map::len(shape);
    let each = len.div_ceil(2).max(1);
    if packed.len() != each * frames.len() {
        return false;
    }
    for (frame, part) in frames.iter_mut().zip(packed.chunks_exact(each)) {
        let halves = part.iter().flat_map(|v| {
            let bits = v.to_bits();
            [f32::from_bits((bits >> 32) as u32), f32::from_bits(bits as u32)]
        });
        let values: Vec<f32> = halves.take(len).collect();
        frame.map = Map::from_values(shape, &values);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_come_back_from_a_checkpoint() {
        let map = |shift: f32| {
            let values: Vec<f32> = (0..Map::len([2, 3, 2]))
                .map(|i| if i == 5 { f32::NAN } else { i as f32 + shift })
                .collect();
            Map::from_values([2, 3, 2], &values)
        };
        let frame = |row, map| Frame { row, values: vec![], map };
        let before = vec![frame(0, map(0.25)), frame(3, map(1e-30))];
        let mut after = vec![frame(0, None), frame(3, None)];
        let numbers = packed(&before);
        assert!(unpack(&numbers, [2, 3, 2], &mut after));
        let bits = |f: &[Frame]| -> Vec<u32> {
            let maps = f.iter().filter_map(|f| f.map.as_ref());
            maps.flat_map(|m| m.values().map(f32::to_bits).collect::<Vec<_>>()).collect()
        };
        assert_eq!(bits(&before), bits(&after));
        assert_eq!(bits(&after).len(), 2 * Map::len([2, 3, 2]));
        assert!(!unpack(&numbers, [3, 3, 3], &mut after) && !unpack(&numbers[1..], [2, 3, 2], &mut after));
    }
}
