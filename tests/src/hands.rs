//! Real keys and a real mouse (XTEST): a window hears them as it hears a person, which WebDriver's events are not.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, CreateWindowAux, EventMask, InputFocus,
    KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT, MapState, PropMode, SELECTION_NOTIFY_EVENT,
    SelectionNotifyEvent, SelectionRequestEvent, Window, WindowClass,
};
use x11rb::protocol::{Event, xtest::ConnectionExt as _};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// Between two movements of a hand.
const PAUSE: Duration = Duration::from_millis(12);

/// Keys that write nothing.
pub mod keys {
    /// Enter.
    pub const ENTER: u32 = 0xff0d;
    /// Tab.
    pub const TAB: u32 = 0xff09;
    /// Escape.
    pub const ESCAPE: u32 = 0xff1b;
    /// The end of the line.
    pub const END: u32 = 0xff57;
    /// Control, on the left.
    pub const CONTROL: u32 = 0xffe3;
    /// Shift, on the left.
    pub const SHIFT: u32 = 0xffe1;
    /// Alt, on the left.
    pub const ALT: u32 = 0xffe9;
    /// The arrow up.
    pub const UP: u32 = 0xff52;
    /// The arrow to the left.
    pub const LEFT: u32 = 0xff51;
    /// The arrow to the right.
    pub const RIGHT: u32 = 0xff53;
    /// An accent over the next letter.
    pub const DEAD_ACUTE: u32 = 0xfe51;
    /// The next two letters make one.
    pub const COMPOSE: u32 = 0xff20;
}

/// Somebody's hands at a display.
#[derive(Debug)]
pub struct Hands {
    connection: RustConnection,
    root: Window,
    name: String,
}

impl Hands {
    pub(crate) fn at(display: &str) -> anyhow::Result<Self> {
        let (connection, screen) = RustConnection::connect(Some(display))?;
        let root = connection.setup().roots[screen].root;
        connection
            .xtest_get_version(2, 2)?
            .reply()
            .context("the display has no XTEST")?;
        let hands = Self {
            connection,
            root,
            name: display.to_owned(),
        };
        hands.take_the_window()?;
        Ok(hands)
    }

    /// Without a window manager nobody gives the topmost window the keyboard.
    fn take_the_window(&self) -> anyhow::Result<()> {
        let windows = self.windows()?;
        let top = windows.last().context("there is no window on the display")?;
        self.connection
            .set_input_focus(InputFocus::PARENT, *top, x11rb::CURRENT_TIME)?
            .check()?;
        Ok(())
    }

    /// The windows that are seen, the topmost last.
    fn windows(&self) -> anyhow::Result<Vec<Window>> {
        let mut seen = Vec::new();
        for window in self.connection.query_tree(self.root)?.reply()?.children {
            let attributes = self.connection.get_window_attributes(window)?.reply();
            let place = self.connection.get_geometry(window)?.reply();
            // One that closes at this moment is seen no more.
            let (Ok(attributes), Ok(place)) = (attributes, place) else {
                continue;
            };
            if attributes.map_state == MapState::VIEWABLE && place.width > 300 {
                seen.push(window);
            }
        }
        Ok(seen)
    }

    /// Waits until so many windows are seen, and works in the topmost.
    ///
    /// # Errors
    /// If they are not within a quarter of a minute.
    pub fn expect_windows(&self, count: usize) -> anyhow::Result<()> {
        let began = Instant::now();
        while self.windows()?.len() != count {
            ensure!(
                began.elapsed() < Duration::from_secs(15),
                "there are not {count} windows"
            );
            thread::sleep(PAUSE);
        }
        self.take_the_window()
    }

    /// Works in a window of another program from now on.
    ///
    /// # Errors
    /// If the display does not take it.
    pub fn look_elsewhere(&self) -> anyhow::Result<()> {
        let (id, nothing) = (self.connection.generate_id()?, CreateWindowAux::new());
        self.connection
            .create_window(
                x11rb::COPY_DEPTH_FROM_PARENT,
                id,
                self.root,
                0,
                0,
                1,
                1,
                0,
                WindowClass::INPUT_OUTPUT,
                x11rb::COPY_FROM_PARENT,
                &nothing,
            )?
            .check()?;
        self.connection.map_window(id)?.check()?;
        self.connection
            .set_input_focus(InputFocus::PARENT, id, x11rb::CURRENT_TIME)?
            .check()?;
        Ok(())
    }

    fn fake(&self, kind: u8, detail: u8, x: i16, y: i16) -> anyhow::Result<()> {
        self.connection
            .xtest_fake_input(kind, detail, x11rb::CURRENT_TIME, self.root, x, y, 0)?
            .check()?;
        thread::sleep(PAUSE);
        Ok(())
    }

