-- An organisation: every employee refers to a manager in the same table, and to a department. Both
-- references are declared, and were not enforced.
--   * employee 1 is at the top: no manager, which is no fault
--   * employees 21, 22 and 23 manage each other in a ring, and 24 manages himself: a traversal must
--     not go round for ever
--   * the manager of employee 30 has left
--   * employee 31 is in a department that was closed
PRAGMA foreign_keys = OFF;
BEGIN;

CREATE TABLE department (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL
);
CREATE TABLE employee (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  manager_id INTEGER REFERENCES employee (id),
  department_id INTEGER NOT NULL REFERENCES department (id)
);
CREATE INDEX employee_by_manager ON employee (manager_id);
CREATE INDEX employee_by_department ON employee (department_id);

INSERT INTO department VALUES (1, 'Engines'), (2, 'Wheels'), (3, 'Paint');

-- A tree in which 2 and 3 report to 1, 4 and 5 to 2, and so on.
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 32)
INSERT INTO employee SELECT i, 'Employee ' || i, nullif(i / 2, 0), 1 + i % 3 FROM n;

UPDATE employee SET manager_id = 22 WHERE id = 21;
UPDATE employee SET manager_id = 23 WHERE id = 22;
UPDATE employee SET manager_id = 21 WHERE id = 23;
UPDATE employee SET manager_id = 24 WHERE id = 24;
UPDATE employee SET manager_id = 500 WHERE id = 30;
UPDATE employee SET department_id = 4 WHERE id = 31;

COMMIT;
