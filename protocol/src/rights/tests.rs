use super::*;
use proptest::prelude::*;
use uuid::Uuid;

const ENTITIES: u128 = 3;
const FIELDS: [&str; 2] = ["a", "b"];

fn entity(id: u128) -> EntityId {
    EntityId(Uuid::from_u128(id))
}

fn group(grants: BTreeMap<EntityId, Grant>) -> Group {
    Group {
        id: GroupId(Uuid::nil()),
        name: "Sales".into(),
        members: BTreeSet::new(),
        grants,
    }
}

fn access() -> impl Strategy<Value = Access> {
    prop::sample::select(Access::ALL.to_vec())
}

fn grant() -> impl Strategy<Value = Grant> {
    let limit = prop::sample::select(vec![FieldLimit::ReadOnly, FieldLimit::Hidden]);
    let fields = prop::collection::btree_map(
        prop::sample::select(FIELDS.to_vec()).prop_map(String::from),
        limit,
        0..3,
    );
    (access(), fields).prop_map(|(access, fields)| Grant { access, fields })
}

fn groups() -> impl Strategy<Value = Vec<Group>> {
    let grants = prop::collection::btree_map((0..ENTITIES).prop_map(entity), grant(), 0..4);
    prop::collection::vec(grants.prop_map(group), 0..4)
}

fn closed() -> impl Strategy<Value = BTreeSet<EntityId>> {
    prop::collection::btree_set((0..ENTITIES).prop_map(entity), 0..3)
}

fn role() -> impl Strategy<Value = UserRole> {
    prop::sample::select(UserRole::ALL.to_vec())
}

proptest! {
    #[test]
    fn the_strongest_of_role_and_groups_counts(role in role(), groups in groups(), closed in closed()) {
        let rights = Rights::new(role, &groups, &closed);
        for id in (0..ENTITIES).map(entity) {
            let given = groups.iter().filter_map(|group| group.grants.get(&id)).map(|grant| grant.access).max();
            let by_role = if closed.contains(&id) && role != UserRole::Admin { Access::None } else { role.access() };
            prop_assert_eq!(rights.access(id), given.unwrap_or_default().max(by_role));
        }
    }

    #[test]
    fn another_group_takes_nothing_away(role in role(), groups in groups(), more in groups(), closed in closed()) {
        let before = Rights::new(role, &groups, &closed);
        let after = Rights::new(role, groups.iter().chain(&more), &closed);
        for id in (0..ENTITIES).map(entity) {
            prop_assert!(after.access(id) >= before.access(id));
            if groups.iter().any(|group| group.grants.contains_key(&id)) {
                prop_assert!(after.permission(id).hidden.is_subset(&before.permission(id).hidden));
            }
        }
    }

    #[test]
    fn an_admin_may_do_everything(groups in groups(), closed in closed()) {
        let rights = Rights::new(UserRole::Admin, &groups, &closed);
        for id in (0..=ENTITIES).map(entity) {
            prop_assert_eq!(rights.permission(id), &MANAGE);
        }
        prop_assert!(rights.may(Right::ManagePeople) && rights.may(Right::ReadAudit));
    }

    #[test]
    fn whoever_is_no_admin_does_nothing_of_an_admin(groups in groups(), closed in closed()) {
        for role in [UserRole::None, UserRole::Viewer, UserRole::Editor] {
            let rights = Rights::new(role, &groups, &closed);
            for right in [Right::ManagePeople, Right::SeeAllDrafts, Right::ReadAudit] {
                prop_assert!(!rights.may(right));
            }
        }
    }

    #[test]
    fn what_travels_says_the_same_but_for_what_is_hidden(role in role(), groups in groups(), closed in closed()) {
        let rights = Rights::new(role, &groups, &closed);
        let text = serde_json::to_string(&rights).expect("encoded");
        let received: Rights = serde_json::from_str(&text).expect("decoded");
        for id in (0..ENTITIES).map(entity) {
            prop_assert_eq!(received.access(id), rights.access(id));
            prop_assert_eq!(&received.permission(id).read_only, &rights.permission(id).read_only);
            prop_assert!(received.permission(id).hidden.is_empty());
        }
    }
}

#[test]
fn a_field_is_limited_as_every_group_that_speaks_of_the_entity_limits_it() {
    let limited = |limit| Grant {
        access: Access::Edit,
        fields: BTreeMap::from([("a".into(), limit)]),
    };
    let of = |grants: Vec<Grant>| {
        let groups: Vec<Group> = grants
            .into_iter()
            .map(|grant| group(BTreeMap::from([(entity(0), grant)])))
            .collect();
        Rights::new(UserRole::Editor, &groups, &BTreeSet::new())
            .permission(entity(0))
            .clone()
    };
    let hidden = of(vec![limited(FieldLimit::Hidden)]);
    assert!(hidden.hidden.contains("a") && !hidden.edits_field("a") && hidden.edits_field("b"));
    let seen = of(vec![limited(FieldLimit::Hidden), limited(FieldLimit::ReadOnly)]);
    assert!(seen.hidden.is_empty() && seen.read_only.contains("a"));
    let open = of(vec![
        limited(FieldLimit::Hidden),
        Grant {
            access: Access::View,
            ..Grant::default()
        },
    ]);
    assert!(open.hidden.is_empty() && open.edits_field("a"));
    let manages = of(vec![Grant {
        access: Access::Manage,
        ..limited(FieldLimit::Hidden)
    }]);
    assert_eq!(manages, MANAGE);
}

