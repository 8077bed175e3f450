//! Colours of places: one hue per role with as many shades as are needed, each with a value for light and for dark surfaces.

use cellwright_device::Role;

/// A hue; it names a place of the cell, or a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hue {
    /// Positive electrode, blue.
    Positive,
    /// Electrolyte, amber.
    Electrolyte,
    /// Negative electrode, grey.
    Negative,
    /// Collectors and other metal, brown.
    Metal,
    /// Package, pale green.
    Encapsulation,
    /// Insulation, pale blue-grey.
    Insulator,
    /// Wafer, dark slate.
    Substrate,
    /// A mask.
    Pink,
    /// A mask.
    Green,
}

/// Hue and shade, 0 being the plain hue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Colour {
    /// Which place.
    pub hue: Hue,
    /// Which of its shades.
    pub shade: u8,
}

/// Red, green and blue, sRGB.
pub type Rgb = [u8; 3];

impl Colour {
    /// The plain hue.
    pub fn plain(hue: Hue) -> Colour {
        Colour { hue, shade: 0 }
    }

    /// Colour number `index` of a set of masks: hues that stay apart when they lie over each other.
    pub fn of_mask(index: usize) -> Colour {
        const HUES: [Hue; 6] = [Hue::Positive, Hue::Metal, Hue::Green, Hue::Pink, Hue::Electrolyte, Hue::Substrate];
        Colour {
            hue: HUES[index % HUES.len()],
            shade: (index / HUES.len()).min(250) as u8,
        }
    }

    /// The value on a light surface.
    pub fn light(self) -> Rgb {
        self.value(false)
    }

    /// The value on a dark surface.
    pub fn dark(self) -> Rgb {
        self.value(true)
    }

    /// Linear red, green and blue of the light value, 0 to 1.
    pub fn linear(self) -> [f64; 3] {
        self.light().map(linear)
    }

    /// Suffix of the class and of the variable that carry this colour in a drawing: `cat`, `cat2`, `cat3` …
    pub fn name(self) -> String {
        let stem = self.hue.tokens().0;
        match self.shade {
            0 => stem.to_owned(),
            k => format!("{stem}{}", u32::from(k) + 1),
        }
    }

    /// The variable of a report page that overrides this colour, where the page has one.
    pub fn token(self) -> Option<&'static str> {
        let (plain, second, _) = self.hue.tokens();
        match self.shade {
            0 => Some(plain),
            1 => second,
            _ => None,
        }
    }

    fn value(self, dark: bool) -> Rgb {
        let (_, second, values) = self.hue.tokens();
        let theme = usize::from(dark);
        match self.shade {
            0 => bytes(values[theme]),
            1 if second.is_some() => bytes(values[2 + theme]),
            k => shade(bytes(values[theme]), k, dark),
        }
    }
}

impl Hue {
    /// Hue of a role.
    pub fn of_role(role: Role) -> Hue {
        match role {
            Role::Substrate => Hue::Substrate,
            Role::Insulator => Hue::Insulator,
            Role::Adhesion | Role::Collector => Hue::Metal,
            Role::Negative => Hue::Negative,
            Role::Electrolyte => Hue::Electrolyte,
            Role::Positive => Hue::Positive,
            Role::Encapsulation => Hue::Encapsulation,
        }
    }

    /// Page tokens of the plain hue and of its second shade; values light, dark, second light, second dark.
    fn tokens(self) -> (&'static str, Option<&'static str>, [u32; 4]) {
        match self {
            Hue::Positive => ("cat", Some("cat2"), [0x1f5f9e, 0x5fa5e0, 0x7fb2de, 0xb4d6f2]),
            Hue::Electrolyte => ("ely", Some("ely2"), [0xe0a100, 0xe8b53a, 0xf0cf7c, 0x8f7433]),
            Hue::Negative => ("neg", Some("neg2"), [0x858d96, 0x8e979f, 0xbcc2c8, 0x59626a]),
            Hue::Metal => ("met", Some("met2"), [0xa35a28, 0xcf8450, 0xc08a5f, 0xa8724a]),
            Hue::Encapsulation => ("enc", None, [0x9cc9c0, 0x5f9b91, 0, 0]),
            Hue::Insulator => ("ins", None, [0xc9d3dc, 0x55616c, 0, 0]),
            Hue::Substrate => ("sub", None, [0x5d6873, 0x46505a, 0, 0]),
            Hue::Pink => ("pink", None, [0xb04a8b, 0xdf86bd, 0, 0]),
            Hue::Green => ("good", None, [0x1d6f42, 0x6cc795, 0, 0]),
        }
    }
}

