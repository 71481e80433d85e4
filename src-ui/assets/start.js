import init from "./baton_ui.js";
init({ module_or_path: "./baton_ui_bg.wasm" });
