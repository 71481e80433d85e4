import init from "./baton_ui.js";

// The editor of formatted text is loaded when a form first shows one.
globalThis.openEditor = async (...about) => (await import("./editor.js")).open(...about);

init({ module_or_path: "./baton_ui_bg.wasm" });
