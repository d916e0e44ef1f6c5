-- A library after years without enforced keys. They are declared, but SQLite only looks at them
-- when foreign_keys is on.
--   * 40 of 120 loans are of books that were sold
--   * 0 stands for "nobody" in 15 loans: no reader has the number 0
--   * every review refers to a table that was never made
--   * readers refer to a column of branch that it does not have
--   * a reader's loans are found by reading all loans: reader_id has no index
PRAGMA foreign_keys = OFF;
BEGIN;

CREATE TABLE branch (
  id INTEGER PRIMARY KEY,
  town TEXT NOT NULL
);
CREATE TABLE reader (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  branch_code INTEGER REFERENCES branch (code)
);
CREATE TABLE book (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL
);
CREATE TABLE loan (
  id INTEGER PRIMARY KEY,
  book_id INTEGER NOT NULL REFERENCES book (id),
  reader_id INTEGER NOT NULL REFERENCES reader (id),
  due_day INTEGER NOT NULL
);
CREATE TABLE review (
  id INTEGER PRIMARY KEY,
  critic_id INTEGER NOT NULL REFERENCES critic (id),
  book_id INTEGER NOT NULL REFERENCES book (id)
);
CREATE INDEX loan_by_book ON loan (book_id);
CREATE INDEX review_by_book ON review (book_id);
CREATE INDEX review_by_critic ON review (critic_id);

INSERT INTO branch VALUES (1, 'Aarhus'), (2, 'Bergen'), (3, 'Turku');
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 24)
INSERT INTO reader SELECT i, 'Reader ' || i, 1 + i % 3 FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO book SELECT i, 'Book ' || i FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
INSERT INTO loan SELECT i, 1 + i % 60, iif(i % 8, 1 + i % 24, 0), 20000 + i FROM n;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)
INSERT INTO review SELECT i, i, i FROM n;

DELETE FROM book WHERE id % 3 = 0;
DELETE FROM review WHERE book_id % 3 = 0;

COMMIT;
