"""Defences, taken out one at a time, in a copy: does the test that docs/security.md names for the row see it?

    make mutants                          all of them (half an hour)
    make mutants ROWS="3.4.1 8.2.1"      these rows

A row that is *met* by a test which passes without the defence is met by nothing. `tests/house/test_mutants.py` holds that what
is to be taken out is still there, once, and that the row names the test; this runs them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "src/hesabu"
FAILED = 1
"""What pytest ends with where a test failed; anything else means that it could not run."""
WAIT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Mutant:
    """One defence: where it stands, what stands there without it, and the test that has to see that."""

    row: str
    file: str
    defence: str
    instead: str
    test: str

    @property
    def requirement(self) -> str:
        return f"v5.0.0-{self.row}"


_WEB, _SIGN = "doors/web", "tests/doors/web/test_signing_in"
_DEFENCE, _PAGES = "tests/house/test_defence.py", "tests/house/test_pages.py"
MUTANTS = (
    # --- what is written where it is interpreted
    Mutant(
        "1.2.1",
        "app/settings.py",
        '            "builtins": ["django_cotton.templatetags.cotton"],',
        '            "autoescape": False, "builtins": ["django_cotton.templatetags.cotton"],',
        f"{_PAGES}::test_what_people_and_things_are_called_is_text_on_every_page",
    ),
    Mutant(
        "1.2.2",
        f"{_WEB}/account/adapter.py",
        "    def get_client_ip(self, request: HttpRequest) -> str:",
        "    def is_safe_url(self, url: str) -> bool:\n        return True\n\n"
        "    def get_client_ip(self, request: HttpRequest) -> str:",
        f"{_SIGN}_attacked.py::test_an_open_redirect_leads_nowhere_else",
    ),
    Mutant(
        "1.2.4",
        "store/links.py",
        '"SELECT business_id, subject_id FROM store_link WHERE token_hash = %s",\n'
        "            (_hash(kind, token[:64]),),",
        "f\"SELECT business_id, subject_id FROM store_link WHERE kind = '{kind}'\"",
        "tests/house/test_sources.py::test_no_statement_is_made_of_what_came_from_outside",
    ),
    Mutant(
        "1.3.6",
        "kit/http.py",
        "    return found.is_global and not found.is_multicast",
        "    return True",
        "tests/kit/test_http.py::test_a_name_that_leads_inside_is_not_reached_however_it_is_written",
    ),
    Mutant(
        "1.3.11",
        "messaging/providers/mail/writing.py",
        "    if not ADDRESS.fullmatch(to):",
        "    if not ADDRESS.match(to):",
        "tests/providers/mail/test_mail.py::test_an_address_is_one_address_or_nothing_is_sent",
    ),
    # --- the trade
    Mutant(
        "2.3.1",
        f"{_WEB}/account/stages.py",
        "        return super().exit() if self.still_stands() else self.end()",
        "        return super().exit()",
        f"{_SIGN}_attacked.py::test_a_sign_in_that_waits_for_the_app_ends_with_the_password_it_began_with",
    ),
    Mutant(
        "2.4.1",
        "store/pace.py",
        "    if count(name, who, seconds=seconds) > times:",
        "    if count(name, who, seconds=seconds) > times + 1:",
        "tests/store/test_pace.py::test_beyond_the_number_it_is_too_often_until_the_next_slot",
    ),
    Mutant(
        "2.3.2",
        f"{_WEB}/pay/views.py",
        '    pace.keep("pay.paid.hour", token, times=20, seconds=3600)',
        "    pass",
        "tests/doors/web/test_pay_page.py::test_a_link_tells_the_merchant_of_only_so_many_payments_an_hour",
    ),
    # --- browsers
    Mutant(
        "3.3.1",
        "app/settings.py",
        "SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.is_production",
        "SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False",
        f"{_DEFENCE}::test_cookies_are_of_this_host_over_tls_and_for_no_script",
    ),
    Mutant(
        "3.4.1",
        "app/wsgi.py",
        "    if not settings.SECURE_HSTS_SECONDS:",
        "    if settings.SECURE_HSTS_SECONDS:",
        f"{_DEFENCE}::test_the_door_of_webhooks_tells_browsers_to_come_by_tls_alone",
    ),
    Mutant(
        "3.4.3",
        "app/settings.py",
        '        "script-src": ["\'self\'", NONCE],',
        '        "script-src": ["\'self\'", "\'unsafe-inline\'"],',
        f"{_DEFENCE}::test_pages_run_nothing_but_our_own_files_and_stand_in_nobodys_frame",
    ),
    Mutant(
        "3.5.1",
        "app/settings.py",
        '    "django.middleware.csrf.CsrfViewMiddleware",\n',
        "",
        f"{_PAGES}::test_nothing_is_taken_without_the_mark_of_its_form",
    ),
    Mutant(
        "4.1.3",
        "kit/senders.py",
        "        if not self._networks or not forwarded_for or not self.is_ours(address):",
        "        if not forwarded_for:",
        f"{_DEFENCE}::test_whoever_is_no_trusted_proxy_cannot_say_where_others_come_from",
    ),
    # --- files
    Mutant(
        "5.2.1",
        "store/ingress.py",
        "            if length > intake.body_bytes_max:",
        "            if length < 0:",
        "tests/store/test_ingress.py::test_a_giant_body_is_refused_unread",
    ),
    Mutant(
        "5.2.2",
        "kit/pictures.py",
        """    if found is None:
        raise BadPicture("no picture of a known kind")
    try:
        with Image.open(io.BytesIO(content), formats=[found])""",
        """    try:
        with Image.open(io.BytesIO(content))""",
        "tests/kit/test_pictures.py::test_a_picture_of_another_format_is_refused_though_it_could_be_read",
    ),
    Mutant(
        "5.3.1",
        "kit/pictures.py",
        "    return Picture(kept.getvalue(), *bare.size)",
        "    return Picture(content, *bare.size)",
        "tests/kit/test_pictures.py::test_a_picture_that_is_a_page_too_is_a_picture_alone_afterwards",
    ),
    # --- signing in
    Mutant(
        "6.2.4",
        f"{_WEB}/account/passwords.py",
        "            said in self.passwords\n",
        "            False\n",
        f"{_SIGN}.py::test_an_easy_password_is_refused_with_its_reason",
    ),
    Mutant(
        "6.2.12",
        f"{_WEB}/account/passwords.py",
        "        if len(password) <= LETTERS_MAX and breaches.is_leaked(password):",
        "        if False:",
        f"{_SIGN}_leaked.py::test_a_password_that_leaked_is_refused",
    ),
    Mutant(
        "6.3.1",
        "identity/actions/attempts.py",
        "    if wait_seconds > 0:\n        raise TooManyTries",
        "    if wait_seconds < 0:\n        raise TooManyTries",
        f"{_SIGN}_attacked.py::test_a_guesser_waits_and_the_owner_elsewhere_does_not",
    ),
    Mutant(
        "6.3.4",
        f"{_WEB}/account/telephone.py",
        "    answer: HttpResponse = perform_login(request, login)",
        "    from django.contrib.auth import login as straight\n\n"
        '    straight(request, person, "allauth.account.auth_backends.AuthenticationBackend")\n'
        '    answer: HttpResponse = redirect("home")',
        f"{_SIGN}_by_telephone.py::test_a_number_with_a_second_factor_still_needs_it",
    ),
    Mutant(
        "6.5.1",
        "identity/actions/recovery_codes.py",
        'json.dumps({**kept, "digests": left})',
        "json.dumps(kept)",
        f"{_SIGN}_attacked.py::test_a_recovery_code_opens_once",
    ),
    Mutant(
        "6.5.2",
        "identity/actions/recovery_codes.py",
        "    raw = hash_secret_raw(mark.encode(), salt, hash_len=32, type=Type.ID, **cost)",
        "    raw = crypto.digest(mark)",
        "tests/identity/test_recovery_codes.py::test_what_is_kept_is_a_slow_hash_with_a_salt_and_a_key_that_lies_elsewhere",
    ),
    Mutant(
        "6.5.5",
        "identity/actions/entries.py",
        "    if row is None or row.used_at is not None or row.expires_at <= clock.now():",
        "    if row is None or row.used_at is not None:",
        f"{_SIGN}_by_telephone.py::test_an_old_link_opens_nothing",
    ),
    Mutant(
        "6.6.2",
        "identity/actions/texts.py",
        "    if not (is_living and is_theirs and _is_same_browser(row, browser)):",
        "    if not (is_living and is_theirs):",
        f"{_SIGN}_by_text.py::test_a_text_code_needs_what_its_browser_was_given_and_not_only_its_id",
    ),
    Mutant(
        "6.6.3",
        "identity/actions/texts.py",
        "        row.wrong_count += 1",
        "        row.wrong_count += 0",
        f"{_SIGN}_by_text.py::test_a_text_code_is_dead_after_three_wrong_ones",
    ),
    Mutant(
        "10.5.1",
        f"{_WEB}/account/oidc.py",
        '        if not nonce or not crypto.same(str(nonce).encode(), str(claims.get("nonce")).encode()):',
        "        if not nonce:",
        f"{_SIGN}_by_others.py::test_a_word_that_answers_another_request_opens_nothing",
    ),
    # --- sessions
    Mutant(
        "7.2.4",
        f"{_WEB}/account/sessions.py",
        "        request.session.cycle_key()",
        "        pass",
        f"{_SIGN}_sessions.py::test_showing_once_more_who_it_is_makes_a_new_session",
    ),
    Mutant(
        "7.3.1",
        f"{_WEB}/account/life.py",
        'at - session[SEEN] > of["idle_seconds"] or ',
        "",
        f"{_SIGN}_sessions.py::test_a_session_ends_after_a_while_without_doing_anything",
    ),
    Mutant(
        "7.3.2",
        f"{_WEB}/account/life.py",
        ' or at - session[BEGAN] > of["life_seconds"]',
        "",
        f"{_SIGN}_sessions.py::test_a_session_ends_at_last_whatever_is_done",
    ),
    Mutant(
        "7.4.3",
        f"{_WEB}/account/witness.py",
        "    if authenticator.type != Authenticator.Type.RECOVERY_CODES:\n        end_other_sessions(request, user)",
        "    if authenticator.type != Authenticator.Type.RECOVERY_CODES:",
        f"{_SIGN}_sessions.py::test_a_new_second_factor_ends_all_other_sessions",
    ),
    Mutant(
        "7.5.1",
        "app/settings.py",
        "ACCOUNT_REAUTHENTICATION_REQUIRED = True",
        "ACCOUNT_REAUTHENTICATION_REQUIRED = False",
        f"{_SIGN}_as_written.py::test_a_new_address_is_not_taken_without_showing_once_more_who_it_is",
    ),
    # --- who may do what
    Mutant(
        "8.2.1",
        "identity/permissions.py",
        "    return role is not None and role in what.to",
        "    return role is not None",
        "tests/identity/test_permissions.py::test_a_person_may_what_their_role_may",
    ),
    Mutant(
        "8.3.1",
        "identity/permissions.py",
        "        allowed = what.name in actor.scopes\n    elif",
        "        allowed = True\n    elif",
        "tests/doors/api/test_invoicing.py::test_a_key_does_what_its_scopes_say_and_nothing_else",
    ),
    Mutant(
        "8.4.1",
        "store/migration.py",
        "BOUND = \"ANY ((SELECT current_setting('hesabu.businesses')::uuid[])::uuid[])\"",
        'BOUND = "ANY (SELECT gen_random_uuid()) OR true"',
        "tests/house/test_second_tenant.py::test_no_row_of_another_is_read_changed_removed_or_made",
    ),
    # --- tokens
    Mutant(
        "9.1.1",
        f"{_WEB}/account/outer.py",
        '        raise NotItsWord("signature") from error',
        "        log.debug(str(error))",
        f"{_SIGN}_outer_door.py::test_a_word_that_was_changed_opens_nothing",
    ),
    Mutant(
        "9.1.2",
        f"{_WEB}/account/outer.py",
        '    if header.get("alg") != "RS256":',
        '    if header.get("alg") == "none":',
        f"{_SIGN}_outer_door.py::test_another_algorithm_opens_nothing",
    ),
    Mutant(
        "9.2.1",
        f"{_WEB}/account/outer.py",
        'at > claims["exp"] + LEEWAY_SECONDS',
        "False",
        f"{_SIGN}_outer_door.py::test_a_word_for_others_or_of_another_time_opens_nothing",
    ),
    Mutant(
        "9.2.3",
        f"{_WEB}/account/outer.py",
        "    if audience not in (for_whom if isinstance(for_whom, list) else [for_whom]):",
        "    if not for_whom:",
        f"{_SIGN}_outer_door.py::test_a_word_for_others_or_of_another_time_opens_nothing",
    ),
    Mutant(
        "9.2.2",
        "identity/actions/grants.py",
        "        if PREFIXES[kind] == prefix:",
        "        if prefix:",
        "tests/identity/test_apps.py::test_kinds_of_tokens_do_not_stand_in_for_each_other",
    ),
    Mutant(
        "10.4.1",
        "identity/queries.py",
        "        if row is None or redirect_uri not in row.redirect_uris:",
        "        if row is None:",
        "tests/doors/web/test_consent.py::test_nobody_is_sent_to_an_address_that_the_app_did_not_register",
    ),
    Mutant(
        "10.4.2",
        "identity/actions/grants.py",
        '        row, grant = _held(_proved(client_id, secret), code, CODE)\n        why = "reused" if row.used_at else _why_over(grant)',
        "        row, grant = _held(_proved(client_id, secret), code, CODE)\n        why = _why_over(grant)",
        "tests/identity/test_apps.py::test_a_code_that_comes_twice_ends_all_that_came_of_it",
    ),
    Mutant(
        "10.4.5",
        "identity/actions/grants.py",
        '        row, grant = _held(_proved(client_id, secret), refresh, REFRESH)\n        why = "reused" if row.used_at else _why_over(grant)',
        "        row, grant = _held(_proved(client_id, secret), refresh, REFRESH)\n        why = _why_over(grant)",
        "tests/identity/test_apps.py::test_a_refresh_token_that_comes_again_shuts_the_thief_and_the_app_out",
    ),
    Mutant(
        "10.4.6",
        "identity/actions/grants.py",
        "            if row.redirect_uri != redirect_uri or not proves(verifier, row.challenge):",
        "            if row.redirect_uri != redirect_uri:",
        "tests/identity/test_apps.py::test_a_code_without_its_verifier_or_for_another_address_opens_nothing",
    ),
    Mutant(
        "10.3.4",
        "identity/actions/bearers.py",
        "        scopes -= {one.name for one in permissions.declared() if one.needs_factor}",
        "        pass",
        "tests/identity/test_apps.py::test_an_app_let_in_without_a_second_factor_does_nothing_dangerous",
    ),
    Mutant(
        "10.5.2",
        "app/settings.py",
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION = False",
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION = True",
        f"{_SIGN}_by_others.py::test_a_known_address_is_never_taken_over",
    ),
    # --- what is kept, what goes out, what is told
    Mutant(
        "11.4.2",
        "app/settings.py",
        'PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]',
        'PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]',
        f"{_DEFENCE}::test_passwords_are_hashed_by_argon2_alone",
    ),
    Mutant(
        "13.2.4",
        "kit/http.py",
        "        if not is_allowed and not is_listed(host):",
        "        if False:",
        "tests/kit/test_http.py::test_a_host_that_no_setting_names_is_neither_called_nor_looked_up",
    ),
    Mutant(
        "14.3.2",
        f"{_WEB}/pay/views.py",
        '        response["Cache-Control"] = "no-store"',
        '        response["Cache-Control"] = "private"',
        "tests/doors/web/test_pay_page.py::test_a_link_is_kept_secret_on_the_way",
    ),
    Mutant(
        "15.3.2",
        "kit/http.py",
        "            follow_redirects=False,",
        "            follow_redirects=True,",
        "tests/kit/test_http.py::test_a_redirect_is_an_answer_and_not_followed",
    ),
    Mutant(
        "16.3.4",
        "app/logs.py",
        "            without_words,\n",
        "",
        "tests/app/test_logs.py::test_an_error_is_logged_without_what_was_typed",
    ),
    Mutant(
        "16.5.1",
        "doors/api/door.py",
        "        return problem(HesabuError(reference=reference))",
        "        return problem(HesabuError(str(error), reference=reference))",
        "tests/doors/api/test_kept_by_nobody.py::test_a_fault_tells_a_program_nothing_of_its_inside",
    ),
)


@contextmanager
def copy() -> Iterator[Path]:
    """What git has, as it is in the working directory, somewhere else; gone afterwards."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    with tempfile.TemporaryDirectory(prefix="hesabu-mutants-") as made:
        place = Path(made)
        place.chmod(0o711)
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, place / name)
        (place / "var").mkdir(mode=0o711)
        yield place


