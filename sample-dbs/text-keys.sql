-- Text as keys, and what a database takes for equal. A look-up compares with the collation and the
-- affinity of the column that it searches.
--   * country.code ignores case: city rows that say "dk" find "DK", and one that says "dk " (with a
--     blank) does not
--   * station.code ignores trailing blanks: every train finds its station, "ABC  " too
--   * article.sku is text: the numbers 1001 to 1003 in stock.sku (a column without a type) find
--     '1001' to '1003', because they are compared as text; the number 7 finds nothing, for
--     article has '007'
--   * three labels differ only after a NUL character; of the three notes, one names a label that is
--     not there
PRAGMA foreign_keys = OFF;
BEGIN;

CREATE TABLE country (code TEXT COLLATE NOCASE PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE city (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  country_code TEXT COLLATE NOCASE NOT NULL REFERENCES country (code)
);
CREATE TABLE station (code TEXT COLLATE RTRIM PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE train (
  id INTEGER PRIMARY KEY,
  station_code TEXT COLLATE RTRIM NOT NULL REFERENCES station (code)
);
CREATE TABLE article (sku TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL);
CREATE TABLE stock (id INTEGER PRIMARY KEY, sku NOT NULL REFERENCES article (sku));
CREATE TABLE label (code TEXT PRIMARY KEY NOT NULL);
CREATE TABLE note (id INTEGER PRIMARY KEY, label_code TEXT NOT NULL REFERENCES label (code));
CREATE INDEX city_by_country ON city (country_code);
CREATE INDEX train_by_station ON train (station_code);
CREATE INDEX stock_by_sku ON stock (sku);
CREATE INDEX note_by_label ON note (label_code);

INSERT INTO country VALUES ('DK', 'Danmark'), ('FI', 'Suomi'), ('NO', 'Norge'), ('SE', 'Sverige');
INSERT INTO city VALUES
  (1, 'Aarhus', 'DK'), (2, 'Odense', 'dk'), (3, 'Turku', 'Fi'), (4, 'Bergen', 'no'),
  (5, 'Malmö', 'SE'), (6, 'Aalborg', 'dk ');

INSERT INTO station VALUES ('ABC', 'Abbey'), ('KGX', 'King''s Cross'), ('XYZ', 'Xyloto');
INSERT INTO train VALUES (1, 'ABC'), (2, 'ABC  '), (3, 'KGX'), (4, 'KGX '), (5, 'XYZ');

INSERT INTO article VALUES
  ('1001', 'nut'), ('1002', 'bolt'), ('1003', 'washer'), ('007', 'screw'), ('A-1', 'nail');
INSERT INTO stock VALUES (1, '1001'), (2, 1001), (3, 1002), (4, 1003), (5, '007'), (6, 7), (7, 'A-1');

-- x'610062' is an a, a NUL and a b.
INSERT INTO label VALUES ('a'), (CAST(x'610062' AS TEXT)), (CAST(x'610063' AS TEXT));
INSERT INTO note VALUES
  (1, 'a'), (2, CAST(x'610062' AS TEXT)), (3, CAST(x'610064' AS TEXT));

COMMIT;
