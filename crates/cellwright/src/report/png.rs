//! A small picture inside the page: indexed PNG as a data address, written without a compressor.

use super::number;

/// Cividis at ten equal steps (Nuñez, Anderton, Renslow 2018, <https://doi.org/10.1371/journal.pone.0199239>): even in lightness,
/// readable with any colour vision.
pub const CIVIDIS: [[u8; 3]; 10] = [
    [0, 32, 81],
    [0, 48, 111],
    [57, 72, 108],
    [87, 93, 109],
    [112, 113, 115],
    [138, 134, 120],
    [165, 156, 116],
    [195, 179, 105],
    [225, 204, 85],
    [254, 232, 56],
];

/// Colour of a share between 0 and 1.
pub fn cividis(share: f64) -> [u8; 3] {
    let s = share.clamp(0.0, 1.0) * 9.0;
    let i = (s as usize).min(8);
    let f = s - i as f64;
    std::array::from_fn(|k| (f64::from(CIVIDIS[i][k]) * (1.0 - f) + f64::from(CIVIDIS[i + 1][k]) * f).round() as u8)
}

/// A picture of shares (0 to 1, row by row from the top), drawn with the colour map; a share that is not finite is transparent.
pub fn data_uri(shares: &[f64], width: usize) -> String {
    let height = shares.len().checked_div(width).unwrap_or(0);
    let mut raw = Vec::with_capacity(shares.len() + height);
    for row in shares.chunks_exact(width.max(1)) {
        raw.push(0);
        raw.extend(row.iter().map(|s| {
            if s.is_finite() {
                1 + (s.clamp(0.0, 1.0) * 254.0).round() as u8
            } else {
                0
            }
        }));
    }
    let mut palette = vec![0, 0, 0];
    palette.extend((0..255).flat_map(|i| cividis(f64::from(i) / 254.0)));
    let mut header = Vec::new();
    header.extend((width as u32).to_be_bytes());
    header.extend((height as u32).to_be_bytes());
    header.extend([8, 3, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut png, b"IHDR", &header);
    chunk(&mut png, b"PLTE", &palette);
    chunk(&mut png, b"tRNS", &[0]);
    chunk(&mut png, b"IDAT", &stored(&raw));
    chunk(&mut png, b"IEND", &[]);
    format!("data:image/png;base64,{}", base64(&png))
}

/// Standard base64 with padding.
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let word = group.iter().enumerate().fold(0u32, |w, (i, b)| w | u32::from(*b) << (16 - 8 * i));
        for i in 0..4 {
            out.push(if i <= group.len() {
                DIGITS[(word >> (18 - 6 * i)) as usize & 63] as char
            } else {
                '='
            });
        }
    }
    out
}

/// Values as 16-bit integers between `lo` and `hi` (65535 marks a missing value), little endian, base64.
pub fn quantised(values: &[f64], lo: f64, hi: f64) -> String {
    let span = if hi > lo { hi - lo } else { 1.0 };
    let bytes: Vec<u8> = values
        .iter()
        .flat_map(|v| {
            if v.is_finite() {
                (((v - lo) / span).clamp(0.0, 1.0) * 65534.0).round() as u16
            } else {
                u16::MAX
            }
            .to_le_bytes()
        })
        .collect();
    base64(&bytes)
}

/// CSS gradient of the colour map, bottom to top.
pub fn gradient(id: &str) -> String {
    let stops: Vec<String> = CIVIDIS
        .iter()
        .enumerate()
        .map(|(i, [r, g, b])| {
            format!(
                r#"<stop offset="{}" stop-color="rgb({r},{g},{b})"/>"#,
                number::compact(i as f64 / 9.0, 3)
            )
        })
        .collect();
    format!(
        r#"<linearGradient id="{id}" x1="0" x2="0" y1="1" y2="0">{}</linearGradient>"#,
        stops.concat()
    )
}

fn stored(raw: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks: Vec<&[u8]> = raw.chunks(65_535).collect();
    for (i, block) in blocks.iter().enumerate() {
        let length = block.len() as u16;
        out.push(u8::from(i + 1 == blocks.len()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    let (a, b) = raw.iter().fold((1u32, 0u32), |(a, b), &byte| {
        let a = (a + u32::from(byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    out.extend((b << 16 | a).to_be_bytes());
    out
}

fn chunk(png: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    png.extend((data.len() as u32).to_be_bytes());
    let start = png.len();
    png.extend_from_slice(kind);
    png.extend_from_slice(data);
    let crc = !png[start..].iter().fold(u32::MAX, |mut crc, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
        }
        crc
    });
    png.extend(crc.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_and_encoding_match_known_values() {
        assert_eq!(base64(b"any carnal pleas"), "YW55IGNhcm5hbCBwbGVhcw==");
        let mut png = Vec::new();
        chunk(&mut png, b"IEND", &[]);
        assert_eq!(png, [0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82]);
        let zlib = stored(b"Wikipedia");
        assert_eq!(zlib[zlib.len() - 4..], 0x11e6_0398u32.to_be_bytes());
        assert_eq!(quantised(&[0.0, 1.0, f64::NAN], 0.0, 1.0), base64(&[0, 0, 0xfe, 0xff, 0xff, 0xff]));
        assert_eq!(cividis(0.0), CIVIDIS[0]);
        assert_eq!(cividis(2.0), CIVIDIS[9]);
    }
}
