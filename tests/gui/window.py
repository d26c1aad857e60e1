"""Run inside QGIS by test_window.py: look at the plugin, reload it, unload it, write what was seen."""

import sys

from hands import picture, when_ready
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QEvent
from qgis.PyQt.QtWidgets import QApplication, QDockWidget, QMenu, QToolBar
from qgis.utils import iface, isPluginLoaded, reloadPlugin, unloadPlugin

PLUGIN = "tisserand"


def census():
    """Count what a plugin can leave behind; objects marked for deletion are deleted first."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    window = iface.mainWindow()
    providers = [provider.id() for provider in QgsApplication.processingRegistry().providers()]
    return {
        "menus": len(window.findChildren(QMenu, "TisserandMenu")),
        "toolbars": len(window.findChildren(QToolBar, "TisserandToolBar")),
        "providers": providers.count(PLUGIN),
        "docks": len([dock for dock in window.findChildren(QDockWidget) if dock.objectName().startswith("Tisserand")]),
        "all toolbars": len(window.findChildren(QToolBar)),
        "all docks": len(window.findChildren(QDockWidget)),
        "all entries of the menu bar": len(window.menuBar().actions()),
        "all entries of the plugin menu": len(iface.pluginMenu().actions()),
        "all providers": len(providers),
        "modules": modules(),
    }


def modules():
    """Return the modules of the plugin that are loaded; packages are left out.

    QGIS forgets to unload a package that was only passed through on the way to a module. Ours do no work then.
    """
    ours = {name: module for name, module in sys.modules.items() if name.startswith(f"{PLUGIN}.")}
    return sorted(name for name, module in ours.items() if not hasattr(module, "__path__"))


def texts():
    """Return what the user reads: the menu with its entries, and the algorithms."""
    menu = iface.mainWindow().findChild(QMenu, "TisserandMenu")
    provider = QgsApplication.processingRegistry().providerById(PLUGIN)
    return {
        "menu": menu.title().replace("&", ""),
        "entries": [action.text() for action in menu.actions() if not action.isSeparator()],
        "provider": provider.name(),
        "algorithms": {algorithm.name(): algorithm.displayName() for algorithm in provider.algorithms()},
    }


def look(seen):
    """Fill what test_window.py asks for."""
    seen["loaded"] = isPluginLoaded(PLUGIN)
    seen["texts"] = texts()
    seen["at first"] = census()
    window = iface.mainWindow()
    window.resize(1500, 900)
    iface.messageBar().clearWidgets()
    picture(window, "window")
    for _ in range(2):
        reloadPlugin(PLUGIN)
    seen["reloaded twice"] = census()
    unloadPlugin(PLUGIN)
    seen["unloaded"] = census()


when_ready(look)
