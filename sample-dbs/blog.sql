-- A healthy blog, as Ommi makes one: no foreign key is declared, no column is indexed. What refers
-- to what is known only to the application's models, and has to be inferred from names and values.
BEGIN;

CREATE TABLE "User" ("id" INTEGER, "name" TEXT, PRIMARY KEY ("id"));
CREATE TABLE "Post" ("id" INTEGER, "title" TEXT, "user_id" INTEGER, PRIMARY KEY ("id"));
CREATE TABLE "Comment"
  ("id" INTEGER, "post_id" INTEGER, "user_id" INTEGER, "text" TEXT, PRIMARY KEY ("id"));

INSERT INTO "User" VALUES
  (1, 'Ada'), (2, 'Barbara'), (3, 'Claude'), (4, 'Donald'), (5, 'Edsger'), (6, 'Frances'),
  (7, 'Grace'), (8, 'Hedy'), (9, 'Ivan'), (10, 'Jean'), (11, 'Katherine'), (12, 'Lynn');

-- 30 posts by users 1 to 11: user 12 has written nothing, which is no fault.
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
INSERT INTO "Post" SELECT i, 'Post ' || i, 1 + (i * 7) % 11 FROM n;

-- 90 comments on posts 1 to 25 by everybody: few enough to do without an index.
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90)
INSERT INTO "Comment" SELECT i, 1 + (i * 7) % 25, 1 + (i * 5) % 12, 'Comment ' || i FROM n;

COMMIT;
