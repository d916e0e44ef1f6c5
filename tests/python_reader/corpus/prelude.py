from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, NewType, Optional, Union

from ommi import Auto, FieldType, Key, StoreAs, ommi_model
from ommi.models.collections import ModelCollection, get_global_collection
from ommi.models.field_metadata import ReferenceTo
from ommi.models.query_fields import AssociateUsing, LazyLoadEveryRelated, LazyLoadTheRelated


@ommi_model
@dataclass
class User:
    id: Annotated[int, Key]
    name: str
