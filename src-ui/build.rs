//! Room for deep calls: the linker gives a wasm program a stack of 1 MiB, and one that is full is a fault of memory.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_CFG_TARGET_ARCH").is_some_and(|arch| arch == "wasm32") {
        println!("cargo::rustc-link-arg-bins=-zstack-size=4194304");
    }
}
