//! What the terminal can do: colours, Unicode, redrawing a line.

use crate::arguments::Color;
use std::io::IsTerminal;

/// Abilities of one output stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terminal {
    /// Colour may be used.
    pub color: bool,
    /// Characters beyond ASCII may be used.
    pub unicode: bool,
    /// A person is looking: lines may be redrawn.
    pub interactive: bool,
}

impl Terminal {
    /// Abilities of standard error.
    pub fn stderr(color: Color) -> Terminal {
        Terminal::new(color, std::io::stderr().is_terminal())
    }

    /// Abilities of standard output.
    pub fn stdout(color: Color) -> Terminal {
        Terminal::new(color, std::io::stdout().is_terminal())
    }

    fn new(color: Color, interactive: bool) -> Terminal {
        let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => interactive && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|t| t != "dumb"),
        };
        Terminal {
            color,
            unicode: utf8_locale(),
            interactive,
        }
    }

    /// The text in this style, if colours are on.
    pub fn paint(self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("\x1b[{}m{text}\x1b[0m", style.code())
        } else {
            text.to_owned()
        }
    }

    /// The text with characters this stream can show.
    pub fn plain(self, text: &str) -> String {
        if self.unicode { text.to_owned() } else { to_ascii(text) }
    }
}

/// A text style.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Style {
    /// Errors.
    Red,
    /// Warnings.
    Yellow,
    /// Things that went well.
    Green,
    /// Places and helps.
    Cyan,
    /// Numbers and messages.
    Bold,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Style::Red => "1;31",
            Style::Yellow => "1;33",
            Style::Green => "1;32",
            Style::Cyan => "36",
            Style::Bold => "1",
        }
    }
}

fn utf8_locale() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .filter_map(|n| std::env::var(n).ok())
        .find(|v| !v.is_empty());
    cfg!(windows) || locale.is_some_and(|l| l.to_ascii_uppercase().replace('-', "").contains("UTF8"))
}

/// Spells the characters Cellwright uses with ASCII.
fn to_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{b5}' | '\u{3bc}' => out.push('u'),
            '\u{3a9}' | '\u{2126}' => out.push_str("ohm"),
            '°' => out.push_str("deg"),
            '×' => out.push('x'),
            '·' => out.push('*'),
            '…' => out.push_str("..."),
            '–' | '—' | '−' => out.push('-'),
            '●' => out.push('*'),
            '○' => out.push('.'),
            '²' => out.push('2'),
            '³' => out.push('3'),
            '₀'..='₉' => out.push((b'0' + (c as u32 - '₀' as u32) as u8) as char),
            'é' | 'è' => out.push('e'),
            'ö' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ä' => out.push_str("ae"),
            c if c.is_ascii() => out.push(c),
            _ => out.push('?'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_spelling_keeps_the_meaning() {
        assert_eq!(
            to_ascii("1.5 µm, 25 °C, 3 Ω cm², LiCoO₂ ●○"),
            "1.5 um, 25 degC, 3 ohm cm2, LiCoO2 *."
        );
    }
}
