//! What the list of a collection looks like to its person, and what they chose in it.

use std::rc::Rc;
use std::sync::Arc;

use baton_protocol::entity::Entity;
use baton_protocol::id::{EntityId, UserId, ViewId};
use baton_protocol::list::{SavedView, View};
use baton_protocol::list_query::{ListQuery, first_sort};
use uuid::Uuid;

use super::selection::Selection;

/// The state of the page, but for its records.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct ListPage {
    look: Look,
    /// What is chosen, also of what is not in the list any more ([`Selection::of`]).
    pub(crate) selection: Selection,
}

/// Where it is known from what the list looks like.
#[derive(Clone, PartialEq, Default)]
enum Look {
    /// Nothing is known of the collection yet.
    #[default]
    Unknown,
    /// The collection is known: its columns and order.
    First(Rc<View>),
    /// As its person left it, or as they changed it here: what comes later is too late.
    Settled(Rc<View>),
}

/// What changes it.
pub(crate) enum ListPageAction {
    /// The collection came.
    Defined(Arc<Entity>),
    /// The server said how lists of this collection were left.
    Found {
        entity: Arc<Entity>,
        me: Option<UserId>,
        views: Vec<SavedView>,
    },
    /// Its person changed what it looks like.
    Changed(View),
    /// Its person chose records.
    Selected(Selection),
}

impl ListPage {
    /// The page as it was before somebody opened a record from it.
    pub(crate) fn restored(view: Rc<View>, selection: Selection) -> Self {
        Self {
            look: Look::Settled(view),
            selection,
        }
    }

    /// What the list looks like.
    pub(crate) fn view(&self) -> Rc<View> {
        match &self.look {
            Look::Unknown => Rc::default(),
            Look::First(view) | Look::Settled(view) => Rc::clone(view),
        }
    }

    /// Whether the server is asked how the list was left.
    pub(crate) fn is_settled(&self) -> bool {
        matches!(self.look, Look::Settled(_))
    }

    /// The state after an action.
    pub(crate) fn after(self, action: ListPageAction) -> Self {
        match (action, &self.look) {
            (ListPageAction::Defined(entity), Look::Unknown) => self.showing(Look::First(Rc::new(first_view(&entity)))),
            (ListPageAction::Defined(_), Look::First(_) | Look::Settled(_)) => self,
            (ListPageAction::Found { .. }, Look::Settled(_)) => self,
            (ListPageAction::Found { entity, me, views }, Look::Unknown | Look::First(_)) => {
                let left = left_view(&entity, me, views).map_or_else(|| self.view(), Rc::new);
                self.showing(Look::Settled(left))
            }
            (ListPageAction::Changed(view), _) => self.showing(Look::Settled(Rc::new(view))),
            (ListPageAction::Selected(selection), _) => Self { selection, ..self },
        }
    }

    /// What is chosen is chosen among these records; among others it would not be seen.
    fn showing(self, look: Look) -> Self {
        let before = self.view();
        let after = Self { look, ..self };
        let view = after.view();
        let same = before.query.search == view.query.search && before.query.filters == view.query.filters;
        Self {
            selection: if same { after.selection } else { Selection::default() },
            look: after.look,
        }
    }
}

/// The look that is saved when somebody changes it: their columns, order and layout, without what could hide something from
/// them when they come back; one a person and collection.
pub(crate) fn look_to_save(person: UserId, entity: EntityId, view: &View) -> SavedView {
    let look = View {
        query: ListQuery {
            sort: view.query.sort.clone(),
            ..ListQuery::default()
        },
        ..view.clone()
    };
    SavedView::storable(id_of_look(person, entity), entity, String::new(), false, look)
}

fn id_of_look(person: UserId, entity: EntityId) -> ViewId {
    ViewId(Uuid::new_v5(&person.0, entity.0.as_bytes()))
}

fn first_view(entity: &Entity) -> View {
    View {
        query: ListQuery {
            sort: first_sort(entity),
            ..ListQuery::default()
        },
        ..View::default()
    }
}

/// The look among saved views, if it still fits the collection.
fn left_view(entity: &Entity, me: Option<UserId>, views: Vec<SavedView>) -> Option<View> {
    let own = me.map(|me| id_of_look(me, entity.id));
    let mut looks = views.into_iter().filter(|view| view.name.is_empty());
    let first = looks.next();
    let left = looks.find(|view| Some(view.id) == own).or(first)?;
    left.view.query.check(entity).is_ok().then_some(left.view)
}

