//! Who may do what (semantics 7.2): the one rule, for the server at every door and for the UI to offer nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde::{Deserialize, Serialize};

use crate::entity::{Entity, EntityStatus};
use crate::id::{EntityId, FormKey, FormKind, GroupId, UserId};
use crate::person::UserRole;

/// The most groups that a server has, and the longest name of one in Unicode scalar values.
pub const MAX_GROUPS: usize = 500;
/// The longest name of a group, in Unicode scalar values.
pub const MAX_GROUP_NAME: usize = 80;

/// What somebody may do with an entity and its records; each includes those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Nothing: it is not there for them.
    #[default]
    None,
    /// Read records and watch their forms.
    View,
    /// Edit records.
    Edit,
    /// Define the entity, see it as a draft, take forms of its records over.
    Manage,
}

/// How a group's members are kept from a field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldLimit {
    /// They see it and cannot change it.
    ReadOnly,
    /// It is not there for them.
    Hidden,
}

/// What a group gives its members of one entity.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Grant {
    /// What they may do.
    pub access: Access,
    /// The fields that they are kept from, by the field's id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, FieldLimit>,
}

/// A group of people, with what it gives them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// What it is called.
    pub name: String,
    /// Who is in it.
    pub members: BTreeSet<UserId>,
    /// What it gives, by entity; what is not named is left to roles and other groups.
    pub grants: BTreeMap<EntityId, Grant>,
}

/// All groups, and the entities of which roles give nothing.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Groups {
    /// The groups, by name.
    pub groups: Vec<Group>,
    /// Entities that only groups, and admins, have access to.
    pub closed: BTreeSet<EntityId>,
}

/// A change of one group, or of who has access to an entity. Two changes at once do not undo each other.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupChange {
    /// It is made, under this name.
    Add(GroupId, String),
    /// It gets another name.
    Rename(GroupId, String),
    /// It is no more; its members keep what else they have.
    Remove(GroupId),
    /// A person comes into it.
    AddMember(GroupId, UserId),
    /// A person goes out of it.
    RemoveMember(GroupId, UserId),
    /// It gives this access to an entity; `None`: it does not speak of it any more, of its fields neither.
    Grant(GroupId, EntityId, Option<Access>),
    /// It keeps its members from the field with this id; `None`: not any more. It must give some access, if none.
    Limit(GroupId, EntityId, String, Option<FieldLimit>),
    /// Whether an entity is closed to roles: only groups, and admins, have access to it.
    Close(EntityId, bool),
}

impl GroupChange {
    /// The group that it is about.
    #[must_use]
    pub fn group(&self) -> Option<GroupId> {
        match self {
            Self::Add(group, _)
            | Self::Rename(group, _)
            | Self::Remove(group)
            | Self::AddMember(group, _)
            | Self::RemoveMember(group, _)
            | Self::Grant(group, ..)
            | Self::Limit(group, ..) => Some(*group),
            Self::Close(..) => None,
        }
    }

    /// The person that it is about.
    #[must_use]
    pub fn person(&self) -> Option<UserId> {
        match self {
            Self::AddMember(_, person) | Self::RemoveMember(_, person) => Some(*person),
            Self::Add(..)
            | Self::Rename(..)
            | Self::Remove(_)
            | Self::Grant(..)
            | Self::Limit(..)
            | Self::Close(..) => None,
        }
    }

    /// The entity that it is about.
    #[must_use]
    pub fn entity(&self) -> Option<EntityId> {
        match self {
            Self::Grant(_, entity, _) | Self::Limit(_, entity, ..) | Self::Close(entity, _) => Some(*entity),
            Self::Add(..) | Self::Rename(..) | Self::Remove(_) | Self::AddMember(..) | Self::RemoveMember(..) => None,
        }
    }
}

impl Groups {
    /// The groups that a person is in.
    pub fn of(&self, person: UserId) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(move |group| group.members.contains(&person))
    }

    /// The rights of a person with this role.
    #[must_use]
    pub fn rights(&self, person: UserId, role: UserRole) -> Rights {
        Rights::new(role, self.of(person), &self.closed)
    }
}

/// What one person may do with one entity.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Permission {
    /// What they may do.
    pub access: Access,
    /// The ids of the fields that they cannot change.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub read_only: BTreeSet<String>,
    /// The ids of the fields that are not there for them; nor is it said which those are.
    #[serde(skip)]
    pub hidden: BTreeSet<String>,
}

/// What there is a right to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Right {
    /// Read an entity's records.
    View(EntityId),
    /// Edit an entity's records.
    Edit(EntityId),
    /// Define an entity, and take its forms over (3.6).
    Manage(EntityId),
    /// Upload files, which is for whoever edits records of any entity.
    UploadFiles,
    /// Make and change accounts and groups, and see who is connected.
    ManagePeople,
    /// See what others have typed and not saved, wherever it is.
    SeeAllDrafts,
    /// Read who did what, when and from where.
    ReadAudit,
}

/// All that one person may do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Rights {
    /// What they may do where nothing else is said.
    role: UserRole,
    /// The entities of which something else is said.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    entities: BTreeMap<EntityId, Permission>,
    /// Stands for all of it, what is not told included: another stamp is other rights, and what a desktop remembers
    /// may not be theirs to see any more.
    #[serde(default)]
    stamp: u64,
}

static NONE: Permission = Permission::of(Access::None);
static VIEW: Permission = Permission::of(Access::View);
static EDIT: Permission = Permission::of(Access::Edit);
static MANAGE: Permission = Permission::of(Access::Manage);