    /// The key that gives this, and whether Shift goes with it.
    fn key(&self, symbol: u32) -> anyhow::Result<(u8, bool)> {
        let setup = self.connection.setup();
        let (first, count) = (setup.min_keycode, setup.max_keycode - setup.min_keycode + 1);
        let mapping = self.connection.get_keyboard_mapping(first, count)?.reply()?;
        let each = usize::from(mapping.keysyms_per_keycode);
        for (code, symbols) in (first..).zip(mapping.keysyms.chunks(each)) {
            if let Some(level) = symbols.iter().take(2).position(|found| *found == symbol) {
                return Ok((code, level == 1));
            }
        }
        anyhow::bail!("no key gives {symbol:#x}")
    }

    /// Presses a key with these held.
    ///
    /// # Errors
    /// If there is no such key.
    pub fn press(&self, held: &[u32], symbol: u32) -> anyhow::Result<()> {
        let (code, shift) = self.key(symbol)?;
        self.press_code(held, code, shift)
    }

    fn press_code(&self, held: &[u32], code: u8, shift: bool) -> anyhow::Result<()> {
        let mut down = Vec::new();
        for symbol in held.iter().chain(shift.then_some(&keys::SHIFT)) {
            down.push(self.key(*symbol)?.0);
        }
        for code in &down {
            self.fake(KEY_PRESS_EVENT, *code, 0, 0)?;
        }
        self.fake(KEY_PRESS_EVENT, code, 0, 0)?;
        self.fake(KEY_RELEASE_EVENT, code, 0, 0)?;
        for code in down.iter().rev() {
            self.fake(KEY_RELEASE_EVENT, *code, 0, 0)?;
        }
        Ok(())
    }

    /// Types a text, letter by letter.
    ///
    /// # Errors
    /// If the layout does not have one of them.
    pub fn write(&self, text: &str) -> anyhow::Result<()> {
        for letter in text.chars() {
            self.press(&[], u32::from(letter))?;
        }
        Ok(())
    }

    /// From now on the key that gave the first writes the second, as on another layout; which key it is.
    ///
    /// # Errors
    /// If there is no such key.
    pub fn relabel(&self, from: u32, to: u32) -> anyhow::Result<u8> {
        let (code, _) = self.key(from)?;
        let mapping = self.connection.get_keyboard_mapping(code, 1)?.reply()?;
        let symbols = vec![to; usize::from(mapping.keysyms_per_keycode)];
        self.connection
            .change_keyboard_mapping(1, code, mapping.keysyms_per_keycode, &symbols)?
            .check()?;
        // Programs hear of the layout, and ask for it anew.
        thread::sleep(Duration::from_millis(300));
        Ok(code)
    }

    /// Presses the key in this place, whatever it writes.
    ///
    /// # Errors
    /// If the display is gone.
    pub fn press_place(&self, held: &[u32], code: u8) -> anyhow::Result<()> {
        self.press_code(held, code, false)
    }

    /// Presses the left button here.
    ///
    /// # Errors
    /// If the display is gone.
    pub fn click(&self, place: (i16, i16)) -> anyhow::Result<()> {
        self.click_with(1, place)
    }

    /// Presses a button here: 1 is the left one, 3 the right one.
    pub(crate) fn click_with(&self, button: u8, (x, y): (i16, i16)) -> anyhow::Result<()> {
        self.fake(MOTION_NOTIFY_EVENT, 0, x, y)?;
        self.fake(BUTTON_PRESS_EVENT, button, 0, 0)?;
        self.fake(BUTTON_RELEASE_EVENT, button, 0, 0)
    }

    /// The same with these keys held.
    ///
    /// # Errors
    /// If there is no such key.
    pub fn click_holding(&self, held: &[u32], place: (i16, i16)) -> anyhow::Result<()> {
        let codes = held
            .iter()
            .map(|symbol| Ok(self.key(*symbol)?.0))
            .collect::<anyhow::Result<Vec<u8>>>()?;
        for code in &codes {
            self.fake(KEY_PRESS_EVENT, *code, 0, 0)?;
        }
        self.click(place)?;
        for code in codes.iter().rev() {
            self.fake(KEY_RELEASE_EVENT, *code, 0, 0)?;
        }
        Ok(())
    }

