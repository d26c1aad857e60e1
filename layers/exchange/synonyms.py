"""What columns are called elsewhere, in French and English; folded words, the likeliest first."""

from __future__ import annotations

LON, LAT = "lon", "lat"

PLACE = {
    LON: ("longitude", "lon", "long", "lng", "coord x", "x", "coordonnee x", "geo longitude", "x longitude"),
    LAT: ("latitude", "lat", "coord y", "y", "coordonnee y", "geo latitude", "y latitude"),
}

SHARED = {
    "description": ("description", "presentation", "presentation detail", "descriptif", "resume", "objet", "details",
                    "commentaire", "abstract", "summary"),
    "thematiques": ("thematiques", "thematique", "themes data inclusion"),
    "publics": ("publics", "public", "public cible", "publics cibles", "public vise", "beneficiaires", "target"),
    "source": ("source", "origine de la donnee", "producteur"),
    "source_ref": ("source ref", "id", "identifiant", "identifier", "ref", "reference", "osm id",
                   "id structure", "id poste", "gid", "objectid"),
    "source_le": ("source le", "date maj", "date de mise a jour", "derniere maj", "mise a jour", "maj", "updated at",
                  "last update", "date modification", "modifie le", "timestamp"),
}  # fmt: skip

ADDRESS = {
    "adresse": ("adresse", "adresse postale", "rue", "voie", "numero et voie", "adresse 1", "localisation adresse",
                "address", "street", "street address", "mairie adresse", "adr"),
    "complement_adresse": ("complement adresse", "complement d adresse", "adresse 2", "batiment", "lieu dit"),
    "code_postal": ("code postal", "cp", "codepostal", "localisation code postal", "postcode", "postal code", "zip",
                    "zip code", "code postal bis", "cedex"),
    "commune": ("commune", "ville", "localite", "localisation ville", "nom commune", "nomcom", "lib com", "lib geo",
                "libelle commune", "city", "town", "municipality", "commune insee", "nom com"),
    "code_insee": ("code insee", "insee", "insee com", "inseecom", "code commune", "codgeo", "com insee", "id geo",
                   "code geo", "depcom", "insee commune", "citycode", "code commune insee"),
}  # fmt: skip

ACTEUR = {
    "nom": ("nom", "name", "titre", "title", "libelle", "raison sociale", "denomination", "structure", "nom structure",
            "nom de la structure", "organisme", "association", "intitule", "enseigne", "lieu", "nom du lieu", "nom tl",
            "lib fs", "lib territoire", "etablissement", "organisation", "organization", "label"),
    "type_initiative": ("type initiative", "type d initiative", "type", "typologie", "type structure", "categorie",
                        "category", "typo", "nature"),
    **SHARED,
    "theme_principal": ("theme principal",),
    "themes_vie": ("themes vie", "themes de vie", "themes", "theme"),
    "types_action": ("types action", "types d action", "type d action", "actions"),
    "capacite": ("capacite", "places", "nombre de places", "capacity"),
    "frais": ("frais", "tarif", "tarifs", "cout", "prix", "gratuite"),
    "modes_accueil": ("modes accueil", "mode d accueil", "modes d accueil", "modalites accueil"),
    "horaires_accueil": ("horaires accueil", "horaires", "horaires d ouverture", "horaire", "ouverture",
                         "opening hours", "jours et horaires"),
    **ADDRESS,
    "telephone": ("telephone", "tel", "telephone fixe", "numero de telephone", "phone", "mairie telephone", "mobile",
                  "portable", "contact telephone"),
    "courriel": ("courriel", "email", "e mail", "mail", "adresse mail", "adresse electronique", "courriels",
                 "contact mail", "adresse email"),
    "site_web": ("site web", "site internet", "site", "web", "url", "website", "web site web", "mairie site", "www",
                 "page web", "lien"),
    "accessibilite_lieu": ("accessibilite lieu", "fiche acces libre", "acceslibre"),
    "siret": ("siret", "numero siret", "n siret", "code tiers", "pivot", "siret structure"),
    "rna": ("rna", "rna id", "numero rna", "n rna", "waldec"),
    "forme_juridique": ("forme juridique", "statut juridique", "categorie juridique"),
    "reseaux_porteurs": ("reseaux porteurs", "reseau", "reseaux", "labels nationaux"),
    "lien_source": ("lien source", "url source", "source url"),
    "echelle": ("echelle", "echelle d action"),
    "itinerant": ("itinerant", "itinerance"),
    "tournee": ("tournee",),
    "moyens_partageables": ("moyens partageables", "moyens a partager"),
    "recherche": ("recherche", "ce que l acteur recherche"),
    "statut_recensement": ("statut recensement", "etat", "statut", "status", "en activite"),
}  # fmt: skip

BESOIN = {
    "libelle": ("libelle", "besoin", "intitule", "titre", "nom", "need", "title", "name", "demande"),
    **SHARED,
    "theme_vie": ("theme vie", "theme de vie", "theme", "themes vie", "domaine", "categorie"),
    "origine": ("origine", "origine du besoin"),
    "nature": ("nature", "nature du besoin", "type"),
    "intensite": ("intensite", "urgence", "priorite"),
    "recurrence": ("recurrence", "frequence"),
    "nb_situations": ("nb situations", "nombre de situations", "situations", "nombre", "effectif", "occurrences"),
    "nb_volontaires": ("nb volontaires", "volontaires", "nombre de volontaires"),
    "freins": ("freins", "frein", "obstacles"),
    "niveau_geo": ("niveau geo", "niveau", "maille"),
    "code_geo": ("code geo", "code de l unite", "iris", "code iris", "qpv", "code qpv"),
    "code_insee": tuple(name for name in ADDRESS["code_insee"] if name != "code geo"),
    "date_recueil": ("date recueil", "date de recueil", "recueilli le", "date", "observe le"),
    "millesime": ("millesime", "annee"),
    "valide_jusqu_a": ("valide jusqu a", "valable jusqu au"),
    "fiabilite": ("fiabilite",),
    "statut_besoin": ("statut besoin", "suivi", "etat", "statut"),
}  # fmt: skip

TABLES = {"acteur": ACTEUR, "besoin": BESOIN}
