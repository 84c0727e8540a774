"""What a hostile or broken file can hold: always a result or a coded error, never a traceback, never a hang."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from everything import check_all, rules, run_all, unit_with

from ruleeval.cli import root
from ruleeval.report.as_markdown import to_markdown
from ruleeval.report.document import Document, Heading, Item, Items, Paragraph, Preformatted
from ruleeval.report.document import Table as Grid

NINE = "9" * 3000


@pytest.fixture(autouse=True)
def never_long() -> Iterator[None]:
    """No answer takes longer than a few seconds, on a slow machine too."""
    start = time.monotonic()
    yield
    assert time.monotonic() - start < 20


def codes(text: str) -> list[str]:
    result, _ = check_all(text)
    return sorted({d.code for d in result.diagnostics})


def outcome(ruleset_text: str, data: str, name: str = "unit.json", unit: str | None = None) -> list[str]:
    """The codes about a unit that is held against a ruleset without errors."""
    result, told = check_all(ruleset_text)
    assert result.ruleset is not None, told
    return run_all(result.ruleset, unit if unit is not None else unit_with(data), name)[0]


# ---- depth ----


@pytest.mark.parametrize("text", ["[" * 10_000, '{"a":' * 10_000, "[" * 10_000 + "]" * 10_000, '[{"a":' * 5_000])
@pytest.mark.parametrize("name", ["unit.json", "unit.yaml"])
def test_ten_thousand_brackets(text: str, name: str) -> None:
    assert outcome(rules(), "", name, text) == ["E714"]


@pytest.mark.parametrize("text", ["- " * 100_000 + "a", "\n".join(" " * i + f"a{i}:" for i in range(2_000)), "? " * 10_000])
def test_deep_yaml_without_brackets(text: str) -> None:
    assert outcome(rules(), "", "unit.yaml", text) in (["E714"], ["E713"])


@pytest.mark.parametrize("opening, closing", [("(", ")"), ("（", "）"), ("最大(", "，1)"), ("-", ""), ("非 ", ""), ("当 甲 > 1 取 ", ""), ("(", "")])
@pytest.mark.parametrize("times", [50, 300, 10_000])
def test_a_deep_expression(opening: str, closing: str, times: int) -> None:
    found = codes(rules(standard=f"  评分：公式\n  计分：{opening * times}甲{closing * times} × 1分"))
    assert found
    assert all(c[0] in "EW" for c in found)


@pytest.mark.parametrize("times", [5, 20, 29, 31, 200])
def test_deep_choices(times: int) -> None:
    text = "甲 × 1分"
    for i in range(times):
        text = f"(当 甲 > {i} 取 {i}分，否则 {text})"
    result, _ = check_all(rules(standard=f"  评分：公式\n  计分：{text}"))
    if result.ruleset is not None:
        run_all(result.ruleset, unit_with('{"甲": 3}'))
        run_all(result.ruleset, unit_with("{}"))


def test_a_choice_of_many_cases() -> None:
    cases = "，".join(f"当 甲 > {i} 取 {i % 10}分" for i in range(100))
    result, _ = check_all(rules(standard=f"  评分：公式\n  计分：{cases}，否则 0分"))
    if result.ruleset is not None:
        run_all(result.ruleset, unit_with("{}"))


# ---- size of numbers ----


@pytest.mark.parametrize(
    "number", ["1e999999", "-1e999999", "1e-999999", "1e0000000000099999999", "9" * 100_000, "0." + "0" * 100_000 + "1", "9" * 5000 + "e1", "1e" + "9" * 5000]
)  # fmt: skip
@pytest.mark.parametrize("name", ["unit.json", "unit.yaml"])
def test_a_number_without_end(number: str, name: str) -> None:
    text = unit_with(f'{{"甲": {number}}}')
    assert outcome(rules(), "", name, text) == ["E714"]


@pytest.mark.parametrize("number", ["1e5", NINE, "0." + NINE, "9" * 41, "1e999999999"])
def test_a_number_without_end_in_a_ruleset(number: str) -> None:
    assert any(c.startswith("E") for c in codes(rules(standard=f"  评分：公式\n  计分：甲 × {number}分")))
    assert any(c.startswith("E") for c in codes(rules(f"  甲：小数，0至{number}")))


GROWTH = {
    "squares": "{p} × {p}",
    "quotients": "{p} ÷ (1 ÷ {p})，分母为零 报错",
    "sums with reciprocals": "{p} + 1 ÷ {p}，分母为零 报错",
    "differences": "{p} − 1 ÷ {p}，分母为零 报错",
    "powers": "乘方({p}，9，2)",
    "sums": "{p} + {p} + {p} + {p}",
    "extremes": "最大({p}，{p}，{p})",
    "choices": "当 {p} > 1 取 {p} × {p}，否则 {p} + {p}",
}


@pytest.mark.parametrize("kind", GROWTH)
@pytest.mark.parametrize("data", ['{"甲": 3.7}', "{}", '{"甲": 0}', '{"甲": {"状态": "存疑", "各方数值": [2, 3.3]}}'])
@pytest.mark.parametrize("declared", ["  甲：小数，至少0", "  甲：小数，1至1000", "  甲：整数，1至9"])
def test_growth_through_derived_values(kind: str, data: str, declared: str) -> None:
    lines = [f"  乙{i} = " + GROWTH[kind].format(p="甲" if i == 0 else f"乙{i - 1}") for i in range(60)]
    result, _ = check_all(rules(declared, "\n".join(lines), "  评分：公式\n  计分：乙59 × 1分"))
    if result.ruleset is not None:
        found, _ = run_all(result.ruleset, unit_with(data))
        assert set(found) <= {"E722", "E716", "E715", "E705"}


@pytest.mark.parametrize(
    "formula",
    [
        "乘方(9，乘方(9，9，0)，0)", "乘方(9，9，9)", "乘方(甲，999999999999，2)", "乘方(4，1000000000.5，2)", "乘方(4，0.5，999999999)",
        "乘方(1000000，99999.3，2)", "乘方(0.5，99999999.3，2)", "乘方(甲，甲，2)", "开方(甲，99999999999，2)", "开方(甲，甲，20)",
        "对数(甲，1.0000000000000000000000000000000000001，2)", "对数(甲，甲，2)", "对数(1，甲，20)", "四舍五入(甲，99999999999)",
        "四舍五入(甲，-99999)", "向上取整(甲)", "乘方(0 − 甲，0.5，2)", "乘方(0，0 − 甲，2)", "开方(甲，0，2)", "对数(0，甲，2)",
    ],
)  # fmt: skip
@pytest.mark.parametrize("data", ['{"甲": 1000000.5}', '{"甲": 0}', '{"甲": 1}', "{}"])
def test_powers_roots_and_logarithms(formula: str, data: str) -> None:
    result, _ = check_all(rules(standard=f"  评分：公式\n  计分：{formula} × 1分"))
    if result.ruleset is None:
        assert any(d.is_error for d in result.diagnostics)
    else:
        assert set(run_all(result.ruleset, unit_with(data))[0]) <= {"E716", "E722", "E723"}


@pytest.mark.parametrize(
    "line",
    ["修约：三级指标，999999999位，四舍五入", "修约：总分，21位，四舍五入", "满分：" + NINE + "分", "生效：9999999-01-01 至 99999999999999999999-01-01"],
)
def test_head_lines_without_measure(line: str) -> None:
    key = line.split("：")[0]
    text = "\n".join(line if x.startswith(key) else x for x in rules().split("\n"))
    assert any(c.startswith("E") for c in codes(text if line in text else f"{line}\n{text}"))


def test_evidence_windows_without_measure() -> None:
    text = rules(standard="  评分：公式\n  计分：甲 × 1分\n  佐证：批复，近 99999999999 日\n  佐证：函件，近 99999999999 个月，至少 99999999999 份")
    result, told = check_all(text)
    assert result.ruleset is not None, told
    unit = unit_with('{"甲": 1}')[:-1] + ', "佐证": [{"材料": "批复", "出具日期": "0001-01-01"}, {"材料": "函件", "出具日期": "9999-12-31"}]}'
    assert run_all(result.ruleset, unit)[0] == []


# ---- aliases and tags ----


def test_a_bomb_of_aliases() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 20))
    assert outcome(rules(), "", "unit.yaml", bomb) == ["E714"]


def test_an_alias_inside_itself() -> None:
    assert outcome(rules(), "", "unit.yaml", "单位: &a [*a]") == ["E713"]
    assert outcome(rules(), "", "unit.yaml", "单位: &a {甲: *a}") == ["E713"]


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:os.system ['echo gone']", "!!python/object:os.system {}", "!!python/name:os.system", "!!python/module:os", "!!binary YWJj", "!!timestamp 2022-01-01", "!甲 1", "!<tag:x,2002:y> 1", "!!set {a, b}"]
)  # fmt: skip
def test_tags_are_refused(tag: str) -> None:
    assert outcome(rules(), "", "unit.yaml", f"单位: {tag}") == ["E713"]


# ---- size of files ----


@pytest.mark.parametrize("name", ["unit.json", "unit.yaml", "big.rules"])
@pytest.mark.parametrize("content", [None, b"1,", b"[", b"\xe4\xb8\x80"])
def test_a_hundred_megabytes_of_one_line(tmp_path: Path, name: str, content: bytes | None) -> None:
    big = tmp_path / name
    with big.open("wb") as stream:
        if content is not None:
            stream.write(content * 1000)
        stream.truncate(100 * 1024 * 1024)
    other = tmp_path / ("other.rules" if name != "big.rules" else "other.json")
    other.write_text(rules() if name != "big.rules" else unit_with("{}"), "utf-8")
    unit, ruleset = (big, other) if name != "big.rules" else (other, big)
    start = time.monotonic()
    done = CliRunner().invoke(root, ["check", str(unit), "--rules", str(ruleset)], env={"RULEEVAL_CACHE": "off"})
    assert done.exit_code == 1, done.output
    assert "E714" in done.output
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("content", ["1," * 6_000_000, "一" * 6_000_000, '{"单位": "' + "长" * 6_000_000, "[" + "{}," * 6_000_000])
@pytest.mark.parametrize("name", ["unit.json", "unit.yaml", "a.rules"])
def test_a_line_of_millions_of_characters(content: str, name: str) -> None:
    if name == "a.rules":
        assert any(c.startswith("E") for c in codes(content))
    else:
        assert set(outcome(rules(), "", name, content)) <= {"E713", "E714", "E702"}


@pytest.mark.parametrize("count", [1, 1000, 20_000])
def test_many_wrong_names(count: int) -> None:
    data = json.dumps({f"没有的数据{i}": i for i in range(count)}, ensure_ascii=False)
    assert outcome(rules(), data) == ["E701"] * count


def test_a_name_of_a_million_characters() -> None:
    found = outcome(rules(), '{"' + "甲" * 1_000_000 + '": 1, "甲": "' + "长" * 1_000_000 + '"}')
    assert found == ["E701", "E702"]
    result, _ = check_all(rules())
    assert result.ruleset is not None
    assert len(run_all(result.ruleset, unit_with('{"' + "甲" * 100_000 + '": 1}'))[1]) < 3000


def test_a_hundred_thousand_records() -> None:
    text = rules("  甲：小数，至少0\n  案件：记录表\n    列 名：文本\n    列 数：小数，至少0", standard="  评分：公式\n  计分：求和(案件.数) × 0.0001分")
    rows = ",".join('{"名":"案","数":0.37}' for _ in range(100_000))
    result, told = check_all(text)
    assert result.ruleset is not None, told
    start = time.monotonic()
    assert run_all(result.ruleset, unit_with(f'{{"案件": [{rows}], "甲": 1}}'))[0] == []
    assert run_all(result.ruleset, unit_with(f'{{"案件": [{rows.replace("0.37", "true")}]}}'))[0][-1] == "W742"
    assert time.monotonic() - start < 15


def test_thousands_of_columns() -> None:
    columns = "\n".join(f"    列 列名{i}：小数" for i in range(3000))
    result, told = check_all(rules("  甲：小数，至少0\n  表：记录表\n" + columns))
    assert result.ruleset is not None, told
    row = json.dumps({f"列名{i}": i for i in range(3000)}, ensure_ascii=False)
    assert run_all(result.ruleset, unit_with(f'{{"甲": 1, "表": [{row}]}}'))[0] == []
    wrong = json.dumps({f"行名{i}": i for i in range(3000)}, ensure_ascii=False)
    assert set(run_all(result.ruleset, unit_with(f'{{"表": [{wrong}]}}'))[0]) == {"E743", "E744", "W742"}


def test_thousands_of_data_items() -> None:
    declared = "\n".join(f"  数据项{i}号：小数" for i in range(3000))
    result, _ = check_all(rules("  甲：小数，至少0\n" + declared))
    assert result.ruleset is not None
    assert run_all(result.ruleset, unit_with("{}"))[0] == []


# ---- bytes that are no text ----


@pytest.mark.parametrize(
    "content", [b"\x00" * 1000, b"\xff" * 1000, b"\x80\x81", bytes(range(256)), b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff\x00", b"\xff\xfe\x00\xdc", b"PK\x03\x04" + b"\x00" * 100, b""]
)  # fmt: skip
@pytest.mark.parametrize("name", ["unit.json", "unit.yaml", "a.rules"])
def test_bytes_that_are_no_text(tmp_path: Path, content: bytes, name: str) -> None:
    bad = tmp_path / name
    bad.write_bytes(content)
    good_unit, good_rules = tmp_path / "good.json", tmp_path / "good.rules"
    good_unit.write_text(unit_with('{"甲": 1}'), "utf-8")
    good_rules.write_text(rules(), "utf-8")
    pair = (good_unit, bad) if name == "a.rules" else (bad, good_rules)
    for command in ("check", "explain"):
        done = CliRunner().invoke(root, [command, str(pair[0]), "--rules", str(pair[1])], env={"RULEEVAL_CACHE": "off"})
        assert done.exit_code == 1, done.output
        assert isinstance(done.exception, SystemExit)
        assert " E" in done.output


@pytest.mark.skipif(sys.platform == "win32", reason="permissions and devices are POSIX")
@pytest.mark.parametrize("kind", ["folder", "missing", "unreadable", "zero", "null", "long", "loop"])
def test_a_file_that_cannot_be_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "unit.json"
    match kind:
        case "folder":
            path.mkdir()
        case "unreadable":
            path.write_text("{}")
            path.chmod(0)
            if os.access(path, os.R_OK):
                pytest.skip("this user may read everything")
        case "zero" | "null":
            path = Path("/dev") / kind
        case "long":
            path = tmp_path / ("长" * 300 + ".json")
        case "loop":
            path.symlink_to(path)
    (tmp_path / "good.rules").write_text(rules(), "utf-8")
    (tmp_path / "good.json").write_text(unit_with("{}"), "utf-8")
    for pair in ((path, tmp_path / "good.rules"), (tmp_path / "good.json", path)):
        done = CliRunner().invoke(root, ["check", str(pair[0]), "--rules", str(pair[1]), "--lang", "en"], env={"RULEEVAL_CACHE": "off"})
        assert done.exit_code == 1, done.output
        assert isinstance(done.exception, SystemExit)
        expected = {"zero": "E714", "null": "E"}.get(kind, "E729")
        assert f"error {expected}" in done.output


# ---- characters that act on a terminal ----

ACTING = ["\x1b[31m", "\x1b]0;title\x07", "\x9b31m", "\x08\x08", "\r", "\x00", "\u202e", "\u2066", "\u200f", "\u2028", "\u2029", "\x7f", "\u200b", "\ufeff"]


def is_plain(text: str) -> bool:
    return not any((c < " " and c != "\n") or "\x7f" <= c < "\xa0" or c in "\u200b\u200e\u200f\u2028\u2029\u202e\u2066\ufeff" or "\ud800" <= c < "\ue000" for c in text)


@pytest.mark.parametrize("acting", ACTING, ids=[ascii(a) for a in ACTING])
def test_nothing_acts_on_the_terminal(acting: str) -> None:
    quoted = json.dumps(f"改{acting}名")
    text = rules("  甲：小数，至少0\n  备注：文本，评定\n  丙：小数", standard="  评分：公式\n  计分：甲 × 1分 + 丙 × 0分\n  不适用：折算，范围上级\n  佐证：批复")
    result, told = check_all(text)
    assert result.ruleset is not None, told
    units = [
        f'{{"单位": {quoted}, "单位类型": "部门", "基准日": "2022-12-31", "层级": {quoted}, "说明": {quoted}, "数据": {{"甲": 1}}, "评定": {{"实地评估": {{"备注": {quoted}}}}}, "佐证": [{{"材料": {quoted}, "名称": {quoted}}}]}}',
        f'{{"单位": {quoted}, "单位类型": {quoted}, "基准日": {quoted}, "数据": {{{quoted}: 1, "甲": {quoted}}}, "评定": {{{quoted}: {{}}}}}}',
        f'{{"单位": {quoted}, "单位类型": "部门", "基准日": "2022-12-31", "数据": {{"甲": 1}}, "不适用": [{{"指标": "A1.1", "理由": {quoted}, "确认": "实地评估"}}]}}',
        f'{{"单位": {quoted}, "单位类型": "部门", "基准日": "2022-12-31", "数据": {{"甲": {{"状态": "存疑", "理由": {quoted}, "各方数值": [1, 2]}}, "丙": {{"状态": "不适用", "理由": {quoted}, "确认": "实地评估"}}}}}}',
        f'{{{quoted}: 1, {quoted}: 2}}',
        f'{{"甲{acting}": 1',
    ]  # fmt: skip
    for unit in units:
        assert is_plain(run_all(result.ruleset, unit)[1])
        assert is_plain(run_all(result.ruleset, unit, "unit.yaml")[1])
    for changed in (text.replace("三级，", f"三{acting}级，"), text.replace("批复", f"批{acting}复"), text.replace("甲", f"甲{acting}")):
        found, shown = check_all(changed)
        assert is_plain(shown)
        if found.ruleset is not None:
            assert is_plain(run_all(found.ruleset, unit_with('{"甲": 1}'))[1])


@pytest.mark.parametrize("acting", ["\x1b[31m", "\u202e", "\x9b31m"])
@pytest.mark.parametrize("command", [["check"], ["check", "--json"], ["explain"], ["explain", "--json"], ["explain", "--markdown"]])
def test_nothing_acts_on_the_terminal_through_the_commands(tmp_path: Path, acting: str, command: list[str]) -> None:
    (tmp_path / "good.rules").write_text(rules(), "utf-8")
    for data in ('{"甲": 1}', "{" + json.dumps(f"甲{acting}") + ": 1}", "{}"):
        unit = tmp_path / "unit.json"
        unit.write_text(unit_with(data, json.dumps(f"某{acting}厅")[1:-1]), "utf-8")
        done = CliRunner().invoke(root, [command[0], str(unit), "--rules", str(tmp_path / "good.rules"), *command[1:]], env={"RULEEVAL_CACHE": "off"})
        assert done.exit_code in (0, 1, 3), done.output
        assert is_plain(done.output)


def test_markdown_takes_text_for_text() -> None:
    bad = "<script>alert(1)</script> [x](javascript:1) ![i](u) `c` **b** | cell | # h & \x1b[31m \u202e https://a.b"
    lines = to_markdown(
        Document((Heading(bad), Paragraph(bad), Paragraph(bad, "strong"), Items((Item(bad, (Item(bad),)),)), Preformatted((bad,))))
    ).splitlines()
    assert is_plain("\n".join(lines))
    for line in lines:
        if not line.startswith("    "):
            assert "<" not in line
            assert "](" not in line.replace("\\](", "")
            assert " | " not in line.replace("\\|", "")


@pytest.mark.parametrize("start", ["# 标题", "- 条目", "1. 条目", "+ 条目", "> 引用", "    代码", "---", "===", "```", "~~~", "| a | b |", "[a]: b", "\t代码"])
def test_a_paragraph_cannot_begin_something_else(start: str) -> None:
    line = to_markdown(Document((Paragraph(start),))).splitlines()[0]
    assert not line.startswith(("#", "- ", "+ ", "> ", "    ", "---", "===", "```", "~~~", "|", "[", "\t"))
    assert not line[:2].rstrip(".").isdigit() or not line[1:].startswith(". ")
    assert Grid
