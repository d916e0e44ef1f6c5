"""On databases of real applications nothing above info is reported but what plain SQL confirms."""

import json
import unittest

from support import SHARED, Copy, connect, main, needs_shared_data, run


def scans(table, column):
    """A look-up of the column reads the whole table."""
    return f'EXPLAIN QUERY PLAN SELECT * FROM "{table}" WHERE "{column}" = 1', lambda rows: rows[0][3] == f"SCAN {table}"


def number(sql, expected):
    return sql, lambda rows: rows[0][0] == expected


def stands_for_none(table, column, target, count):
    return number(f'SELECT sum("{column}" = 0) * NOT EXISTS (SELECT 1 FROM "{target}" WHERE id = 0) FROM "{table}"', count)


def no_table(name):
    return number(f"SELECT count(*) FROM sqlite_schema WHERE name = '{name}'", 0)


# Database → what is reported, each with what confirms it.
CONFIRMED = {
    "actual-budget/default-db.sqlite": {
        "SCH003 pending_transactions.acct": (
            "EXPLAIN QUERY PLAN SELECT * FROM pending_transactions p CROSS JOIN accounts a ON p.acct = a.id",
            lambda rows: [row[3] for row in rows] == ["SCAN p", "SCAN a"]),
    },
    "chinook/Chinook_Sqlite.sqlite": {},
    "geopackage/attributes.gpkg": {},
    "geopackage/geometrycollection.gpkg": {},
    "geopackage/styled.gpkg": {},
    "grist/BlobMigrationV1.grist": {},
    "grist/Class Enrollment.grist": {},
    "grist/Favorite_Films_With_Linked_Ref.grist": {
        "DAT008 _grist_TabItems.viewRef": stands_for_none("_grist_TabItems", "viewRef", "_grist_Views", 3),
    },
    "northwind/northwind.db": {
        "SCH004 Orders.CustomerID": scans("Orders", "CustomerID"),
        "SCH004 Orders.EmployeeID": scans("Orders", "EmployeeID"),
        "SCH004 Orders.ShipVia": scans("Orders", "ShipVia"),
        "SCH008 Order Details.ProductID": scans("Order Details", "ProductID"),
    },
    "ommi/blog/healthy.db": {
        "SCH004 Comment.post_id": scans("Comment", "post_id"),
        "SCH004 Comment.user_id": scans("Comment", "user_id"),
        "SCH004 Post.user_id": scans("Post", "user_id"),
    },
    "ommi/permissions/healthy.db": {
        "SCH006 UserPermission.user_id": (
            "SELECT name FROM pragma_table_info('UserPermission') WHERE pk > 0", lambda rows: rows == [("user_id",)]),
    },
    "plaso/android_contacts2.db": {
        "SCH001 package.": no_table("package"),
        "SCH001 raw_contacts.": no_table("raw_contacts"),
        "SCH001 mimetype.": no_table("mimetype"),
    },
    "plaso/chrome_History": {
        "DAT008 visits.segment_id": stands_for_none("visits", "segment_id", "segments", 68),
    },
    "plaso/sqlite_zeitgeist_activity.sqlite": {
        "DAT008 event.payload": stands_for_none("event", "payload", "payload", 44),
        "SCH010 event.payload": number("SELECT count(*) FROM pragma_foreign_key_check('event') WHERE parent = 'payload'", 44),
    },
    "sakila/sakila.db": {
        "DRV004 staff.active": number("SELECT count(*) FROM staff WHERE typeof(active) = 'text'", 2),
        "SCH004 payment.rental_id": scans("payment", "rental_id"),
    },
}


@needs_shared_data
class Healthy(unittest.TestCase):
    maxDiff = None

    def test_what_is_reported_is_true_and_all_there_is(self):
        for name, confirmed in CONFIRMED.items():
            with self.subTest(database=name), Copy(SHARED / name) as copy:
                done = run("check", copy.path, "--format", "json", "--isolated")
                said = json.loads(done.stdout)
                found = {f"{finding['code']} {finding['subject']['table']}.{finding['subject']['column'] or ''}"
                         for finding in said["findings"] if finding["level"] != "info"}
                self.assertEqual(found, set(confirmed))
                self.assertEqual(done.returncode, 1 if confirmed else 0)
                connection = connect(copy.path)
                for finding, (sql, holds) in confirmed.items():
                    self.assertTrue(holds(connection.execute(sql).fetchall()), finding)
                connection.close()


if __name__ == "__main__":
    main()
