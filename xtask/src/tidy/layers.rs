//! Layer rule: a package depends only on packages of lower layers.

use std::path::Path;

use serde_json::Value;

use super::Violation;
use crate::Outcome;
use crate::process::{capture_ok, cargo};

/// Packages from the bottom up; equal numbers may not depend on each other.
const LAYERS: &[(&str, u8)] = &[
    ("cellwright-base", 0),
    ("cellwright-dae", 1),
    ("cellwright-device", 1),
    ("cellwright-layout", 1),
    ("cellwright-materials", 1),
    ("cellwright-electrochem", 2),
    ("cellwright-mechanics", 2),
    ("cellwright-lab", 3),
    ("cellwright-fab", 3),
    ("cellwright", 5),
    ("cellwright-cli", 6),
    ("xtask", 7),
];

/// Packages that may depend on a shorter list than their layer allows.
const ONLY: &[(&str, &[&str], &str)] = &[
    (
        "cellwright-dae",
        &[],
        "the integrator must stay usable and testable for any equations, so it knows no battery word and no package of ours",
    ),
    ("xtask", &[], "the project's commands must build while the packages do not"),
];

/// Checks the packages of the workspace as cargo sees them.
pub fn check(root: &Path) -> Outcome<Vec<Violation>> {
    let metadata = capture_ok(cargo(root).args(["metadata", "--format-version", "1", "--no-deps", "--locked"]))?;
    let value: Value = serde_json::from_str(&metadata.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
    Ok(violations(&packages(&value)))
}

/// A package, its folder and the workspace packages that it names, tests and build scripts included.
struct Package {
    name: String,
    folder: String,
    needs: Vec<String>,
}

fn packages(metadata: &Value) -> Vec<Package> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    list(&metadata["packages"])
        .iter()
        .map(|package| Package {
            name: text(&package["name"]),
            folder: Path::new(&text(&package["manifest_path"]))
                .parent()
                .and_then(Path::file_name)
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            needs: list(&package["dependencies"])
                .iter()
                .filter(|needed| needed["path"].is_string())
                .map(|needed| text(&needed["name"]))
                .collect(),
        })
        .collect()
}

fn violations(packages: &[Package]) -> Vec<Violation> {
    let layer = |name: &str| LAYERS.iter().find(|(known, _)| *known == name).map(|(_, layer)| *layer);
    let mut found = Vec::new();
    for package in packages {
        let place = format!("package {}", package.name);
        if package.folder != package.name.trim_start_matches("cellwright-") {
            found.push(Violation {
                place: place.clone(),
                found: format!("lives in the folder {}", package.folder),
                reason: "the folder is the package name without `cellwright-`, so that a path tells the package",
            });
        }
        let Some(own) = layer(&package.name) else {
            found.push(Violation {
                place,
                found: "has no layer".into(),
                reason: "a new package gets its place in xtask/src/tidy/layers.rs, with an ADR",
            });
            continue;
        };
        for needed in &package.needs {
            if layer(needed).is_none_or(|other| other >= own) {
                found.push(Violation {
                    place: place.clone(),
                    found: format!("depends on {needed}"),
                    reason: "a package depends on lower layers only (see ARCHITECTURE.md), so that each can be read, tested and replaced alone",
                });
            }
        }
        if let Some((_, allowed, reason)) = ONLY.iter().find(|(name, _, _)| *name == package.name) {
            for needed in package.needs.iter().filter(|needed| !allowed.contains(&needed.as_str())) {
                found.push(Violation {
                    place: place.clone(),
                    found: format!("depends on {needed}"),
                    reason,
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, needs: &[&str]) -> Package {
        Package {
            name: name.into(),
            folder: name.trim_start_matches("cellwright-").into(),
            needs: needs.iter().map(|n| (*n).to_owned()).collect(),
        }
    }

    #[test]
    fn downward_dependencies_hold() {
        assert_eq!(
            violations(&[package("cellwright-lab", &["cellwright-electrochem", "cellwright-base"])]),
            []
        );
    }

    #[test]
    fn upward_sideways_and_unknown_are_named() {
        assert_eq!(violations(&[package("cellwright-electrochem", &["cellwright-lab"])]).len(), 1);
        assert_eq!(violations(&[package("cellwright-device", &["cellwright-materials"])]).len(), 1);
        assert_eq!(violations(&[package("cellwright-new", &[])])[0].found, "has no layer");
    }

    #[test]
    fn the_integrator_knows_no_package_of_ours() {
        assert_eq!(violations(&[package("cellwright-dae", &["cellwright-base"])]).len(), 1);
    }

    #[test]
    fn a_folder_tells_its_package() {
        let moved = Package {
            folder: "solver".into(),
            ..package("cellwright-dae", &[])
        };
        assert!(violations(&[moved])[0].found.contains("solver"));
    }
}
