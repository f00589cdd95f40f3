"""The examples that do not run are valid by their field's own tools, all of them offline."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

import hcl2
import kubernetes_validate
import promql_parser
import pytest
import sqlglot
import yaml
from lark.exceptions import UnexpectedInput
from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, TokenType

from ingest.code_blocks import code_blocks
from ingest.schema import Knowledge

BIN = Path(sys.executable).parent

# A fault: its line, from 1 within the block, and what is wrong. A validator gives None for a block
# that is not of its kind.
Fault = tuple[int, str]
Validator = Callable[[str], list[Fault] | None]


# Kubernetes: manifests of the built-in groups against the newest schema of kubernetes-validate,
# unknown fields included. Custom resources (Argo, Istio, KServe...) have no schema there.


def kubernetes(code: str) -> list[Fault] | None:
    known = False
    faults: list[Fault] = []
    for node in yaml.compose_all(code, Loader=yaml.SafeLoader):
        manifest = _plain(node)
        if not _is_built_in(manifest):
            continue
        known = True
        try:
            kubernetes_validate.validate(
                manifest, kubernetes_validate.latest_version(), strict=True
            )
        except kubernetes_validate.ValidationError as error:
            where = ".".join(map(str, error.path))
            faults.append((_line_of(node, error.path), f"{where}: {error.message}"))
        except kubernetes_validate.SchemaNotFoundError as error:
            faults.append((node.start_mark.line + 1, error.message))
    return faults if known else None


def _is_built_in(manifest: Any) -> bool:
    if not isinstance(manifest, dict) or not {"apiVersion", "kind"} <= set(manifest):
        return False
    group, _, version = str(manifest["apiVersion"]).rpartition("/")
    if not group:  # the core group has the one version; others belong to other formats
        return version == "v1"
    return group in _built_in_groups()


@cache
def _built_in_groups() -> frozenset[str]:
    version = kubernetes_validate.latest_version()
    path = f"kubernetes-json-schema/v{version}-local-strict/_definitions.json"
    definitions = json.loads((files("kubernetes_validate") / path).read_text())["$defs"]
    return frozenset(
        row["group"]
        for definition in definitions.values()
        for row in definition.get("x-kubernetes-group-version-kind", ())
    )


# GitHub workflows: the schema that check-jsonschema carries. It reads YAML 1.2, where `on` is a
# word; PyYAML reads 1.1 and makes it True.


def workflow(code: str) -> list[Fault] | None:
    if "jobs:" not in code:
        return None
    node = yaml.compose(code, Loader=yaml.SafeLoader)
    data = _plain(node)
    if not isinstance(data, dict) or "jobs" not in data or not {True, "on"} & set(data):
        return None
    done = subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema", "--output-format", "json"),
            *("--builtin-schema", "vendor.github-workflows", "--default-filetype", "yaml", "-"),
        ],
        input=code,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return []
    report = json.loads(done.stdout)
    faults = [(1, str(row)) for row in report["parse_errors"]]
    for row in report["errors"]:
        best = row.get("best_deep_match") or row
        path = re.findall(r"[\w-]+", best["path"])
        steps = [int(step) if step.isdigit() else step for step in path]
        faults.append((_line_of(node, steps), f"{best['path']}: {best['message']}"))
    return faults


# Dockerfiles: hadolint's errors alone; its advice is advice.


def dockerfile(code: str) -> list[Fault]:
    done = subprocess.run(
        [BIN / "hadolint", "--format", "json", "--failure-threshold", "error", "-"],
        input=code,
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout:
        return [(1, f"hadolint ended: {done.stderr[:200]}")]
    return [
        (row["line"], f"{row['code']} {row['message']}")
        for row in json.loads(done.stdout)
        if row["level"] == "error"
    ]


def hcl(code: str) -> list[Fault]:
    try:
        hcl2.loads(code)
    except UnexpectedInput as error:
        return [(error.line, str(error).splitlines()[0])]
    return []


# SQL: the dialect is the entry's product when the code shows one, else any of the common ones.
# Statements that sqlglot only keeps as text (EXPLAIN, CREATE EXTENSION, CREATE TAG...) pass.

_SHOWS_DIALECT = {
    "clickhouse": r"\bENGINE\s*=|LowCardinality\(",
    "spark": r"\bTBLPROPERTIES\b|\bUSING (delta|iceberg)\b",
    "tsql": r"^\s*GO\s*$|\bNVARCHAR\b",
}
_COMMON_DIALECTS = (
    *("postgres", "duckdb", "bigquery", "spark"),
    *("snowflake", "redshift", "mysql", "trino", "sqlite"),
)
# Real statements that sqlglot does not know at all: Delta Lake's and Databricks' REORG.
_BEYOND_SQLGLOT = re.compile(r"REORG TABLE [\w.]+ (WHERE .+ )?APPLY \(PURGE\)", re.DOTALL)


def sql(code: str) -> list[Fault]:
    shown = [name for name, mark in _SHOWS_DIALECT.items() if re.search(mark, code, re.MULTILINE)]
    attempts = [_sql_faults(code, dialect) for dialect in shown or _COMMON_DIALECTS]
    return min(attempts, key=len)


def _sql_faults(code: str, dialect: str) -> list[Fault]:
    try:
        tokens = sqlglot.tokenize(code, dialect=dialect)
    except SqlglotError as error:
        return [(1, f"as {dialect}: {error}")]
    faults = []
    for ends, group in groupby(tokens, key=lambda t: t.token_type is TokenType.SEMICOLON):
        fault = None if ends else _statement_fault(code, list(group), dialect)
        if fault:
            faults.append(fault)
    return faults


def _statement_fault(code: str, tokens: list[Token], dialect: str) -> Fault | None:
    statement = code[tokens[0].start : tokens[-1].end + 1]
    if _BEYOND_SQLGLOT.fullmatch(statement):
        return None
    try:
        sqlglot.parse(statement, dialect=dialect)
    except sqlglot.ParseError as error:
        first = error.errors[0]
        near = f"{first['description']} at '{first['highlight']}'"
        return tokens[0].line + first["line"] - 1, f"as {dialect}: {near}"
    return None


# Prometheus: whole rule files, and the queries that stand in other configurations.

_RULE_KEYS = {
    *("record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations"),
}
_GROUP_KEYS = {"name", "interval", "limit", "query_offset", "labels", "rules"}


def promql(code: str) -> list[Fault]:
    fault = _query_fault(code)
    return [(1, fault)] if fault else []


def prometheus_rules(code: str) -> list[Fault] | None:
    found = False
    faults: list[Fault] = []
    for node in yaml.compose_all(code, Loader=yaml.SafeLoader):
        data = _plain(node)
        if not isinstance(data, dict):
            continue
        # PrometheusRule, the operator's custom resource, holds a rule file as its spec.
        inside = ["spec"] if data.get("kind") == "PrometheusRule" else []
        groups = (data.get("spec") or {} if inside else data).get("groups")
        # Grafana's provisioning also has groups of rules; it says apiVersion: 1.
        if not isinstance(groups, list) or (not inside and "apiVersion" in data):
            continue
        found = True
        for path, fault in _group_faults(groups):
            faults.append((_line_of(node, [*inside, "groups", *path]), fault))
    return faults if found else None


def embedded_queries(code: str) -> list[Fault] | None:
    """PromQL of Argo Rollouts' analyses, KEDA's triggers and Grafana's rules."""
    found = False
    faults: list[Fault] = []
    for node in yaml.compose_all(code, Loader=yaml.SafeLoader):
        for path, query in _queries(_plain(node)):
            found = True
            fault = _query_fault(query)
            if fault:
                faults.append((_line_of(node, path), fault))
    return faults if found else None


