//! The eight-byte numbers of GDSII: sign, power of 16 with excess 64, 56 bits of fraction.

/// Value of an eight-byte real: ± fraction / 2⁵⁶ · 16^(exponent − 64), rounded to the nearest `f64`.
pub(super) fn decode(bytes: [u8; 8]) -> f64 {
    let bits = u64::from_be_bytes(bytes);
    let fraction = (bits & 0x00ff_ffff_ffff_ffff) as f64;
    let exponent = i32::from(bytes[0] & 0x7f) - 64;
    let magnitude = fraction * 2_f64.powi(4 * exponent - 56);
    if bytes[0] & 0x80 != 0 { -magnitude } else { magnitude }
}

/// Eight-byte real with exactly this value; none for infinities, NaN and magnitudes outside 16⁻⁶⁵ to 16⁶³.
pub(super) fn encode(value: f64) -> Option<[u8; 8]> {
    if value == 0.0 {
        return Some([0; 8]);
    }
    if !value.is_finite() {
        return None;
    }
    let magnitude = value.abs();
    // Scaling by powers of two is exact, so the 53 bits of the significand pass unchanged into the 56 of the fraction.
    let mut exponent = (magnitude.log2() / 4.0).floor() as i32 + 1;
    let scaled = |exponent: i32| magnitude * 2_f64.powi(-4 * exponent);
    while scaled(exponent) >= 1.0 {
        exponent += 1;
    }
    while scaled(exponent) < 1.0 / 16.0 {
        exponent -= 1;
    }
    let excess = u8::try_from(exponent + 64).ok().filter(|&e| e < 128)?;
    let fraction = (scaled(exponent) * 2_f64.powi(56)) as u64;
    let sign = if value < 0.0 { 0x80 } else { 0 };
    Some((fraction | u64::from(excess | sign) << 56).to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_values() {
        // One: fraction 1/16, exponent 65. A thousandth and a billionth as in every file of 1 nm units.
        assert_eq!(encode(1.0), Some([0x41, 0x10, 0, 0, 0, 0, 0, 0]));
        assert_eq!(encode(-2.0), Some([0xc1, 0x20, 0, 0, 0, 0, 0, 0]));
        assert_eq!(decode([0x3e, 0x41, 0x89, 0x37, 0x4b, 0xc6, 0xa7, 0xf0]), 1e-3);
        assert_eq!(encode(90.0), Some([0x42, 0x5a, 0, 0, 0, 0, 0, 0]));
        assert_eq!(encode(f64::NAN), None);
        assert_eq!(encode(1e80), None);
        assert_eq!(encode(1e-80), None);
    }

    proptest! {
        #[test]
        fn every_value_in_range_survives(significand in -1.0..1.0_f64, power in -200..200_i32) {
            let value = significand * 2_f64.powi(power);
            prop_assert_eq!(encode(value).map(decode), Some(value));
        }
    }
}
