"""The sources, walked: what is built from text, what is compared, what chance and ciphers come from, and whence packages."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hesabu.app import config as configuration

SOURCE = Path(configuration.__file__).parents[1]
ROOT = SOURCE.parents[1]
Fault = str
PATTERNS = {"doors/chat/grammar/pieces.py": "a table of patterns that stands beside it"}
"""Where a pattern is made of more than literals and constants, and of what."""
STATEMENTS = {
    "app/backup/census.py": "names of tables from the catalogue, quoted by psycopg",
    "app/backup/restore.py": "one constant name, quoted by psycopg",
    "app/doctor/database.py": "our own questions; names of tables from the catalogue",
    "app/doctor/work.py": "our own questions",
    "app/embedded/server.py": "our own roles, quoted by psycopg",
    "app/embedded/upgrade.py": "names of tables from the catalogue, quoted by psycopg",
    "app/inside.py": "our own questions, in development",
    "app/role_passwords.py": "our own roles, quoted by psycopg",
    "app/retention.py": "tables and conditions of a list of ours",
    "app/scratch.py": "a name of its own making",
    "doors/web/health/views.py": "our own questions",
    "identity/actions/closing.py": "tables of a list of ours",
    "ledger/actions/books.py": "our own questions",
    "ledger/queries.py": "our own conditions",
    "payments/actions/settle.py": "our own conditions",
    "payments/actions/settle_read.py": "our own conditions",
    "store/audit.py": "our own conditions, values apart",
    "store/facts.py": "our own conditions, values apart",
    "store/forgetting.py": "tables and conditions of a list of ours",
    "store/letters.py": "our own conditions, values apart",
    "store/resealing.py": "tables and columns of our models",
    "store/sql.py": "passes on what it was given",
}
"""Where a statement is put together, and of what: never of what came from outside, which travels apart as values."""
FORMATS = {
    "app/log_sending.py": "the log's own formatter, of a record",
    "app/backup/census.py": "psycopg's quoting",
    "app/backup/restore.py": "psycopg's quoting",
    "app/doctor/work.py": "psycopg's quoting",
    "app/embedded/server.py": "psycopg's quoting",
    "app/embedded/upgrade.py": "psycopg's quoting",
    "app/role_passwords.py": "psycopg's quoting",
    "doors/web/business/passages.py": "a sentence of ours that was chosen a line before",
    "doors/chat/words/": "a sentence of ours that was chosen a line before",
}
"""Where a format is no literal."""
DECODERS = {
    "app/config_faults.py": "addresses of settings",
    "app/settings.py": "addresses of settings",
    "doors/api/oauth.py": "a client's name and word, form-encoded inside Basic by RFC 6749; once",
    "doors/web/live/serving.py": "the query of a request that has not been Django's; once",
    "messaging/providers/africastalking/parse.py": "the body of a webhook, which is a form; once",
    "messaging/providers/whatsapp/intake.py": "the query of a handshake; once",
}
"""What Django and the server decoded is not decoded again; who decodes by himself, and what."""
RANDOM = {
    "doors/web/live/board.py": "so that streams are not asked about, or ended, all at once",
    "doors/web/live/serving.py": "how long to wait before trying again",
    "identity/actions/attempts.py": "whether to sweep",
    "kit/http.py": "how long to wait before trying again",
    "messaging/actions/recording.py": "whether to sweep, how long to wait",
    "payments/actions/settle.py": "whether to sweep, in which order",
    "store/pace.py": "whether to sweep",
}
"""Where chance that can be foretold is good enough, and for what."""
ASKED_FOR = {
    "doors/web/account/breaches.py": ["hashlib.sha1"],
    "doors/web/account/oidc.py": ["jwt"],
}
"""The list of leaked passwords is looked up by the first letters of a SHA-1: their protocol, no secret of ours hangs on it.
PyJWT reads providers' words, by algorithms that are named there."""
HARMLESS = {"ssl.create_default_context", "ssl.cert_time_to_seconds"}
"""Of the standard library's TLS: the context that trusts what the machine trusts, and a day in words as a number."""
CRYPTOGRAPHY = {
    "AESGCM",
    "AESSIV",
    "HKDF",
    "InvalidSignature",
    "InvalidTag",
    "PKCS1v15",
    "RSAPublicKey",
    "RSAPublicNumbers",
    "SHA256",
}
"""All that is taken from the cryptography package. PKCS1v15 is the padding of RS256 signatures, which are only verified."""


