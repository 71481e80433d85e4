//! Lists as people use them: pages of rows, lists that are kept, and what a new definition does to values.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entity::Entity;
use crate::field::{Field, FieldType};
use crate::id::{EntityId, RecordId, UserId, ViewId};
use crate::list_query::{Cursor, ListQuery, column};
use crate::person::Person;
use crate::record::RecordRow;
use crate::time::Timestamp;
use crate::values::STATUS;

/// How far the rows of a list are counted, where they are filtered: past it, they are “many”.
pub const COUNT_LIMIT: u64 = 10_000;

/// The most rows of one page.
pub const PAGE_ROWS: u32 = 200;

/// One page of a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Page {
    /// The rows, in order.
    pub rows: Vec<RecordRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
    /// How many rows the whole list has; [`COUNT_LIMIT`] and one more stands for more than are counted.
    pub total: u64,
    /// When this computer heard of it last, where the server could not be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remembered: Option<Timestamp>,
}

/// The most favourites that a person has.
pub const MAX_FAVOURITES: usize = 100;

/// A record that a person marked as a favourite.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Favourite {
    /// Which.
    pub record: RecordId,
    /// Its entity.
    pub entity: EntityId,
    /// What it is called.
    pub title: String,
}

/// What a list looks like.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct View {
    /// Which records, in which order.
    pub query: ListQuery,
    /// The columns besides the title, in order; none: the first ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    /// How the rows are drawn.
    #[serde(default)]
    pub layout: Layout,
    /// The field that parts a board, or lays a calendar out; left out, the first that can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// How rows are drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// A row each.
    #[default]
    Table,
    /// A card each.
    Cards,
    /// A card each, below the option that it has.
    Board,
    /// On the day that it has.
    Calendar,
    /// A card each, below the picture that it has.
    Gallery,
}

impl Layout {
    /// All of them, in the order in which a person is offered them.
    pub const ALL: [Self; 5] = [Self::Table, Self::Cards, Self::Gallery, Self::Board, Self::Calendar];

    /// Its id, as serde writes it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Cards => "cards",
            Self::Board => "board",
            Self::Calendar => "calendar",
            Self::Gallery => "gallery",
        }
    }

    /// The fields that can part a board, lay a calendar out or be what a gallery shows; none for what needs none.
    #[must_use]
    pub fn fields(self, entity: &Entity) -> Vec<Field> {
        let fits = |field: &Field| match self {
            Self::Table | Self::Cards => false,
            Self::Board => matches!(field.field_type, FieldType::Select | FieldType::Radio),
            Self::Calendar => matches!(field.field_type, FieldType::Date | FieldType::DateTime),
            Self::Gallery => field.field_type == FieldType::Image,
        };
        let own = entity.fields.iter().map(|field| field.name.as_str());
        let names = own.chain([STATUS]);
        names.filter_map(|name| column(entity, name)).filter(fits).collect()
    }
}

impl View {
    /// The field that its layout goes by; nothing where it goes by none, or there is none.
    #[must_use]
    pub fn laid_out_by(&self, entity: &Entity) -> Option<Field> {
        let mut fields = self.layout.fields(entity);
        let chosen = fields.iter().position(|field| Some(&field.name) == self.by.as_ref());
        let place = chosen.unwrap_or_default();
        (place < fields.len()).then(|| fields.swap_remove(place))
    }
}

/// A list that is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SavedView {
    /// Its id.
    pub id: ViewId,
    /// Whose records it shows.
    pub entity: EntityId,
    /// What it is called. Without a name it is how its owner left the list, and theirs alone.
    pub name: String,
    /// Whether everybody sees it.
    pub shared: bool,
    /// Who keeps it. What a client says here is not believed.
    pub owner: Person,
    /// What it looks like.
    pub view: View,
}

impl SavedView {
    /// A list that is to be kept; whose it is, the server knows by who asks.
    #[must_use]
    pub fn storable(id: ViewId, entity: EntityId, name: String, shared: bool, view: View) -> Self {
        let owner = Person {
            id: UserId(Uuid::nil()),
            name: String::new(),
        };
        Self {
            id,
            entity,
            name,
            shared,
            owner,
            view,
        }
    }
}

/// What a definition's draft does to the values of one field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Impact {
    /// The field's id.
    pub field: String,
    /// Its saved label.
    pub label: String,
    /// Whether the draft removes it; otherwise its values become those of another type.
    pub removed: bool,
    /// How many records hold a value.
    pub records: u64,
    /// In how many of them the value cannot be kept.
    pub lost: u64,
    /// Some of the values that cannot be kept, in words.
    pub examples: Vec<String>,
}
