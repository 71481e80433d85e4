//! What the web view writes in the language of the window.

use baton_protocol::calendar::FirstDay;
use js_sys::{Array, Function, Object, Reflect, global};
use wasm_bindgen::{JsCast as _, JsValue};

/// 12345.6. A system may name a language that is none, like `C`: then there is no example.
pub(super) fn number() -> Option<String> {
    written("NumberFormat", &[], &12345.6.into())
}

/// The 24th of November 2026; empty where there is no example.
pub(super) fn day() -> String {
    let options = [("year", "numeric"), ("month", "2-digit"), ("day", "2-digit")];
    written("DateTimeFormat", &options, &moment()).unwrap_or_default()
}

/// Half past two in the afternoon; empty where there is no example.
pub(super) fn time() -> String {
    let options = [("hour", "numeric"), ("minute", "2-digit")];
    written("DateTimeFormat", &options, &moment()).unwrap_or_default()
}

/// With which day weeks begin. Web views name it by a function, older ones by a property.
pub(super) fn first_day() -> Option<FirstDay> {
    let language = web_sys::window()?.navigator().language()?;
    let intl = Reflect::get(&global(), &"Intl".into()).ok()?;
    let locales: Function = Reflect::get(&intl, &"Locale".into()).ok()?.dyn_into().ok()?;
    let locale = Reflect::construct(&locales, &Array::of1(&language.into())).ok()?;
    let week = match Reflect::get(&locale, &"getWeekInfo".into())
        .ok()?
        .dyn_into::<Function>()
    {
        Ok(get) => get.call0(&locale).ok()?,
        Err(_) => Reflect::get(&locale, &"weekInfo".into()).ok()?,
    };
    let number = Reflect::get(&week, &"firstDay".into()).ok()?.as_f64()?;
    (1..=7)
        .find(|&day| f64::from(day) == number)
        .and_then(FirstDay::from_iso)
}

fn moment() -> JsValue {
    js_sys::Date::new_with_year_month_day_hr_min(2026, 10, 24, 14, 30).into()
}

fn written(format: &str, options: &[(&str, &str)], value: &JsValue) -> Option<String> {
    let language = web_sys::window()?.navigator().language()?;
    let chosen = Object::new();
    for (name, choice) in options {
        Reflect::set(&chosen, &(*name).into(), &(*choice).into()).ok()?;
    }
    let intl = Reflect::get(&global(), &"Intl".into()).ok()?;
    let formats: Function = Reflect::get(&intl, &format.into()).ok()?.dyn_into().ok()?;
    let format = Reflect::construct(&formats, &Array::of2(&language.into(), &chosen)).ok()?;
    let print: Function = Reflect::get(&format, &"format".into()).ok()?.dyn_into().ok()?;
    print.call1(&JsValue::UNDEFINED, value).ok()?.as_string()
}