/// `#rrggbb`.
pub fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn bytes(value: u32) -> Rgb {
    [(value >> 16) as u8, (value >> 8) as u8, value as u8]
}

/// Shade `k` of a hue: lightness steps through the free range (golden section, so that any number of shades stays apart), the hue
/// angle leans to one side and the other. Worked in Oklab (B. Ottosson, 2020), where equal steps look equal.
fn shade(base: Rgb, k: u8, dark: bool) -> Rgb {
    let [l, a, b] = oklab(base.map(linear));
    let (low, high) = if dark { (0.42, 0.88) } else { (0.34, 0.86) };
    let golden = 0.618_033_988_75;
    let at = ((l - low) / (high - low) + golden * f64::from(k)).rem_euclid(1.0);
    let lean = [0.0, 0.22, -0.22][usize::from(k) % 3];
    let chroma = a.hypot(b).max(0.035);
    let angle = b.atan2(a) + lean;
    // The corners of the sRGB cube cannot hold strong colour at either end of the lightness.
    let lightness = low + at * (high - low);
    let room = 1.0 - (2.0 * (lightness - 0.6)).powi(2).min(0.6);
    let rgb = from_oklab([lightness, chroma * room * angle.cos(), chroma * room * angle.sin()]);
    rgb.map(|v| (encoded(v) * 255.0).round().clamp(0.0, 255.0) as u8)
}

fn linear(byte: u8) -> f64 {
    let v = f64::from(byte) / 255.0;
    if v <= 0.040_45 {
        v / 12.92
    } else {
        ((v + 0.055) / 1.055).powf(2.4)
    }
}

fn encoded(v: f64) -> f64 {
    if v <= 0.003_130_8 {
        12.92 * v.max(0.0)
    } else {
        1.055 * v.powf(1.0 / 2.4) - 0.055
    }
}

fn oklab([r, g, b]: [f64; 3]) -> [f64; 3] {
    let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
    let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
    let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
    [
        0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
        1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
        0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
    ]
}

fn from_oklab([l, a, b]: [f64; 3]) -> [f64; 3] {
    let x = (l + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let y = (l - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let z = (l - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * x - 3.307_711_591_3 * y + 0.230_969_929_2 * z,
        -1.268_438_004_6 * x + 2.609_757_401_1 * y - 0.341_319_396_5 * z,
        -0.004_196_086_3 * x - 0.703_418_614_7 * y + 1.707_614_701_0 * z,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUES: [Hue; 9] = [
        Hue::Positive,
        Hue::Electrolyte,
        Hue::Negative,
        Hue::Metal,
        Hue::Encapsulation,
        Hue::Insulator,
        Hue::Substrate,
        Hue::Pink,
        Hue::Green,
    ];

    fn difference(a: Rgb, b: Rgb) -> f64 {
        let (a, b) = (oklab(a.map(linear)), oklab(b.map(linear)));
        (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt()
    }

    #[test]
    fn oklab_inverts_and_white_is_white() {
        let white = oklab([1.0; 3]);
        assert!(
            (white[0] - 1.0).abs() < 1e-6 && white[1].abs() < 1e-6 && white[2].abs() < 1e-6,
            "{white:?}"
        );
        let back = from_oklab(oklab([0.2, 0.5, 0.9]));
        assert!((back[0] - 0.2).abs() < 1e-6 && (back[1] - 0.5).abs() < 1e-6 && (back[2] - 0.9).abs() < 1e-6);
    }

    #[test]
    fn six_shades_of_a_hue_stay_apart_in_both_themes() {
        for hue in HUES {
            for theme in [Colour::light, Colour::dark] {
                for i in 0..6 {
                    for j in 0..i {
                        let pair = [i, j].map(|shade| theme(Colour { hue, shade }));
                        assert!(difference(pair[0], pair[1]) > 0.03, "{hue:?} {i} {j}: {pair:02x?}");
                    }
                }
            }
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<String> = HUES
            .iter()
            .flat_map(|&hue| (0..12).map(move |shade| Colour { hue, shade }.name()))
            .collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 9 * 12);
    }
}
