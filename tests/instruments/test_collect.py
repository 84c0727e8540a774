"""Tables of field work through the command: encodings, untidy sheets, errors that point at a cell, personal data."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ruleeval.cli import root

RULES = """\
规则集：名册试题（示例，非官方标准）
版本：1
满分：10分
取分：实地评估
修约：三级指标，2位，四舍五入
缺佐证：提示

数据
  实名制：记录表，人
    列 姓名：文本，个人信息
    列 身份证号：文本，身份证号，可空
    列 内设机构：文本
    列 出生日期：日期
    列 工作年限：小数，年，至少0，可空
    列 在岗率：百分数，0%至100%，可空
  内部问卷发放数：整数，份，至少1

分段 年龄段：实名制，按 周岁(出生日期，基准日)
  青年人数：35岁及以下
  中年人数：36至50岁
  年长人数：51至60岁

问卷 内部问卷：内部，发放 内部问卷发放数，有效 至少1题，至少30份
  职责清晰、协作顺畅、流程便捷：非常满意100、满意80、基本满意60、不满意0、不了解 不计

勾稽
  求和(实名制，每条 工作年限，其中 已填报(工作年限)) ≤ 9999年，提醒：年限过长
  个数(实名制，其中 已填报(在岗率) 且 在岗率 < 50%) ≤ 9999人，提醒：在岗率过低
  收回率(内部问卷) ≤ 100%，错误：收回多于发放

一级指标 A 人员，10分
二级指标 A1 结构和分工，10分
三级指标 A1.1 年龄结构，4分
  评分：段次分布
  方式：系数
  合计：各段合计
    青年人数：系数1.0
    中年人数：系数0.9
    年长人数：系数0.7
  分母为零：报错
三级指标 A1.2 职责分工，6分
  取值：问卷平均分(内部问卷.职责清晰)
  评分：按比例
  目标：100分
  分母为零：报错
