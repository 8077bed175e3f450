//! Drawings made elsewhere, put into the page: checked to be drawings only, with names and references of their own.

use super::data::Picture;
use super::escape::{escape, marked};

/// Largest drawing put into the page, bytes; a larger one is named with its file.
const LARGEST: usize = 250_000;
/// What a drawing never holds.
const FORBIDDEN: [&str; 7] = ["<script", "<foreignobject", "<iframe", "<image", "javascript:", "<!", "<a "];

/// A figure with the drawing, or with the file that holds it.
pub fn picture(p: &Picture) -> String {
    if let Some(strip) = strip(p) {
        return format!(
            r#"<figure class="fig"><figcaption><b>{}</b></figcaption>{strip}<p class="note">{}</p></figure>"#,
            escape(&p.title),
            marked(&p.note)
        );
    }
    let Some(svg) = inline(p) else {
        let place = if p.file.is_empty() {
            "It could not be drawn.".to_owned()
        } else {
            format!("It is in <code>{}</code> beside this report.", escape(&p.file))
        };
        return format!(
            r#"<figure class="fig"><figcaption><b>{}</b></figcaption><p class="empty">{place}</p></figure>"#,
            escape(&p.title)
        );
    };
    let note = if p.note.is_empty() {
        String::new()
    } else {
        format!(r#"<p class="note">{}</p>"#, marked(&p.note))
    };
    // A drawing in the colours of the page follows its theme; another one keeps the white paper it was made for.
    let paper = if p.svg.contains("var(--") { "" } else { " onpaper" };
    format!(
        r#"<figure class="fig pic{paper}"><figcaption><b>{}</b></figcaption><div class="pw">{svg}</div>{note}</figure>"#,
        escape(&p.title)
    )
}

/// The same drawing once more, smaller, for the first screen: a reference to the one in the chapter.
pub fn reference(p: &Picture) -> Option<String> {
    inline(p)?;
    let view = attribute(&p.svg[..p.svg.find('>')?], "viewBox")?;
    let paper = if p.svg.contains("var(--") { "" } else { " class=\"onpaper\"" };
    Some(format!(
        r##"<svg{paper} viewBox="{}" role="img" aria-labelledby="{id}-rt {id}-rd"><title id="{id}-rt">{}</title><desc id="{id}-rd">{}</desc><use href="#{id}"/></svg>"##,
        escape(view),
        escape(&p.title),
        escape(&p.description),
        id = root(p)
    ))
}

/// Name of the root element of a drawing.
fn root(p: &Picture) -> String {
    let word: String = p.id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    format!("pic-{word}")
}

/// A list of small drawings that breaks into as many columns as there is room for, as it is; nothing if it is anything else.
fn strip(p: &Picture) -> Option<&str> {
    let list = p.svg.starts_with("<style>.cwx-flow") && p.svg.ends_with("</ol></figure>") && p.svg.len() <= LARGEST;
    (list && harmless(&p.svg.to_ascii_lowercase())).then_some(p.svg.as_str())
}

/// Whether a drawing in small letters holds neither scripts nor anything from elsewhere.
fn harmless(lower: &str) -> bool {
    let handler = lower
        .match_indices(" on")
        .any(|(i, _)| lower[i + 3..].chars().take_while(char::is_ascii_alphabetic).count() > 0 && in_tag(lower, i));
    !handler && !FORBIDDEN.iter().any(|word| lower.contains(word))
}

/// The drawing with title, description and prefixed names; nothing if it is too large or no plain drawing.
fn inline(p: &Picture) -> Option<String> {
    let svg = p.svg.trim();
    let svg = svg
        .strip_prefix("<?xml")
        .map_or(svg, |rest| rest.split_once("?>").map_or("", |(_, s)| s.trim_start()));
    let lower = svg.to_ascii_lowercase();
    let plain = svg.starts_with("<svg") && svg.ends_with("</svg>") && svg.len() <= LARGEST;
    if !plain || !harmless(&lower) || lower.matches("<svg").count() != 1 {
        return None;
    }
    let root = root(p);
    let head = svg.find('>')?;
    let view = attribute(&svg[..head], "viewBox")?;
    let body = &svg[head + 1..svg.len() - "</svg>".len()];
    let body = without(&without(body, "title"), "desc");
    let body = prefixed(&body, &root);
    let class = attribute(&svg[..head], "class").map_or(String::new(), |c| format!(r#" class="{}""#, escape(c)));
    Some(format!(
        r#"<svg id="{root}"{class} viewBox="{}" role="img" aria-labelledby="{root}-t {root}-d"><title id="{root}-t">{}</title><desc id="{root}-d">{}</desc>{body}</svg>"#,
        escape(view),
        escape(&p.title),
        escape(&p.description)
    ))
}

/// Whether the byte at `i` lies between `<` and `>`.
fn in_tag(text: &str, i: usize) -> bool {
    text[..i].rfind('<') > text[..i].rfind('>')
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}

/// The text without the first element of this name at its head.
fn without(body: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    match (body.trim_start().starts_with(&open), body.find(&close)) {
        (true, Some(end)) => body[end + close.len()..].to_owned(),
        _ => body.to_owned(),
    }
}

/// Names and references inside a drawing with a prefix, so that two drawings never share one.
fn prefixed(body: &str, root: &str) -> String {
    body.replace(" id=\"", &format!(" id=\"{root}-"))
        .replace("url(#", &format!("url(#{root}-"))
        .replace(" href=\"#", &format!(" href=\"#{root}-"))
        .replace("xlink:href=\"#", &format!("href=\"#{root}-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(body: &str) -> Picture {
        Picture {
            id: "section".into(),
            title: "Cross-section".into(),
            description: "Two films.".into(),
            svg: format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{body}</svg>"#),
            ..Picture::default()
        }
    }

    #[test]
    fn names_are_prefixed_and_the_title_is_ours() {
        let p = drawing(r##"<title>x</title><defs><clipPath id="a"/></defs><rect clip-path="url(#a)"/><use href="#a"/>"##);
        let html = picture(&p);
        assert!(html.contains(r#"<clipPath id="pic-section-a"/>"#) && html.contains("url(#pic-section-a)"));
        assert!(html.contains(r##"href="#pic-section-a""##) && html.matches("<title").count() == 1);
        assert!(html.contains("onpaper") && !picture(&drawing(r#"<rect fill="var(--cat)"/>"#)).contains("onpaper"));
        assert!(reference(&p).is_some_and(|r| r.contains(r##"<use href="#pic-section"/>"##)));
    }

    #[test]
    fn what_is_no_plain_drawing_is_left_out() {
        let evil = [
            "<script>alert(1)</script>",
            r#"<rect onload="alert(1)"/>"#,
            "<foreignObject/>",
            r#"<a href="javascript:alert(1)"/>"#,
            "<!-- -->",
            "<svg/>",
        ];
        for body in evil {
            assert!(picture(&drawing(body)).contains("It could not be drawn"), "{body}");
        }
        assert!(picture(&drawing("<text>depends on it</text>")).contains("depends on it"));
        assert!(picture(&Picture::default()).contains("could not"));
        let large = Picture {
            file: "section.svg".into(),
            ..drawing(&"<path/>".repeat(60_000))
        };
        assert!(picture(&large).contains("<code>section.svg</code>"));
    }
}
