//! Reference tables that are compiled in.

/// A table with a header; missing entries are NaN.
pub struct Table {
    header: Vec<&'static str>,
    rows: Vec<Vec<f64>>,
}

impl Table {
    /// Reads comma-separated text.
    pub fn new(text: &'static str) -> Table {
        let mut lines = text.lines();
        let header = lines.next().unwrap_or_default().split(',').collect();
        let rows = lines
            .map(|l| l.split(',').map(|f| f.trim().parse().unwrap_or(f64::NAN)).collect())
            .collect();
        Table { header, rows }
    }

    /// Rows in order.
    pub fn rows(&self) -> &[Vec<f64>] {
        &self.rows
    }

    /// One column by its header; empty if there is none.
    pub fn column(&self, name: &str) -> Vec<f64> {
        let Some(k) = self.header.iter().position(|h| *h == name) else {
            return vec![];
        };
        self.rows.iter().map(|r| r.get(k).copied().unwrap_or(f64::NAN)).collect()
    }
}