"""
HEAD = ["姓名", "身份证号", "内设机构", "出生日期"]
BIRTHS = [date(1990, 5, 1)] * 30 + [date(1980, 5, 1)] * 52 + [date(1965, 5, 1)] * 30


def people() -> list[list[str]]:
    """112 people of made-up names and numbers."""
    return [[f"某{i:03}", f"21010019{b:%y%m%d}{i:04}"[:18], f"处{i % 7}", b.isoformat()] for i, b in enumerate(BIRTHS)]


def csv_text(rows: list[list[str]], separator: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "r.rules").write_text(RULES, "utf-8")
    unit = {"单位": "某厅", "单位类型": "部门", "基准日": "2022-12-31", "规则集": "r.rules", "数据": {"内部问卷发放数": 120}}
    (tmp_path / "unit.json").write_text(json.dumps(unit, ensure_ascii=False), "utf-8")
    return tmp_path


def call(*arguments: str, status: int = 0) -> Result:
    result = CliRunner().invoke(root, ["collect", *arguments], prog_name="ruleeval")
    assert result.exit_code == status, result.output + str(result.exception)
    return result


def data(*arguments: str, status: int = 0) -> Any:
    return json.loads(call(*arguments, "--json", status=status).stdout)


def codes(told: Any) -> list[str]:
    return [f["code"] for f in told["findings"]]


# ---- what comes in ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "separator", "told"),
    [("utf-8", ",", []), ("utf-8-sig", ",", []), ("gb18030", ",", ["W739"]), ("utf-16", "\t", []), ("utf-8", ";", [])],
)
def test_a_roster_in_any_encoding_gives_the_bands(folder: Path, encoding: str, separator: str, told: list[str]) -> None:
    (folder / "名册.csv").write_bytes(csv_text([HEAD, *people()], separator).encode(encoding))
    found = data("名册.csv", "--as", "实名制", "--rules", "r.rules", "--as-of", "2022-12-31")
    assert codes(found) == told
    (segments,) = found["segments"]
    assert [b["count"] for b in segments["bands"]] == [30, 52, 30]
    assert segments["outside"] == []
    assert found["records"] == 112


def test_the_bands_of_112_people_on_paper(folder: Path) -> None:
    (folder / "名册.csv").write_text(csv_text([HEAD, *people(), ["某甲", "", "处1", "1961-06-01"]]), "utf-8")
    shown = call("名册.csv", "--as", "实名制", "--rules", "r.rules", "--as-of", "2022-12-31").output
    for wanted in ("读入113人", "26.8%", "46.4%", "段外（61岁）", "有1人为61岁，不在任何段次内，未计入占比"):
        assert wanted in shown


def test_json_is_a_list_of_objects(folder: Path) -> None:
    rows = [dict(zip(HEAD, row, strict=True)) for row in people()]
    (folder / "名册.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    assert data("名册.json", "--as", "实名制", "--rules", "r.rules")["records"] == 112


def untidy(path: Path, *, identity_as_number: bool = False) -> None:
    """A sheet as staff keep it: a title, a heading of two rows, merged bodies, sums, notes, odd digits."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "名册"
    sheet.append(["某厅人员花名册", *[None] * 7])
    sheet.merge_cells("A1:H1")
    sheet.append(["序号", "基本情况", None, None, "内设\n机构", "履职", None, "备注"])
    sheet.append([None, "姓  名（*）", "身份证号", "出生\n日期", None, "工作年限（年）", "在岗率", None])
    sheet.merge_cells("B2:D2")
    sheet.merge_cells("F2:G2")
    for column in "AEH":
        sheet.merge_cells(f"{column}2:{column}3")
    sheet.append([1, "某甲", "210100199005010011", date(1990, 5, 1), "办公室", "１０.５", 0.6, None])
    sheet.append([2, "某乙", "210100198005010012", "1980年5月1日", None, "12（含借调1年）", "60％", "借调"])
    sheet["G4"].number_format = "0%"
    sheet.merge_cells("E4:E5")
    sheet.append([None, "小  计", None, None, None, 2, None, None])
    sheet.append([])
    sheet.append([3, "某丙", 210100196505010013 if identity_as_number else "21010019650501001x", "19650501", "人事处", 3, "100%", None])
    sheet.append(["合计：", None, None, None, None, 3, None, None])
    sheet.append(["注：人员以12月31日在册为准", *[None] * 7])
    sheet.merge_cells("A10:H10")
    sheet.column_dimensions["F"].hidden = True
    book.save(path)


def test_an_untidy_sheet_survives(folder: Path) -> None:
    untidy(folder / "名册.xlsx")
    told = data("名册.xlsx", "--as", "实名制", "--into", "unit.json", "--personal")
    assert sorted(codes(told)) == ["W876", "W877", "W878", "W879"]
    rows = json.loads((folder / "unit.json").read_text("utf-8"))["数据"]["实名制"]
    assert [r["内设机构"] for r in rows] == ["办公室", "办公室", "人事处"]
    assert [r["出生日期"] for r in rows] == ["1990-05-01", "1980年5月1日", "1965-05-01"]
    assert [r["工作年限"] for r in rows] == [10.5, 12, 3]
    assert [r["在岗率"] for r in rows] == ["60%", "60%", "100%"]
    left = next(f for f in told["findings"] if f["code"] == "W877")
    assert left["facts"]["rows"] == "6、9、10"
    assert next(f for f in told["findings"] if f["code"] == "W879")["facts"]["columns"] == ["工作年限"]


def test_an_identity_number_kept_as_a_number_has_lost_its_end(folder: Path) -> None:
    untidy(folder / "名册.xlsx", identity_as_number=True)
    told = data("名册.xlsx", "--as", "实名制", "--rules", "r.rules", status=1)
    (lost,) = [f for f in told["findings"] if f["code"] == "E873"]
    assert lost["path"] == "名册!C8"


# ---- errors point at the cell -----------------------------------------------------------------


def test_a_missing_column_is_named_with_those_that_are_there(folder: Path) -> None:
    (folder / "名册.csv").write_text(csv_text([["姓名", "性别", "内设机构"], ["某甲", "女", "办公室"]]), "utf-8")
    shown = call("名册.csv", "--as", "实名制", "--rules", "r.rules", status=1).output
    assert "名册.csv 缺少列“出生日期”；现有列：姓名、性别、内设机构" in shown


