"""Territories, sectors, those who work in them, and the themes."""

from __future__ import annotations

from .columns import BOOLEAN, DATE, INTEGER, KEPT, REAL, RETENTION, TEXT, UUID, coded, reference
from .schema import Check, Field, Table

TERRITOIRE = Table(
    "territoire",
    "Territoires",
    (
        UUID,
        Field("code", TEXT, "Code", "Code INSEE ou SIREN, avec ses zéros.", required=True),
        Field("nom", TEXT, "Nom", "Le nom officiel.", required=True),
        coded(
            "niveau", "niveaux", "Niveau", "La sorte de découpage : commune, intercommunalité, canton…", required=True
        ),
        Field("millesime", INTEGER, "Millésime", "Année du code officiel géographique."),
        Field(
            "remplace_le",
            DATE,
            "Remplacé le",
            "Date depuis laquelle un autre découpage vaut. Vide : ce territoire est en vigueur.",
        ),
        Field("population", INTEGER, "Population", "Nombre d'habitants.", check="population >= 0"),
        Field("membres", TEXT, "Communes membres", "Codes des communes, séparés par |. Vide pour une commune."),
        Field(
            "recense_le",
            DATE,
            "Recensé le",
            "Date à laquelle les acteurs de ce territoire ont été recherchés. Vide : personne n'a encore cherché.",
        ),
        *KEPT,
    ),
    geometry="MultiPolygon",
    unique_together=(("niveau", "code", "millesime"),),
)

SECTEUR = Table(
    "secteur",
    "Secteurs d'action sociale",
    (
        UUID,
        Field("code", TEXT, "Code", "Court et stable.", required=True, unique=True),
        Field("nom", TEXT, "Nom", "Le nom que les équipes lui donnent.", required=True),
        Field("membres", TEXT, "Communes membres", "Codes des communes, séparés par |."),
        *KEPT,
    ),
    geometry="MultiPolygon",
)

CORRESPONDANT = Table(
    "correspondant",
    "Correspondants innovation sociale",
    (
        UUID,
        Field("identifiant", TEXT, "Identifiant", "Un code, jamais un nom.", required=True, unique=True),
        reference("secteur_uuid", "secteur", "Secteur", "Le secteur où ce correspondant travaille."),
        Field(
            "actif",
            BOOLEAN,
            "En activité",
            "Décocher quand ce correspondant n'exerce plus : ses fiches restent.",
            default="true",
        ),
        Field("consentement_le", DATE, "Accord donné le", "Date de l'accord pour figurer dans ce fichier."),
        RETENTION,
        *KEPT,
    ),
    label="identifiant",
)

THEME = Table(
    "theme",
    "Thèmes",
    (
        UUID,
        Field("code", TEXT, "Code", "Court, sans accent ; il ne change jamais.", required=True, unique=True),
        Field("axe", TEXT, "Axe", "Thème de vie, ou thématique data·inclusion.", required=True),
        Field("libelle", TEXT, "Libellé", "Les mots que l'on lit dans le guide.", required=True),
        Field("ordre", INTEGER, "Ordre", "Le rang de ce thème dans la matrice du guide.", required=True),
        Field("parent", TEXT, "Thème de vie", "Code du thème de vie qui contient cette thématique."),
    ),
    label="libelle",
)

INDICATEUR = Table(
    "indicateur",
    "Indicateurs des territoires",
    (
        UUID,
        reference("territoire_uuid", "territoire", "Territoire", "Le territoire que le chiffre décrit.", required=True),
        Field("code", TEXT, "Code", "Le nom de la colonne à la source, par exemple TP6021.", required=True),
        Field("libelle", TEXT, "Indicateur", "Ce que le chiffre mesure, avec son unité.", required=True),
        Field("valeur", REAL, "Valeur", "Vide : inconnue ou secrète."),
        Field(
            "secret",
            BOOLEAN,
            "Couvert par le secret statistique",
            "La source tait la valeur : ce n'est ni zéro, ni inconnu.",
            default="false",
        ),
        Field("millesime", INTEGER, "Année", "L'année que le chiffre décrit.", required=True),
        *KEPT,
    ),
    label="libelle",
    unique_together=(("territoire_uuid", "code", "millesime"),),
    checks=(
        Check(
            "indicateur_secret",
            "NOT coalesce(secret, false) OR valeur IS NULL",
            "Une valeur secrète ne s'écrit pas : laisser la case vide.",
        ),
    ),
)
