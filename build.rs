//! What cargo does not see by itself: new migrations, and the files under `static`, which become a table of hashed names
//! for `web::assets`. The style sheets are joined here, since the order of their layers is a rule and not a habit.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Tokens first: that sheet says the order of the layers.
const SHEETS: [&str; 10] = ["tokens", "base", "layout", "form", "table", "facts", "tag", "timeline", "chart", "print"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=static");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("static");
    let out = PathBuf::from(env::var("OUT_DIR")?);

    let mut assets = Vec::new();
    for folder in ["", "fonts", "js"] {
        for entry in fs::read_dir(root.join(folder))? {
            let path = entry?.path();
            if path.is_file() {
                assets.push(Asset::new(&root, &path)?);
            }
        }
    }
    assets.sort_by(|a, b| a.name.cmp(&b.name));

    let sheet = out.join("app.css");
    fs::write(&sheet, joined(&root.join("css"), &assets)?)?;
    assets.push(Asset { name: "css/app.css".into(), served: hashed("css/app.css", &fs::read(&sheet)?), file: sheet });

    let mut table = String::from("&[\n");
    for Asset { name, served, file } in &assets {
        writeln!(table, "(\"{name}\", \"/static/{served}\", include_bytes!(r#\"{}\"#)),", file.display())?;
    }
    fs::write(out.join("assets.rs"), table + "]\n")?;
    Ok(())
}

struct Asset {
    name: String,
    served: String,
    file: PathBuf,
}

impl Asset {
    fn new(root: &Path, file: &Path) -> Result<Self, Box<dyn Error>> {
        let name = file.strip_prefix(root)?.to_str().ok_or("a static file has a name that is not UTF-8")?.to_owned();
        Ok(Self { served: hashed(&name, &fs::read(file)?), name, file: file.to_owned() })
    }
}

/// All sheets in order, with the fonts under their hashed names.
fn joined(folder: &Path, assets: &[Asset]) -> Result<String, Box<dyn Error>> {
    let mut sheet = String::new();
    for name in SHEETS {
        sheet += &fs::read_to_string(folder.join(name).with_extension("css"))?;
    }
    if fs::read_dir(folder)?.count() != SHEETS.len() {
        return Err("static/css and the list of sheets in build.rs differ".into());
    }
    for asset in assets {
        sheet = sheet.replace(&format!("url(\"../{}\")", asset.name), &format!("url(\"/static/{}\")", asset.served));
    }
    if sheet.contains("url(\"../") {
        return Err("a style sheet points at a file that is not there".into());
    }
    Ok(sheet)
}

/// `js/app.js` → `js/app.0123456789abcdef.js`. FNV-1a: this tells versions apart, it does not protect anything.
fn hashed(name: &str, bytes: &[u8]) -> String {
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    match name.rsplit_once('.') {
        Some((stem, ending)) => format!("{stem}.{hash:016x}.{ending}"),
        None => format!("{name}.{hash:016x}"),
    }
}
