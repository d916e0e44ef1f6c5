-- The blog after some accidents. As Ommi makes it: nothing is declared, so nothing stopped them.
--   * user 9 was deleted: the user's posts and comments point at nobody
--   * post 20 names a user who never was (9999)
--   * posts 30 and 40 have no author at all
--   * post 5 was deleted, its comments were not
--   * comment 17 says "bob" where a user's number is due
BEGIN;

CREATE TABLE "User" ("id" INTEGER, "name" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "Post" ("id" INTEGER, "title" TEXT, "user_id" INTEGER, PRIMARY KEY ("id"));
CREATE TABLE "Comment"
  ("id" INTEGER, "post_id" INTEGER, "user_id" INTEGER, "text" TEXT, PRIMARY KEY ("id"));

INSERT INTO "User" VALUES
  (1, 'Ada'), (2, 'Barbara'), (3, 'Claude'), (4, 'Donald'), (5, 'Edsger'), (6, 'Frances'),
  (7, 'Grace'), (8, 'Hedy'), (9, 'Ivan'), (10, 'Jean'), (11, 'Katherine'), (12, 'Lynn');

WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO "Post" SELECT i, 'Post ' || i, 1 + i % 12 FROM n;

WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
INSERT INTO "Comment" SELECT i, 1 + (i * 7) % 60, 1 + (i * 5) % 12, 'Comment ' || i FROM n;

DELETE FROM "User" WHERE "id" = 9;
UPDATE "Post" SET "user_id" = 9999 WHERE "id" = 20;
UPDATE "Post" SET "user_id" = NULL WHERE "id" IN (30, 40);
DELETE FROM "Post" WHERE "id" = 5;
UPDATE "Comment" SET "user_id" = 'bob' WHERE "id" = 17;

COMMIT;