#[test]
fn another_hidden_field_is_another_stamp() {
    let hides = |field: &str| {
        let fields = BTreeMap::from([(field.to_owned(), FieldLimit::Hidden)]);
        let grant = Grant {
            access: Access::View,
            fields,
        };
        Rights::new(
            UserRole::None,
            [&group(BTreeMap::from([(entity(0), grant)]))],
            &BTreeSet::new(),
        )
    };
    assert_ne!(hides("a").stamp, hides("b").stamp);
    assert_eq!(hides("a").stamp, hides("a").stamp);
}

#[test]
fn a_draft_is_there_for_whoever_manages_it() {
    let mut draft = Entity::unsaved(entity(0));
    let grant = |access| {
        let grants = BTreeMap::from([(
            entity(0),
            Grant {
                access,
                ..Grant::default()
            },
        )]);
        Rights::new(UserRole::Editor, [&group(grants)], &BTreeSet::new())
    };
    assert!(grant(Access::Manage).sees(&draft));
    assert!(!grant(Access::Edit).sees(&draft));
    draft.status = EntityStatus::Published;
    assert!(grant(Access::Edit).sees(&draft));
    assert!(!Rights::of_role(UserRole::None).sees(&draft));
}

#[test]
fn access_is_read_as_it_is_written() {
    for access in Access::ALL {
        assert_eq!(Access::parse(access.as_str()), Some(access));
        assert_eq!(serde_json::to_value(access).ok(), Some(access.as_str().into()));
    }
    assert_eq!(Access::parse("weather"), None);
}

#[test]
fn a_change_of_a_group_says_what_it_is_about() {
    let (group, person) = (GroupId(Uuid::from_u128(7)), UserId(Uuid::from_u128(8)));
    let about = |change: GroupChange| (change.group(), change.person(), change.entity());
    for change in [
        GroupChange::Add(group, "Temps".into()),
        GroupChange::Rename(group, "Temps".into()),
        GroupChange::Remove(group),
    ] {
        assert_eq!(about(change), (Some(group), None, None));
    }
    for change in [
        GroupChange::AddMember(group, person),
        GroupChange::RemoveMember(group, person),
    ] {
        assert_eq!(about(change), (Some(group), Some(person), None));
    }
    for change in [
        GroupChange::Grant(group, entity(0), Some(Access::View)),
        GroupChange::Limit(group, entity(0), "a".into(), None),
    ] {
        assert_eq!(about(change), (Some(group), None, Some(entity(0))));
    }
    assert_eq!(
        about(GroupChange::Close(entity(0), true)),
        (None, None, Some(entity(0)))
    );
}

#[test]
fn somebody_has_the_rights_of_their_own_groups() {
    let (cara, dora) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
    let grant = Grant {
        access: Access::Edit,
        fields: BTreeMap::new(),
    };
    let sales = Group {
        members: BTreeSet::from([cara]),
        ..group(BTreeMap::from([(entity(0), grant)]))
    };
    let groups = Groups {
        groups: vec![sales.clone(), group(BTreeMap::new())],
        ..Groups::default()
    };
    assert_eq!(groups.of(cara).collect::<Vec<_>>(), [&sales]);
    assert_eq!(groups.of(dora).count(), 0);
    assert_eq!(groups.rights(cara, UserRole::None).access(entity(0)), Access::Edit);
    assert_eq!(groups.rights(dora, UserRole::None).access(entity(0)), Access::None);
}

#[test]
fn fields_that_are_only_read_are_named_as_the_entity_names_them() {
    use crate::field::{Field, FieldType};

    let fields = [("a", "place"), ("b", "salary")].map(|(id, name)| Field {
        id: id.into(),
        ..Field::new(name, name, FieldType::Text)
    });
    let wages = Entity::new(entity(0), "wage", "Wage", "Wages", fields.to_vec());
    let names = |ids: &[&str]| {
        let permission = Permission {
            read_only: ids.iter().map(|id| (*id).to_owned()).collect(),
            ..MANAGE.clone()
        };
        permission.read_only_names(&wages).into_iter().collect::<Vec<_>>()
    };
    assert_eq!(names(&["b", "gone"]), ["salary"]);
    assert_eq!(names(&[]), Vec::<String>::new());
}
