"""The safety rules, decoded strictly from ``rules/safety`` and checked against each other.

In: the bytes of every ``safety/*.yaml``. Out: :class:`SafetyRules`, or a ``RuleError`` with all faults
of all files at once; the limits that the last word judges by; the keys of all texts. Next file:
:mod:`unkink.coach.screening`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, cast, get_args

import msgspec

from unkink.coach.limits_grammar import (
    Caps,
    PainRules,
    PopRules,
    PrescriptionRules,
    SessionCeiling,
    StopRules,
)
from unkink.coach.referral_grammar import URGENCIES, ReferralRules, Whom
from unkink.coach.safety import Ceiling, SafetyLimits, StopLimit
from unkink.coach.safety_grammar import (
    CODES,
    CheckRules,
    Code,
    Effects,
    Engine,
    Evidenced,
    HelpCards,
    Modify,
    Provenance,
    Row,
    Rows,
    ScreeningCards,
    Sources,
    Strict,
)
from unkink.coach.signing import Signatures
from unkink.coach.strict import decode_yaml, is_faulty
from unkink.errors import RuleError, RuleFault


class SafetyRules(msgspec.Struct, frozen=True, kw_only=True):
    """All safety rules."""

    engine: Engine
    emergency: Rows
    urgent: Rows
    caution: Rows
    cards: ScreeningCards
    check: CheckRules
    pain: PainRules
    stops: StopRules
    caps: Caps
    pops: PopRules
    help: HelpCards
    referral: ReferralRules
    prescription: PrescriptionRules
    sources: Sources
    signatures: Signatures
    digest: str
    """First characters of the SHA-256 over the files: a changed rule is another version, always."""

    @property
    def version(self) -> str:
        """Version of the rules with the digest of their files; part of every stored decision."""
        return f"{self.engine.version}+{self.digest}"

    @property
    def rows(self) -> dict[str, Row]:
        """Screening rows by id, in the order of their tiers."""
        return {row.id: row for file in (self.emergency, self.urgent, self.caution) for row in file.rows}

    @property
    def codes(self) -> dict[str, Code]:
        """Evidence code by exercise id."""
        return self.engine.techniques


_SIGNATURES = "safety/signatures.yaml"
"""The only file that is no part of the version: it names the version that was reviewed."""

SAFETY_FILES: dict[str, tuple[str, type[Strict]]] = {
    "safety/engine.yaml": ("engine", Engine),
    "safety/emergency.yaml": ("emergency", Rows),
    "safety/urgent.yaml": ("urgent", Rows),
    "safety/caution.yaml": ("caution", Rows),
    "safety/cards.yaml": ("cards", ScreeningCards),
    "safety/check_in.yaml": ("check", CheckRules),
    "safety/pain.yaml": ("pain", PainRules),
    "safety/stops.yaml": ("stops", StopRules),
    "safety/caps.yaml": ("caps", Caps),
    "safety/pops.yaml": ("pops", PopRules),
    "safety/help.yaml": ("help", HelpCards),
    "safety/referral.yaml": ("referral", ReferralRules),
    "safety/prescription.yaml": ("prescription", PrescriptionRules),
    "safety/sources.yaml": ("sources", Sources),
    _SIGNATURES: ("signatures", Signatures),
}
"""What each file becomes."""


def decode_safety(files: Mapping[str, bytes]) -> SafetyRules:
    """Decode all safety files.

    Parameters
    ----------
    files : mapping of str to bytes
        Every ``safety/*.yaml`` by its path relative to the rules folder; other folders are left alone.

    Returns
    -------
    SafetyRules

    Raises
    ------
    RuleError
        With all faults of all files, and of what they say about each other.
    """
    faults: list[RuleFault] = []
    parts: dict[str, Any] = {}
    strays = sorted(name for name in files if name.startswith("safety/") and name not in SAFETY_FILES)
    expected = "one of: " + ", ".join(SAFETY_FILES)
    faults.extend(_fault(name, "$", expected, "a file that no rule is read from") for name in strays)
    for name, (part, type_) in SAFETY_FILES.items():
        if name not in files:
            faults.append(_fault(name, "$", "the file", "nothing"))
            continue
        decoded = decode_yaml(name, files[name], type_)
        if is_faulty(decoded):
            faults.extend(cast("tuple[RuleFault, ...]", decoded))
        else:
            parts[part] = decoded
    if not faults:
        rules = SafetyRules(digest=_digest(files), **parts)
        faults.extend(_find_contradictions(rules))
        if not faults:
            return rules
    raise RuleError(tuple(faults))


def make_limits(rules: SafetyRules) -> SafetyLimits:
    """Return what :func:`unkink.coach.safety.judge` judges by.

    Parameters
    ----------
    rules : SafetyRules

    Returns
    -------
    SafetyLimits
        Seconds, pain scores 0 to 10, shares 0 to 1.
    """
    hour_s = 3600.0
    caps, pain = rules.caps, rules.pain
    ceilings: dict[str, Ceiling] = {}
    for code in CODES:
        most = cast("SessionCeiling", getattr(caps.ceilings, code))
        is_rolled = code == "FR"
        ceilings[code] = Ceiling(
            hold_s_per_side=most.hold_s_per_side,
            repetitions=most.repetitions,
            roll_s_per_day=caps.roll.hard_s_per_day if is_rolled else None,
            roll_s_recommended=caps.roll.recommended_s_per_day if is_rolled else None,
            rule_id=caps.ceilings.id,
        )
    stops = {
        s.id: StopLimit(card=s.card, lock_s=s.rest_h * hour_s, until_cleared=s.until_cleared)
        for s in rules.stops.stops
    }
    return SafetyLimits(
        rules_version=rules.version,
        stale_s=rules.engine.stale_s,
        ease_above=pain.green.pain_to,
        stop_above=pain.amber.pain_to,
        stop_kinds=pain.red.kinds,
        pain_kinds=pain.kinds,
        pain_signs=dict(pain.signs),
        red_lock_s=pain.red.rest_h * hour_s,
        near_frac=rules.engine.near_ceiling_frac,
        stops=stops,
        ceilings=ceilings,
    )


def iter_evidenced(rules: SafetyRules) -> Iterator[Evidenced]:
    """Yield every rule that has an id and sources.

    Parameters
    ----------
    rules : SafetyRules

    Yields
    ------
    Evidenced
    """
    yield from rules.rows.values()
    yield rules.check.pain_now
    yield from rules.check.questions
    pain = rules.pain
    yield from (pain.green, pain.amber, pain.red, pain.black, pain.progression)
    yield from rules.stops.stops
    caps = rules.caps
    yield from (caps.ceilings, caps.routines, caps.sessions, caps.roll, caps.week, caps.start, caps.frequency)
    pops = rules.pops
    yield from (pops.habit, pops.neck, pops.refractory, *pops.facts)
    plan = rules.prescription
    yield from (plan.length, plan.volume, plan.speed, plan.effort)
    yield from rules.referral.iter_rules()


def choose_provenance(rule: Evidenced, rules: SafetyRules) -> Provenance:
    """Return the best provenance that a rule rests on; ``M`` and ``D`` are shown as such.

    Parameters
    ----------
    rule : Evidenced
    rules : SafetyRules

    Returns
    -------
    {"S", "S2", "M", "D"}
        Read in a copy, seen in a summary, from memory, our judgement.
    """
    order: tuple[Provenance, ...] = ("S", "S2", "M", "D")
    found = {rules.sources.sources[key].provenance for key in rule.sources}
    return next(p for p in order if p in found)


def list_message_keys(rules: SafetyRules) -> frozenset[str]:
    """Every text that the rules need.

    Parameters
    ----------
    rules : SafetyRules

    Returns
    -------
    frozenset of str
        Keys of the catalogue.
    """
    keys: set[str] = set()
    for row in rules.rows.values():
        keys |= {f"screening.{row.id}.{part}" for part in ("label", "question", "told")}
        if row.id.startswith("U"):
            keys.add(f"screening.{row.id}.when")
        for effects in (row.effects, row.agreed):
            keys |= _note_keys(effects)
    keys |= _note_keys(rules.engine.cleared)
    keys |= {f"screening.stem.{tier}" for tier in ("emergency", "urgent", "caution")}
    for card in rules.cards.cards:
        keys.add(f"screening.card.{card.id}.title")
        keys |= {f"screening.card.{card.id}.intro"} if card.has_intro else set()
        keys |= {f"screening.sign.{sign.id}" for sign in card.signs if sign.id is not None}
    for help_card in rules.help.cards:
        keys |= {f"help.{help_card.id}.{part}" for part in ("title", "why")}
        keys |= {f"help.{help_card.id}.do.{i + 1}" for i in range(help_card.n_steps)}
        if help_card.has_say:
            keys.add(f"help.{help_card.id}.say")
    keys |= {
        f"check-in.{i}.question" for i in (rules.check.pain_now.id, *(q.id for q in rules.check.questions))
    }
    keys |= {f"safety.stop.{stop.id}" for stop in rules.stops.stops}
    keys |= _referral_keys(rules.referral)
    return frozenset(keys)


def _note_keys(effects: Effects | None) -> set[str]:
    names: set[str] = set()
    for code in CODES:
        effect = None if effects is None else effects.of(code)
        if isinstance(effect, Modify):
            names |= {n if isinstance(n, str) else n.note for n in effect.notes}
    return {f"screening.note.{name}" for name in names}


def _referral_keys(referral: ReferralRules) -> set[str]:
    rules = tuple(referral.iter_rules())
    keys = {f"referral.{rule.id}.{part}" for rule in rules for part in ("title", "reason")}
    keys |= {f"referral.whom.{whom}" for whom in get_args(Whom)}
    return keys | {f"referral.urgency.{urgency}" for urgency in URGENCIES}


def _digest(files: Mapping[str, bytes]) -> str:
    sums = (
        hashlib.sha256(name.encode() + b"\0" + files[name]).digest()
        for name in sorted(SAFETY_FILES.keys() - {_SIGNATURES})
    )
    return hashlib.sha256(b"".join(sums)).hexdigest()[:8]


def _fault(file: str, path: str, expected: str, found: str) -> RuleFault:
    return RuleFault(file=file, path=path, line=0, expected=expected, found=found)


def _find_contradictions(rules: SafetyRules) -> Iterator[RuleFault]:
    """Yield what the files say wrongly about each other."""
    rows, cards = rules.rows, {card.id for card in rules.help.cards}
    for name, prefix in (("emergency", "E"), ("urgent", "U"), ("caution", "C")):
        ids = [row.id for row in cast("Rows", getattr(rules, name)).rows]
        for row_id in ids:
            if not row_id.startswith(prefix) or ids.count(row_id) > 1:
                yield _fault(f"safety/{name}.yaml", f"$.rows[{row_id}]", f"an id {prefix}nn, once", row_id)
    yield from _find_lost_rows(rules)
    for rule in iter_evidenced(rules):
        for key in rule.sources:
            if key not in rules.sources.sources:
                yield _fault("safety/sources.yaml", "$.sources", f"{key} (for {rule.id})", "nothing")
    wanted = {row.card for row in rows.values() if row.card} | {stop.card for stop in rules.stops.stops}
    wanted |= {rules.pops.habit.card, rules.pops.neck.card, "advice", "emergency", "pain"}
    wanted |= rules.referral.list_cards()
    for card_id in sorted(wanted - cards):
        yield _fault("safety/help.yaml", "$.cards", f"a card {card_id}", "nothing")
    yield from _find_unknown_ids(rules)
    yield from _find_unknown_names(rules)


def _find_lost_rows(rules: SafetyRules) -> Iterator[RuleFault]:
    """Yield what would keep a row from being asked, or from being asked once it can be answered."""
    where = "safety/cards.yaml"
    signs = [sign for card in rules.cards.cards for sign in card.signs]
    asked = {row_id for sign in signs for row_id in sign.rows}
    for row_id in sorted(rules.rows.keys() ^ asked):
        yield _fault(where, "$.cards", f"signs for every row, and no others ({row_id})", str(row_id in asked))
    ids = [sign.id for sign in signs if sign.id is not None]
    for sign in signs:
        name = sign.id or sign.rows[0]
        if (sign.is_row or sign.id is None) and len(sign.rows) != 1:
            yield _fault(where, f"sign {name}", "one row, where the sign is the row", f"{len(sign.rows)}")
        if len(set(sign.rows)) != len(sign.rows) or ids.count(name) > 1:
            yield _fault(where, f"sign {name}", "each id once", "more than once")
    for i, card in enumerate(rules.cards.cards):
        later = {row_id for after in rules.cards.cards[i + 1 :] for row_id in after.rows}
        # whoever goes on another day starts at the first page with an open row: each page has to close one
        if not set(card.rows) - later:
            yield _fault(where, f"card {card.id}", "a row that no later card asks", "none")


def _find_unknown_ids(rules: SafetyRules) -> Iterator[RuleFault]:
    rows = rules.rows
    used: list[tuple[str, str]] = [("safety/check_in.yaml", rules.check.pain_now.lock_row)]
    used += [("safety/check_in.yaml", i) for q in rules.check.questions for i in q.rows]
    used += [("safety/stops.yaml", i) for stop in rules.stops.stops for i in stop.rows]
    referral = rules.referral
    asked = (referral.worsening.lock_row, *referral.nights.ask, *referral.nerve.ask)
    used += [("safety/referral.yaml", i) for i in asked]
    for escalation in rules.engine.escalations:
        used += [
            ("safety/engine.yaml", i) for i in (escalation.row, *escalation.with_any, escalation.becomes)
        ]
    for row in rows.values():
        used += [("safety/caution.yaml", i) for i in row.closed_unless_no]
    for file, row_id in used:
        if row_id not in rows:
            yield _fault(file, "$", "the id of a row", row_id)
    if sorted(rules.engine.techniques.values()) != sorted(CODES):
        yield _fault("safety/engine.yaml", "$.techniques", "each code once", str(rules.engine.techniques))
    for row in rows.values():
        for code in CODES:
            effect = row.effects.of(code)
            for variant in effect.variants if isinstance(effect, Modify) else ():
                if rules.engine.variants.get(variant) != code:
                    yield _fault(
                        "safety", f"$.rows[{row.id}].effects.{code}", f"a variant of {code}", variant
                    )


def _find_unknown_names(rules: SafetyRules) -> Iterator[RuleFault]:
    stops = {stop.id for stop in rules.stops.stops}
    for kind, rule_id in rules.pain.signs.items():
        if kind not in rules.pain.kinds or rule_id not in stops:
            yield _fault(
                "safety/pain.yaml", "$.signs", "a kind of pain and a stop sign", f"{kind}: {rule_id}"
            )
    for kind in rules.pain.red.kinds:
        if kind not in rules.pain.kinds:
            yield _fault("safety/pain.yaml", "$.red.kinds", "a kind of pain", kind)
    known = {rule.id for rule in iter_evidenced(rules)}
    for card in rules.help.cards:
        for rule_id in card.rows:
            if rule_id not in known:
                yield _fault("safety/help.yaml", f"card {card.id}", "the id of a rule", rule_id)
