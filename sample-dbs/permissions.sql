-- Users and permissions, many to many, as Ommi makes them: the association declares no reference,
-- and it lost its key when somebody rebuilt the table.
--   * user 1 has permission 4 three times
--   * user 2 has permission 99, which is not there
--   * user 77, who is not there, has permission 1
--   * half a row: user 3 and no permission
BEGIN;

CREATE TABLE "User" ("id" INTEGER, "name" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "Permission" ("id" INTEGER, "name" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "UserPermission" ("user_id" INTEGER, "permission_id" INTEGER);

INSERT INTO "User" VALUES
  (1, 'Ada'), (2, 'Barbara'), (3, 'Claude'), (4, 'Donald'), (5, 'Edsger'), (6, 'Frances'),
  (7, 'Grace'), (8, 'Hedy'), (9, 'Ivan'), (10, 'Jean'), (11, 'Katherine'), (12, 'Lynn');
INSERT INTO "Permission" VALUES
  (1, 'read'), (2, 'write'), (3, 'publish'), (4, 'moderate'), (5, 'invite'), (6, 'administer');

-- 29 sound pairs: everybody reads, the first half writes too, and so on.
INSERT INTO "UserPermission"
SELECT u."id", p."id" FROM "User" u JOIN "Permission" p ON u."id" * p."id" <= 12;

INSERT INTO "UserPermission" VALUES (1, 4), (1, 4), (2, 99), (77, 1), (3, NULL);

COMMIT;
