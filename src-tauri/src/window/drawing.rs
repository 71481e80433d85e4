//! How pages are drawn where there is no graphics card: in virtual machines and on remote desktops, for instance.

/// Where the kernel shows graphics cards.
const CARDS: &str = "/dev/dri";

/// Has pages drawn without a graphics card if there is none: an emulated one costs twice the processor's time (decision
/// 42). Must be called before the first window and thread; what the environment says already is left as it is.
pub(crate) fn draw_without_emulated_card() {
    if !has_graphics_card() {
        super::set_for_web_view("WEBKIT_DISABLE_COMPOSITING_MODE", "1");
    }
}

/// Whether a program can draw with a graphics card. A card that only shows what others drew does not count.
fn has_graphics_card() -> bool {
    let entries = std::fs::read_dir(CARDS).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name())
        .any(|name| name.as_encoded_bytes().starts_with(b"renderD"))
}
