"""Tables of records and lists of numbers in a unit file."""

from __future__ import annotations

from datetime import date

import pytest
from unit_text import only, read, says, unit

ROW = {"名称": "甲案", "办结日": "2022-05-31", "件数": 2}


def test_rows_are_read_by_their_columns() -> None:
    read_in, found = read(unit({"案件": [ROW, {"名称": "乙案", "办结日": "2022年6月1日", "件数": "0件"}]}))
    assert found == ()
    assert read_in is not None
    assert read_in.values["案件"] == (
        {"column.名称": "甲案", "column.办结日": date(2022, 5, 31), "column.件数": 2},
        {"column.名称": "乙案", "column.办结日": date(2022, 6, 1), "column.件数": 0},
    )


def test_an_empty_table_is_a_table() -> None:
    read_in, found = read(unit({"案件": []}))
    assert found == ()
    assert read_in is not None
    assert read_in.values["案件"] == ()


def test_an_unknown_column() -> None:
    found = only(unit({"案件": [ROW, {**ROW, "办结曰": "2022-05-31"}]}))
    says(found, "E743", "数据.案件[1].办结曰", 16, "表“案件”没有列“办结曰”，是否为“办结日”？", 'the table "案件" has no column "办结曰"; did you mean "办结日"?')
    assert found.facts["columns"] == ("名称", "办结日", "件数")


@pytest.mark.parametrize("row", [{"名称": "甲", "件数": 1}, {"名称": "甲", "件数": 1, "办结日": None}])
def test_a_column_that_is_not_filled_in(row: dict[str, object]) -> None:
    found = only(unit({"案件": [ROW, row]}))
    says(found, "E744", "数据.案件[1]", 12, "表“案件”第2行缺少“办结日”", 'row 2 of the table "案件" lacks "办结日"')


@pytest.mark.parametrize(
    "column, value, code, line",
    [("件数", "2人", "E703", 15), ("件数", -1, "E705", 15), ("件数", 1.5, "E715", 15), ("件数", "2", "E739", 15), ("办结日", "1985.13.2", "E708", 14), ("名称", 3, "E702", 13), ("名称", {"状态": "未填报"}, "E702", 13)],
)  # fmt: skip
def test_a_wrong_value_is_found_in_its_row(column: str, value: object, code: str, line: int) -> None:
    found = only(unit({"案件": [ROW, {**ROW, column: value}]}))
    assert (found.code, found.path, found.line) == (code, f"数据.案件[1].{column}", line)


def test_a_row_that_is_no_row() -> None:
    found = only(unit({"案件": [ROW, "乙案"]}))
    says(found, "E702", "数据.案件[1]", 12, "“案件”应填一行{…}，现为“乙案”", '"案件" takes a row {…}, but is "乙案"')


def test_a_table_full_of_mistakes_is_not_read_to_its_end() -> None:
    _, found = read(unit({"案件": [{**ROW, "件数": "2人"}] * 1000}))
    assert [d.code for d in found] == ["E703"] * 50 + ["W742"]
    says(
        found[-1], "W742", "数据.案件[49]", 252, "“案件”已有50处错误，后面的950行没有再检查",
        '"案件" has 50 errors already; the 950 rows that follow were not checked',
    )  # fmt: skip


def test_a_table_that_is_too_long() -> None:
    found = only('{"单位": "某厅", "单位类型": "部门", "基准日": "2022-12-31", "数据": {"案件": [' + ",".join(["{}"] * 100_001) + "]}}")
    says(
        found, "E714", "数据.案件", 1, "“案件”超出上限（100001行，最多100000行）", '"案件" is over the limit (100001 rows; at most 100000 rows)'
    )


# ---- lists of numbers ----


@pytest.mark.parametrize("numbers, expected", [([90, 86, 92], (90, 86, 92)), ([0, "86分", 100, 1], (0, 86, 100, 1))])
def test_a_list_of_numbers(numbers: list[object], expected: tuple[int, ...]) -> None:
    read_in, found = read(unit({"评委打分": numbers}))
    assert found == ()
    assert read_in is not None
    assert read_in.values["评委打分"] == expected


@pytest.mark.parametrize("count", [0, 2, 6])
def test_a_list_with_too_few_or_too_many(count: int) -> None:
    found = only(unit({"评委打分": [90] * count}))
    says(found, "E738", "数据.评委打分", 6, f"“评委打分”有{count}个数，应为3–5个", f'"评委打分" has {count} numbers; it takes 3–5')


@pytest.mark.parametrize(
    "number, code", [(101, "E705"), ("90人", "E703"), (None, "E702"), ("九十", "E702"), (True, "E702"), ("90", "E739"), ([1], "E702")]
)
def test_one_number_of_a_list_is_wrong(number: object, code: str) -> None:
    found = only(unit({"评委打分": [90, number, 86]}))
    assert (found.code, found.path, found.line) == (code, "数据.评委打分[1]", 8)