def _query_fault(query: str) -> str | None:
    try:
        promql_parser.parse(query)
    except ValueError as error:
        return str(error)
    return None


def _group_faults(groups: list[Any]) -> Iterator[tuple[list[int | str], str]]:
    for g, group in enumerate(groups):
        unknown = set(group) - _GROUP_KEYS
        if unknown or not {"name", "rules"} <= set(group):
            yield [g], f"a group has a name and rules, and no {sorted(unknown)}"
        for r, rule in enumerate(group.get("rules") or ()):
            for key, fault in _rule_faults(rule):
                yield [g, "rules", r, key], fault


def _rule_faults(rule: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key in sorted(set(rule) - _RULE_KEYS):
        yield key, f"unknown key '{key}'"
    if ("alert" in rule) == ("record" in rule):
        yield "expr", "either alert or record"
    if not re.fullmatch(r"[a-zA-Z_:][\w:]*", rule.get("record", "r")):
        yield "record", f"'{rule['record']}' names no metric"
    fault = _query_fault(str(rule.get("expr", "")))
    if fault:
        yield "expr", fault
    for key in ("for", "keep_firing_for"):
        if key in rule and ("record" in rule or not _is_duration(rule[key])):
            yield key, f"'{rule[key]}' is no duration of an alert"


def _is_duration(text: str) -> bool:
    try:
        promql_parser.parse_duration(str(text))
    except ValueError:
        return False
    return True


def _queries(data: Any, path: tuple[int | str, ...] = ()) -> Iterator[tuple[list[int | str], str]]:
    if isinstance(data, list):
        for index, item in enumerate(data):
            yield from _queries(item, (*path, index))
        return
    if not isinstance(data, dict):
        return
    argo, keda, grafana = data.get("prometheus"), data.get("metadata"), data.get("model")
    if isinstance(argo, dict) and "query" in argo:
        yield [*path, "prometheus", "query"], argo["query"]
    if data.get("type") == "prometheus" and isinstance(keda, dict) and "query" in keda:
        yield [*path, "metadata", "query"], keda["query"]
    if "prometheus" in str(data.get("datasourceUid")) and isinstance(grafana, dict):
        yield [*path, "model", "expr"], grafana["expr"]
    for key, value in data.items():
        yield from _queries(value, (*path, key))


# YAML values with their lines.


def _plain(node: yaml.Node) -> Any:
    return yaml.SafeLoader("").construct_document(node)  # type: ignore[no-untyped-call]


def _line_of(node: yaml.Node, path: Any) -> int:
    """The line of the deepest step of `path` that the tree has, from 1."""
    line = node.start_mark.line + 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pairs = {key.value: (key, value) for key, value in node.value}
            if step not in pairs:
                break
            key, node = pairs[step]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            if step >= len(node.value):
                break
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


# The kinds: the language of their blocks, the validator, and fewest blocks that must be there, so
# that a validator that recognises nothing is noticed.
KINDS: dict[str, tuple[str, Validator, int]] = {
    "kubernetes": ("yaml", kubernetes, 5),
    "workflow": ("yaml", workflow, 2),
    "dockerfile": ("dockerfile", dockerfile, 3),
    "hcl": ("hcl", hcl, 5),
    "sql": ("sql", sql, 5),
    "promql": ("promql", promql, 3),
    "prometheus rules": ("yaml", prometheus_rules, 3),
    "embedded queries": ("yaml", embedded_queries, 2),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_examples_of_this_kind_are_valid(kind: str, knowledge: Knowledge) -> None:
    language, validate, fewest = KINDS[kind]
    wrong = []
    seen = 0
    for entry in knowledge.entries.values():
        for section in entry.sections["en"]:  # the check holds es.md to the same code
            for block in code_blocks(section.body):
                faults = validate(block.code) if block.language == language else None
                if faults is None:
                    continue
                seen += 1
                fence = section.line + block.line
                wrong += [f"{entry.meta.id}/en.md:{fence + n}: {fault}" for n, fault in faults]
    assert wrong == []
    assert seen >= fewest


_JOB = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n"
_RULES = "groups:\n  - name: a\n    rules:\n"


@pytest.mark.parametrize(
    ("kind", "code", "line", "says"),
    [
        ("kubernetes", _JOB + "      containers: [{name: a, imag: b}]\n", 7, "imag"),
        ("kubernetes", "---\napiVersion: policy/v1beta1\nkind: PodDisruptionBudget\n", 2, "policy"),
        ("workflow", "on: push\njobs:\n  a:\n    runs-on: x\n    stepz: []\n", 3, "stepz"),
        ("dockerfile", "FROM a:1\nCPY a b\n", 2, "DL1000"),
        ("hcl", 'a "b" {\n  c =\n}\n', 2, "Unexpected"),
        ("sql", "SELECT 1;\nSELECT (2 FROM t;\n", 2, "Expecting )"),
        ("sql", "CREATE TABLE t (a LowCardinality(String)\n", 1, "as clickhouse"),
        ("promql", "rate(x)", 1, "expected type matrix"),
        ("prometheus rules", _RULES + "      - {alert: A,\n         expr: rate(x)}\n", 5, "matrix"),
        ("prometheus rules", _RULES + "      - {alert: A, expr: x, for: soon}\n", 4, "duration"),
        ("prometheus rules", _RULES + "      - {alert: A, expr: x, fro: 1m}\n", 4, "'fro'"),
        ("prometheus rules", _RULES + "      - {alert: A, record: b, expr: x}\n", 4, "either"),
        ("embedded queries", "a:\n  - prometheus: {query: sum(x}\n", 2, "paren"),
    ],
)
def test_each_validator_sees_a_fault(kind: str, code: str, line: int, says: str) -> None:
    faults = KINDS[kind][1](code)
    assert faults
    assert faults[0][0] == line
    assert says in faults[0][1]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("kubernetes", "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n"),
        ("kubernetes", "apiVersion: v3.1.0\nkind: DataContract\n"),
        ("workflow", "jobs: {a: 1}\n"),
        ("prometheus rules", "apiVersion: 1\ngroups: [{orgId: 1, rules: []}]\n"),
    ],
)
def test_what_a_tool_has_no_schema_for_is_left_alone(kind: str, code: str) -> None:
    assert KINDS[kind][1](code) is None
