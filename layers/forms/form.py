"""The form of a layer, made from its table."""

from __future__ import annotations

from collections.abc import Mapping

from qgis.core import (
    QgsAttributeEditorContainer,
    QgsAttributeEditorElement,
    QgsAttributeEditorField,
    QgsAttributeEditorHtmlElement,
    QgsAttributeEditorRelation,
    QgsDefaultValue,
    QgsEditFormConfig,
    QgsEditorWidgetSetup,
    QgsRelation,
    QgsVectorLayer,
)

from ..compat import make_tab
from ..model.schema import Field, Table
from .defaults import default_of
from .help import TITLE, help_page
from .plans import Box, Plan, Rows, long_plan, short_plan
from .rules import set_constraints
from .widgets import CHOICES, LONG_TEXTS, relation_widget, widget
from .words import display_expression

LONGEST_BESIDE = 28
Relations = Mapping["tuple[str, str]", QgsRelation]
"""(table, field that refers) -> relation."""


def set_form(layer: QgsVectorLayer, declared: Table, relations: Relations) -> None:
    """Give a layer the aliases, widgets, constraints, default values and tabs that the model declares for its table."""
    fields = layer.fields()
    layer.setFieldAlias(fields.lookupField("fid"), "N°")
    layer.setEditorWidgetSetup(fields.lookupField("fid"), QgsEditorWidgetSetup("Hidden", {}))
    for column in declared.fields:
        index = fields.lookupField(column.name)
        layer.setFieldAlias(index, column.alias)
        layer.setEditorWidgetSetup(index, _widget(declared, column, relations))
        default = default_of(declared, column)
        layer.setDefaultValueDefinition(index, QgsDefaultValue(default.expression, default.on_update))
        set_constraints(layer, index, declared, column)
    layer.setDisplayExpression(display_expression(declared))
    _hide_internal_columns(layer, declared)
    set_tabs(layer, declared, relations)


def set_tabs(layer: QgsVectorLayer, declared: Table, relations: Relations, *, short: bool = False) -> None:
    """Lay the form out in tabs: the whole form, or the short one of a table that has one."""
    plans = (short_plan(declared) if short else None) or long_plan(declared)
    config = layer.editFormConfig()
    config.setLayout(QgsEditFormConfig.EditorLayout.TabLayout)
    config.clearTabs()
    for column in declared.fields:
        index = layer.fields().lookupField(column.name)
        config.setLabelOnTop(index, _wants_width(column))
        # Without its relation a reference would be typed by hand, or emptied by a list that finds no row.
        config.setReadOnly(index, bool(column.references) and (declared.name, column.name) not in relations)
    for plan in plans:
        tab = _tab(layer, plan, relations)
        if tab.children():
            config.addTab(tab)
    page = help_page(declared, plans)
    if page:
        tab = _container(TITLE)
        text = QgsAttributeEditorHtmlElement(TITLE, tab)
        text.setHtmlCode(page)
        text.setShowLabel(False)
        tab.addChildElement(text)
        config.addTab(tab)
    layer.setEditFormConfig(config)


def _wants_width(column: Field) -> bool:
    """Say whether a field's name stands above it: beside a long name, QGIS makes a form wider than half a screen."""
    return widget(column).type() == CHOICES or column.name in LONG_TEXTS or len(column.alias) > LONGEST_BESIDE


def _widget(declared: Table, column: Field, relations: Relations) -> QgsEditorWidgetSetup:
    relation = relations.get((declared.name, column.name))
    return relation_widget(relation, required=column.required) if relation else widget(column)


def _tab(layer: QgsVectorLayer, plan: Plan, relations: Relations) -> QgsAttributeEditorContainer:
    tab = _container(plan.title)
    for part in plan.parts:
        tab.addChildElement(_box(layer, part, tab) if isinstance(part, Box) else _field(layer, part, tab))
    if plan.rows and (plan.rows.table, plan.rows.field) in relations:
        tab.addChildElement(_rows(plan.rows, relations[plan.rows.table, plan.rows.field], tab))
    return tab


def _box(layer: QgsVectorLayer, box: Box, parent: QgsAttributeEditorElement) -> QgsAttributeEditorContainer:
    container = QgsAttributeEditorContainer(box.title, parent)
    for name in box.names:
        container.addChildElement(_field(layer, name, container))
    return container


def _field(layer: QgsVectorLayer, name: str, parent: QgsAttributeEditorElement) -> QgsAttributeEditorField:
    return QgsAttributeEditorField(name, layer.fields().lookupField(name), parent)


def _rows(rows: Rows, relation: QgsRelation, parent: QgsAttributeEditorElement) -> QgsAttributeEditorRelation:
    element = QgsAttributeEditorRelation(relation, parent)
    element.setRelationWidgetTypeId("relation_editor")
    element.setLabel(rows.says)
    return element


def _container(title: str) -> QgsAttributeEditorContainer:
    # Without a parent: the root of a form's configuration is gone as soon as its copy changes; addTab gives it one.
    tab = QgsAttributeEditorContainer(title, None)
    make_tab(tab)
    return tab


def _hide_internal_columns(layer: QgsVectorLayer, declared: Table) -> None:
    config = layer.attributeTableConfig()
    config.update(layer.fields())
    hidden = {"fid", *(column.name for column in declared.fields if column.internal)}
    columns = config.columns()
    for column in columns:
        column.hidden = column.hidden or column.name in hidden
    config.setColumns(columns)
    layer.setAttributeTableConfig(config)