#[cfg(test)]
mod tests {
    use baton_protocol::field::{Field, FieldType, Operator, Value};
    use baton_protocol::id::RecordId;
    use baton_protocol::list::Layout;
    use baton_protocol::list_query::{Filter, Sort};

    use super::*;

    const ME: UserId = UserId(Uuid::from_u128(7));

    fn products() -> Arc<Entity> {
        let fields = vec![Field::new("price", "Price", FieldType::Number)];
        Arc::new(Entity::new(
            EntityId(Uuid::nil()),
            "product",
            "Product",
            "Products",
            fields,
        ))
    }

    fn sorted_by(field: &str) -> View {
        let mut view = first_view(&products());
        view.query.sort = Some(Sort {
            field: field.into(),
            descending: true,
        });
        view
    }

    fn found(views: Vec<SavedView>) -> ListPageAction {
        ListPageAction::Found {
            entity: products(),
            me: Some(ME),
            views,
        }
    }

    fn chosen() -> Selection {
        Selection {
            all: true,
            last: Some(RecordId(Uuid::nil())),
            ..Selection::default()
        }
    }

    #[test]
    fn a_list_looks_as_it_was_left_and_as_defined_until_that_is_known() {
        let page = ListPage::default().after(ListPageAction::Defined(products()));
        assert_eq!(*page.view(), first_view(&products()));
        assert!(!page.is_settled());
        let left = look_to_save(ME, products().id, &sorted_by("price"));
        let page = page.after(found(vec![left]));
        assert_eq!(page.view().query.sort, sorted_by("price").query.sort);
        assert!(page.is_settled());
        // The collection is defined anew: what its person sees stays.
        let again = page.clone().after(ListPageAction::Defined(products()));
        assert!(again == page);
    }

    #[test]
    fn what_was_changed_meanwhile_is_not_replaced_by_what_was_left() {
        let page = ListPage::default()
            .after(ListPageAction::Defined(products()))
            .after(ListPageAction::Changed(sorted_by("title")))
            .after(found(vec![look_to_save(ME, products().id, &sorted_by("price"))]));
        assert_eq!(*page.view(), sorted_by("title"));
    }

    #[test]
    fn a_look_that_does_not_fit_the_collection_any_more_is_not_shown() {
        let page = ListPage::default()
            .after(ListPageAction::Defined(products()))
            .after(found(vec![look_to_save(ME, products().id, &sorted_by("weight"))]));
        assert_eq!(*page.view(), first_view(&products()));
        assert!(page.is_settled());
    }

    #[test]
    fn the_own_look_counts_before_another_unnamed_one() {
        let other = look_to_save(UserId(Uuid::from_u128(8)), products().id, &sorted_by("title"));
        let own = look_to_save(ME, products().id, &sorted_by("price"));
        let page = ListPage::default().after(found(vec![other, own]));
        assert_eq!(page.view().query.sort, sorted_by("price").query.sort);
    }

    #[test]
    fn what_could_hide_something_is_not_saved_with_the_look() {
        let mut view = sorted_by("price");
        view.query.search = "lamp".into();
        view.layout = Layout::Cards;
        let saved = look_to_save(ME, products().id, &view);
        assert_eq!(saved.view.query.search, "");
        assert_eq!(saved.view.layout, Layout::Cards);
        assert_eq!(saved.view.query.sort, view.query.sort);
    }

    #[test]
    fn what_is_chosen_stays_with_another_order_and_goes_with_other_records() {
        let page = ListPage::default()
            .after(ListPageAction::Changed(sorted_by("title")))
            .after(ListPageAction::Selected(chosen()));
        let page = page.after(ListPageAction::Changed(sorted_by("price")));
        assert!(page.selection == chosen());
        let mut filtered = sorted_by("price");
        filtered.query.filters = vec![Filter::new("price", Operator::AtLeast, Value::from_text("5"))];
        assert!(page.after(ListPageAction::Changed(filtered)).selection.is_empty());
    }

    #[test]
    fn whoever_comes_back_finds_the_list_as_it_was() {
        let page = ListPage::restored(Rc::new(sorted_by("price")), chosen());
        let page = page.after(ListPageAction::Defined(products())).after(found(Vec::new()));
        assert_eq!(*page.view(), sorted_by("price"));
        assert!(page.selection == chosen());
    }
}