def test_a_date_that_is_none_points_at_its_cell(folder: Path) -> None:
    rows = [HEAD, ["某甲", "", "办公室", "1990-05-01"], ["某乙", "", "办公室", "1985.13.2"]]
    (folder / "名册.csv").write_text(csv_text(rows), "utf-8")
    shown = call("名册.csv", "--as", "实名制", "--rules", "r.rules", status=1).output
    assert "错误 E708 名册.csv:3" in shown
    assert "(D3)" in shown
    assert "“出生日期”的日期“1985.13.2”不是有效日期" in shown
    excerpt, marks = next((a, b) for a, b in zip(shown.splitlines(), shown.splitlines()[1:], strict=False) if "1985.13.2" in a and b.strip().startswith("|"))
    assert excerpt.endswith("1985.13.2")
    assert marks.rstrip().endswith("^" * len("1985.13.2"))
    assert "某乙" not in shown


def test_an_identity_number_of_the_wrong_length_is_shown_masked(folder: Path) -> None:
    (folder / "名册.csv").write_text(csv_text([HEAD, ["某甲", "21010019900501001234", "办公室", "1990-05-01"]]), "utf-8")
    result = call("名册.csv", "--as", "实名制", "--rules", "r.rules", status=1)
    assert "“身份证号”位数应为15位或18位（显示：210*************1234）" in result.output
    assert "21010019900501001234" not in result.output


def test_one_person_on_two_rows_is_told_of(folder: Path) -> None:
    (folder / "名册.csv").write_text(csv_text([HEAD, *people()[:3], people()[0]]), "utf-8")
    told = data("名册.csv", "--as", "实名制", "--rules", "r.rules")
    (again,) = [f for f in told["findings"] if f["code"] == "W880"]
    assert (again["facts"]["first"], again["facts"]["second"]) == ("2", "5")


def test_a_heading_of_another_name_is_said(folder: Path) -> None:
    (folder / "名册.csv").write_text(csv_text([["姓名", "处室", "出生年月日"], ["某甲", "办公室", "1990-05-01"]]), "utf-8")
    told = data("名册.csv", "--as", "实名制", "--rules", "r.rules", "--column", "处室=内设机构", "--column", "出生年月日=出生日期")
    assert told["records"] == 1


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("名册.csv", "--as", "花名册", "--rules", "r.rules"), 1, "E875"),
        (("无.csv", "--as", "实名制", "--rules", "r.rules"), 1, "E729"),
        (("名册.csv", "--as", "实名制"), 2, ""),
        (("名册.csv", "--as", "实名制", "--rules", "r.rules", "--column", "处室"), 2, ""),
    ],
)
def test_wrong_calls(folder: Path, arguments: tuple[str, ...], status: int, code: str) -> None:
    (folder / "名册.csv").write_text(csv_text([HEAD, *people()]), "utf-8")
    result = call(*arguments, status=status)
    assert code in result.output


# ---- into a unit file ---------------------------------------------------------------------------


def test_names_stay_out_of_the_unit_file_unless_asked_for_and_numbers_are_masked_even_then(folder: Path) -> None:
    (folder / "名册.csv").write_text(csv_text([HEAD, ["张三", "210100199005010011", "办公室", "1990-05-01"]]), "utf-8")
    call("名册.csv", "--as", "实名制", "--into", "unit.json")
    kept = (folder / "unit.json").read_text("utf-8")
    assert "张三" not in kept
    assert "210100199005010011" not in kept
    assert '"姓名": "姓名1"' in kept
    call("名册.csv", "--as", "实名制", "--into", "unit.json", status=1)
    call("名册.csv", "--as", "实名制", "--into", "unit.json", "--replace", "--personal")
    kept = (folder / "unit.json").read_text("utf-8")
    assert '"姓名": "张三"' in kept
    assert '"身份证号": "210***********0011"' in kept
    for command in (["check", "unit.json"], ["check", "unit.json", "--json"], ["explain", "unit.json"], ["explain", "unit.json", "--json"]):
        shown = CliRunner().invoke(root, command, prog_name="ruleeval").output
        assert "张三" not in shown
        assert "E870" not in shown