impl Access {
    /// All of them, each including those before it.
    pub const ALL: [Self; 4] = [Self::None, Self::View, Self::Edit, Self::Manage];

    /// The word that is stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::View => "view",
            Self::Edit => "edit",
            Self::Manage => "manage",
        }
    }

    /// Reads what [`Self::as_str`] wrote.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|access| access.as_str() == word)
    }
}

impl Permission {
    const fn of(access: Access) -> Self {
        Self {
            access,
            read_only: BTreeSet::new(),
            hidden: BTreeSet::new(),
        }
    }

    /// The names of an entity's fields that they see and cannot change.
    #[must_use]
    pub fn read_only_names(&self, entity: &Entity) -> BTreeSet<String> {
        let fields = entity.fields.iter().filter(|field| self.read_only.contains(&field.id));
        fields.map(|field| field.name.clone()).collect()
    }

    /// Whether they may change the field with this id.
    #[must_use]
    pub fn edits_field(&self, id: &str) -> bool {
        self.access >= Access::Edit && !self.read_only.contains(id) && !self.hidden.contains(id)
    }
}

impl UserRole {
    /// What the role gives of an entity that is not closed to roles.
    #[must_use]
    pub fn access(self) -> Access {
        match self {
            Self::None => Access::None,
            Self::Viewer => Access::View,
            Self::Editor => Access::Edit,
            Self::Admin => Access::Manage,
        }
    }
}

impl Rights {
    /// The rights that a role gives by itself.
    #[must_use]
    pub fn of_role(role: UserRole) -> Self {
        Self::new(role, [], &BTreeSet::new())
    }

    /// The rights of somebody with this role who is in these groups: the strongest of role and groups counts. An
    /// admin may do everything. A field is limited as every group of theirs that speaks of the entity limits it;
    /// whoever manages an entity is kept from no field.
    #[must_use]
    pub fn new<'a>(role: UserRole, groups: impl IntoIterator<Item = &'a Group>, closed: &BTreeSet<EntityId>) -> Self {
        let mut grants: BTreeMap<EntityId, Vec<&Grant>> = closed.iter().map(|entity| (*entity, Vec::new())).collect();
        for (entity, grant) in groups.into_iter().flat_map(|group| &group.grants) {
            grants.entry(*entity).or_default().push(grant);
        }
        if role == UserRole::Admin {
            grants.clear();
        }
        let entities: BTreeMap<EntityId, Permission> = grants
            .into_iter()
            .map(|(entity, grants)| {
                let by_role = if closed.contains(&entity) {
                    Access::None
                } else {
                    role.access()
                };
                (entity, permission(by_role, &grants))
            })
            // What the role says anyway need not be named.
            .filter(|(_, permission)| permission != by_role_alone(role))
            .collect();
        let mut hasher = DefaultHasher::new();
        (role.as_str(), &entities).hash(&mut hasher);
        Self {
            role,
            entities,
            stamp: hasher.finish(),
        }
    }

    /// What they may do with an entity.
    #[must_use]
    pub fn permission(&self, entity: EntityId) -> &Permission {
        self.entities.get(&entity).unwrap_or(by_role_alone(self.role))
    }

    /// What they may do with an entity, in one word.
    #[must_use]
    pub fn access(&self, entity: EntityId) -> Access {
        self.permission(entity).access
    }

    /// Whether they have the right.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        match right {
            Right::View(entity) => self.access(entity) >= Access::View,
            Right::Edit(entity) => self.access(entity) >= Access::Edit,
            Right::Manage(entity) => self.access(entity) >= Access::Manage,
            Right::UploadFiles => {
                let edits = |permission: &Permission| permission.access >= Access::Edit;
                self.role.access() >= Access::Edit || self.entities.values().any(edits)
            }
            Right::ManagePeople | Right::SeeAllDrafts | Right::ReadAudit => self.role == UserRole::Admin,
        }
    }

    /// Whether an entity is there for them, with its records, forms, files and names (6.1): a draft for whoever
    /// defines it; a deleted one for whoever can bring it back.
    #[must_use]
    pub fn sees(&self, entity: &Entity) -> bool {
        let needed = if entity.status == EntityStatus::Draft || entity.gone.is_some() {
            Access::Manage
        } else {
            Access::View
        };
        self.access(entity.id) >= needed
    }
}

impl Right {
    /// Returns the right to be an editor of a form of this entity, or of its records.
    #[must_use]
    pub fn to_edit(form: FormKey, entity: EntityId) -> Self {
        match form.kind {
            FormKind::Record => Self::Edit(entity),
            FormKind::Entity => Self::Manage(entity),
        }
    }
}

/// What the role gives of every entity of which nothing else is said.
fn by_role_alone(role: UserRole) -> &'static Permission {
    match role.access() {
        Access::None => &NONE,
        Access::View => &VIEW,
        Access::Edit => &EDIT,
        Access::Manage => &MANAGE,
    }
}

fn permission(by_role: Access, grants: &[&Grant]) -> Permission {
    let access = grants.iter().map(|grant| grant.access).fold(by_role, Access::max);
    let mut permission = Permission::of(access);
    let Some((first, others)) = grants.split_first().filter(|_| access < Access::Manage) else {
        return permission;
    };
    for (field, limit) in &first.fields {
        let limit = others
            .iter()
            .try_fold(*limit, |weakest, grant| Some(weakest.min(*grant.fields.get(field)?)));
        match limit {
            Some(FieldLimit::Hidden) => drop(permission.hidden.insert(field.clone())),
            Some(FieldLimit::ReadOnly) => drop(permission.read_only.insert(field.clone())),
            None => {}
        }
    }
    permission
}

#[cfg(test)]
mod tests;