    /// Turns the wheel over a place by this many notches, towards its end or its beginning.
    ///
    /// # Errors
    /// If the display is gone.
    pub fn turn_wheel(&self, (x, y): (i16, i16), notches: u8, to_the_end: bool) -> anyhow::Result<()> {
        let button = if to_the_end { 5 } else { 4 };
        self.fake(MOTION_NOTIFY_EVENT, 0, x, y)?;
        for _ in 0..notches {
            self.fake(BUTTON_PRESS_EVENT, button, 0, 0)?;
            self.fake(BUTTON_RELEASE_EVENT, button, 0, 0)?;
        }
        Ok(())
    }

    /// Takes something and moves it to another place, as a hand does: not in one leap.
    ///
    /// # Errors
    /// If the display is gone.
    pub(crate) fn press_and_move(&self, from: (i16, i16), to: (i16, i16)) -> anyhow::Result<()> {
        const STEPS: i16 = 24;
        self.fake(MOTION_NOTIFY_EVENT, 0, from.0, from.1)?;
        self.fake(BUTTON_PRESS_EVENT, 1, 0, 0)?;
        for step in 1..=STEPS {
            let at = |from: i16, to: i16| from + (to - from) * step / STEPS;
            self.fake(MOTION_NOTIFY_EVENT, 0, at(from.0, to.0), at(from.1, to.1))?;
        }
        Ok(())
    }

    /// Moves by a pixel and back: a hand is never quite still.
    ///
    /// # Errors
    /// If the display is gone.
    pub(crate) fn nudge(&self, (x, y): (i16, i16)) -> anyhow::Result<()> {
        self.fake(MOTION_NOTIFY_EVENT, 0, x + 1, y)?;
        self.fake(MOTION_NOTIFY_EVENT, 0, x, y)
    }

    /// Releases the button.
    ///
    /// # Errors
    /// If the display is gone.
    pub(crate) fn release(&self) -> anyhow::Result<()> {
        self.fake(BUTTON_RELEASE_EVENT, 1, 0, 0)
    }

    /// Puts this on the clipboard, as another program does that offers it in two ways.
    ///
    /// # Errors
    /// If the display is gone.
    pub fn copy(&self, html: &str, text: &str) -> anyhow::Result<()> {
        let (connection, screen) = RustConnection::connect(Some(&self.name))?;
        let root = connection.setup().roots[screen].root;
        let owner = connection.generate_id()?;
        connection
            .create_window(
                0,
                owner,
                root,
                0,
                0,
                1,
                1,
                0,
                WindowClass::INPUT_ONLY,
                0,
                &CreateWindowAux::new(),
            )?
            .check()?;
        let atom = |name: &str| anyhow::Ok(connection.intern_atom(false, name.as_bytes())?.reply()?.atom);
        let clipboard = atom("CLIPBOARD")?;
        let (targets, as_html, as_text) = (atom("TARGETS")?, atom("text/html")?, atom("UTF8_STRING")?);
        connection
            .set_selection_owner(owner, clipboard, x11rb::CURRENT_TIME)?
            .check()?;
        ensure!(
            connection.get_selection_owner(clipboard)?.reply()?.owner == owner,
            "not mine"
        );
        let (html, text) = (html.to_owned(), text.to_owned());
        // Serves whoever pastes until the display is gone.
        thread::spawn(move || {
            while let Ok(event) = connection.wait_for_event() {
                let Event::SelectionRequest(mut asked) = event else {
                    continue;
                };
                let given = if asked.target == targets {
                    connection.change_property32(
                        PropMode::REPLACE,
                        asked.requestor,
                        asked.property,
                        AtomEnum::ATOM,
                        &[targets, as_html, as_text],
                    )
                } else if asked.target == as_html || asked.target == as_text {
                    let bytes = if asked.target == as_html { &html } else { &text };
                    connection.change_property8(
                        PropMode::REPLACE,
                        asked.requestor,
                        asked.property,
                        asked.target,
                        bytes.as_bytes(),
                    )
                } else {
                    // Refused; whoever asked would wait for half a minute.
                    asked.property = x11rb::NONE;
                    answer(&connection, asked).ok();
                    continue;
                };
                if given.is_err() || answer(&connection, asked).is_err() {
                    return;
                }
            }
        });
        Ok(())
    }
}

fn answer(connection: &RustConnection, asked: SelectionRequestEvent) -> anyhow::Result<()> {
    let event = SelectionNotifyEvent {
        response_type: SELECTION_NOTIFY_EVENT,
        sequence: 0,
        time: asked.time,
        requestor: asked.requestor,
        selection: asked.selection,
        target: asked.target,
        property: asked.property,
    };
    connection.send_event(false, asked.requestor, EventMask::NO_EVENT, event)?;
    connection.flush()?;
    Ok(())
}