def test_a_roster_and_a_questionnaire_collected_score_the_unit(folder: Path) -> None:
    answers = [["编号", "职责清晰", "协作顺畅", "流程便捷"]]
    answers += [[str(i), a, "满意", ""] for i, a in enumerate(["非常满意"] * 36 + ["满意"] * 12 + ["基本满意"] * 12 + ["不了解"] * 5)]
    (folder / "名册.csv").write_text(csv_text([HEAD, *people()]), "utf-8")
    (folder / "问卷.csv").write_text(csv_text(answers), "utf-8-sig")
    call("名册.csv", "--as", "实名制", "--into", "unit.json")
    told = data("问卷.csv", "--as", "内部问卷", "--into", "unit.json")
    (survey,) = told["questionnaires"]
    assert (survey["returned"], survey["valid"], survey["questions"][0]["counted"], survey["questions"][0]["not_counted"]) == (65, 65, 60, 5)
    assert survey["questions"][0]["mean"] == "88"
    checked = json.loads(CliRunner().invoke(root, ["check", "unit.json", "--json"], prog_name="ruleeval").stdout)
    assert {i["code"]: i["score"] for i in checked["indicators"]}["A1.1"] == "3.49"
    assert {i["code"]: i["score"] for i in checked["indicators"]}["A1.2"] == "5.28"


# ---- a unit file that names its tables -----------------------------------------------------------


def with_file(folder: Path, file: str, **more: str) -> None:
    unit = json.loads((folder / "unit.json").read_text("utf-8"))
    unit["数据"]["实名制"] = {"文件": file, **more}
    unit["数据"]["内部问卷"] = [{"职责清晰": "满意"}]
    (folder / "unit.json").write_text(json.dumps(unit, ensure_ascii=False), "utf-8")


def check(folder: Path, *arguments: str) -> Any:
    return json.loads(CliRunner().invoke(root, ["check", "unit.json", "--json", *arguments], prog_name="ruleeval").stdout)


def test_a_unit_file_may_name_a_table(folder: Path) -> None:
    untidy(folder / "名册.xlsx")
    with_file(folder, "名册.xlsx", 工作表="名册")
    found = check(folder)
    assert found["state"] == "decided"
    assert {i["code"]: i["score"] for i in found["indicators"]}["A1.1"] == "3.47"
    assert "W877" in codes(found)


@pytest.mark.parametrize("file", ["../名册.csv", "/etc/passwd", "sub/../../名册.csv"])
def test_a_table_elsewhere_is_not_read(folder: Path, file: str) -> None:
    with_file(folder, file)
    assert codes(check(folder))[0] == "E874"


def test_an_error_in_a_named_table_tells_file_and_cell(folder: Path) -> None:
    (folder / "名册.csv").write_text(csv_text([HEAD, ["某甲", "", "办公室", "1985.13.2"]]), "utf-8")
    with_file(folder, "名册.csv")
    found = check(folder)
    (wrong,) = [f for f in found["findings"] if f["severity"] == "error"]
    assert (wrong["code"], wrong["path"]) == ("E708", "数据.实名制 ← 名册.csv D2")


def test_a_recorded_unit_holds_its_tables_without_names(folder: Path) -> None:
    (folder / "名册.csv").write_text(csv_text([HEAD, ["张三", "210100199005010011", "办公室", "1990-05-01"]]), "utf-8")
    with_file(folder, "名册.csv")
    runner = CliRunner()
    place = f"sqlite:///{folder / 'ledger.db'}"
    done = runner.invoke(root, ["ledger", "record", "unit.json", "--ledger", place, "--by", "评估员"], prog_name="ruleeval")
    assert done.exit_code == 0, done.output
    (folder / "名册.csv").unlink()
    again = runner.invoke(root, ["ledger", "replay", "1", "--ledger", place], prog_name="ruleeval")
    assert again.exit_code == 0, again.output
    assert "张三".encode() not in (folder / "ledger.db").read_bytes()
    assert b"210100199005010011" not in (folder / "ledger.db").read_bytes()
