//! The report in a real browser: no console message, no request that fails, a page that is not blank; light, dark, without scripts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::Outcome;
use crate::process::{Finished, apt_install, capture, find_program};
use crate::stage::Verdict;

const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// An empty page of this size is about 4 kB as PNG; a page with text and plots is far above this.
const SMALLEST_PICTURE: u64 = 40_000;

/// A browser, installed when that is possible; otherwise why there is none.
pub fn find() -> Result<PathBuf, Verdict> {
    if let Some(path) = find_program(NAMES) {
        return Ok(path);
    }
    apt_install(&["chromium"]).map_err(|reason| Verdict::Skipped(format!("no chromium: {reason}")))?;
    find_program(NAMES).ok_or_else(|| Verdict::Failed("chromium was installed but is not on the search path".into()))
}

/// Opens the report of every example that was run.
pub fn run(browser: &Path, examples: &Path, scratch: &Path) -> Verdict {
    Verdict::from(pages(examples).and_then(|pages| {
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(page) = pages.get(next.fetch_add(1, Ordering::Relaxed)) {
                look(browser, page, scratch)?;
            }
            Ok(())
        };
        // As many pages at once as there are processors.
        thread::scope(|scope| {
            let several = thread::available_parallelism().map_or(1, usize::from);
            let workers: Vec<_> = (0..several).map(|_| scope.spawn(work)).collect();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|_| Err("a look at a page ended early".into())))
                .collect::<Outcome<Vec<()>>>()
        })?;
        Ok(format!("{} reports, three views each", pages.len()))
    }))
}

fn pages(examples: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(examples).map_err(|error| format!("cannot list {}: {error}", examples.display()))?;
    let mut pages: Vec<PathBuf> = entries
        .flatten()
        .flat_map(|entry| ["report.html", "compare.html"].map(|page| entry.path().join(page)))
        .filter(|path| path.is_file())
        .collect();
    pages.sort();
    if pages.is_empty() {
        Err("no report was written by the examples".into())
    } else {
        Ok(pages)
    }
}

fn look(browser: &Path, page: &Path, scratch: &Path) -> Outcome<()> {
    let text = fs::read_to_string(page).map_err(|error| format!("{}: {error}", page.display()))?;
    if !text.contains("Content-Security-Policy") {
        return Err(format!(
            "{}: no Content-Security-Policy, so nothing stops it from asking the network",
            page.display()
        ));
    }
    let example = page
        .parent()
        .and_then(Path::file_name)
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    for (view, fragment) in [("light", "#theme=light"), ("dark", "#theme=dark"), ("no-scripts", "")] {
        let folder = scratch.join(format!("{example}-{view}"));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let picture = folder.join("report.png");
        let _ = fs::remove_file(&picture);
        let mut shown = page.to_path_buf();
        if view == "no-scripts" {
            // A headless browser takes no picture with scripts disabled, so they are cut out of a copy.
            shown = folder.join("report.html");
            fs::write(&shown, without_scripts(&text)).map_err(|error| format!("{}: {error}", shown.display()))?;
        }
        let mut command = Command::new(browser);
        command
            .args([
                "--headless",
                "--no-sandbox",
                // The three-dimensional view may be drawn by software.
                "--enable-unsafe-swiftshader",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--window-size=1366,2400",
                "--virtual-time-budget=2000",
                "--enable-logging=stderr",
            ])
            .arg(format!("--user-data-dir={}", folder.join("profile").display()))
            .arg(format!("--screenshot={}", picture.display()))
            .arg(format!("file://{}{fragment}", shown.display()));
        let Finished { code, stderr, .. } = capture(&mut command)?;
        let _ = fs::remove_dir_all(folder.join("profile"));
        if let Some(message) = console(&stderr) {
            return Err(format!("{example}, {view}: the page complains: {message}"));
        }
        let size = fs::metadata(&picture)
            .map(|data| data.len())
            .map_err(|_| format!("{example}, {view}: no picture (browser left with {code:?})"))?;
        if size < SMALLEST_PICTURE {
            return Err(format!("{example}, {view}: the picture has only {size} bytes, it looks blank"));
        }
        println!("   {example}, {view}: {} kB picture, console silent", size / 1000);
    }
    Ok(())
}

/// The page as a reader with scripts off sees it: no script elements, the content of `noscript` shown.
fn without_scripts(page: &str) -> String {
    let mut parts = page.split("<script");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(part.split_once("</script>").map_or("", |(_, after)| after));
    }
    text.replace("<noscript>", "<div>").replace("</noscript>", "</div>")
}

/// The first console message in the browser's log: errors, warnings, blocked and failed requests all appear there.
fn console(log: &str) -> Option<&str> {
    log.lines().find(|line| line.contains("CONSOLE"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn scripts_are_cut_out_and_their_replacement_shown() {
        let page = "a<script src=x>b</script>c<noscript>d</noscript><script>e</script>";
        assert_eq!(super::without_scripts(page), "ac<div>d</div>");
    }

    #[test]
    fn console_messages_are_told_from_the_browsers_own() {
        let log = "[1:2:ERROR:bus.cc(408)] no bus\n[1:2:INFO:CONSOLE:7] \"Uncaught TypeError\", source: file\n";
        assert!(super::console(log).is_some_and(|line| line.contains("TypeError")));
        assert_eq!(super::console("[1:2:ERROR:bus.cc(408)] no bus"), None);
    }
}
