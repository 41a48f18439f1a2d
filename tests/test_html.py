"""Nothing from an article can be markup: templates are constants, and every value put into one is escaped."""

import ast
import json
from pathlib import Path
import re

from jinja2 import UndefinedError
import pytest

from presslab.reporting import html as door, templates
from presslab.reporting.html import Fragment, folded, html, join, table

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "analysis" / "presslab"
TAG = re.compile(r"(?<!\?P)</?(?!presslab)[a-zA-Z][\w-]*[\s/>]|<!--|<!doctype")  # no named group, no repr of ours
BAD = "<script>alert('\"&')</script>"
GOOD = "&lt;script&gt;alert(&#39;&#34;&amp;&#39;)&lt;/script&gt;"
MAY = {  # what makes HTML of something other than a constant, and why that is safe
    "reporting/html.py:html": "the door itself: its callers are held to constants",
    "reporting/html.py:packaged": "a style or script of the package",
    "reporting/templates.py:page_style": "styles of the package, made small",
    "reporting/templates.py:data": "JSON in which no < is left",
    "reporting/downloads.py:_held": "percent encoding, in which no quotation mark that ends it is left",
}
SAFE = {  # what templates put in as it is
    "report/presslab/index.html.j2": [
        "cell.source | markdown2html | strip_files_prefix | safe",  # the notebook's own words
        "output.data['text/html'] | safe",  # what the notebook's cells gave: HTML made by our functions
    ]
}


def sources() -> dict[str, str]:
    """The package's modules and the code of the notebooks, by name."""
    found = {str(p.relative_to(PACKAGE)): p.read_text("utf-8") for p in sorted(PACKAGE.rglob("*.py"))}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        found[path.name] = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    return found


def constants(tree: ast.Module) -> set[str]:
    """The names that a module gives to constant strings."""
    given = (n for n in tree.body if isinstance(n, ast.Assign) and isinstance(n.value, ast.Constant))
    return {target.id for n in given for target in n.targets if isinstance(target, ast.Name)}


def inside(tree: ast.AST, name: str = ""):
    """Every node below one, with the name of the innermost function around it."""
    for node in ast.iter_child_nodes(tree):
        here = node.name if isinstance(node, ast.FunctionDef) else name
        yield node, here
        yield from inside(node, here)


def variable(call: ast.Call, known: set[str]) -> bool:
    """Whether a call makes HTML of something that is not a constant."""
    called = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if called not in ("html", "Fragment", "Markup") or not (call.args or call.keywords):
        return False
    first = call.args[0] if call.args else None
    return not (
        isinstance(first, ast.Constant)
        and isinstance(first.value, str)
        or isinstance(first, ast.Name)
        and first.id in known
    )


