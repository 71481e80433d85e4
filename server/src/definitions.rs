//! The definitions in force, for what is told of records: what of them is whose to see.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use baton_protocol::entity::Entity;
use baton_protocol::id::EntityId;
use baton_protocol::projection::Projection;
use baton_protocol::rights::Permission;

/// The definition of every entity, as it was told last; cheap to clone.
#[derive(Clone, Default, Debug)]
pub struct Definitions(Arc<RwLock<BTreeMap<EntityId, Known>>>);

#[derive(Debug)]
struct Known {
    entity: Arc<Entity>,
    /// Without these fields: made once for all from whom they are hidden.
    projections: BTreeMap<BTreeSet<String>, Arc<Projection>>,
}

impl Definitions {
    /// An entity is defined like this from now on.
    pub fn note(&self, entity: &Arc<Entity>) {
        let known = Known {
            entity: Arc::clone(entity),
            projections: BTreeMap::new(),
        };
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(entity.id, known);
    }

    /// An entity is gone for ever.
    pub fn forget(&self, entity: EntityId) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.remove(&entity);
    }

    /// The definition of an entity.
    #[must_use]
    pub fn get(&self, entity: EntityId) -> Option<Arc<Entity>> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(&entity).map(|known| Arc::clone(&known.entity))
    }

    /// Every definition.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Entity>> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.values().map(|known| Arc::clone(&known.entity)).collect()
    }

    /// The entity as it is with this permission; `None` where no field of it is hidden. Of an entity that is not
    /// known every field is.
    #[must_use]
    pub fn projection(&self, permission: &Permission, entity: EntityId) -> Option<Arc<Projection>> {
        if permission.hidden.is_empty() {
            return None;
        }
        {
            let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
            let made = all
                .get(&entity)
                .and_then(|known| known.projections.get(&permission.hidden));
            if let Some(made) = made {
                return Some(Arc::clone(made));
            }
        }
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Some(known) = all.get_mut(&entity) else {
            return Projection::new(permission, &Entity::unsaved(entity)).map(Arc::new);
        };
        let projection = Arc::new(Projection::new(permission, &known.entity)?);
        known
            .projections
            .insert(permission.hidden.clone(), Arc::clone(&projection));
        Some(projection)
    }
}