def sources(*, with_proof: bool = False) -> Iterator[tuple[str, str]]:
    """(path, text) of the product; `with_proof` the bench, the simulation and the stories too, which never meet a stranger."""
    proof = ("sandbox/", "app/bench/", "app/simulate/", "app/story/")
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if with_proof or not name.startswith(proof):
            yield name, path.read_text()


def walked(faults_of: Callable[[str], list[Fault]]) -> dict[str, list[Fault]]:
    found = list(sources())
    assert len(found) > 300
    return {name: faults for name, text in found if (faults := faults_of(text))}


def called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def is_fixed(node: ast.expr) -> bool:
    """A text that stands in the source: a literal, or a constant's name, or both put together."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name | ast.Attribute):
        return ast.unparse(node).rpartition(".")[2].lstrip("_").isupper() or ast.unparse(
            node
        ).endswith(".pattern")
    if isinstance(node, ast.BinOp):
        return is_fixed(node.left) and is_fixed(node.right)
    if isinstance(node, ast.JoinedStr):
        return all(is_fixed(one) for one in node.values)
    if isinstance(node, ast.FormattedValue):
        return is_fixed(node.value)
    return False


# --- patterns


def pattern_faults(text: str) -> list[Fault]:
    """A pattern with something in it that neither stands in the source nor was escaped."""
    faults = []
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        if re.fullmatch(r"re\.(compile|match|fullmatch|search|sub|subn|split|findall|finditer)", called(node)):  # fmt: skip
            faults += [ast.unparse(one) for one in open_parts(node.args[0])]
    return faults


def open_parts(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.Call) and called(node) == "re.escape":
        return []
    if isinstance(node, ast.JoinedStr):
        return [bad for one in node.values for bad in open_parts(one)]
    if isinstance(node, ast.FormattedValue):
        return open_parts(node.value)
    if isinstance(node, ast.BinOp):
        return open_parts(node.left) + open_parts(node.right)
    return [] if is_fixed(node) else [node]


def sql_faults(text: str) -> list[Fault]:
    """A statement that is made of more than what stands in the source."""
    faults = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and node.args:
            name = called(node)
            is_asked = name.endswith((".execute", ".executemany", ".raw", ".extra"))
            if (is_asked or name == "RawSQL") and not is_fixed(node.args[0]):
                faults.append(ast.unparse(node.args[0])[:120])
    return faults


def format_faults(text: str) -> list[Fault]:
    """A format that is not a literal, a constant, or one of our own sentences."""
    faults = []
    sentence = re.compile(r"(_|n?gettext(_lazy)?|ngettext_lazy|pgettext)\(")
    for node in ast.walk(ast.parse(text)):
        behind = node.func if isinstance(node, ast.Call) else None
        if (
            isinstance(behind, ast.Attribute)
            and behind.attr in ("format", "format_map")
            and not is_fixed(behind.value)
        ):
            faults.append(ast.unparse(node)[:120])
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            left = ast.unparse(node.left)
            is_text = isinstance(node.right, ast.Dict | ast.Tuple) or isinstance(
                node.left, ast.JoinedStr
            )
            if is_text and not is_fixed(node.left) and not sentence.match(left):
                faults.append(ast.unparse(node)[:120])
    return faults


def unexpected(found: dict[str, list[Fault]], known: dict[str, str]) -> dict[str, list[Fault]]:
    return {name: faults for name, faults in found.items() if not name.startswith(tuple(known))}


def test_no_pattern_holds_what_was_not_escaped() -> None:
    assert unexpected(walked(pattern_faults), PATTERNS) == {}


def test_no_statement_is_made_of_what_came_from_outside() -> None:
    found = walked(sql_faults)
    assert unexpected(found, STATEMENTS) == {}
    assert set(STATEMENTS) - set(found) == set(), "known and gone"


def test_no_format_came_from_outside() -> None:
    assert unexpected(walked(format_faults), FORMATS) == {}


def template_faults(text: str) -> list[Fault]:
    """A template of Django or of the standard library that is made of a text."""
    faults = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            taken = {alias.name for alias in node.names}
            if (node.module or "").startswith(("django.template", "string", "jinja2")):
                faults += sorted(taken & {"Template", "Engine", "Environment", "Formatter"})
        if isinstance(node, ast.Call) and called(node).endswith((".from_string", "engines.all")):
            faults.append(ast.unparse(node)[:80])
    return faults


def test_no_template_is_made_of_a_text() -> None:
    assert walked(template_faults) == {}


def decoding_faults(text: str) -> list[Fault]:
    names = ("unquote", "unquote_plus", "unquote_to_bytes", "parse_qs", "parse_qsl", "unescape")
    return [
        called(node)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and called(node).rpartition(".")[2] in names
    ]


def test_nothing_is_decoded_twice() -> None:
    assert unexpected(walked(decoding_faults), DECODERS) == {}


def chance_faults(text: str) -> list[Fault]:
    faults = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            faults += [one.name for one in node.names if one.name == "random"]
        if isinstance(node, ast.ImportFrom) and node.module in ("random", "django.utils.crypto"):
            faults.append(node.module)
        if isinstance(node, ast.Call) and called(node) in ("uuid.uuid1", "uuid1"):
            faults.append(called(node))
    return faults


def test_chance_that_can_be_foretold_opens_nothing() -> None:
    found = walked(chance_faults)
    assert unexpected(found, RANDOM) == {}
    for name in set(found) & set(RANDOM):
        assert not re.search(
            r"random\.\w+\([^)]*\).*(token|code|secret|key\b|password)", (SOURCE / name).read_text()
        )


SHORTER = {
    "app/dev_secrets.py secrets.token_hex(4)": "the name of a draft",
    "app/dev_secrets.py secrets.randbelow(9 * 10 ** 14)": "a number, in development",
    "app/embedded/place.py secrets.token_hex(6)": "the name of a draft",
    "app/backup/drill.py secrets.token_hex(3)": "the name of a directory",
    "doors/api/door.py crypto.token(6)": "the reference of a fault, which is shown",
    "doors/web/problems.py crypto.token(6)": "the reference of a fault, which is shown",
    "doors/web/account/letters.py crypto.token(12)": "tells one letter from the next; opens nothing",
    "kit/crypto.py os.urandom(12)": "the nonce of AES-GCM, which is written beside",
    "kit/ids.py os.urandom(2)": "an id, which opens nothing",
    "kit/ids.py os.urandom(8)": "an id, which opens nothing",
    "doors/chat/proof.py secrets.randbelow(10 ** CODE_DIGITS)": "a code that somebody types",
    "identity/actions/entries.py secrets.choice(CODE_LETTERS)": "a code that somebody types",
    "identity/actions/recovery_codes.py secrets.randbelow(10 ** FIGURES)": "a code that somebody types",
    "identity/actions/texts.py secrets.randbelow(10 ** DIGITS)": "a code that somebody types",
}
"""Chance of fewer than 128 bits, and what for. Codes that somebody types have rules of their own (V6 of the standard): twenty
bits or more, ten minutes, three tries; recovery codes have forty, are hashed slowly, and guessing them waits."""
DRAWING = re.compile(
    r"(os\.urandom|secrets\.(token_\w+|rand\w+|choice|SystemRandom)|crypto\.(token|mac)|get_random_string|uuid4)"
)


def short_chances(name: str, text: str) -> list[Fault]:
    """Where something is drawn, or cut from a keyed mark, that has fewer than 128 bits."""
    faults = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not DRAWING.fullmatch(kind := called(node)):
            continue
        last = node.args[-1] if node.args else None
        count = last.value if isinstance(last, ast.Constant) else None
        if kind == "crypto.mac" and isinstance(count, int):
            is_long = count * 6 >= 128
        elif kind in ("crypto.token", "secrets.token_urlsafe", "secrets.token_hex") and not last:
            is_long = True  # sixteen bytes and more by itself
        else:
            is_long = "token" in kind or kind == "os.urandom"
            is_long = is_long and isinstance(count, int) and count * 8 >= 128
        if not is_long:
            faults.append(f"{name} {ast.unparse(node)}")
    return faults


def test_whatever_opens_something_has_128_bits_of_chance() -> None:
    found = {one for name, text in sources() for one in short_chances(name, text)}
    # `token` itself, whose callers are looked at
    found -= {"kit/crypto.py os.urandom(nbytes)"}
    assert found == set(SHORTER)


@pytest.mark.parametrize(
    "planted",
    [
        "crypto.token(8)",
        "secrets.token_urlsafe(12)",
        "crypto.mac('link', text, 14)",
        "secrets.randbelow(10**6)",
        "os.urandom(count)",
        "uuid4()",
    ],
)
def test_too_little_chance_is_caught(planted: str) -> None:
    assert short_chances("planted.py", planted)


def cipher_faults(text: str) -> list[Fault]:
    """A cipher, a mode, a hash or a library that is not on the list."""
    faults = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            roots = {one.name.split(".")[0] for one in node.names}
            faults += sorted(roots & {"Crypto", "nacl", "OpenSSL", "jwt", "rsa", "bcrypt", "crypt"})
        if isinstance(node, ast.ImportFrom):
            root = (node.module or "").split(".")[0]
            taken = {one.name for one in node.names}
            if root == "cryptography":
                faults += sorted(taken - CRYPTOGRAPHY)
            if any(one.asname and root == "cryptography" for one in node.names):
                faults.append("a cipher by another name")
            if root in ("Crypto", "nacl", "OpenSSL", "jwt", "rsa", "bcrypt", "crypt"):
                faults.append(root)
            if root == "hashlib":
                faults += sorted(taken - {"sha256", "file_digest"})
        if isinstance(node, ast.Call):
            name = called(node)
            if re.fullmatch(r"hashlib\.\w+", name) and name not in (
                "hashlib.sha256",
                "hashlib.file_digest",
            ):
                faults.append(name)
            said = [ast.unparse(one) for one in (*node.args, *(k.value for k in node.keywords))]
            weak = "sha256" not in " ".join(said)
            if name in ("hmac.new", "hmac.digest", "hashlib.file_digest") and weak:
                faults.append(ast.unparse(node)[:80])
            if name.startswith("ssl.") and name not in HARMLESS:
                faults.append(name)
        if isinstance(node, ast.Attribute) and node.attr in ("CERT_NONE", "check_hostname"):
            faults.append(node.attr)
    return faults


def test_only_ciphers_and_hashes_of_the_list_are_used() -> None:
    found = walked(cipher_faults)
    assert {n: f for n, f in found.items() if set(f) - set(ASKED_FOR.get(n, []))} == {}


def process_faults(text: str) -> list[Fault]:
    """A command as one text, or through a shell."""
    faults = []
    names = ("run", "Popen", "call", "check_call", "check_output")
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = called(node)
        if name.startswith("subprocess.") and name.split(".")[1] in names:
            first = node.args[0] if node.args else None
            if first is None or isinstance(first, ast.JoinedStr | ast.Constant):
                faults.append(ast.unparse(node)[:80])
            if isinstance(first, ast.List) and re.search(r"'(sh|bash|cmd)'", ast.unparse(first)):
                faults.append(ast.unparse(node)[:80])
        if re.search(r"getoutput|getstatusoutput|create_subprocess_shell|os\.(system|popen|spawn)", name):  # fmt: skip
            faults.append(name)
    return faults


def test_no_command_is_one_text() -> None:
    assert walked(process_faults) == {}


@pytest.mark.parametrize(
    ("faults_of", "planted"),
    [
        (pattern_faults, "re.search(f'a{said}', text)"),
        (pattern_faults, "re.compile('^' + said)"),
        (sql_faults, "cursor.execute(f'SELECT {said}')"),
        (sql_faults, "cursor.execute('SELECT %s' % said)"),
        (sql_faults, "Row.objects.raw('SELECT ' + said)"),
        (format_faults, "said.format(x=1)"),
        (format_faults, "said % {'x': 1}"),
        (template_faults, "from django.template import Template"),
        (template_faults, "engines['django'].from_string(said)"),
        (decoding_faults, "urllib.parse.unquote(request.path)"),
        (chance_faults, "import random"),
        (chance_faults, "uuid.uuid1()"),
        (cipher_faults, "hashlib.md5(x)"),
        (cipher_faults, "hashlib.new(said)"),
        (cipher_faults, "hmac.digest(k, m, 'sha1')"),
        (cipher_faults, "from cryptography.hazmat.primitives.ciphers.modes import ECB"),
        (
            cipher_faults,
            "from cryptography.hazmat.primitives.ciphers.aead import AESOCB3 as AESGCM",
        ),
        (cipher_faults, "ssl._create_unverified_context()"),
        (cipher_faults, "context.check_hostname = False"),
        (cipher_faults, "import jwt"),
        (process_faults, "subprocess.run(f'ls {said}')"),
        (process_faults, "subprocess.run(['sh', '-c', said])"),
        (process_faults, "subprocess.getoutput(said)"),
    ],
)
def test_such_a_source_is_caught(faults_of: Callable[[str], list[Fault]], planted: str) -> None:
    assert faults_of(planted)


@pytest.mark.parametrize(
    "fit",
    [
        "re.search(rf'a{re.escape(said)}{_WORD}', text)",
        "cursor.execute(f'SELECT {_COLUMNS} FROM x WHERE y = %s', [said])",
        "_('%(x)s') % {'x': said}",
        "subprocess.run([program, said])",
        "ssl.create_default_context()",
    ],
)
def test_and_what_is_fit_is_not(fit: str) -> None:
    for faults_of in (pattern_faults, sql_faults, format_faults, process_faults, cipher_faults):
        assert faults_of(fit) == []


# --- whence packages come, and what browsers are given


def test_every_package_comes_from_the_one_registry_and_has_its_hash() -> None:
    locked = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    assert len(locked) > 60
    for one in locked:
        if one["source"] == {"editable": "."}:
            continue
        assert one["source"] == {"registry": "https://pypi.org/simple"}, one["name"]
        files = [*one.get("wheels", []), *([one["sdist"]] if "sdist" in one else [])]
        assert files, one["name"]
        assert all(file["hash"].startswith("sha256:") for file in files), one["name"]


def script_faults(text: str) -> list[Fault]:
    """A property whose name came from somewhere, objects put together, text made an object or a program."""
    bare = re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.findall(
        r"__proto__|\.prototype\b|\bconstructor\s*\[|Object\.(?:assign|setPrototypeOf|defineProperty)"
        r"|JSON\.parse|structuredClone|\w\[[^\]'\"\d][^\]]*\]\s*=[^=]|\bfor\s*\([^)]*\bin\b|new Function|\beval\b",
        bare,
    )


OWN_SCRIPTS = sorted(SOURCE.glob("doors/web/static/**/*.js"))


def test_no_script_of_ours_makes_an_object_of_what_it_reads() -> None:
    assert OWN_SCRIPTS
    assert {path.name: f for path in OWN_SCRIPTS if (f := script_faults(path.read_text()))} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "a[name] = 1",
        "Object.assign(a, b)",
        "x.__proto__",
        "JSON.parse(t)",
        "for (k in a) b",
        "eval(x)",
    ],
)
def test_such_a_script_is_caught(planted: str) -> None:
    assert script_faults(planted)


DEAD = re.compile(
    r"<(applet|object|embed|frameset|frame|marquee|bgsound|keygen|blink|font|center)\b|"
    r"activex|vbscript|silverlight|\.swf\b|document\.all\b|attachEvent|XDomainRequest|"
    r"registerElement|createShadowRoot|<link[^>]+rel=[\"']import|appcache|webkitRequestFileSystem",
    re.IGNORECASE,
)


def test_browsers_are_given_nothing_that_they_no_longer_support() -> None:
    pages = [p for p in SOURCE.rglob("*.html") if "sandbox" not in p.parts]
    assert len(pages) > 40
    given = [*pages, *OWN_SCRIPTS, *SOURCE.glob("doors/web/static/*.css")]
    assert {p.name: f for p in given if (f := DEAD.findall(p.read_text()))} == {}
    assert DEAD.search("<object data=x>")
    scripts = {s for p in pages for s in re.findall(r"\{% static '([^']+\.js)' %\}", p.read_text())}
    assert {one.rpartition("/")[2] for one in scripts} <= {
        "hesabu.js",
        "htmx-2.min.js",
        "live.js",
    } | LIBRARY_SCRIPTS


LIBRARY_SCRIPTS = {"onload.js", "webauthn.js", "webauthn-json.js"}
"""The library's, for passkeys."""