def tagged(node: ast.AST) -> bool:
    """Whether a node is a constant with a tag in it."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(TAG.search(node.value))


def glued(node: ast.AST) -> bool:
    """Whether an expression puts values or strings into a string with a tag, escaping nothing."""
    if isinstance(node, ast.JoinedStr):
        whole = "".join(str(v.value) if isinstance(v, ast.Constant) else "x" for v in node.values)
        return bool(TAG.search(whole)) and any(isinstance(v, ast.FormattedValue) for v in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod, ast.Mult)):
        return tagged(node.left) or tagged(node.right)
    call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return call and node.func.attr in ("format", "format_map", "join") and tagged(node.func.value)


def faults(source: str, name: str = "x.py") -> list[str]:
    """The places of a module that could leave something unescaped."""
    tree = ast.parse(source)
    known = constants(tree)
    specs = {id(n.format_spec) for n in ast.walk(tree) if isinstance(n, ast.FormattedValue)}
    return [
        f"{name}:{here}:{node.lineno}"
        for node, here in inside(tree)
        if isinstance(node, ast.Call)
        and variable(node, known)
        and f"{name}:{here}" not in MAY
        or id(node) not in specs
        and glued(node)
    ]


def test_every_template_is_a_constant():
    assert not [fault for name, source in sources().items() for fault in faults(source, name)]


@pytest.mark.parametrize(
    "source",
    [
        "html(f'{x}')",
        "html('<b>' + x)",
        "html(x)",
        "Fragment(x)",
        "door.Markup(x)",
        "y = f'<b>{x}</b>'",
        "y = f'<{tag}>'",
        "y = '<b>' + x",
        "y = x + '</b>'",
        "y = '<b>%s</b>' % x",
        "y = '<b>{}</b>'.format(x)",
        "y = '<br>'.join(x)",
    ],
)
def test_what_could_forget_to_escape_is_noticed(source):
    assert faults(source)


@pytest.mark.parametrize(
    "source", ["html('<b>{}</b>', x)", "T = '<b>{}</b>'\nhtml(T, x)", "y = f'{x:<{width}}'", "y = f'{a} < {b}'"]
)
def test_what_cannot_forget_to_escape_passes(source):
    assert not faults(source)


def test_each_exception_is_still_needed():
    seen = set()
    for name, source in sources().items():
        tree = ast.parse(source)
        seen |= {
            f"{name}:{here}"
            for node, here in inside(tree)
            if isinstance(node, ast.Call) and variable(node, constants(tree))
        }
    assert seen == MAY.keys()


def test_whatever_is_put_into_html_is_escaped():
    assert html("<b title='{}'>{}</b>", BAD, BAD) == f"<b title='{GOOD}'>{GOOD}</b>"
    assert html("<b>") + BAD == "<b>" + GOOD
    assert BAD + html("<b>") == GOOD + "<b>"
    assert join([BAD, html("<b>")], BAD) == GOOD + GOOD + "<b>"
    assert html("{}", html("<b>{}</b>", BAD)) == f"<b>{GOOD}</b>"
    for made in (table([BAD], [[BAD, BAD], [1, 2]], BAD, merged=(1,)), folded(BAD, BAD)):
        assert type(made) is Fragment and "<script" not in made and GOOD in made


def test_numbers_keep_their_format_and_strings_have_none_that_unescapes():
    assert html("{:.1f} {:,}", 1.25, 12345) == "1.2 12,345"
    with pytest.raises(ValueError):
        html("{:.1f}", BAD)


def test_what_could_hide_or_turn_text_becomes_a_mark():
    assert html("{}", "a\u202eb\x00\ud800") == "a\ufffdb\ufffd?"
    assert str(Fragment.escape("a\u202eb")) == "a\ufffdb"


def test_jupyter_shows_html_and_nothing_of_it_as_a_formula():
    shown = html("<p>{}</p>", "from $5 to $10")._repr_html_()
    assert type(shown) is str and shown == '<div class="tex2jax_ignore mathjax_ignore"><p>from $5 to $10</p></div>'


def test_templates_escape_and_know_all_their_names():
    page = templates.templates("report").from_string("<p title='{{ x }}'>{{ x }}{{ y }}")
    assert page.render(x=BAD, y=html("<b>")) == f"<p title='{GOOD}'>{GOOD}<b>"
    assert "\u202e" not in page.render(x="\u202e", y=1)
    with pytest.raises(UndefinedError):
        page.render(x=BAD)


def test_templates_mark_nothing_else_as_safe():
    folder = PACKAGE / "data"
    found = {
        str(path.relative_to(folder)): said
        for path in sorted(folder.rglob("*.j2"))
        if (said := re.findall(r"[^{}%]*\| *safe\b(?! \|)", path.read_text("utf-8")))
    }
    assert {name: [s.strip() for s in said] for name, said in found.items()} == SAFE
    assert all("autoescape" not in path.read_text("utf-8") for path in folder.rglob("*.j2"))


def test_pages_are_made_by_one_environment():
    users = {name for name, source in sources().items() if re.search(r"\bEnvironment\(", source)}
    assert users == {"reporting/templates.py"}


def test_json_in_a_script_element_cannot_end_it():
    assert templates.data(["</script><!--", "\u2028"]) == '["\\u003c/script>\\u003c!--","\\u2028"]'
    assert type(templates.data([])) is Fragment and door.packaged("report/report.js").startswith("//")
