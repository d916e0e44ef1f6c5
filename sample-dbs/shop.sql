-- A shop whose keys are declared, with everything that makes names and joins hard: two references
-- from one table to another, a composite key that another table refers to, a table without rowid,
-- and names with blanks, quotes, keywords and letters beyond ASCII.
--   * order 7 is shipped to address 900, which is not there; its billing address is
--   * a parcel holds line 9 of order 3, but order 3 has three lines: both halves of its key exist,
--     the pair does not
PRAGMA foreign_keys = OFF;
BEGIN;

CREATE TABLE "Käufer" (
  "Nr." INTEGER PRIMARY KEY,
  "Name" TEXT NOT NULL
);
CREATE TABLE address (
  id INTEGER PRIMARY KEY,
  "Käufer" INTEGER NOT NULL REFERENCES "Käufer" ("Nr."),
  "Straße" TEXT NOT NULL
);
CREATE TABLE "order" (
  id INTEGER PRIMARY KEY,
  billing_address_id INTEGER NOT NULL REFERENCES address (id),
  shipping_address_id INTEGER REFERENCES address (id)
);
CREATE TABLE "Order ""Lines""" (
  order_id INTEGER NOT NULL REFERENCES "order" (id),
  "line no" INTEGER NOT NULL,
  "what's in it" TEXT NOT NULL,
  PRIMARY KEY (order_id, "line no")
) WITHOUT ROWID;
CREATE TABLE parcel (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL,
  "line no" INTEGER NOT NULL,
  FOREIGN KEY (order_id, "line no") REFERENCES "Order ""Lines""" (order_id, "line no")
);
CREATE INDEX address_by_buyer ON address ("Käufer");
CREATE INDEX order_by_billing_address ON "order" (billing_address_id);
CREATE INDEX order_by_shipping_address ON "order" (shipping_address_id);
CREATE INDEX parcel_by_line ON parcel (order_id, "line no");

INSERT INTO "Käufer" VALUES
  (1, 'Ægir'), (2, 'Böðvar'), (3, 'Chloé'), (4, 'O''Hara'), (5, 'Łukasz'), (6, '沈括');
INSERT INTO address
SELECT "Nr." * 10, "Nr.", 'Hauptstraße ' || "Nr." FROM "Käufer"
UNION ALL
SELECT "Nr." * 10 + 1, "Nr.", 'Lager ' || "Nr." FROM "Käufer";

-- 12 orders, some shipped to the billing address (NULL), with three lines each.
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)
INSERT INTO "order" SELECT i, 10 * (1 + i % 6), iif(i % 4, 10 * (1 + i % 6) + 1, NULL) FROM n;
INSERT INTO "Order ""Lines"""
SELECT o.id, l.column1, 'article ' || (o.id * l.column1)
FROM "order" o, (VALUES (1), (2), (3)) l;
INSERT INTO parcel
SELECT order_id * 10 + "line no", order_id, "line no" FROM "Order ""Lines""" WHERE "line no" < 3;

UPDATE "order" SET shipping_address_id = 900 WHERE id = 7;
INSERT INTO parcel VALUES (39, 3, 9);

COMMIT;
