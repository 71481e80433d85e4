//! The tray of Linux desktops, spoken to over the session bus: no library has to be there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ksni::menu::StandardItem;
use ksni::{MenuItem, OfflineReason, Status as Attention, TrayMethods as _};
use tauri::AppHandle;

use super::{Status, act, actions};

/// The icon on the bus.
pub(super) struct Icon {
    handle: ksni::Handle<Model>,
    there: Arc<AtomicBool>,
}

struct Model {
    app: AppHandle,
    status: Status,
    pixels: Vec<ksni::Icon>,
    there: Arc<AtomicBool>,
}

impl Icon {
    pub(super) async fn start(app: &AppHandle) -> Result<Self, ksni::Error> {
        let there = Arc::new(AtomicBool::new(true));
        let model = Model {
            app: app.clone(),
            status: Status::default(),
            pixels: app.default_window_icon().map(pixels).into_iter().collect(),
            there: Arc::clone(&there),
        };
        let handle = model.spawn().await?;
        Ok(Self { handle, there })
    }

    pub(super) async fn show(&self, status: Status) {
        // It may have gone with the bus.
        self.handle.update(|model| model.status = status).await;
    }

    pub(super) fn is_there(&self) -> bool {
        !self.handle.is_closed() && self.there.load(Ordering::Relaxed)
    }
}

impl ksni::Tray for Model {
    fn id(&self) -> String {
        "baton-desktop".into()
    }

    fn title(&self) -> String {
        "Baton".into()
    }

    fn icon_name(&self) -> String {
        "baton".into()
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        self.pixels.clone()
    }

    fn status(&self) -> Attention {
        if self.status.wants_attention() {
            Attention::NeedsAttention
        } else {
            Attention::Active
        }
    }

    fn tool_tip(&self) -> ksni::ToolTip {
        ksni::ToolTip {
            title: "Baton".into(),
            description: self.status.lines().join("\n"),
            ..Default::default()
        }
    }

    fn activate(&mut self, _: i32, _: i32) {
        act(&self.app, super::Action::Show);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let lines = self.status.lines().into_iter().map(|line| {
            MenuItem::from(StandardItem {
                label: escaped(&line),
                enabled: false,
                ..Default::default()
            })
        });
        let actions = actions().into_iter().map(|(action, label)| {
            MenuItem::from(StandardItem {
                label: label.into(),
                activate: Box::new(move |model: &mut Self| act(&model.app, action)),
                ..Default::default()
            })
        });
        lines.chain([MenuItem::Separator]).chain(actions).collect()
    }

    fn watcher_online(&self) {
        self.there.store(true, Ordering::Relaxed);
    }

    fn watcher_offline(&self, _: OfflineReason) -> bool {
        self.there.store(false, Ordering::Relaxed);
        true
    }
}

/// In a menu an underscore marks the letter of a key.
fn escaped(line: &str) -> String {
    line.replace('_', "__")
}

/// The picture as the tray wants it: alpha first.
fn pixels(image: &tauri::image::Image<'_>) -> ksni::Icon {
    let mut data = image.rgba().to_vec();
    for pixel in data.chunks_exact_mut(4) {
        pixel.rotate_right(1);
    }
    ksni::Icon {
        width: i32::try_from(image.width()).unwrap_or_default(),
        height: i32::try_from(image.height()).unwrap_or_default(),
        data,
    }
}
