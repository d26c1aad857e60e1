-- A store of schema 1 as its own code made it, rows of every kind included; everybody in it is invented. Frozen.
--
-- Made once from commit a5e7127, the last of schema 1, on GDAL 3.6.2: `git archive a5e7127` put aside and imported under
-- the name of the package, `layers.geopackage.create_store` called with the rows below, the actor of fid 5 deleted
-- through OGR, then each statement of sqlite_master and each row written out (the index tables of the R-trees apart,
-- which SQLite makes itself; the triggers last).

PRAGMA application_id = 1196444487;
PRAGMA user_version = 10200;
BEGIN;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL,srs_id INTEGER NOT NULL PRIMARY KEY,organization TEXT NOT NULL,organization_coordsys_id INTEGER NOT NULL,definition  TEXT NOT NULL,description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY,data_type TEXT NOT NULL,identifier TEXT UNIQUE,description TEXT DEFAULT '',last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),min_x DOUBLE, min_y DOUBLE,max_x DOUBLE, max_y DOUBLE,srs_id INTEGER,CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_ogr_contents(table_name TEXT NOT NULL PRIMARY KEY,feature_count INTEGER DEFAULT NULL);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL,column_name TEXT NOT NULL,geometry_type_name TEXT NOT NULL,srs_id INTEGER NOT NULL,z TINYINT NOT NULL,m TINYINT NOT NULL,CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),CONSTRAINT uk_gc_table_name UNIQUE (table_name),CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_tile_matrix_set (table_name TEXT NOT NULL PRIMARY KEY,srs_id INTEGER NOT NULL,min_x DOUBLE NOT NULL,min_y DOUBLE NOT NULL,max_x DOUBLE NOT NULL,max_y DOUBLE NOT NULL,CONSTRAINT fk_gtms_table_name FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),CONSTRAINT fk_gtms_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_tile_matrix (table_name TEXT NOT NULL,zoom_level INTEGER NOT NULL,matrix_width INTEGER NOT NULL,matrix_height INTEGER NOT NULL,tile_width INTEGER NOT NULL,tile_height INTEGER NOT NULL,pixel_x_size DOUBLE NOT NULL,pixel_y_size DOUBLE NOT NULL,CONSTRAINT pk_ttm PRIMARY KEY (table_name, zoom_level),CONSTRAINT fk_tmm_table_name FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
  constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE territoire (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom MULTIPOLYGON,
  uuid TEXT NOT NULL UNIQUE CONSTRAINT territoire_uuid CHECK (length(uuid) = 36 AND uuid = lower(uuid) AND substr(uuid, 1, 1) <> '{'),
  code TEXT NOT NULL,
  nom TEXT NOT NULL,
  niveau TEXT NOT NULL CONSTRAINT territoire_niveau_code CHECK (niveau IN ('departement', 'ept', 'epci', 'canton', 'commune', 'iris', 'qpv', 'autre')),
  millesime MEDIUMINT,
  population MEDIUMINT CONSTRAINT territoire_population CHECK (population >= 0),
  membres TEXT,
  recense_le DATE,
  source TEXT,
  cree_le DATETIME,
  date_maj DATE,
  UNIQUE (niveau, code)
);
CREATE TABLE secteur (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom MULTIPOLYGON,
  uuid TEXT NOT NULL UNIQUE CONSTRAINT secteur_uuid CHECK (length(uuid) = 36 AND uuid = lower(uuid) AND substr(uuid, 1, 1) <> '{'),
  code TEXT NOT NULL UNIQUE,
  nom TEXT NOT NULL,
  membres TEXT,
  source TEXT,
  cree_le DATETIME,
  date_maj DATE
);
CREATE TABLE correspondant (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  uuid TEXT NOT NULL UNIQUE CONSTRAINT correspondant_uuid CHECK (length(uuid) = 36 AND uuid = lower(uuid) AND substr(uuid, 1, 1) <> '{'),
  identifiant TEXT NOT NULL UNIQUE,
  secteur_uuid TEXT REFERENCES secteur(uuid),
  actif BOOLEAN,
  source TEXT,
  cree_le DATETIME,
  date_maj DATE
);
CREATE TABLE theme (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  uuid TEXT NOT NULL UNIQUE CONSTRAINT theme_uuid CHECK (length(uuid) = 36 AND uuid = lower(uuid) AND substr(uuid, 1, 1) <> '{'),
  code TEXT NOT NULL UNIQUE,
  axe TEXT NOT NULL,
  libelle TEXT NOT NULL,
  ordre MEDIUMINT NOT NULL,
  parent TEXT
);
CREATE TABLE acteur (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom POINT,
  uuid TEXT NOT NULL UNIQUE CONSTRAINT acteur_uuid CHECK (length(uuid) = 36 AND uuid = lower(uuid) AND substr(uuid, 1, 1) <> '{'),
  nom TEXT NOT NULL CONSTRAINT acteur_nom CHECK (length(nom) BETWEEN 3 AND 150),
  type_initiative TEXT CONSTRAINT acteur_type_initiative_code CHECK (type_initiative IN ('mairie', 'france-services', 'epicerie-sociale', 'cooperative-alimentaire', 'amap-panier', 'jardin-partage', 'frigo-solidaire', 'ressourcerie', 'repair-cafe', 'donnerie', 'vestiaire-solidaire', 'garage-solidaire', 'auto-ecole-sociale', 'transport-solidaire', 'habitat-partage', 'colocation-solidaire', 'coworking', 'fablab', 'tiers-lieu-culturel', 'tiers-lieu-nourricier', 'cuisine-partagee', 'living-lab', 'sel-accorderie', 'cafe-associatif', 'espace-vie-sociale', 'centre-social', 'mediation-numerique', 'conciergerie-solidaire', 'monnaie-locale', 'financement-participatif', 'evenement', 'permanence-itinerante', 'autre')),
  description TEXT,
  theme_principal TEXT CONSTRAINT acteur_theme_principal_code CHECK (theme_principal IN ('feed', 'house', 'equip', 'clothe', 'move', 'work', 'fund', 'enjoy', 'care', 'connect')),
  themes_vie TEXT,
  thematiques TEXT,
  types_action TEXT,
  publics TEXT,
  capacite MEDIUMINT CONSTRAINT acteur_capacite CHECK (capacite >= 0),
  frais TEXT CONSTRAINT acteur_frais_code CHECK (frais IN ('gratuit', 'payant')),
  modes_accueil TEXT,
  horaires_accueil TEXT,
  adresse TEXT,
  code_postal TEXT CONSTRAINT acteur_code_postal CHECK (length(code_postal) = 5),
  commune TEXT,
  code_insee TEXT CONSTRAINT acteur_code_insee CHECK (length(code_insee) = 5),
  telephone TEXT,
  courriel TEXT,
  site_web TEXT,
  siret TEXT CONSTRAINT acteur_siret CHECK (length(siret) = 14),
  reseaux_porteurs TEXT,
  echelle TEXT CONSTRAINT acteur_echelle_code CHECK (echelle IN ('locale', 'departementale', 'nationale', 'en-ligne')),
  itinerant BOOLEAN,
  moyens_partageables TEXT,
  recherche TEXT,
  statut_recensement TEXT CONSTRAINT acteur_statut_recensement_code CHECK (statut_recensement IN ('repere', 'contacte', 'visite', 'valide', 'refus', 'ferme')),
  date_visite DATE,
  correspondant_uuid TEXT REFERENCES correspondant(uuid),
  secteur_uuid TEXT REFERENCES secteur(uuid),
  diffusion TEXT NOT NULL CONSTRAINT acteur_diffusion_code CHECK (diffusion IN ('public', 'pro', 'interne')),
  contact_publiable BOOLEAN,
  consentement_le DATE,
  precision_geo TEXT CONSTRAINT acteur_precision_geo_code CHECK (precision_geo IN ('numero', 'rue', 'commune', 'manuel')),
  score_geocodage DOUBLE CONSTRAINT acteur_score_geocodage CHECK (score_geocodage BETWEEN 0 AND 1),
  statut TEXT CONSTRAINT acteur_statut_code CHECK (statut IN ('brouillon', 'soumis', 'valide', 'publie', 'archive')),
  revoir_avant DATE,
  source TEXT,
  cree_le DATETIME,
  date_maj DATE,
  CONSTRAINT acteur_consentement CHECK (NOT coalesce(contact_publiable, false) OR consentement_le IS NOT NULL)
);
CREATE TABLE service (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  uuid TEXT NOT NULL UNIQUE CONSTRAINT service_uuid CHECK (length(uuid) = 36 AND uuid = lower(uuid) AND substr(uuid, 1, 1) <> '{'),
  acteur_uuid TEXT NOT NULL REFERENCES acteur(uuid),
  nom TEXT NOT NULL CONSTRAINT service_nom CHECK (length(nom) BETWEEN 3 AND 150),
  description TEXT,
  type TEXT CONSTRAINT service_type_code CHECK (type IN ('accompagnement', 'aide-financiere', 'aide-materielle', 'atelier', 'formation', 'information')),
  thematiques TEXT,
  publics TEXT,
  frais TEXT CONSTRAINT service_frais_code CHECK (frais IN ('gratuit', 'payant')),
  frais_precisions TEXT,
  modes_accueil TEXT,
  modes_mobilisation TEXT,
  conditions_acces TEXT,
  horaires_accueil TEXT,
  capacite MEDIUMINT CONSTRAINT service_capacite CHECK (capacite >= 0),
  source TEXT,
  cree_le DATETIME,
  date_maj DATE
);
CREATE TABLE besoin (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom POINT,
  uuid TEXT NOT NULL UNIQUE CONSTRAINT besoin_uuid CHECK (length(uuid) = 36 AND uuid = lower(uuid) AND substr(uuid, 1, 1) <> '{'),
  libelle TEXT NOT NULL,
  description TEXT,
  theme_vie TEXT NOT NULL CONSTRAINT besoin_theme_vie_code CHECK (theme_vie IN ('feed', 'house', 'equip', 'clothe', 'move', 'work', 'fund', 'enjoy', 'care', 'connect')),
  thematiques TEXT,
  publics TEXT,
  origine TEXT CONSTRAINT besoin_origine_code CHECK (origine IN ('exprime-beneficiaire', 'observe-professionnel', 'signale-partenaire', 'enquete', 'statistique', 'abs')),
  nature TEXT CONSTRAINT besoin_nature_code CHECK (nature IN ('exprime', 'ressenti', 'compare', 'normatif')),
  intensite MEDIUMINT CONSTRAINT besoin_intensite CHECK (intensite BETWEEN 1 AND 4),
  recurrence TEXT CONSTRAINT besoin_recurrence_code CHECK (recurrence IN ('ponctuel', 'saisonnier', 'permanent')),
  nb_situations MEDIUMINT CONSTRAINT besoin_nb_situations CHECK (nb_situations >= 0),
  nb_volontaires MEDIUMINT CONSTRAINT besoin_nb_volontaires CHECK (nb_volontaires >= 0),
  freins TEXT,
  niveau_geo TEXT CONSTRAINT besoin_niveau_geo_code CHECK (niveau_geo IN ('iris', 'qpv', 'commune', 'secteur', 'epci', 'carreau')),
  code_geo TEXT,
  code_insee TEXT CONSTRAINT besoin_code_insee CHECK (length(code_insee) = 5),
  date_recueil DATE,
  valide_jusqu_a DATE,
  fiabilite MEDIUMINT CONSTRAINT besoin_fiabilite CHECK (fiabilite BETWEEN 1 AND 3),
  statut_besoin TEXT CONSTRAINT besoin_statut_besoin_code CHECK (statut_besoin IN ('nouveau', 'qualifie', 'apparie', 'en-projet', 'repondu', 'clos')),
  correspondant_uuid TEXT REFERENCES correspondant(uuid),
  diffusion TEXT NOT NULL CONSTRAINT besoin_diffusion_code CHECK (diffusion IN ('public', 'pro', 'interne')),
  source TEXT,
  cree_le DATETIME,
  date_maj DATE
);
CREATE TABLE visite (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  uuid TEXT NOT NULL UNIQUE CONSTRAINT visite_uuid CHECK (length(uuid) = 36 AND uuid = lower(uuid) AND substr(uuid, 1, 1) <> '{'),
  acteur_uuid TEXT NOT NULL REFERENCES acteur(uuid),
  correspondant_uuid TEXT REFERENCES correspondant(uuid),
  date_visite DATE NOT NULL,
  nature TEXT CONSTRAINT visite_nature_code CHECK (nature IN ('visite', 'appel', 'reunion', 'evenement')),
  compte_rendu TEXT,
  suite TEXT,
  source TEXT,
  cree_le DATETIME,
  date_maj DATE
);
CREATE TABLE lien (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  uuid TEXT NOT NULL UNIQUE CONSTRAINT lien_uuid CHECK (length(uuid) = 36 AND uuid = lower(uuid) AND substr(uuid, 1, 1) <> '{'),
  de_uuid TEXT NOT NULL REFERENCES acteur(uuid),
  vers_uuid TEXT NOT NULL REFERENCES acteur(uuid),
  nature TEXT NOT NULL CONSTRAINT lien_nature_code CHECK (nature IN ('partenaire', 'semblable', 'complementaire', 'reseau', 'essaimage')),
  commentaire TEXT,
  source TEXT,
  cree_le DATETIME,
  date_maj DATE,
  UNIQUE (de_uuid, vers_uuid, nature),
  CONSTRAINT lien_deux_acteurs CHECK (de_uuid <> vers_uuid)
);
CREATE TABLE meta (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  cle TEXT NOT NULL UNIQUE,
  valeur TEXT
);
CREATE VIRTUAL TABLE "rtree_territoire_geom" USING rtree(id, minx, maxx, miny, maxy);
CREATE VIRTUAL TABLE "rtree_secteur_geom" USING rtree(id, minx, maxx, miny, maxy);
CREATE VIRTUAL TABLE "rtree_acteur_geom" USING rtree(id, minx, maxx, miny, maxy);
CREATE VIRTUAL TABLE "rtree_besoin_geom" USING rtree(id, minx, maxx, miny, maxy);
INSERT INTO "gpkg_spatial_ref_sys" VALUES ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system');
INSERT INTO "gpkg_spatial_ref_sys" VALUES ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');
INSERT INTO "gpkg_spatial_ref_sys" VALUES ('RGF93 v1 / Lambert-93', 2154, 'EPSG', 2154, 'PROJCS["RGF93 v1 / Lambert-93",GEOGCS["RGF93 v1",DATUM["Reseau_Geodesique_Francais_1993_v1",SPHEROID["GRS 1980",6378137,298.257222101,AUTHORITY["EPSG","7019"]],AUTHORITY["EPSG","6171"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4171"]],PROJECTION["Lambert_Conformal_Conic_2SP"],PARAMETER["latitude_of_origin",46.5],PARAMETER["central_meridian",3],PARAMETER["standard_parallel_1",49],PARAMETER["standard_parallel_2",44],PARAMETER["false_easting",700000],PARAMETER["false_northing",6600000],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],AUTHORITY["EPSG","2154"]]', NULL);
INSERT INTO "gpkg_spatial_ref_sys" VALUES ('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]', 'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
INSERT INTO "gpkg_contents" VALUES ('territoire', 'features', 'Territoires', '', '2026-11-24T14:02:55.965Z', 640000.0, 6860000.0, 652000.0, 6864000.0, 2154);
INSERT INTO "gpkg_contents" VALUES ('secteur', 'features', 'Secteurs d''action sociale', '', '2026-11-24T14:02:55.965Z', 640000.0, 6860000.0, 648000.0, 6864000.0, 2154);
INSERT INTO "gpkg_contents" VALUES ('correspondant', 'attributes', 'Correspondants innovation sociale', '', '2026-11-24T14:02:55.965Z', NULL, NULL, NULL, NULL, 0);
INSERT INTO "gpkg_contents" VALUES ('theme', 'attributes', 'Thèmes', '', '2026-11-24T14:02:55.965Z', NULL, NULL, NULL, NULL, 0);
INSERT INTO "gpkg_contents" VALUES ('acteur', 'features', 'Acteurs', '', '2026-11-24T14:02:55.999Z', 641000.0, 6860400.0, 650000.0, 6862000.0, 2154);
INSERT INTO "gpkg_contents" VALUES ('service', 'attributes', 'Services', '', '2026-11-24T14:02:55.965Z', NULL, NULL, NULL, NULL, 0);
INSERT INTO "gpkg_contents" VALUES ('besoin', 'features', 'Besoins', '', '2026-11-24T14:02:55.965Z', 642000.0, 6862000.0, 642000.0, 6862000.0, 2154);
INSERT INTO "gpkg_contents" VALUES ('visite', 'attributes', 'Visites', '', '2026-11-24T14:02:55.965Z', NULL, NULL, NULL, NULL, 0);
INSERT INTO "gpkg_contents" VALUES ('lien', 'attributes', 'Liens entre acteurs', '', '2026-11-24T14:02:55.965Z', NULL, NULL, NULL, NULL, 0);
INSERT INTO "gpkg_contents" VALUES ('meta', 'attributes', 'Réglages de l''espace de travail', '', '2026-11-24T14:02:55.965Z', NULL, NULL, NULL, NULL, 0);
INSERT INTO "gpkg_geometry_columns" VALUES ('territoire', 'geom', 'MULTIPOLYGON', 2154, 0, 0);
INSERT INTO "gpkg_geometry_columns" VALUES ('secteur', 'geom', 'MULTIPOLYGON', 2154, 0, 0);
INSERT INTO "gpkg_geometry_columns" VALUES ('acteur', 'geom', 'POINT', 2154, 0, 0);
INSERT INTO "gpkg_geometry_columns" VALUES ('besoin', 'geom', 'POINT', 2154, 0, 0);
INSERT INTO "gpkg_extensions" VALUES ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
INSERT INTO "gpkg_extensions" VALUES ('territoire', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
INSERT INTO "gpkg_extensions" VALUES ('secteur', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
INSERT INTO "gpkg_extensions" VALUES ('acteur', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
INSERT INTO "gpkg_extensions" VALUES ('besoin', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
INSERT INTO "gpkg_data_columns" VALUES ('territoire', 'uuid', NULL, 'Identifiant', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('territoire', 'code', NULL, 'Code', 'Code INSEE ou SIREN, avec ses zéros.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('territoire', 'nom', NULL, 'Nom', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('territoire', 'niveau', NULL, 'Niveau', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('territoire', 'millesime', NULL, 'Millésime', 'Année du code officiel géographique.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('territoire', 'population', NULL, 'Population', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('territoire', 'membres', NULL, 'Communes membres', 'Codes des communes, séparés par |. Vide pour une commune.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('territoire', 'recense_le', NULL, 'Recensé le', 'Date à laquelle les acteurs de ce territoire ont été recherchés. Vide : personne n''a encore cherché.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('territoire', 'source', NULL, 'Source', 'D''où vient cette fiche.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('territoire', 'cree_le', NULL, 'Créée le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('territoire', 'date_maj', NULL, 'Mise à jour le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('secteur', 'uuid', NULL, 'Identifiant', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('secteur', 'code', NULL, 'Code', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('secteur', 'nom', NULL, 'Nom', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('secteur', 'membres', NULL, 'Communes membres', 'Codes des communes, séparés par |.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('secteur', 'source', NULL, 'Source', 'D''où vient cette fiche.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('secteur', 'cree_le', NULL, 'Créée le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('secteur', 'date_maj', NULL, 'Mise à jour le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('correspondant', 'uuid', NULL, 'Identifiant', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('correspondant', 'identifiant', NULL, 'Identifiant', 'Un code, jamais un nom.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('correspondant', 'secteur_uuid', NULL, 'Secteur', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('correspondant', 'actif', NULL, 'En activité', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('correspondant', 'source', NULL, 'Source', 'D''où vient cette fiche.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('correspondant', 'cree_le', NULL, 'Créée le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('correspondant', 'date_maj', NULL, 'Mise à jour le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('theme', 'uuid', NULL, 'Identifiant', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('theme', 'code', NULL, 'Code', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('theme', 'axe', NULL, 'Axe', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('theme', 'libelle', NULL, 'Libellé', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('theme', 'ordre', NULL, 'Ordre', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('theme', 'parent', NULL, 'Thème de vie', 'Code du thème de vie qui contient cette thématique.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'uuid', NULL, 'Identifiant', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'nom', NULL, 'Nom', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'type_initiative', NULL, 'Type', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'description', NULL, 'Description', 'Ce qui s''y fait, en quelques phrases simples.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'theme_principal', NULL, 'Thème principal', 'Il donne le symbole de l''acteur sur les cartes.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'themes_vie', NULL, 'Thèmes', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'thematiques', NULL, 'Thématiques data·inclusion', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'types_action', NULL, 'Types d''action', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'publics', NULL, 'Publics', 'À qui l''on s''adresse. Vide : à tout le monde.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'capacite', NULL, 'Places', 'Nombre de personnes que l''acteur peut accompagner. Vide : inconnu.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'frais', NULL, 'Frais', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'modes_accueil', NULL, 'Modes d''accueil', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'horaires_accueil', NULL, 'Horaires', 'À la manière d''OpenStreetMap : Mo-Fr 09:00-12:00.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'adresse', NULL, 'Adresse', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'code_postal', NULL, 'Code postal', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'commune', NULL, 'Commune', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'code_insee', NULL, 'Code INSEE', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'telephone', NULL, 'Téléphone', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'courriel', NULL, 'Courriel', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'site_web', NULL, 'Site internet', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'siret', NULL, 'SIRET', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'reseaux_porteurs', NULL, 'Réseaux', 'Codes data·inclusion, séparés par |.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'echelle', NULL, 'Échelle d''action', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'itinerant', NULL, 'Itinérant', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'moyens_partageables', NULL, 'Moyens à partager', 'Salle, véhicule, outils, compétences, bénévoles…', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'recherche', NULL, 'Ce que l''acteur recherche', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'statut_recensement', NULL, 'Recensement', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'date_visite', NULL, 'Dernière visite', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'correspondant_uuid', NULL, 'Correspondant', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'secteur_uuid', NULL, 'Secteur', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'diffusion', NULL, 'Diffusion', 'Qui peut lire cette fiche.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'contact_publiable', NULL, 'Coordonnées publiables', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'consentement_le', NULL, 'Accord donné le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'precision_geo', NULL, 'Précision de la position', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'score_geocodage', NULL, 'Score de géocodage', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'statut', NULL, 'Statut de la fiche', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'revoir_avant', NULL, 'À revoir avant', 'Passé cette date, la fiche est signalée comme périmée.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'source', NULL, 'Source', 'D''où vient cette fiche.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'cree_le', NULL, 'Créée le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('acteur', 'date_maj', NULL, 'Mise à jour le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'uuid', NULL, 'Identifiant', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'acteur_uuid', NULL, 'Acteur', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'nom', NULL, 'Nom', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'description', NULL, 'Description', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'type', NULL, 'Type de service', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'thematiques', NULL, 'Thématiques data·inclusion', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'publics', NULL, 'Publics', 'À qui l''on s''adresse. Vide : à tout le monde.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'frais', NULL, 'Frais', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'frais_precisions', NULL, 'Précisions sur les frais', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'modes_accueil', NULL, 'Modes d''accueil', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'modes_mobilisation', NULL, 'Comment y accéder', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'conditions_acces', NULL, 'Conditions d''accès', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'horaires_accueil', NULL, 'Horaires', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'capacite', NULL, 'Places', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'source', NULL, 'Source', 'D''où vient cette fiche.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'cree_le', NULL, 'Créée le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('service', 'date_maj', NULL, 'Mise à jour le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'uuid', NULL, 'Identifiant', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'libelle', NULL, 'Besoin', 'En une ligne, sans rien qui désigne une personne.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'description', NULL, 'Notes de travail', 'Jamais imprimées.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'theme_vie', NULL, 'Thème', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'thematiques', NULL, 'Thématiques data·inclusion', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'publics', NULL, 'Publics', 'À qui l''on s''adresse. Vide : à tout le monde.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'origine', NULL, 'Origine', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'nature', NULL, 'Nature', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'intensite', NULL, 'Intensité (1 à 4)', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'recurrence', NULL, 'Récurrence', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'nb_situations', NULL, 'Situations', 'Nombre de situations semblables rencontrées : jamais une ligne par personne. Vide : inconnu ou secret.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'nb_volontaires', NULL, 'Personnes prêtes à s''impliquer', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'freins', NULL, 'Freins', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'niveau_geo', NULL, 'Localisé à', 'Le point est au centre de cette unité, jamais à une adresse.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'code_geo', NULL, 'Code de l''unité', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'code_insee', NULL, 'Code INSEE', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'date_recueil', NULL, 'Recueilli le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'valide_jusqu_a', NULL, 'Valable jusqu''au', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'fiabilite', NULL, 'Fiabilité (1 à 3)', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'statut_besoin', NULL, 'Suivi', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'correspondant_uuid', NULL, 'Correspondant', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'diffusion', NULL, 'Diffusion', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'source', NULL, 'Source', 'D''où vient cette fiche.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'cree_le', NULL, 'Créée le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('besoin', 'date_maj', NULL, 'Mise à jour le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('visite', 'uuid', NULL, 'Identifiant', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('visite', 'acteur_uuid', NULL, 'Acteur', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('visite', 'correspondant_uuid', NULL, 'Correspondant', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('visite', 'date_visite', NULL, 'Date', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('visite', 'nature', NULL, 'Nature', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('visite', 'compte_rendu', NULL, 'Compte rendu', 'Jamais imprimé.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('visite', 'suite', NULL, 'Suite à donner', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('visite', 'source', NULL, 'Source', 'D''où vient cette fiche.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('visite', 'cree_le', NULL, 'Créée le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('visite', 'date_maj', NULL, 'Mise à jour le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('lien', 'uuid', NULL, 'Identifiant', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('lien', 'de_uuid', NULL, 'De', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('lien', 'vers_uuid', NULL, 'Vers', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('lien', 'nature', NULL, 'Nature', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('lien', 'commentaire', NULL, 'Commentaire', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('lien', 'source', NULL, 'Source', 'D''où vient cette fiche.', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('lien', 'cree_le', NULL, 'Créée le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('lien', 'date_maj', NULL, 'Mise à jour le', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('meta', 'cle', NULL, 'Clé', NULL, NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('meta', 'valeur', NULL, 'Valeur', NULL, NULL, NULL);
INSERT INTO "territoire" VALUES (1, X'475000036a08000000000000008823410000000040a7234100000000382b5a4100000000202f5a4101060000000100000001030000000100000005000000000000000088234100000000382b5a410000000040a7234100000000382b5a410000000040a7234100000000202f5a41000000000088234100000000202f5a41000000000088234100000000382b5a41', '92c8a223-c4f6-51aa-a8b5-e1583ad3a592', '01000', 'L''Abergement-Fictif', 'commune', 2026, 1200, NULL, '2026-02-03', 'saisie', '2026-03-01T12:30:15.000Z', '2026-03-02');
INSERT INTO "territoire" VALUES (2, X'475000036a0800000000000040a723410000000080c6234100000000382b5a4100000000202f5a41010600000001000000010300000001000000050000000000000040a7234100000000382b5a410000000080c6234100000000382b5a410000000080c6234100000000202f5a410000000040a7234100000000202f5a410000000040a7234100000000382b5a41', '0d30b673-64ce-587b-aaad-048e592ffe1c', '01001', 'Œuilly-sur-Rêve', 'commune', NULL, 0, NULL, NULL, 'saisie', '2026-03-01T12:30:15.000Z', '2026-03-02');
INSERT INTO "territoire" VALUES (3, X'475000036a0800000000000080c6234100000000c0e5234100000000382b5a4100000000202f5a41010600000001000000010300000001000000050000000000000080c6234100000000382b5a4100000000c0e5234100000000382b5a4100000000c0e5234100000000202f5a410000000080c6234100000000202f5a410000000080c6234100000000382b5a41', '011870ee-5ffd-5b58-96e8-013352cbc961', '01002', 'Saint-Élie', 'commune', 2025, NULL, NULL, '1999-12-31', 'saisie', '2026-03-01T12:30:15.000Z', '2026-03-02');
INSERT INTO "territoire" VALUES (4, X'475000036a080000000000000088234100000000c0e5234100000000382b5a4100000000202f5a4101060000000100000001030000000100000005000000000000000088234100000000382b5a4100000000c0e5234100000000382b5a4100000000c0e5234100000000202f5a41000000000088234100000000202f5a41000000000088234100000000382b5a41', 'ff5c8641-fc7d-57a1-8d99-e15308e88ca1', '01', 'Département d''essai', 'departement', NULL, 2000, '01000|01001|01002', NULL, 'saisie', '2026-03-01T12:30:15.000Z', '2026-03-02');
INSERT INTO "secteur" VALUES (1, X'475000036a08000000000000008823410000000080c6234100000000382b5a4100000000202f5a4101060000000100000001030000000100000005000000000000000088234100000000382b5a410000000080c6234100000000382b5a410000000080c6234100000000202f5a41000000000088234100000000202f5a41000000000088234100000000382b5a41', 'dfba8f61-6bab-55fb-aa1e-862dd9c89ab5', 'S-01', 'Secteur du Levant', '01000|01001', 'saisie', '2026-03-01T12:30:15.000Z', '2026-03-02');
INSERT INTO "secteur" VALUES (2, NULL, '9347fca7-77cb-52bd-88ca-30717dd13d22', 'S-02', 'Sans contour', NULL, NULL, NULL, NULL);
INSERT INTO "correspondant" VALUES (1, 'cfb60061-1a87-5408-a24f-82e1547458b2', 'cis-01', 'dfba8f61-6bab-55fb-aa1e-862dd9c89ab5', 1, 'saisie', '2026-03-01T12:30:15.000Z', '2026-03-02');
INSERT INTO "correspondant" VALUES (2, '8055d999-16cf-55a5-92da-decc32c89e58', 'cis-02', NULL, 0, NULL, NULL, NULL);
INSERT INTO "theme" VALUES (1, 'e9dd7ce7-7b3b-5410-bde7-9e592e3fd201', 'feed', 'theme_vie', 'Se nourrir', 1, NULL);
INSERT INTO "theme" VALUES (2, 'a28aed7d-ea76-5e3f-a96a-615696d67486', 'house', 'theme_vie', 'Se loger', 2, NULL);
INSERT INTO "theme" VALUES (3, '66106984-1f66-5c0b-8c9e-2c6ecad4aa1b', 'equip', 'theme_vie', 'S''équiper', 3, NULL);
INSERT INTO "theme" VALUES (4, '3adeeb03-f690-50ea-9d0f-1bcfb934fdc3', 'clothe', 'theme_vie', 'S''habiller', 4, NULL);
INSERT INTO "theme" VALUES (5, 'dff8e954-8ac5-540e-abc8-c663be97aaf7', 'move', 'theme_vie', 'Se déplacer', 5, NULL);
INSERT INTO "theme" VALUES (6, '31ff2a03-45fa-531e-9bc5-6a7dc077dad5', 'work', 'theme_vie', 'Travailler, se former', 6, NULL);
INSERT INTO "theme" VALUES (7, '6164dee5-0211-5ec6-ac1c-0b41d1403353', 'fund', 'theme_vie', 'Se financer, faire face', 7, NULL);
INSERT INTO "theme" VALUES (8, '69d2fa94-4194-594e-a78a-ebb8bd21b964', 'enjoy', 'theme_vie', 'Se divertir, se cultiver', 8, NULL);
INSERT INTO "theme" VALUES (9, '23cc2e03-93b2-5f84-a26c-bcd397419d5d', 'care', 'theme_vie', 'Prendre soin de soi et des siens', 9, NULL);
INSERT INTO "theme" VALUES (10, '806b74cc-6859-57af-b01e-84a6743f440e', 'connect', 'theme_vie', 'Créer du lien, faire valoir ses droits', 10, NULL);
INSERT INTO "theme" VALUES (11, 'c6d42859-f9bc-5249-b333-6ebec374540a', 'choisir-un-metier--confirmer-son-choix-de-metier', 'thematique', 'Confirmer son choix de métier', 1, 'work');
INSERT INTO "theme" VALUES (12, 'a62684dc-615a-562a-a9e7-ba8a3f397ce8', 'choisir-un-metier--connaitre-les-opportunites-demploi', 'thematique', 'Connaître les opportunités d’emploi', 2, 'work');
INSERT INTO "acteur" VALUES (1, X'475000016a080000010100000000000000d08f2341000000002c2d5a41', '7db135e8-cee7-5b3f-b72b-b7369f30c840', 'Chez Élise & Cie', NULL, 'À l''écoute, « tout près ».
Deux lignes ;	''apostrophes'' | barres "guillemets" \ %s', 'feed', 'feed|move', NULL, NULL, NULL, 12, NULL, NULL, NULL, NULL, '01000', NULL, '01000', '01 99 00 12 34', 'elise@example.org', 'https://example.org/élise', '00000000000000', NULL, NULL, 1, NULL, NULL, NULL, '2026-03-01', 'cfb60061-1a87-5408-a24f-82e1547458b2', 'dfba8f61-6bab-55fb-aa1e-862dd9c89ab5', 'public', 1, '2025-01-01', NULL, 0.7500000000000001, 'valide', '2027-02-28', 'saisie', '2026-03-01T12:30:15.000Z', '2026-03-02');
INSERT INTO "acteur" VALUES (2, X'475000016a080000010100000000000000e0b62341000000002c2d5a41', 'dd7afa68-a1df-5b0c-ae47-ba5807e0ae25', 'Emoji 🧵🪡 – œuvre', NULL, 'é décomposé ; nul après : '''' et 日本語', NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL, '', '', NULL, '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'pro', 0, NULL, NULL, 1.0, NULL, NULL, NULL, NULL, NULL);
INSERT INTO "acteur" VALUES (3, NULL, '432691b9-b736-56b9-a51f-6b08f0f4083e', 'Sans rien', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'interne', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO "acteur" VALUES (4, X'475000016a08000001010000000000000020d62341000000002c2d5a41', '7e2f276c-ed23-5b5f-98d6-5ab604f01c56', 'Mairie de Saint-Élie', 'mairie', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '01 99 00 00 01', 'mairie@example.fr', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'public', 1, '1970-01-01', NULL, NULL, NULL, NULL, 'mairies', '2026-03-01T12:30:15.000Z', NULL);
INSERT INTO "service" VALUES (1, '26f78f39-dd70-5aca-8303-dfc143a3d524', '7db135e8-cee7-5b3f-b72b-b7369f30c840', 'Repas partagé', 'Le midi, « à prix libre »', 'atelier', NULL, 'familles', 'gratuit', NULL, NULL, NULL, NULL, NULL, 8, 'saisie', '2026-03-01T12:30:15.000Z', '2026-03-02');
INSERT INTO "service" VALUES (2, 'def4902a-3f2c-5b5a-96b1-8328dffc4a85', 'dd7afa68-a1df-5b0c-ae47-ba5807e0ae25', 'Prêt d''outils', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO "besoin" VALUES (1, X'475000016a080000010100000000000000a0972341000000002c2d5a41', 'c347edb0-0f99-54e0-8c01-51badffe567c', 'Se déplacer le soir', 'Note de travail 🚲', 'move', NULL, NULL, NULL, NULL, 3, NULL, 14, NULL, NULL, NULL, NULL, NULL, '2026-01-15', '2027-01-15', 2, 'nouveau', 'cfb60061-1a87-5408-a24f-82e1547458b2', 'interne', 'saisie', '2026-03-01T12:30:15.000Z', '2026-03-02');
INSERT INTO "besoin" VALUES (2, NULL, '74168fd4-0ea2-536e-b015-a361c6e1f7ef', 'L''inconnu', NULL, 'feed', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'interne', NULL, NULL, NULL);
INSERT INTO "visite" VALUES (1, '4e313151-4cbb-54b0-8087-f8645ee2ba4c', '7db135e8-cee7-5b3f-b72b-b7369f30c840', 'cfb60061-1a87-5408-a24f-82e1547458b2', '2026-03-01', 'visite', 'Bien reçu.', '', 'saisie', '2026-03-01T12:30:15.000Z', '2026-03-02');
INSERT INTO "lien" VALUES (1, 'f03dc0f4-e734-510c-806b-fd167c5e234f', '7db135e8-cee7-5b3f-b72b-b7369f30c840', 'dd7afa68-a1df-5b0c-ae47-ba5807e0ae25', 'partenaire', 'Ils s''entraident', 'saisie', '2026-03-01T12:30:15.000Z', '2026-03-02');
INSERT INTO "meta" VALUES (1, 'departement', '01');
INSERT INTO "meta" VALUES (2, 'departement_nom', 'Département d''essai');
INSERT INTO "meta" VALUES (3, 'niveau_guide', 'departement');
INSERT INTO "meta" VALUES (4, 'mode_deplacement', 'voiture');
INSERT INTO "meta" VALUES (5, 'vitesse_kmh', '50');
INSERT INTO "meta" VALUES (6, 'detour', '1.3');
INSERT INTO "meta" VALUES (7, 'portee_min', '20');
INSERT INTO "meta" VALUES (8, 'semblables_m', '10000');
INSERT INTO "meta" VALUES (9, 'seuil', '11');
INSERT INTO "meta" VALUES (10, 'millesime', '2026');
INSERT INTO "meta" VALUES (11, 'sources', 'Essai.');
INSERT INTO "meta" VALUES (12, 'licences', 'Essai.');
INSERT INTO "meta" VALUES (13, 'fictif', 'oui');
INSERT INTO "meta" VALUES (14, 'cree_le', '2026-03-01T12:30:15Z');
INSERT INTO "meta" VALUES (15, 'jeu_uuid', '2f579dab-6fff-5d1f-bb5a-53a528871926');
INSERT INTO "meta" VALUES (16, 'version_schema', '1');
INSERT INTO "meta" VALUES (17, 'epsg', '2154');
INSERT INTO "rtree_territoire_geom" VALUES (1, 640000.0, 644000.0, 6860000.0, 6864000.0);
INSERT INTO "rtree_territoire_geom" VALUES (2, 644000.0, 648000.0, 6860000.0, 6864000.0);
INSERT INTO "rtree_territoire_geom" VALUES (3, 648000.0, 652000.0, 6860000.0, 6864000.0);
INSERT INTO "rtree_territoire_geom" VALUES (4, 640000.0, 652000.0, 6860000.0, 6864000.0);
INSERT INTO "rtree_secteur_geom" VALUES (1, 640000.0, 648000.0, 6860000.0, 6864000.0);
INSERT INTO "rtree_acteur_geom" VALUES (1, 641000.0, 641000.0, 6862000.0, 6862000.0);
INSERT INTO "rtree_acteur_geom" VALUES (2, 646000.0, 646000.0, 6862000.0, 6862000.0);
INSERT INTO "rtree_acteur_geom" VALUES (4, 650000.0, 650000.0, 6862000.0, 6862000.0);
INSERT INTO "rtree_besoin_geom" VALUES (1, 642000.0, 642000.0, 6862000.0, 6862000.0);
DELETE FROM sqlite_sequence;
INSERT INTO "sqlite_sequence" VALUES ('territoire', 4);
INSERT INTO "sqlite_sequence" VALUES ('secteur', 2);
INSERT INTO "sqlite_sequence" VALUES ('correspondant', 2);
INSERT INTO "sqlite_sequence" VALUES ('theme', 12);
INSERT INTO "sqlite_sequence" VALUES ('acteur', 5);
INSERT INTO "sqlite_sequence" VALUES ('service', 2);
INSERT INTO "sqlite_sequence" VALUES ('besoin', 2);
INSERT INTO "sqlite_sequence" VALUES ('visite', 1);
INSERT INTO "sqlite_sequence" VALUES ('lien', 1);
INSERT INTO "sqlite_sequence" VALUES ('meta', 17);
CREATE TRIGGER 'gpkg_tile_matrix_zoom_level_insert' BEFORE INSERT ON 'gpkg_tile_matrix' FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'insert on table ''gpkg_tile_matrix'' violates constraint: zoom_level cannot be less than 0') WHERE (NEW.zoom_level < 0); END;
CREATE TRIGGER 'gpkg_tile_matrix_zoom_level_update' BEFORE UPDATE of zoom_level ON 'gpkg_tile_matrix' FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'update on table ''gpkg_tile_matrix'' violates constraint: zoom_level cannot be less than 0') WHERE (NEW.zoom_level < 0); END;
CREATE TRIGGER 'gpkg_tile_matrix_matrix_width_insert' BEFORE INSERT ON 'gpkg_tile_matrix' FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'insert on table ''gpkg_tile_matrix'' violates constraint: matrix_width cannot be less than 1') WHERE (NEW.matrix_width < 1); END;
CREATE TRIGGER 'gpkg_tile_matrix_matrix_width_update' BEFORE UPDATE OF matrix_width ON 'gpkg_tile_matrix' FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'update on table ''gpkg_tile_matrix'' violates constraint: matrix_width cannot be less than 1') WHERE (NEW.matrix_width < 1); END;
CREATE TRIGGER 'gpkg_tile_matrix_matrix_height_insert' BEFORE INSERT ON 'gpkg_tile_matrix' FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'insert on table ''gpkg_tile_matrix'' violates constraint: matrix_height cannot be less than 1') WHERE (NEW.matrix_height < 1); END;
CREATE TRIGGER 'gpkg_tile_matrix_matrix_height_update' BEFORE UPDATE OF matrix_height ON 'gpkg_tile_matrix' FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'update on table ''gpkg_tile_matrix'' violates constraint: matrix_height cannot be less than 1') WHERE (NEW.matrix_height < 1); END;
CREATE TRIGGER 'gpkg_tile_matrix_pixel_x_size_insert' BEFORE INSERT ON 'gpkg_tile_matrix' FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'insert on table ''gpkg_tile_matrix'' violates constraint: pixel_x_size must be greater than 0') WHERE NOT (NEW.pixel_x_size > 0); END;
CREATE TRIGGER 'gpkg_tile_matrix_pixel_x_size_update' BEFORE UPDATE OF pixel_x_size ON 'gpkg_tile_matrix' FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'update on table ''gpkg_tile_matrix'' violates constraint: pixel_x_size must be greater than 0') WHERE NOT (NEW.pixel_x_size > 0); END;
CREATE TRIGGER 'gpkg_tile_matrix_pixel_y_size_insert' BEFORE INSERT ON 'gpkg_tile_matrix' FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'insert on table ''gpkg_tile_matrix'' violates constraint: pixel_y_size must be greater than 0') WHERE NOT (NEW.pixel_y_size > 0); END;
CREATE TRIGGER 'gpkg_tile_matrix_pixel_y_size_update' BEFORE UPDATE OF pixel_y_size ON 'gpkg_tile_matrix' FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'update on table ''gpkg_tile_matrix'' violates constraint: pixel_y_size must be greater than 0') WHERE NOT (NEW.pixel_y_size > 0); END;
CREATE TRIGGER "rtree_territoire_geom_insert" AFTER INSERT ON "territoire" WHEN (new."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_territoire_geom" VALUES (NEW."fid",ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_territoire_geom_update1" AFTER UPDATE OF "geom" ON "territoire" WHEN OLD."fid" = NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_territoire_geom" VALUES (NEW."fid",ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_territoire_geom_update2" AFTER UPDATE OF "geom" ON "territoire" WHEN OLD."fid" = NEW."fid" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_territoire_geom" WHERE id = OLD."fid"; END;
CREATE TRIGGER "rtree_territoire_geom_update3" AFTER UPDATE ON "territoire" WHEN OLD."fid" != NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_territoire_geom" WHERE id = OLD."fid"; INSERT OR REPLACE INTO "rtree_territoire_geom" VALUES (NEW."fid",ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_territoire_geom_update4" AFTER UPDATE ON "territoire" WHEN OLD."fid" != NEW."fid" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_territoire_geom" WHERE id IN (OLD."fid", NEW."fid"); END;
CREATE TRIGGER "rtree_territoire_geom_delete" AFTER DELETE ON "territoire" WHEN old."geom" NOT NULL BEGIN DELETE FROM "rtree_territoire_geom" WHERE id = OLD."fid"; END;
CREATE TRIGGER "rtree_secteur_geom_insert" AFTER INSERT ON "secteur" WHEN (new."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_secteur_geom" VALUES (NEW."fid",ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_secteur_geom_update1" AFTER UPDATE OF "geom" ON "secteur" WHEN OLD."fid" = NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_secteur_geom" VALUES (NEW."fid",ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_secteur_geom_update2" AFTER UPDATE OF "geom" ON "secteur" WHEN OLD."fid" = NEW."fid" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_secteur_geom" WHERE id = OLD."fid"; END;
CREATE TRIGGER "rtree_secteur_geom_update3" AFTER UPDATE ON "secteur" WHEN OLD."fid" != NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_secteur_geom" WHERE id = OLD."fid"; INSERT OR REPLACE INTO "rtree_secteur_geom" VALUES (NEW."fid",ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_secteur_geom_update4" AFTER UPDATE ON "secteur" WHEN OLD."fid" != NEW."fid" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_secteur_geom" WHERE id IN (OLD."fid", NEW."fid"); END;
CREATE TRIGGER "rtree_secteur_geom_delete" AFTER DELETE ON "secteur" WHEN old."geom" NOT NULL BEGIN DELETE FROM "rtree_secteur_geom" WHERE id = OLD."fid"; END;
CREATE TRIGGER "rtree_acteur_geom_insert" AFTER INSERT ON "acteur" WHEN (new."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_acteur_geom" VALUES (NEW."fid",ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_acteur_geom_update1" AFTER UPDATE OF "geom" ON "acteur" WHEN OLD."fid" = NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_acteur_geom" VALUES (NEW."fid",ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_acteur_geom_update2" AFTER UPDATE OF "geom" ON "acteur" WHEN OLD."fid" = NEW."fid" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_acteur_geom" WHERE id = OLD."fid"; END;
CREATE TRIGGER "rtree_acteur_geom_update3" AFTER UPDATE ON "acteur" WHEN OLD."fid" != NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_acteur_geom" WHERE id = OLD."fid"; INSERT OR REPLACE INTO "rtree_acteur_geom" VALUES (NEW."fid",ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_acteur_geom_update4" AFTER UPDATE ON "acteur" WHEN OLD."fid" != NEW."fid" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_acteur_geom" WHERE id IN (OLD."fid", NEW."fid"); END;
CREATE TRIGGER "rtree_acteur_geom_delete" AFTER DELETE ON "acteur" WHEN old."geom" NOT NULL BEGIN DELETE FROM "rtree_acteur_geom" WHERE id = OLD."fid"; END;
CREATE TRIGGER "rtree_besoin_geom_insert" AFTER INSERT ON "besoin" WHEN (new."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_besoin_geom" VALUES (NEW."fid",ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_besoin_geom_update1" AFTER UPDATE OF "geom" ON "besoin" WHEN OLD."fid" = NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_besoin_geom" VALUES (NEW."fid",ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_besoin_geom_update2" AFTER UPDATE OF "geom" ON "besoin" WHEN OLD."fid" = NEW."fid" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_besoin_geom" WHERE id = OLD."fid"; END;
CREATE TRIGGER "rtree_besoin_geom_update3" AFTER UPDATE ON "besoin" WHEN OLD."fid" != NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_besoin_geom" WHERE id = OLD."fid"; INSERT OR REPLACE INTO "rtree_besoin_geom" VALUES (NEW."fid",ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_besoin_geom_update4" AFTER UPDATE ON "besoin" WHEN OLD."fid" != NEW."fid" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_besoin_geom" WHERE id IN (OLD."fid", NEW."fid"); END;
CREATE TRIGGER "rtree_besoin_geom_delete" AFTER DELETE ON "besoin" WHEN old."geom" NOT NULL BEGIN DELETE FROM "rtree_besoin_geom" WHERE id = OLD."fid"; END;
COMMIT;
