//! Text to HTML: everything escaped, two marks (`**bold**`, `` `code` ``) understood.

/// Escapes text for element content and double-quoted attributes, and drops control characters that XML forbids.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// Escapes text and turns `**bold**` and `` `code` `` into elements; a mark without its partner stays text.
pub fn marked(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find(['*', '`']) {
        let (mark, tag) = if rest[at..].starts_with("**") {
            ("**", "b")
        } else if rest[at..].starts_with('`') {
            ("`", "code")
        } else {
            out.push_str(&escape(&rest[..at + 1]));
            rest = &rest[at + 1..];
            continue;
        };
        let inner = &rest[at + mark.len()..];
        let Some(end) = inner.find(mark).filter(|&end| end > 0) else {
            out.push_str(&escape(&rest[..at + mark.len()]));
            rest = inner;
            continue;
        };
        out.push_str(&escape(&rest[..at]));
        out.push_str(&format!("<{tag}>{}</{tag}>", escape(&inner[..end])));
        rest = &inner[end + mark.len()..];
    }
    out.push_str(&escape(rest));
    out
}

/// Text of a `<script type="application/json">` element: `<`, `>` and `&` cannot end or open anything.
pub fn json(text: &str) -> String {
    text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_hostile_text() {
        assert_eq!(marked("**29.7 µAh** at `1C` <b>"), "<b>29.7 µAh</b> at <code>1C</code> &lt;b&gt;");
        assert_eq!(marked("2 * 3 ** 4 `x"), "2 * 3 ** 4 `x");
        assert_eq!(marked("****"), "****");
        assert_eq!(escape("\"/><script>'\u{0}\u{8}"), "&quot;/&gt;&lt;script&gt;&#39;");
        assert!(!json("</script><!--").contains('<'));
    }
}
