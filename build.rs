//! Two things that cargo does not see by itself: a new migration, and the files under `static`.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    memory_serve::load_directory("static");
}