def environment(place: Path) -> dict[str, str]:
    """The copy's sources, and a directory of its own for all that is written."""
    kept = {name: value for name, value in os.environ.items() if name[:7] != "HESABU_"}
    return kept | {"PYTHONPATH": str(place / "src"), "HESABU_VAR_DIR": str(place / "var")}


def run(place: Path, tests: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", *tests]
    return subprocess.run(
        command,
        cwd=place,
        env=environment(place),
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS * max(1, len(tests) // 8),
    )


def survives(place: Path, mutant: Mutant) -> str:
    """Why the test did not see it; empty where it did."""
    file = place / SOURCE / mutant.file
    whole = file.read_text()
    file.write_text(whole.replace(mutant.defence, mutant.instead, 1))
    try:
        ran = run(place, [mutant.test])
    except subprocess.TimeoutExpired:
        return "the test did not end"
    finally:
        file.write_text(whole)
    if ran.returncode == FAILED and " failed" in ran.stdout:
        return ""
    end = "\n    ".join((ran.stdout + ran.stderr).splitlines()[-6:])
    return f"pytest ended with {ran.returncode}\n    {end}"


def main(rows: list[str]) -> int:
    chosen = [one for one in MUTANTS if not rows or one.requirement in rows or one.row in rows]
    with copy() as place:
        whole = run(place, sorted({one.test for one in chosen}))
        if whole.returncode:
            print(whole.stdout[-3000:], whole.stderr[-1000:])
            print("The tests do not pass with all defences in place.")
            return 2
        left = 0
        for one in chosen:
            began = time.monotonic()
            why = survives(place, one)
            left += bool(why)
            seen = "NOT SEEN" if why else "seen"
            print(f"{one.requirement:<14} {seen:<9} {time.monotonic() - began:4.0f} s  {one.file}", flush=True)  # fmt: skip
            if why:
                print(f"    {why}", flush=True)
    print(f"{len(chosen) - left} of {len(chosen)} defences are missed when they are gone.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
